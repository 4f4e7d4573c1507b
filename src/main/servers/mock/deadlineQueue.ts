/** How early the timer is set: it counts whole milliseconds and comes up to one and a half late. */
const timerLatenessMillis = 1.6;
/** The longest timer of Node: longer waits take several. */
const longestTimerMillis = 2_147_483_647;
/** Waits up to which the loop is turned for the last moment: with more of them it would do nothing else. */
const turningAtMost = 32;

interface Waiter {
  readonly deadlineMillis: number;
  readonly wake: () => void;
  isGone: boolean;
}

/**
 * Many waits on one timer: a thousand paced streams would otherwise each set and clear their own with every chunk.
 * Few waits are met within the turn of the loop after the deadline, many within about a millisecond; never early.
 */
export class DeadlineQueue {
  readonly #nowMillis: () => number;
  /** A binary heap, the earliest deadline first. Waits that were given up stay until they come to the top. */
  readonly #heap: Waiter[] = [];
  #goneCount = 0;
  #timer: NodeJS.Timeout | null = null;
  #timerMillis = Number.POSITIVE_INFINITY;
  #isTurning = false;

  constructor(nowMillis: () => number) {
    this.#nowMillis = nowMillis;
  }

  /** Resolves when the clock has reached the deadline; rejects when the signal aborts. */
  wait(deadlineMillis: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason as Error);
        return;
      }
      const give = (): void => {
        waiter.isGone = true;
        this.#goneCount++;
        this.#tidy();
        reject(signal.reason as Error);
      };
      const waiter: Waiter = {
        deadlineMillis,
        isGone: false,
        wake: () => {
          signal.removeEventListener('abort', give);
          resolve();
        },
      };
      signal.addEventListener('abort', give, { once: true });
      this.#push(waiter);
      this.#arrange();
    });
  }

  /** Wakes who is due, and sees to it that this is done again in time. */
  #arrange(): void {
    for (let first = this.#heap[0]; first !== undefined; first = this.#heap[0]) {
      if (!first.isGone && first.deadlineMillis > this.#nowMillis()) break;
      this.#pop();
      if (first.isGone) this.#goneCount--;
      else first.wake();
    }
    const next = this.#heap[0];
    if (next === undefined) {
      this.#setTimer(Number.POSITIVE_INFINITY);
      return;
    }
    const now = this.#nowMillis();
    const left = next.deadlineMillis - now;
    const sleep = Math.floor(left - timerLatenessMillis);
    if (sleep >= 1) this.#setTimer(now + Math.min(sleep, longestTimerMillis));
    else if (this.#heap.length - this.#goneCount > turningAtMost) this.#setTimer(next.deadlineMillis);
    else this.#turn();
  }

  #turn(): void {
    if (this.#isTurning) return;
    this.#isTurning = true;
    setImmediate(() => {
      this.#isTurning = false;
      this.#arrange();
    });
  }

  /** One timer, for the earliest time that somebody needs. */
  #setTimer(atMillis: number): void {
    if (this.#timer !== null && this.#timerMillis <= atMillis && atMillis < Number.POSITIVE_INFINITY) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#timerMillis = atMillis;
    if (atMillis === Number.POSITIVE_INFINITY) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = null;
        this.#arrange();
      },
      Math.max(0, Math.ceil(atMillis - this.#nowMillis())),
    );
  }

  /** Waits that were given up must not be what the queue is made of. */
  #tidy(): void {
    if (this.#goneCount <= 1_000 || this.#goneCount * 2 < this.#heap.length) {
      if (this.#goneCount === this.#heap.length) this.#clear();
      return;
    }
    const kept = this.#heap.filter(({ isGone }) => !isGone);
    this.#clear();
    for (const waiter of kept) this.#push(waiter);
    this.#arrange();
  }

  #clear(): void {
    this.#heap.length = 0;
    this.#goneCount = 0;
    this.#setTimer(Number.POSITIVE_INFINITY);
  }

  #push(waiter: Waiter): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(waiter);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const other = heap[above];
      if (other === undefined || other.deadlineMillis <= waiter.deadlineMillis) break;
      heap[at] = other;
      at = above;
    }
    heap[at] = waiter;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      const right = heap[below + 1];
      let other = heap[below];
      if (other === undefined) break;
      if (right !== undefined && right.deadlineMillis < other.deadlineMillis) {
        other = right;
        below++;
      }
      if (other.deadlineMillis >= last.deadlineMillis) break;
      heap[at] = other;
      at = below;
    }
    heap[at] = last;
  }
}
