import { performance } from 'node:perf_hooks';
import { DeadlineQueue } from './deadlineQueue.ts';

/** The clock that schedules are held against. Monotonic; tests bring their own. */
export interface ScheduleClock {
  /** Milliseconds since an unnamed origin. */
  nowMillis(): number;
  /** Resolves when `nowMillis()` has reached `deadlineMillis`, never before; rejects when the signal aborts. */
  sleepUntil(deadlineMillis: number, signal: AbortSignal): Promise<void>;
}

const deadlines = new DeadlineQueue(() => performance.now());

export const systemClock: ScheduleClock = {
  nowMillis: () => performance.now(),
  sleepUntil: (deadlineMillis, signal) => deadlines.wait(deadlineMillis, signal),
};
