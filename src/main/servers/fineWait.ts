import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

/** How early the timer is set: it counts whole milliseconds and comes up to one and a half late. */
const timerLatenessMillis = 1.6;
/** The longest timer of Node: longer waits take several. */
const longestTimerMillis = 2_147_483_647;
/** Waits that may turn the loop at once: beyond, it would do nothing else. */
const turningAtMost = 32;
let turning = 0;

/**
 * Resolves when `performance.now()` has reached the deadline, never before; rejects when the signal aborts. A timer of
 * the event loop sleeps to within two milliseconds of it; the rest is spent turning the loop, which serves everything
 * else meanwhile. Where many wait at once, the timer alone has to do, and may be a millisecond late.
 */
export async function waitUntil(deadlineMillis: number, signal: AbortSignal): Promise<void> {
  for (;;) {
    const left = deadlineMillis - performance.now();
    if (left <= 0) return;
    const sleep = Math.floor(left - timerLatenessMillis);
    if (sleep >= 1) await delay(Math.min(sleep, longestTimerMillis), undefined, { signal });
    else if (turning >= turningAtMost) await delay(Math.ceil(left), undefined, { signal });
    else await turnUntil(deadlineMillis, signal);
  }
}

/** A promise for each turn would make garbage enough to be collected while somebody waits. */
async function turnUntil(deadlineMillis: number, signal: AbortSignal): Promise<void> {
  turning++;
  try {
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (signal.aborted || performance.now() >= deadlineMillis) resolve();
        else setImmediate(look);
      };
      look();
    });
    signal.throwIfAborted();
  } finally {
    turning--;
  }
}
