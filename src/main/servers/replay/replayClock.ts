import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';

/** The clock that a replay's schedule is held against. Monotonic; tests bring their own. */
export interface ReplayClock {
  /** Microseconds since an unnamed origin, with fractions. */
  nowMicros(): number;
  /** Resolves when `nowMicros()` has reached the deadline, never before; rejects when the signal aborts. */
  sleepUntil(deadlineMicros: number, signal: AbortSignal): Promise<void>;
}

/** How early the timer is set: it counts whole milliseconds and comes up to one and a half late. */
const timerLatenessMillis = 1.6;

/**
 * A timer of the event loop sleeps to within two milliseconds; the rest is spent turning the loop, which serves
 * everything else meanwhile. Longest timers of Node are 2³¹ − 1 ms: longer waits take several.
 */
export const fineClock: ReplayClock = {
  nowMicros: () => performance.now() * 1_000,
  sleepUntil: async (deadlineMicros, signal) => {
    const deadline = deadlineMicros / 1_000;
    for (;;) {
      const left = deadline - performance.now();
      if (left <= 0) return;
      const sleep = Math.floor(left - timerLatenessMillis);
      if (sleep >= 1) await delay(Math.min(sleep, 2_147_483_647), undefined, { signal });
      else await nextTurn(undefined, { signal });
    }
  },
};
