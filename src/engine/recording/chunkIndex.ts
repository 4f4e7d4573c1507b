import type { ByteOffset, Micros } from '../../shared/words.ts';
import { unpackPairs, type SegmentSummary, type UnpackedChunks } from './chunkPairs.ts';
import { countAtMost, countBelow, GrowingFloat64 } from './growing.ts';
import { RecentBlocks } from './recentBlocks.ts';

/** Receives chunks `[from, to)` of one unpacked run: chunk `first + i` came at `micros[i]` with bytes `[offset[i], offset[i+1])`. */
export type ChunkRunVisitor = (run: UnpackedChunks, first: number, from: number, to: number) => void;

/**
 * When each chunk came and which wire bytes it brought, for recordings of any length: sealed segments are summaries
 * of 48 bytes, their chunks are unpacked when asked for; only the chunks of the open segment are kept unpacked.
 */
export class ChunkIndex {
  readonly #readPairs: (segment: number) => Uint8Array;
  readonly #unpacked = new RecentBlocks<UnpackedChunks>(64);
  readonly #firstChunk = new GrowingFloat64();
  readonly #firstMicros = new GrowingFloat64();
  readonly #lastMicros = new GrowingFloat64();
  readonly #wireOffset = new GrowingFloat64();
  readonly #tailMicros = new GrowingFloat64(256);
  /** One element more than `#tailMicros`. */
  readonly #tailOffset = new GrowingFloat64(256);
  readonly #tailContinues = new GrowingFloat64(256);
  #sealedChunks = 0;
  #sealedBytes = 0;

  /** @param readPairs the packed pairs of a sealed segment */
  constructor(readPairs: (segment: number) => Uint8Array) {
    this.#readPairs = readPairs;
    this.#tailOffset.push(0);
  }

  get count(): number {
    return this.#sealedChunks + this.#tailMicros.length;
  }

  get wireBytes(): number {
    return this.#tailOffset.at(this.#tailMicros.length);
  }

  get segments(): number {
    return this.#firstChunk.length;
  }

  get lastMicros(): Micros | undefined {
    return this.#tailMicros.last() ?? this.#lastMicros.last();
  }

  /** A chunk of the open segment. Times never go back. */
  append(atMicros: Micros, length: number, continues: boolean): void {
    const end = this.wireBytes + length;
    this.#tailContinues.push(continues ? 1 : 0);
    this.#tailMicros.push(atMicros);
    this.#tailOffset.push(end);
  }

  /** The store sealed a segment: its chunks, if they were appended, move from the tail behind the summary. */
  seal(segment: SegmentSummary): void {
    if (segment.n !== this.segments || segment.firstChunk !== this.#sealedChunks) {
      throw new Error(`segment ${String(segment.n)} is out of order`);
    }
    this.#firstChunk.push(segment.firstChunk);
    this.#firstMicros.push(segment.firstMicros);
    this.#lastMicros.push(segment.lastMicros);
    this.#wireOffset.push(segment.wireOffset);
    this.#sealedChunks += segment.chunks;
    this.#sealedBytes += segment.bytes;
    const restMicros = this.#tailMicros.view().slice(segment.chunks);
    const restOffset = this.#tailOffset.view().slice(segment.chunks);
    const restContinues = this.#tailContinues.view().slice(segment.chunks);
    this.#tailMicros.clear();
    this.#tailOffset.clear();
    this.#tailContinues.clear();
    for (const micros of restMicros) this.#tailMicros.push(micros);
    for (const continues of restContinues) this.#tailContinues.push(continues);
    if (restOffset.length === 0) this.#tailOffset.push(this.#sealedBytes);
    for (const offset of restOffset) this.#tailOffset.push(offset);
  }

  /** When chunk `n` arrived. @throws RangeError for a chunk that never came. */
  microsOf(n: number): Micros {
    if (n >= this.#sealedChunks) return this.#tailMicros.at(n - this.#sealedChunks);
    const segment = countAtMost(this.#firstChunk.view(), n) - 1;
    return this.#segment(segment).micros[n - this.#firstChunk.at(segment)] as number;
  }

  /** The wire byte that chunk `n` begins with; the end of the last chunk for `n` = `count`. */
  offsetOf(n: number): ByteOffset {
    if (n >= this.#sealedChunks) return this.#tailOffset.at(n - this.#sealedChunks);
    const segment = countAtMost(this.#firstChunk.view(), n) - 1;
    return this.#segment(segment).offset[n - this.#firstChunk.at(segment)] as number;
  }

  /** The chunk that holds a wire byte; the last one for offsets beyond the end; −1 without chunks. */
  chunkAt(offset: ByteOffset): number {
    if (this.count === 0) return -1;
    if (offset >= this.#sealedBytes || this.segments === 0) {
      const position = countAtMost(this.#tailOffset.view(), offset) - 1;
      return (
        this.#sealedChunks +
        Math.min(Math.max(position, 0), Math.max(this.#tailMicros.length - 1, 0)) -
        (this.#tailMicros.length === 0 ? 1 : 0)
      );
    }
    const segment = countAtMost(this.#wireOffset.view(), offset) - 1;
    const chunks = this.#segment(segment);
    const position = countAtMost(chunks.offset, offset) - 1;
    return this.#firstChunk.at(segment) + Math.min(position, chunks.micros.length - 1);
  }

  /** Chunks `[from, to)` in runs that share a segment. */
  visit(from: number, to: number, visitor: ChunkRunVisitor): void {
    const end = Math.min(to, this.count);
    let next = Math.max(0, from);
    while (next < end && next < this.#sealedChunks) {
      const segment = countAtMost(this.#firstChunk.view(), next) - 1;
      const first = this.#firstChunk.at(segment);
      const chunks = this.#segment(segment);
      const stop = Math.min(end, first + chunks.micros.length);
      visitor(chunks, first, next - first, stop - first);
      next = stop;
    }
    if (next < end) {
      const tail = {
        micros: this.#tailMicros.view(),
        offset: this.#tailOffset.view(),
        continues: this.#tailContinues.view(),
      };
      visitor(tail, this.#sealedChunks, next - this.#sealedChunks, end - this.#sealedChunks);
    }
  }

  /**
   * The HTTP chunk or DATA frame that chunk `n` is of: chunks `[first, end)`. Undefined where more than `limit` chunks
   * on one side of `n` are of it.
   */
  division(n: number, limit: number): { readonly first: number; readonly end: number } | undefined {
    let first = -1;
    let end = -1;
    this.visit(Math.max(0, n - limit), n + 1, (run, runFirst, from, to) => {
      for (let i = from; i < to; i++) if (run.continues[i] === 0) first = runFirst + i;
    });
    this.visit(n + 1, n + 1 + limit, (run, runFirst, from, to) => {
      for (let i = from; i < to && end < 0; i++) if (run.continues[i] === 0) end = runFirst + i;
    });
    if (end < 0 && n + 1 + limit < this.count) return undefined;
    return first < 0 ? undefined : { first, end: end < 0 ? this.count : end };
  }

  /** Number of chunks that arrived before `micros`: the first chunk at or after it. */
  countBefore(micros: Micros): number {
    const segment = countBelow(this.#lastMicros.view(), micros);
    if (segment < this.segments) {
      return this.#firstChunk.at(segment) + countBelow(this.#segment(segment).micros, micros);
    }
    return this.#sealedChunks + countBelow(this.#tailMicros.view(), micros);
  }

  #segment(n: number): UnpackedChunks {
    return this.#unpacked.get(n, () => {
      const last = n + 1 === this.segments;
      return unpackPairs(this.#readPairs(n), {
        n,
        firstChunk: this.#firstChunk.at(n),
        chunks: (last ? this.#sealedChunks : this.#firstChunk.at(n + 1)) - this.#firstChunk.at(n),
        wireOffset: this.#wireOffset.at(n),
        bytes: (last ? this.#sealedBytes : this.#wireOffset.at(n + 1)) - this.#wireOffset.at(n),
        firstMicros: this.#firstMicros.at(n),
        lastMicros: this.#lastMicros.at(n),
      });
    });
  }
}
