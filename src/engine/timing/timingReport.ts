import type { KeyTimes, TimingReport } from '../../shared/recording.ts';
import type { Micros } from '../../shared/words.ts';
import { timelineColumns, type TimelineSource } from '../recording/timeline.ts';
import type { Arrivals } from './arrivals.ts';

const cumulativePoints = 512;
const shownStalls = 1_000;

/** Bins of the gap histogram: three a decade from 100 µs to 1,000 s, so that a stream's rhythm shows at any pace. */
const histogramEdges: readonly Micros[] = [
  0, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 2e6, 5e6, 1e7, 2e7, 5e7, 1e8, 1e9,
];

/** The Timing tab's figures (`metrics.md`). Rates run from t0 to the last chunk. */
export function timingReport(
  source: TimelineSource,
  arrivals: Arrivals,
  times: KeyTimes,
  uncertaintyMicros: Micros | null,
): TimingReport {
  const lastMicros = times.lastChunkMicros;
  const seconds = lastMicros === null || lastMicros === 0 ? null : lastMicros / 1e6;
  return {
    times,
    frameGaps: arrivals.frameGaps.statistics(),
    chunkGaps: arrivals.chunkGaps.statistics(),
    frameGapHistogram: { edgesMicros: histogramEdges, counts: arrivals.frameGaps.histogram(histogramEdges) },
    stalls: arrivals.stalls.slice(0, shownStalls),
    burstShare: arrivals.burstShare(source.frames.count),
    bytesPerSecond: seconds === null ? null : source.chunks.wireBytes / seconds,
    framesPerSecond: seconds === null ? null : source.frames.count / seconds,
    uncertaintyMicros,
    cumulative: cumulative(source, lastMicros),
  };
}

function cumulative(source: TimelineSource, lastMicros: Micros | null): TimingReport['cumulative'] {
  if (lastMicros === null) {
    return { micros: new Float64Array(0), bytes: new Float64Array(0), frames: new Float64Array(0) };
  }
  const columns = timelineColumns(source, 0, lastMicros + 1, cumulativePoints);
  const micros = new Float64Array(cumulativePoints);
  const bytes = new Float64Array(cumulativePoints);
  const frames = new Float64Array(cumulativePoints);
  let sumBytes = 0;
  let sumFrames = 0;
  for (let i = 0; i < cumulativePoints; i++) {
    sumBytes += columns.chunkBytes[i] as number;
    sumFrames += columns.frameCount[i] as number;
    micros[i] = ((i + 1) * (lastMicros + 1)) / cumulativePoints;
    bytes[i] = sumBytes;
    frames[i] = sumFrames;
  }
  return { micros, bytes, frames };
}
