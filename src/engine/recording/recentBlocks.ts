/**
 * Keeps the most recently used values, at most `capacity`; a Map's insertion order is the order of use. What is given out
 * is used at once and not kept: the next one may be made of it.
 */
export class RecentBlocks<Value> {
  readonly #values = new Map<number, Value>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** @param make may take the value that was used longest ago to pieces: buffers of any number then cost those of few */
  get(key: number, make: (unused: Value | undefined) => Value): Value {
    const known = this.#values.get(key);
    if (known !== undefined) {
      this.#values.delete(key);
      this.#values.set(key, known);
      return known;
    }
    const made = make(this.#values.size < this.#capacity ? undefined : this.#takeOldest());
    this.#values.set(key, made);
    return made;
  }

  #takeOldest(): Value | undefined {
    for (const [key, oldest] of this.#values) {
      this.#values.delete(key);
      return oldest;
    }
    return undefined;
  }

  clear(): void {
    this.#values.clear();
  }
}
