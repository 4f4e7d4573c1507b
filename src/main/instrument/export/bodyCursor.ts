/** Reads a body forwards: frames lie in it one behind the other. */
export class BodyCursor {
  readonly #pieces: Generator<Uint8Array, void, undefined>;
  #held: Uint8Array = new Uint8Array(0);
  #heldFrom = 0;

  constructor(pieces: Generator<Uint8Array, void, undefined>) {
    this.#pieces = pieces;
  }

  /** Bytes from `offset` on, at most `length`; offsets never go back. */
  read(offset: number, length: number): Uint8Array {
    const end = offset + length;
    while (this.#heldFrom + this.#held.length < end) {
      const next = this.#pieces.next();
      if (next.done === true) break;
      const keptFrom = Math.max(0, Math.min(this.#held.length, offset - this.#heldFrom));
      const joined = new Uint8Array(this.#held.length - keptFrom + next.value.length);
      joined.set(this.#held.subarray(keptFrom));
      joined.set(next.value, this.#held.length - keptFrom);
      this.#held = joined;
      this.#heldFrom += keptFrom;
    }
    return this.#held.subarray(Math.max(0, offset - this.#heldFrom), Math.max(0, end - this.#heldFrom));
  }
}
