import type { Framing, Micros } from '../../shared/words.ts';
import type { DiagnosticDetails } from './rule.ts';

/** A first byte later than this is slow. */
export const slowFirstByte: Micros = 1_000_000;
/** A delay of the event loop that nobody would overlook in a timeline of tokens. */
const doubtful: Micros = 200_000;

/** Framings that can carry a sign of life between two frames. */
export function mayBeSilent(framing: Framing | undefined): boolean {
  return framing === 'sse' || framing === 'ndjson';
}

/** Judges how far the times of a recording can be relied on. */
export function judgeUncertainty(
  uncertaintyMicros: Micros | null,
): readonly { readonly code: string; readonly details: DiagnosticDetails }[] {
  if (uncertaintyMicros === null || uncertaintyMicros < doubtful) return [];
  return [{ code: 'timing/clock-uncertain', details: { uncertaintyMicros } }];
}
