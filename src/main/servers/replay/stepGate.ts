/** Holds clients of a replay back until somebody says that the next chunk may go. */
export class StepGate {
  readonly #waiting = new Set<() => void>();
  readonly #onChanged: () => void;

  /** @param onChanged another number of clients waits */
  constructor(onChanged: () => void) {
    this.#onChanged = onChanged;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Lets everybody who waits now go on by one; answers how many that were. */
  step(): number {
    const released = [...this.#waiting];
    this.#waiting.clear();
    for (const release of released) release();
    if (released.length > 0) this.#onChanged();
    return released.length;
  }

  /** Resolves at the next step; rejects when the signal aborts. */
  next(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const release = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        this.#waiting.delete(release);
        this.#onChanged();
        reject(signal.reason instanceof Error ? signal.reason : new Error('left'));
      };
      if (signal.aborted) {
        leave();
        return;
      }
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting.add(release);
      this.#onChanged();
    });
  }
}
