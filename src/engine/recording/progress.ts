import { headerValue } from '../../shared/headerValue.ts';
import type { RecordingProgress, ResponseHead } from '../../shared/recording.ts';
import { grouped } from '../../shared/grouped.ts';
import type { Micros } from '../../shared/words.ts';
import type { WatchedProgress } from '../diagnostics/application/applicationWatch.ts';

export interface ProgressFacts {
  readonly said: WatchedProgress | null;
  readonly head: ResponseHead | null;
  readonly wireBytes: number;
  /** Null where the recording has ended: nothing remains then. */
  readonly nowMicros: Micros | null;
  /** Since when there is something to measure the speed by: the first byte. */
  readonly firstByteMicros: Micros | null;
}

/** The announced length of the body in bytes on the wire; null where none was announced. */
export function contentLengthOf(head: ResponseHead | null): number | null {
  const announced = head === null ? null : headerValue(head.headers, 'content-length');
  return announced !== null && /^\d{1,15}$/.test(announced) ? Number(announced) : null;
}

/** How far a recording is: what the stream says itself goes before the length that its head announced. */
export function progressOf(facts: ProgressFacts): RecordingProgress | null {
  const known = saidProgress(facts.said) ?? bytesProgress(facts);
  if (known === null) return null;
  return { ...known, remainingMicros: remaining(known.done, known.total, facts) };
}

function saidProgress(said: WatchedProgress | null): Omit<RecordingProgress, 'remainingMicros'> | null {
  if (said === null) return null;
  const { unit, done, total, field, frame } = said;
  return { unit, done, total, source: `${field} in frame ${grouped(frame + 1)}` };
}

function bytesProgress({ head, wireBytes }: ProgressFacts): Omit<RecordingProgress, 'remainingMicros'> | null {
  const total = contentLengthOf(head);
  return total === null || total === 0 ? null : { unit: 'bytes', done: wireBytes, total, source: 'Content-Length' };
}

function remaining(done: number, total: number, { nowMicros, firstByteMicros }: ProgressFacts): Micros | null {
  if (nowMicros === null || firstByteMicros === null || done <= 0) return null;
  const spent = nowMicros - firstByteMicros;
  return spent <= 0 ? null : Math.max(0, Math.round((spent * (total - done)) / done));
}
