import type { TimingReport } from '../../shared/recording.ts';
import { formatBytes, formatCount, formatDuration, formatQuantity } from '../ui/format.ts';
import { axisTop, filledBins, stepPath } from './curve.ts';

const width = 480;
const height = 120;

/** How many gaps were how long. Bars grow with the logarithm, so that the one long gap in a million is seen. */
export function GapHistogram({ histogram }: { readonly histogram: TimingReport['frameGapHistogram'] }) {
  const { edgesMicros, counts } = histogram;
  const { first, end } = filledBins(counts);
  if (end === 0) return <p className="ss-timing-none">No gaps yet: they need two frames.</p>;
  const most = Math.log1p(Math.max(...counts));
  return (
    <ol className="ss-histogram" aria-label="Gaps between frames by length">
      {counts.slice(first, end).map((count, i) => {
        const from = edgesMicros[first + i] ?? 0;
        const to = edgesMicros[first + i + 1] ?? Infinity;
        const range = `${formatDuration(from)} to ${formatDuration(to)}`;
        const says = `${formatQuantity(count, 'gap')} of ${range}`;
        return (
          <li key={from} title={says} aria-label={says}>
            <span className="ss-histogram-count">{count === 0 ? '' : formatCount(count)}</span>
            <span
              className="ss-histogram-bar"
              data-long={from >= 1e6}
              style={{ height: `${String(Math.round((Math.log1p(count) / most) * 84))}px` }}
            />
            <span className="ss-histogram-edge">{formatDuration(from)}</span>
          </li>
        );
      })}
    </ol>
  );
}

/** Bytes and frames received up to each moment. */
export function CumulativeCurve({ cumulative }: { readonly cumulative: TimingReport['cumulative'] }) {
  const { micros, bytes, frames } = cumulative;
  const last = micros.length - 1;
  const endMicros = micros[last];
  if (endMicros === undefined) return <p className="ss-timing-none">Nothing arrived yet, or times are unknown.</p>;
  const totalBytes = bytes[last] ?? 0;
  const totalFrames = frames[last] ?? 0;
  const says = `${formatBytes(totalBytes)} and ${formatQuantity(totalFrames, 'frame')} in ${formatDuration(endMicros)}`;
  return (
    <figure className="ss-curve">
      <figcaption>
        <span className="ss-curve-bytes">bytes, {formatBytes(totalBytes)}</span>
        <span className="ss-curve-frames">frames, {formatCount(totalFrames)}</span>
      </figcaption>
      <svg viewBox={`0 0 ${String(width)} ${String(height)}`} preserveAspectRatio="none" role="img" aria-label={says}>
        {[0.25, 0.5, 0.75].map((share) => (
          <path key={share} className="ss-curve-grid" d={`M0 ${String(height * share)}H${String(width)}`} />
        ))}
        <path
          className="ss-curve-line ss-curve-bytes"
          d={stepPath(micros, bytes, endMicros, axisTop(totalBytes), width, height)}
        />
        <path
          className="ss-curve-line ss-curve-frames"
          d={stepPath(micros, frames, endMicros, axisTop(totalFrames), width, height)}
        />
      </svg>
      <div className="ss-curve-axis" aria-hidden>
        {[0, 0.25, 0.5, 0.75, 1].map((share) => (
          <span key={share}>{formatDuration(Math.round(endMicros * share))}</span>
        ))}
      </div>
    </figure>
  );
}
