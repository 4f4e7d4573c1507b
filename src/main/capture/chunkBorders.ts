import type { ByteOffset } from '../../shared/words.ts';

/**
 * Where the HTTP chunks of a body begin, on their way from the framing, which sees them in the bytes of the
 * connection, to the parser's output, which comes later and says nothing of them. Both count bytes of the body.
 */
export class ChunkBorders {
  /** Beginnings that the output has not reached, ascending, from `#next` on. */
  #begins: ByteOffset[] = [];
  #next = 0;
  #given: ByteOffset = 0;

  /** An HTTP chunk with data begins at this byte of the body. */
  begins(offset: ByteOffset): void {
    this.#begins.push(offset);
  }

  /** Whether the next `length` bytes of the output go on with the chunk that the bytes before them belong to. */
  continues(length: number): boolean {
    const from = this.#given;
    this.#given += length;
    const isBegin = this.#begins[this.#next] === from;
    while (this.#next < this.#begins.length && (this.#begins[this.#next] as number) < this.#given) this.#next += 1;
    if (this.#next === this.#begins.length) {
      this.#begins = [];
      this.#next = 0;
    }
    return !isBegin;
  }
}
