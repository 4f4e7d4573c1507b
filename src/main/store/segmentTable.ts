import { GrowingFloat64 } from '../../engine/recording/growing.ts';
import type { SegmentSummary } from '../../engine/recording/chunkPairs.ts';
import type { ByteOffset, Micros } from '../../shared/words.ts';

/**
 * The segments of one space, as columns of numbers: a recording of 10 GB has 40,000 of them, and as many objects would
 * cost more memory than everything else that opening needs.
 */
export class SegmentTable {
  readonly #firstChunk = new GrowingFloat64(16);
  readonly #offset = new GrowingFloat64(16);
  readonly #firstMicros = new GrowingFloat64(16);
  readonly #lastMicros = new GrowingFloat64(16);
  #chunks = 0;
  #bytes: ByteOffset = 0;

  get length(): number {
    return this.#offset.length;
  }

  /** Chunks in all of them. */
  get chunks(): number {
    return this.#chunks;
  }

  /** Bytes in all of them. */
  get bytes(): ByteOffset {
    return this.#bytes;
  }

  /** When the last chunk of all came; −∞ without any. */
  get lastMicros(): Micros {
    return this.#lastMicros.last() ?? -Infinity;
  }

  /** One more, which begins where those before end. */
  add(chunks: number, bytes: number, firstMicros: Micros, lastMicros: Micros): void {
    this.#firstChunk.push(this.#chunks);
    this.#offset.push(this.#bytes);
    this.#firstMicros.push(firstMicros);
    this.#lastMicros.push(lastMicros);
    this.#chunks += chunks;
    this.#bytes += bytes;
  }

  /** @throws RangeError for a segment that is not there */
  at(n: number): SegmentSummary {
    const isLast = n === this.length - 1;
    const firstChunk = this.#firstChunk.at(n);
    const wireOffset = this.#offset.at(n);
    return {
      n,
      firstChunk,
      chunks: (isLast ? this.#chunks : this.#firstChunk.at(n + 1)) - firstChunk,
      wireOffset,
      bytes: (isLast ? this.#bytes : this.#offset.at(n + 1)) - wireOffset,
      firstMicros: this.#firstMicros.at(n),
      lastMicros: this.#lastMicros.at(n),
    };
  }

  *from(first: number): Generator<SegmentSummary, void, undefined> {
    for (let n = first; n < this.length; n++) yield this.at(n);
  }
}
