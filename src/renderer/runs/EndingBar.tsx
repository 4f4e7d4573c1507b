import type { RunSetSummary } from '../../shared/runs.ts';
import { formatCount, formatQuantity } from '../ui/format.ts';
import { ToneMark, type Tone } from '../ui/ToneMark.tsx';

function toneOf(kind: string): Tone {
  if (kind === 'complete') return 'good';
  return kind === 'stopped' ? 'neutral' : 'bad';
}

/** How the runs ended. */
export function EndingBar({ summary }: { readonly summary: RunSetSummary }) {
  const { endings, unknownEndings, runs } = summary;
  const parts = [
    ...endings.map(({ kind, code, count }) => ({ name: code.replace(/^end\//, ''), tone: toneOf(kind), count })),
    ...(unknownEndings > 0 ? [{ name: 'not known', tone: 'neutral' as const, count: unknownEndings }] : []),
  ];
  return (
    <figure className="ss-runs-plot">
      <figcaption>
        <span>Endings</span>
        <span className="ss-data">{formatQuantity(runs, 'run')}</span>
      </figcaption>
      {parts.length === 0 ? (
        <p className="ss-runs-none">No run has ended yet.</p>
      ) : (
        <ul className="ss-runs-endings">
          {parts.map(({ name, tone, count }) => (
            <li key={name}>
              <ToneMark tone={tone} />
              <span>{name}</span>
              <span
                className={`ss-runs-share ss-tone-${tone}`}
                style={{ width: `${String((count / runs) * 100)}%` }}
                aria-hidden
              />
              <span className="ss-data">{formatCount(count)}</span>
            </li>
          ))}
        </ul>
      )}
    </figure>
  );
}
