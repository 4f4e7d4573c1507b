import type { ComparedFigure, ComparedFigureName } from '../../../shared/compare.ts';
import type { TokenMetrics } from '../../../shared/message.ts';
import type { GapStatistics, KeyTimes, RecordingCounts } from '../../../shared/recording.ts';
import type { Micros } from '../../../shared/words.ts';

/** What is measured of one recording. Null: unknown, or no token stream. */
export interface MeasuredRecording {
  readonly times: KeyTimes;
  readonly metrics: TokenMetrics | null;
  readonly counts: RecordingCounts;
  /** Null where times are not known. */
  readonly frameGaps: GapStatistics | null;
  readonly stalls: number | null;
  /** Largest delay of the clock that stamped arrivals; null where it was not measured. */
  readonly uncertaintyMicros: Micros | null;
}

interface Definition {
  readonly name: ComparedFigureName;
  readonly unit: ComparedFigure['unit'];
  /** Absent: neither more nor less of it is better. */
  readonly better?: 'less' | 'more';
  readonly restsOnTokens?: true;
  readonly of: (measured: MeasuredRecording) => number | null;
}

/** In the order in which people read them; the definitions are those of `metrics.md`. */
const definitions: readonly Definition[] = [
  { name: 'headers', unit: 'moment', better: 'less', of: ({ times }) => times.headersMicros },
  { name: 'first-byte', unit: 'moment', better: 'less', of: ({ times }) => times.firstByteMicros },
  { name: 'first-frame', unit: 'moment', better: 'less', of: ({ times }) => times.firstFrameMicros },
  { name: 'ttft', unit: 'moment', better: 'less', of: ({ metrics }) => metrics?.ttftMicros ?? null },
  { name: 'ttfo', unit: 'moment', better: 'less', of: ({ metrics }) => metrics?.ttfoMicros ?? null },
  { name: 'last-content', unit: 'moment', better: 'less', of: ({ metrics }) => metrics?.lastContentMicros ?? null },
  { name: 'end', unit: 'moment', better: 'less', of: ({ times }) => times.endMicros },
  {
    name: 'itl',
    unit: 'duration',
    better: 'less',
    restsOnTokens: true,
    of: ({ metrics }) => metrics?.itlMicros ?? null,
  },
  {
    name: 'decode-rate',
    unit: 'per-second',
    better: 'more',
    restsOnTokens: true,
    of: ({ metrics }) => metrics?.decodePerSecond ?? null,
  },
  {
    name: 'end-to-end-rate',
    unit: 'per-second',
    better: 'more',
    restsOnTokens: true,
    of: ({ metrics }) => metrics?.endToEndPerSecond ?? null,
  },
  { name: 'tokens', unit: 'count', restsOnTokens: true, of: ({ metrics }) => metrics?.tokens?.count ?? null },
  { name: 'wire-bytes', unit: 'bytes', of: ({ counts }) => counts.wireBytes },
  { name: 'body-bytes', unit: 'bytes', of: ({ counts }) => counts.bodyBytes },
  { name: 'chunks', unit: 'count', of: ({ counts }) => counts.chunks },
  { name: 'frames', unit: 'count', of: ({ counts }) => counts.frames },
  { name: 'gap-p50', unit: 'duration', better: 'less', of: ({ frameGaps }) => frameGaps?.p50 ?? null },
  { name: 'gap-p90', unit: 'duration', better: 'less', of: ({ frameGaps }) => frameGaps?.p90 ?? null },
  { name: 'gap-p99', unit: 'duration', better: 'less', of: ({ frameGaps }) => frameGaps?.p99 ?? null },
  { name: 'gap-max', unit: 'duration', better: 'less', of: ({ frameGaps }) => frameGaps?.max ?? null },
  { name: 'stalls', unit: 'count', better: 'less', of: ({ stalls }) => stalls },
  { name: 'errors', unit: 'count', better: 'less', of: ({ counts }) => counts.diagnostics.error },
  { name: 'warnings', unit: 'count', better: 'less', of: ({ counts }) => counts.diagnostics.warning },
  { name: 'infos', unit: 'count', of: ({ counts }) => counts.diagnostics.info },
];

/**
 * The numbers of two recordings side by side.
 * @param leftOrigin where the aligned clock has its zero, in the recording's own time; null: unknown, and so is every
 *   moment on that clock
 */
export function compareFigures(
  left: MeasuredRecording,
  right: MeasuredRecording,
  leftOrigin: Micros | null,
  rightOrigin: Micros | null,
): readonly ComparedFigure[] {
  return definitions.map((definition) => {
    const { name, unit, better, restsOnTokens = false, of } = definition;
    const onClock = (value: number | null, origin: Micros | null): number | null => {
      if (unit !== 'moment') return value;
      return value === null || origin === null ? null : value - origin;
    };
    const a = onClock(of(left), leftOrigin);
    const b = onClock(of(right), rightOrigin);
    const difference = a === null || b === null ? null : b - a;
    const isWithinUncertainty = difference !== null && isTimed(name, unit) && isUncertain(difference, left, right);
    return {
      name,
      unit,
      left: a,
      right: b,
      difference,
      relative: difference === null || a === null || a <= 0 ? null : difference / a,
      better:
        better === undefined || difference === null || isWithinUncertainty ? null : betterSide(difference, better),
      isWithinUncertainty,
      isLeftEstimated: restsOnTokens && a !== null && left.metrics?.tokens?.source === 'estimated',
      isRightEstimated: restsOnTokens && b !== null && right.metrics?.tokens?.source === 'estimated',
    };
  });
}

/** Times that rest on one or two stamps. Means and percentiles rest on many, most of them exact. */
function isTimed(name: ComparedFigureName, unit: ComparedFigure['unit']): boolean {
  return unit === 'moment' || name === 'gap-max';
}

function isUncertain(difference: Micros, left: MeasuredRecording, right: MeasuredRecording): boolean {
  const uncertainty = (left.uncertaintyMicros ?? 0) + (right.uncertaintyMicros ?? 0);
  return difference !== 0 && Math.abs(difference) <= uncertainty;
}

function betterSide(difference: number, better: 'less' | 'more'): 'left' | 'right' | 'same' {
  if (difference === 0) return 'same';
  return difference > 0 === (better === 'less') ? 'left' : 'right';
}
