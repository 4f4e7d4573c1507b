import type { ExchangeFacts, Mark } from '../../shared/recording.ts';
import { formatMicros } from '../ui/format.ts';
import { markTitles } from '../ui/words.ts';

function factsOf({ facts }: Mark): string {
  if (facts === undefined) return '';
  const { addresses, remote, unixSocketPath, proxy, alpn, tlsVersion, cipher, reason } = facts;
  const through = proxy === undefined ? undefined : `proxy ${proxy}`;
  return [addresses?.join(', '), remote, unixSocketPath, through, tlsVersion, cipher, alpn, reason]
    .filter((fact) => fact !== undefined && fact !== '')
    .join(' · ');
}

/** The steps of the connection with their times, and what each took. */
export function MarkTable({ exchange }: { readonly exchange: ExchangeFacts }) {
  const { marks } = exchange;
  if (marks.length === 0) return null;
  return (
    <section className="ss-exchange-section" aria-label="Marks">
      <h2>Marks</h2>
      <table className="ss-exchange-table ss-exchange-marks">
        <thead>
          <tr>
            <th scope="col">Step</th>
            <th scope="col">Time ms</th>
            <th scope="col">Took ms</th>
            <th scope="col">Facts</th>
          </tr>
        </thead>
        <tbody>
          {marks.map((mark, i) => (
            <tr key={i}>
              <th scope="row">{markTitles[mark.name]}</th>
              <td className="ss-data">{formatMicros(mark.atMicros)}</td>
              <td className="ss-data">{formatMicros(mark.atMicros - (marks[i - 1]?.atMicros ?? 0))}</td>
              <td className="ss-data ss-selectable">{factsOf(mark)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
