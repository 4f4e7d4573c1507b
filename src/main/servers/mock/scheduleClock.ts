import { performance } from 'node:perf_hooks';
import { waitUntil } from '../fineWait.ts';

/** The clock that schedules are held against. Monotonic; tests bring their own. */
export interface ScheduleClock {
  /** Milliseconds since an unnamed origin. */
  nowMillis(): number;
  /** Resolves when `nowMillis()` has reached `deadlineMillis`, never before; rejects when the signal aborts. */
  sleepUntil(deadlineMillis: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: ScheduleClock = {
  nowMillis: () => performance.now(),
  sleepUntil: waitUntil,
};
