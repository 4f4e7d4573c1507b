import { performance } from 'node:perf_hooks';
import { waitUntil } from '../fineWait.ts';

/** The clock that a replay's schedule is held against. Monotonic; tests bring their own. */
export interface ReplayClock {
  /** Microseconds since an unnamed origin, with fractions. */
  nowMicros(): number;
  /** Resolves when `nowMicros()` has reached the deadline, never before; rejects when the signal aborts. */
  sleepUntil(deadlineMicros: number, signal: AbortSignal): Promise<void>;
}

export const fineClock: ReplayClock = {
  nowMicros: () => performance.now() * 1_000,
  sleepUntil: (deadlineMicros, signal) => waitUntil(deadlineMicros / 1_000, signal),
};
