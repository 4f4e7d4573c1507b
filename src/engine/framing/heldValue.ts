import { HeldBytes } from '../bytes/heldBytes.ts';

/** A range of bytes inside a buffer that belongs to somebody else. */
export interface ByteRange {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
}

/**
 * The bytes of a value that is still coming, up to a limit. A value that lies whole in one chunk is never copied.
 * All offsets are body offsets; `bytes` begins at `offset`.
 */
export class HeldValue {
  readonly #held: HeldBytes;
  #start = 0;
  /** Bytes `[start, until)` are held. */
  #until = 0;

  constructor(limit: number) {
    this.#held = new HeldBytes(limit);
  }

  get start(): number {
    return this.#start;
  }

  begin(start: number): void {
    this.#start = start;
    this.#until = start;
    this.#held.clear();
  }

  /** Copies what the chunk has of the value before index `to`. */
  hold(bytes: Uint8Array, offset: number, to: number): void {
    const from = this.#until - offset;
    if (from >= to) return;
    this.#held.append(bytes, from, to);
    this.#until = offset + to;
  }

  /**
   * The value from its start to index `to` of the chunk, valid until the next call.
   * @returns undefined when it is longer than the limit
   */
  range(bytes: Uint8Array, offset: number, to: number): ByteRange | undefined {
    if (this.#until === this.#start) {
      const from = this.#start - offset;
      return to - from > this.#held.limit ? undefined : { bytes, from, to };
    }
    this.hold(bytes, offset, to);
    return this.#held.isWhole ? { bytes: this.#held.buffer, from: 0, to: this.#held.kept } : undefined;
  }
}
