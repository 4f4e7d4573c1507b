import { maskUrl } from '../../shared/maskSecrets.ts';
import type { ExchangeFacts } from '../../shared/recording.ts';
import { formatDuration } from '../ui/format.ts';
import { visibleText } from '../ui/visibleText.ts';
import { HeaderTable } from './HeaderTable.tsx';

/** The answers that led on to another address, in order, each with its headers. */
export function RedirectList({ exchange }: { readonly exchange: ExchangeFacts }) {
  const redirects = exchange.marks.filter(({ name }) => name === 'redirect');
  if (redirects.length === 0) return null;
  return (
    <section className="ss-exchange-section" aria-label="Redirects">
      <h2>Redirects</h2>
      <ol className="ss-exchange-redirects ss-selectable">
        {redirects.map(({ atMicros, facts }, i) => (
          <li key={i}>
            <span className="ss-data">
              <b>{facts?.status}</b> {visibleText(maskUrl(facts?.from ?? ''))} → {visibleText(maskUrl(facts?.to ?? ''))}
            </span>
            <span className="ss-quiet"> after {formatDuration(atMicros)}</span>
            {facts?.reason !== undefined && <span className="ss-quiet"> · {facts.reason}</span>}
            {facts?.headers !== undefined && (
              <details>
                <summary className="ss-quiet">Headers of this answer</summary>
                <HeaderTable headers={facts.headers} name={`Headers of redirect ${String(i + 1)}`} />
              </details>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
