/** Keys kept of the beginning of a stream, and as many of its newest. */
const keptOfEachEnd = 100_000;

/** Which keys have come: all of them up to 200,000, then the first and the newest 100,000. */
export class SeenKeys {
  readonly #first = new Set<string>();
  readonly #newest = new Set<string>();
  #forgotten = 0;

  /** Keys that came and are not known any more. */
  get forgotten(): number {
    return this.#forgotten;
  }

  has(key: string): boolean {
    return this.#first.has(key) || this.#newest.has(key);
  }

  add(key: string): void {
    if (this.#first.size < keptOfEachEnd) {
      this.#first.add(key);
      return;
    }
    if (this.#first.has(key)) return;
    this.#newest.add(key);
    if (this.#newest.size <= keptOfEachEnd) return;
    for (const oldest of this.#newest) {
      this.#newest.delete(oldest);
      this.#forgotten++;
      break;
    }
  }
}
