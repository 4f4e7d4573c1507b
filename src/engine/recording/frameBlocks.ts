import { Leb128Reader, maxLeb128Bytes, writeLeb128 } from './leb128.ts';

/** Frames of one block. */
export const framesPerBlock = 4096;

/** Unpacked columns of the frames of one block, or a part of them; `count` of the elements are valid. */
export interface FrameColumns {
  count: number;
  readonly offset: Float64Array;
  readonly length: Float64Array;
  readonly micros: Float64Array;
  readonly chunk: Float64Array;
  readonly kind: Uint8Array;
  readonly flags: Uint8Array;
  readonly type: Uint16Array;
}

/** What is kept in memory of every block, so that lookups touch at most one block. */
export interface FrameBlockSummary {
  readonly count: number;
  readonly firstOffset: number;
  readonly firstMicros: number;
  readonly lastMicros: number;
  readonly firstChunk: number;
  readonly lastChunk: number;
  /** Frames that are neither comment nor blank. */
  readonly contentFrames: number;
  /** Number within the block of the last frame with an id of its own; −1 for none. */
  readonly lastWithId: number;
  /** Bits that at least one frame's `flags` has. */
  readonly anyFlags: number;
}

/** Empty columns with room for so many frames. */
export function createFrameColumns(room: number): FrameColumns {
  return {
    count: 0,
    offset: new Float64Array(room),
    length: new Float64Array(room),
    micros: new Float64Array(room),
    chunk: new Float64Array(room),
    kind: new Uint8Array(room),
    flags: new Uint8Array(room),
    type: new Uint16Array(room),
  };
}

/** The same frames with twice the room, but for no more than a block. */
export function withMoreRoom(columns: FrameColumns): FrameColumns {
  const grown = createFrameColumns(Math.min(framesPerBlock, 2 * columns.kind.length));
  grown.count = columns.count;
  grown.offset.set(columns.offset);
  grown.length.set(columns.length);
  grown.micros.set(columns.micros);
  grown.chunk.set(columns.chunk);
  grown.kind.set(columns.kind);
  grown.flags.set(columns.flags);
  grown.type.set(columns.type);
  return grown;
}

const scratch = new Uint8Array(framesPerBlock * (2 + 5 * maxLeb128Bytes));

/**
 * Packs a block: per frame its kind and flags, then as LEB128 its type, the framing whitespace since the frame before,
 * its length, and the differences of time and chunk to the frame before. The first frame's differences are to the
 * summary's values. Nine bytes for an ordinary frame.
 */
export function packFrames(columns: FrameColumns, summary: FrameBlockSummary): Uint8Array {
  let at = 0;
  let end = summary.firstOffset;
  let micros = summary.firstMicros;
  let chunk = summary.firstChunk;
  for (let i = 0; i < columns.count; i++) {
    const offset = columns.offset[i] as number;
    const length = columns.length[i] as number;
    scratch[at++] = columns.kind[i] as number;
    scratch[at++] = columns.flags[i] as number;
    at = writeLeb128(scratch, at, columns.type[i] as number);
    at = writeLeb128(scratch, at, offset - end);
    at = writeLeb128(scratch, at, length);
    at = writeLeb128(scratch, at, (columns.micros[i] as number) - micros);
    at = writeLeb128(scratch, at, (columns.chunk[i] as number) - chunk);
    end = offset + length;
    micros = columns.micros[i] as number;
    chunk = columns.chunk[i] as number;
  }
  return scratch.slice(0, at);
}

/**
 * @param unused columns that nobody needs any more, to be filled if there is room in them
 * @throws RangeError when the bytes are not a block of `summary.count` frames.
 */
export function unpackFrames(packed: Uint8Array, summary: FrameBlockSummary, unused?: FrameColumns): FrameColumns {
  const room = Math.min(summary.count, framesPerBlock);
  const columns = unused !== undefined && unused.kind.length >= room ? unused : createFrameColumns(room);
  const numbers = new Leb128Reader(packed);
  let end = summary.firstOffset;
  let micros = summary.firstMicros;
  let chunk = summary.firstChunk;
  for (let i = 0; i < summary.count; i++) {
    columns.kind[i] = packed[numbers.position++] ?? 0;
    columns.flags[i] = packed[numbers.position++] ?? 0;
    columns.type[i] = numbers.next();
    end += numbers.next();
    const length = numbers.next();
    micros += numbers.next();
    chunk += numbers.next();
    columns.offset[i] = end;
    columns.length[i] = length;
    columns.micros[i] = micros;
    columns.chunk[i] = chunk;
    end += length;
  }
  if (numbers.position !== packed.length) throw new RangeError('a block of frames is damaged');
  columns.count = summary.count;
  return columns;
}

const summaryNumbers = 9;

export function packSummary(summary: FrameBlockSummary): Uint8Array {
  const bytes = new Uint8Array(summaryNumbers * maxLeb128Bytes);
  let at = 0;
  at = writeLeb128(bytes, at, summary.count);
  at = writeLeb128(bytes, at, summary.firstOffset);
  at = writeLeb128(bytes, at, summary.firstMicros);
  at = writeLeb128(bytes, at, summary.lastMicros);
  at = writeLeb128(bytes, at, summary.firstChunk);
  at = writeLeb128(bytes, at, summary.lastChunk);
  at = writeLeb128(bytes, at, summary.contentFrames);
  at = writeLeb128(bytes, at, summary.lastWithId + 1);
  at = writeLeb128(bytes, at, summary.anyFlags);
  return bytes.slice(0, at);
}

/** @throws RangeError when the bytes are not a summary. */
export function unpackSummary(bytes: Uint8Array): FrameBlockSummary {
  const numbers = new Leb128Reader(bytes);
  return {
    count: numbers.next(),
    firstOffset: numbers.next(),
    firstMicros: numbers.next(),
    lastMicros: numbers.next(),
    firstChunk: numbers.next(),
    lastChunk: numbers.next(),
    contentFrames: numbers.next(),
    lastWithId: numbers.next() - 1,
    anyFlags: numbers.next(),
  };
}

/** Summaries of all blocks, one behind the other: many small reads of a file of 10 GB would take seconds. */
export function packSummaries(summaries: readonly FrameBlockSummary[]): Uint8Array {
  const packed = summaries.map(packSummary);
  const all = new Uint8Array(packed.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const bytes of packed) {
    all.set(bytes, at);
    at += bytes.length;
  }
  return all;
}

/** The packed summaries that `packSummaries` put together. @throws RangeError when they are no whole summaries */
export function splitSummaries(all: Uint8Array): readonly Uint8Array[] {
  const numbers = new Leb128Reader(all);
  const found: Uint8Array[] = [];
  while (numbers.position < all.length) {
    const from = numbers.position;
    for (let i = 0; i < summaryNumbers; i++) numbers.next();
    found.push(all.subarray(from, numbers.position));
  }
  return found;
}
