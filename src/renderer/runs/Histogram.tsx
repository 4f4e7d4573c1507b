import type { Distribution, RunFigure } from '../../shared/runs.ts';
import { formatCount, formatQuantity } from '../ui/format.ts';
import { Meaning } from '../ui/Meaning.tsx';
import { inUnit, shownFigures } from './figures.ts';

const width = 240;
const height = 64;

interface HistogramProps {
  readonly figure: RunFigure;
  readonly of: Distribution;
  /** Another set with the same edges, drawn as an outline. */
  readonly against?: Distribution;
}

/** How the values of a figure are spread over runs; the line is the median. */
export function Histogram({ figure, of, against }: HistogramProps) {
  const { title, means } = shownFigures[figure];
  const { edges } = of.histogram;
  const first = edges[0];
  const last = edges[edges.length - 1];
  const known = of.count > 0 || (against?.count ?? 0) > 0;
  return (
    <figure className="ss-runs-plot">
      <figcaption>
        <Meaning means={means}>{title}</Meaning>
        <span className="ss-data">{of.p50 === null ? 'unknown' : `median ${inUnit(figure, of.p50)}`}</span>
      </figcaption>
      {!known || first === undefined || last === undefined ? (
        <p className="ss-runs-none">No run has this figure.</p>
      ) : (
        <>
          <svg
            viewBox={`0 0 ${String(width)} ${String(height)}`}
            preserveAspectRatio="none"
            role="img"
            aria-label={saying(figure, of)}
          >
            <Bars of={of} most={mostOf(of, against)} look="bars" />
            {against !== undefined && <Bars of={against} most={mostOf(of, against)} look="outline" />}
            <MedianLine of={of} first={first} last={last} look="bars" />
            {against !== undefined && <MedianLine of={against} first={first} last={last} look="outline" />}
          </svg>
          <div className="ss-runs-axis ss-data" aria-hidden>
            <span>{inUnit(figure, first)}</span>
            <span>{inUnit(figure, last)}</span>
          </div>
        </>
      )}
    </figure>
  );
}

function saying(figure: RunFigure, { count, unknown, min, p50, p99, max }: Distribution): string {
  const open = unknown === 0 ? '' : `, ${formatCount(unknown)} not known`;
  const of = (value: number | null): string => inUnit(figure, value);
  return `${shownFigures[figure].title} of ${formatQuantity(count, 'run')}${open}: ${of(min)} to ${of(max)}, median ${of(p50)}, 99th percentile ${of(p99)}`;
}

function mostOf(of: Distribution, against: Distribution | undefined): number {
  return Math.max(1, ...of.histogram.counts, ...(against?.histogram.counts ?? []));
}

function Bars({ of, most, look }: { readonly of: Distribution; readonly most: number; readonly look: string }) {
  const { counts } = of.histogram;
  const step = width / Math.max(1, counts.length);
  return counts.map((count, i) => {
    const tall = count === 0 ? 0 : Math.max(2, (count / most) * (height - 4));
    return (
      <rect
        key={i}
        className={`ss-runs-${look}`}
        x={i * step + 0.5}
        width={Math.max(1, step - 1)}
        y={height - tall}
        height={tall}
      />
    );
  });
}

function MedianLine({
  of,
  first,
  last,
  look,
}: {
  readonly of: Distribution;
  readonly first: number;
  readonly last: number;
  readonly look: string;
}) {
  if (of.p50 === null || last === first) return null;
  const x = ((of.p50 - first) / (last - first)) * width;
  return <path className={`ss-runs-median ss-runs-median-${look}`} d={`M${String(x)} 0V${String(height)}`} />;
}
