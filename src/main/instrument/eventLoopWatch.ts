import { performance } from 'node:perf_hooks';
import type { Micros } from '../../shared/words.ts';

const everyMillis = 20;

/**
 * Watches how late this process's event loop runs its timers: a socket callback may have been as late, so this is the
 * uncertainty of every arrival time taken meanwhile. Runs only while somebody watches.
 */
export class EventLoopWatch {
  readonly #watchers = new Set<{ largestMicros: Micros | null }>();
  #timer: NodeJS.Timeout | undefined;
  #dueMillis = 0;

  /** Begins a watch; `largest()` is the greatest delay since then, null before the first look; `stop` ends it. */
  watch(): { largest(): Micros | null; stop(): void } {
    const watcher: { largestMicros: Micros | null } = { largestMicros: null };
    this.#watchers.add(watcher);
    if (this.#timer === undefined) this.#schedule();
    return {
      largest: () => watcher.largestMicros,
      stop: () => {
        this.#watchers.delete(watcher);
        if (this.#watchers.size > 0) return;
        clearTimeout(this.#timer);
        this.#timer = undefined;
      },
    };
  }

  #schedule(): void {
    this.#dueMillis = performance.now() + everyMillis;
    this.#timer = setTimeout(() => {
      const lateMicros = Math.max(0, Math.round((performance.now() - this.#dueMillis) * 1000));
      for (const watcher of this.#watchers) watcher.largestMicros = Math.max(watcher.largestMicros ?? 0, lateMicros);
      this.#schedule();
    }, everyMillis);
    this.#timer.unref();
  }
}
