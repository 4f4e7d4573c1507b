import type { RecordingSummary } from '../../shared/recording.ts';
import type { EpochMillis, RecordingId } from '../../shared/words.ts';

const dayMillis = 86_400_000;

export interface RetentionRules {
  /** Null: recordings may get as old as they like. */
  readonly keepDays: number | null;
  /** Null: they may take as much as they like. */
  readonly keepBytes: number | null;
}

/**
 * Which recordings are to go: those that are too old, then the oldest while all together take too much. Never a starred
 * or a live one, a sample, or one that is in use.
 */
export function recordingsToRetire(
  lines: readonly RecordingSummary[],
  { keepDays, keepBytes }: RetentionRules,
  now: EpochMillis,
  isInUse: (id: RecordingId) => boolean,
): readonly RecordingSummary[] {
  if (keepDays === null && keepBytes === null) return [];
  const oldest = keepDays === null ? Number.NEGATIVE_INFINITY : now - keepDays * dayMillis;
  let bytes = lines.reduce((sum, { sizeOnDisk }) => sum + (sizeOnDisk ?? 0), 0);
  const retired: RecordingSummary[] = [];
  for (const line of lines.toSorted((a, b) => a.startedAt - b.startedAt)) {
    if (line.starred || line.sample || line.state === 'live' || isInUse(line.id)) continue;
    if (line.startedAt >= oldest && bytes <= (keepBytes ?? Number.POSITIVE_INFINITY)) break;
    retired.push(line);
    bytes -= line.sizeOnDisk ?? 0;
  }
  return retired;
}
