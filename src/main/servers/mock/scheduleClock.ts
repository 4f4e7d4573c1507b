import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

/** The clock that schedules are held against. Monotonic; tests bring their own. */
export interface ScheduleClock {
  /** Milliseconds since an unnamed origin. */
  nowMillis(): number;
  /** Resolves when `nowMillis()` has reached `deadlineMillis`, never before; rejects when the signal aborts. */
  sleepUntil(deadlineMillis: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: ScheduleClock = {
  nowMillis: () => performance.now(),
  sleepUntil: async (deadlineMillis, signal) => {
    // A timer counts whole milliseconds and may fire up to one early.
    for (let left = deadlineMillis - performance.now(); left > 0; left = deadlineMillis - performance.now()) {
      await delay(Math.ceil(left), undefined, { signal });
    }
  },
};
