import { frameFlag, type Micros } from '../../shared/words.ts';
import { isHeartbeat } from '../timing/arrivals.ts';
import {
  createFrameColumns,
  framesPerBlock,
  packFrames,
  packSummaries,
  packSummary,
  unpackFrames,
  unpackSummary,
  withMoreRoom,
  type FrameBlockSummary,
  type FrameColumns,
} from './frameBlocks.ts';
import { FlagChanges } from './flagChanges.ts';
import { countAtMost, countBelow, GrowingFloat64 } from './growing.ts';
import { RecentBlocks } from './recentBlocks.ts';

/** Where sealed blocks go and come from again: a recording's derived cache, or memory. */
export interface BlockPort {
  /** Takes the buffers over. Block `n` is the next, or one that was put before and takes its place. */
  put(n: number, summary: Uint8Array, bytes: Uint8Array): void;
  /** @throws Error when block `n` was never put. */
  get(n: number): Uint8Array;
}

/** Frames that a short recording has room for from its beginning. */
const firstRoom = 128;
/** Blocks with changed flags that are held before they are put anew. */
const lateBlocks = 64;

/** Frames `[from, to)` of one block: element `i` is frame `first + i`. */
export type FrameRunVisitor = (columns: FrameColumns, first: number, from: number, to: number) => boolean;

/**
 * Where every frame lies, when it came and what it is, for any number of frames: sealed blocks of 4,096 live behind
 * the port, packed; the newest block is unpacked in memory, and so are the few that were read last.
 */
export class FrameIndex {
  readonly #port: BlockPort;
  readonly #unpacked = new RecentBlocks<FrameColumns>(96);
  readonly #summaries: FrameBlockSummary[] = [];
  readonly #firstMicros = new GrowingFloat64();
  readonly #lastMicros = new GrowingFloat64();
  readonly #firstChunk = new GrowingFloat64();
  readonly #lastChunk = new GrowingFloat64();
  readonly #firstOffset = new GrowingFloat64();
  /** Content frames before block i. */
  readonly #contentBefore = new GrowingFloat64();
  #tail: FrameColumns = createFrameColumns(firstRoom);
  /** Flags of sealed frames that the port does not have yet, by block: one byte a frame. */
  readonly #lateFlags = new Map<number, Uint8Array>();
  /** Frames whose flags changed after they were appended, for those who judged them before. */
  readonly flagChanges = new FlagChanges();
  #sealedFrames = 0;
  #sealedContent = 0;
  #tailContent = 0;

  constructor(port: BlockPort) {
    this.#port = port;
  }

  get count(): number {
    return this.#sealedFrames + this.#tail.count;
  }

  /** Frames that are neither comment nor blank. */
  get contentCount(): number {
    return this.#sealedContent + this.#tailContent;
  }

  get heartbeats(): number {
    return this.count - this.contentCount;
  }

  /** Appends a frame. Offsets, times and chunks never go back. */
  append(
    kind: number,
    offset: number,
    length: number,
    flags: number,
    type: number,
    micros: Micros,
    chunk: number,
  ): void {
    if (this.#tail.count === this.#tail.kind.length) this.#tail = withMoreRoom(this.#tail);
    const tail = this.#tail;
    const i = tail.count;
    tail.kind[i] = kind;
    tail.offset[i] = offset;
    tail.length[i] = length;
    tail.flags[i] = flags;
    tail.type[i] = type;
    tail.micros[i] = micros;
    tail.chunk[i] = chunk;
    tail.count = i + 1;
    if (!isHeartbeat(kind)) this.#tailContent++;
    if (tail.count === framesPerBlock) this.#seal();
  }

  /**
   * Sets more bits in the flags of a frame that is there: what is found out about it later.
   * @throws RangeError if there is no frame `n`
   */
  addFlags(n: number, bits: number): void {
    const block = Math.floor(n / framesPerBlock);
    const i = n % framesPerBlock;
    const known = this.at(n, ({ flags }) => flags[i] as number);
    if ((known | bits) === known) return;
    this.flagChanges.add(n);
    this.#block(block).flags[i] = known | bits;
    const summary = this.#summaries[block];
    if (summary === undefined) return;
    this.#summaries[block] = { ...summary, anyFlags: summary.anyFlags | bits };
    let late = this.#lateFlags.get(block);
    if (late === undefined) {
      if (this.#lateFlags.size === lateBlocks) this.#putLateFlags();
      late = new Uint8Array(summary.count);
      this.#lateFlags.set(block, late);
    }
    late[i] = (late[i] as number) | bits;
  }

  /**
   * Hands the unsealed rest to the port as a shorter last block, and blocks anew whose flags changed. Nothing may be
   * appended or flagged after it.
   */
  flush(): void {
    if (this.#tail.count > 0) this.#seal();
    this.#putLateFlags();
  }

  #putLateFlags(): void {
    for (const block of [...this.#lateFlags.keys()].sort((a, b) => a - b)) {
      const summary = this.#summaries[block] as FrameBlockSummary;
      this.#port.put(block, packSummary(summary), packFrames(this.#block(block), summary));
    }
    this.#lateFlags.clear();
  }

  /** The summaries of all blocks that were put, for keeping them together. */
  packedSummaries(): Uint8Array {
    return packSummaries(this.#summaries);
  }

  /** Takes back the blocks that were put before, by their packed summaries in order. */
  restore(summaries: readonly Uint8Array[]): void {
    for (const packed of summaries) this.#addSummary(unpackSummary(packed));
  }

  #seal(): void {
    const tail = this.#tail;
    const last = tail.count - 1;
    let lastWithId = last;
    while (lastWithId >= 0 && ((tail.flags[lastWithId] as number) & frameFlag.hasId) === 0) lastWithId--;
    let anyFlags = 0;
    for (let i = 0; i < tail.count; i++) anyFlags |= tail.flags[i] as number;
    const summary: FrameBlockSummary = {
      count: tail.count,
      firstOffset: tail.offset[0] as number,
      firstMicros: tail.micros[0] as number,
      lastMicros: tail.micros[last] as number,
      firstChunk: tail.chunk[0] as number,
      lastChunk: tail.chunk[last] as number,
      contentFrames: this.#tailContent,
      lastWithId,
      anyFlags,
    };
    this.#port.put(this.#summaries.length, packSummary(summary), packFrames(tail, summary));
    this.#addSummary(summary);
    tail.count = 0;
    this.#tailContent = 0;
  }

  #addSummary(summary: FrameBlockSummary): void {
    this.#contentBefore.push(this.#sealedContent);
    this.#summaries.push(summary);
    this.#firstMicros.push(summary.firstMicros);
    this.#lastMicros.push(summary.lastMicros);
    this.#firstChunk.push(summary.firstChunk);
    this.#lastChunk.push(summary.lastChunk);
    this.#firstOffset.push(summary.firstOffset);
    this.#sealedFrames += summary.count;
    this.#sealedContent += summary.contentFrames;
  }

  /** Blocks are full but for the last, so a frame's block follows from its number. */
  #block(block: number): FrameColumns {
    const summary = this.#summaries[block];
    if (summary === undefined) return this.#tail;
    return this.#unpacked.get(block, (unused) => {
      const columns = unpackFrames(this.#port.get(block), summary, unused);
      this.#lateFlags.get(block)?.forEach((bits, i) => {
        columns.flags[i] = (columns.flags[i] as number) | bits;
      });
      return columns;
    });
  }

  /** Calls `use` with the columns that hold frame `n` and its place in them, valid until it returns. @throws RangeError if there is no frame `n`. */
  at<Result>(n: number, use: (columns: FrameColumns, i: number) => Result): Result {
    if (n < 0 || n >= this.count) throw new RangeError(`frame ${String(n)} of ${String(this.count)}`);
    return use(this.#block(Math.floor(n / framesPerBlock)), n % framesPerBlock);
  }

  microsOf(n: number): Micros {
    return this.at(n, (columns, i) => columns.micros[i] as number);
  }

  /** Frames `[from, to)` in runs that share a block; the visitor says whether to go on. */
  visit(from: number, to: number, visitor: FrameRunVisitor): void {
    const end = Math.min(to, this.count);
    let next = Math.max(0, from);
    while (next < end) {
      const block = Math.floor(next / framesPerBlock);
      const first = block * framesPerBlock;
      const columns = this.#block(block);
      const stop = Math.min(end, first + columns.count);
      if (!visitor(columns, first, next - first, stop - first)) return;
      next = stop;
    }
  }

  /** Number of frames that arrived before `micros`. */
  countBefore(micros: Micros): number {
    return this.#countBelow(this.#lastMicros, micros, (columns) => columns.micros);
  }

  /** Number of frames that chunks before `chunk` completed. */
  countBeforeChunk(chunk: number): number {
    return this.#countBelow(this.#lastChunk, chunk, (columns) => columns.chunk);
  }

  #countBelow(lastOfBlock: GrowingFloat64, value: number, column: (columns: FrameColumns) => Float64Array): number {
    const block = countBelow(lastOfBlock.view(), value);
    const columns = this.#block(block);
    return Math.min(block * framesPerBlock + countBelow(column(columns).subarray(0, columns.count), value), this.count);
  }

  /** The frame whose bytes hold body offset `offset`, or the nearest before it; −1 if there is none. */
  frameAtOffset(offset: number): number {
    const tailFirst = this.#tail.count > 0 ? (this.#tail.offset[0] as number) : Infinity;
    const block = offset >= tailFirst ? this.#summaries.length : countAtMost(this.#firstOffset.view(), offset) - 1;
    if (block < 0) return -1;
    const columns = this.#block(block);
    return block * framesPerBlock + countAtMost(columns.offset.subarray(0, columns.count), offset) - 1;
  }

  /** The `k`-th frame (from 0) that is neither comment nor blank. @throws RangeError beyond `contentCount`. */
  contentFrame(k: number): number {
    if (k < 0 || k >= this.contentCount) throw new RangeError(`content frame ${String(k)}`);
    const block = k >= this.#sealedContent ? this.#summaries.length : countAtMost(this.#contentBefore.view(), k) - 1;
    const columns = this.#block(block);
    let left = k - (block < this.#summaries.length ? this.#contentBefore.at(block) : this.#sealedContent);
    for (let i = 0; i < columns.count; i++) {
      if (isHeartbeat(columns.kind[i] as number)) continue;
      if (left === 0) return block * framesPerBlock + i;
      left--;
    }
    throw new Error('the summary of a block of frames does not fit its frames');
  }

  /** Number of content frames before frame `n`. */
  contentBefore(n: number): number {
    const frame = Math.min(n, this.count);
    const block = Math.min(Math.floor(frame / framesPerBlock), this.#summaries.length);
    const columns = this.#block(block);
    let content = block < this.#summaries.length ? this.#contentBefore.at(block) : this.#sealedContent;
    for (let i = 0; i < frame - block * framesPerBlock; i++) if (!isHeartbeat(columns.kind[i] as number)) content++;
    return content;
  }

  /** The last frame up to `n` that carries an id of its own; −1 if there is none. */
  lastWithId(n: number): number {
    let block = Math.floor(n / framesPerBlock);
    const columns = this.#block(block);
    for (let i = n - block * framesPerBlock; i >= 0; i--) {
      if (((columns.flags[i] as number) & frameFlag.hasId) !== 0) return block * framesPerBlock + i;
    }
    for (block--; block >= 0; block--) {
      const inBlock = (this.#summaries[block] as FrameBlockSummary).lastWithId;
      if (inBlock >= 0) return block * framesPerBlock + inBlock;
    }
    return -1;
  }

  /** The nearest frame after or before frame `from` that has bit `flag`; null where there is none. */
  seekFlag(from: number, direction: 'next' | 'previous', flag: number): number | null {
    const step = direction === 'next' ? 1 : -1;
    let n = Math.min(Math.max(from, -1), this.count) + step;
    while (n >= 0 && n < this.count) {
      const block = Math.floor(n / framesPerBlock);
      const first = block * framesPerBlock;
      const summary = this.#summaries[block];
      if (summary === undefined || (summary.anyFlags & flag) !== 0) {
        const { flags, count } = this.#block(block);
        for (let i = n - first; i >= 0 && i < count; i += step) {
          if (((flags[i] as number) & flag) !== 0) return first + i;
        }
      }
      n = step > 0 ? first + framesPerBlock : first - 1;
    }
    return null;
  }
}
