const firstCapacity = 256;

/**
 * The copied beginning of something that is not complete yet. Grows by doubling, so holding a line that comes in a
 * million pieces costs as much as its bytes. Keeps at most `limit` bytes; `length` tells how many there really were.
 */
export class HeldBytes {
  readonly limit: number;
  #bytes = new Uint8Array(0);
  #kept = 0;
  #length = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Bytes appended since the last `clear`, kept or not. */
  get length(): number {
    return this.#length;
  }

  /** Bytes kept: `min(length, limit)`. */
  get kept(): number {
    return this.#kept;
  }

  get isWhole(): boolean {
    return this.#kept === this.#length;
  }

  /** The kept bytes are `[0, kept)` of this buffer. It is reused: valid until the next `append` or `clear`. */
  get buffer(): Uint8Array {
    return this.#bytes;
  }

  append(bytes: Uint8Array, from: number, to: number): void {
    if (this.#kept === this.#length) {
      const room = Math.min(to - from, this.limit - this.#kept);
      if (room > 0) {
        this.#reserve(this.#kept + room);
        if (room < 32) {
          for (let i = 0; i < room; i++) this.#bytes[this.#kept + i] = bytes[from + i] as number;
        } else {
          this.#bytes.set(bytes.subarray(from, from + room), this.#kept);
        }
        this.#kept += room;
      }
    }
    this.#length += to - from;
  }

  clear(): void {
    this.#kept = 0;
    this.#length = 0;
    // A single huge value must not pin its buffer for the rest of a stream of small ones.
    if (this.#bytes.length > 1_048_576) this.#bytes = new Uint8Array(0);
  }

  #reserve(wanted: number): void {
    if (wanted <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(firstCapacity, this.#bytes.length * 2, wanted));
    grown.set(this.#bytes.subarray(0, this.#kept));
    this.#bytes = grown;
  }
}
