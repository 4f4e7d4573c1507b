/** A Float64Array that grows by doubling: `push` is amortised constant, memory at most twice the contents. */
export class GrowingFloat64 {
  #values: Float64Array;
  #length = 0;

  constructor(capacity = 64) {
    this.#values = new Float64Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const grown = new Float64Array(this.#values.length * 2);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.#length++] = value;
  }

  /** @throws RangeError outside `[0, length)`: asking for what was never pushed is a bug of the caller. */
  at(index: number): number {
    const value = index < this.#length ? this.#values[index] : undefined;
    if (value === undefined) throw new RangeError(`index ${String(index)} of ${String(this.#length)}`);
    return value;
  }

  /** @throws RangeError when nothing was pushed */
  replaceLast(value: number): void {
    if (this.#length === 0) throw new RangeError('nothing to replace');
    this.#values[this.#length - 1] = value;
  }

  last(): number | undefined {
    return this.#length === 0 ? undefined : this.#values[this.#length - 1];
  }

  /** The contents, a view that is valid until the next `push`. */
  view(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }
}

/** Number of the leading elements of an ascending array that are ≤ `value`. */
export function countAtMost(ascending: Float64Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Number of the leading elements of an ascending array that are < `value`. */
export function countBelow(ascending: Float64Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
