import { maxBodyPieceBytes, writeBodyPiece } from '../../engine/recording/bodyPieces.ts';
import { maxPairBytes, writePair, type SegmentSummary } from '../../engine/recording/chunkPairs.ts';
import type { ByteOffset, Micros } from '../../shared/words.ts';
import { pieceBytes } from './recordingFormat.ts';
import type { ByteSpace } from './recordingStore.ts';
import type { SegmentBuffer, SegmentPool } from './segmentBuffer.ts';
import type { SealedSegment, TailPart } from './writerMessages.ts';

/** An open segment this large is sealed at its next commit: cheaper than to write it once as tail and once whole. */
const sealAtCommitBytes = 65_536;
/** Commits of one open segment: bounds the tail of a slow stream. */
const partsPerSegment = 512;
const longestPair = Math.max(maxPairBytes, maxBodyPieceBytes);

/** A sealed segment that is not known to be on the disk, and its memory. */
interface HeldSegment {
  readonly summary: SegmentSummary;
  readonly buffer: SegmentBuffer;
  readonly pairsLength: number;
}

interface OpenSegment {
  buffer: SegmentBuffer;
  readonly firstMicros: Micros;
  lastMicros: Micros;
  /** Of the body: the chunk that its last piece came from. */
  lastChunk: number;
  chunks: number;
  bytes: number;
  pairsLength: number;
  parts: number;
  handedChunks: number;
  handedBytes: number;
  handedPairs: number;
}

/** Takes what a stream hands to the writer; `freshBytes` of it were not handed over before. */
export interface SegmentReceiver {
  part(part: TailPart, freshBytes: number): void;
  /** `written` is to be called when the segment is committed: its memory is used again from then on. */
  sealed(segment: SealedSegment, freshBytes: number, written: () => void): void;
}

/** Packs the bytes of one space into segments, hands them over, and answers reads of what is not on the disk yet. */
export class SegmentStream {
  readonly summaries: SegmentSummary[] = [];
  readonly #space: ByteSpace;
  readonly #pool: SegmentPool;
  readonly #receiver: SegmentReceiver;
  #held: HeldSegment[] = [];
  #open: OpenSegment | undefined;
  #length: ByteOffset = 0;
  #chunks = 0;
  #lastMicros: Micros = 0;
  /** Bytes of the last sealed segment: the next one is likely to be as long. */
  #usualBytes = 0;

  constructor(space: ByteSpace, pool: SegmentPool, receiver: SegmentReceiver) {
    this.#space = space;
    this.#pool = pool;
    this.#receiver = receiver;
  }

  /** Bytes appended so far. */
  get length(): ByteOffset {
    return this.#length;
  }

  get #hasUnhanded(): boolean {
    const open = this.#open;
    return open !== undefined && (open.chunks > open.handedChunks || open.bytes > open.handedBytes || open.parts === 0);
  }

  /**
   * Appends one chunk, which stays whole within its segment. May seal the segment before it, never the one it is in.
   * @param continues it goes on with the HTTP chunk or DATA frame of the chunk before
   * @throws RangeError when time goes back or is no whole number of microseconds
   */
  appendChunk(atMicros: Micros, bytes: Uint8Array, continues: boolean): void {
    if (!Number.isSafeInteger(atMicros) || (this.#chunks > 0 && atMicros < this.#lastMicros)) {
      throw new RangeError(`chunk time ${String(atMicros)} µs does not follow ${String(this.#lastMicros)} µs`);
    }
    const open = this.#openWithRoom(atMicros, bytes.length);
    const since = open.chunks === 0 ? 0 : atMicros - open.lastMicros;
    open.pairsLength = writePair(open.buffer.pairs, open.pairsLength, since, bytes.length, continues);
    open.chunks++;
    open.lastMicros = atMicros;
    this.#chunks++;
    this.#lastMicros = atMicros;
    this.#append(open, bytes);
  }

  /** Appends decoded bytes that chunk number `chunk` yielded: they may be cut over segments. */
  appendBody(chunk: number, bytes: Uint8Array): void {
    let rest = bytes;
    do {
      const open = this.#openWithRoom(0, Math.max(1, Math.min(rest.length, pieceBytes - (this.#open?.bytes ?? 0))));
      const piece = rest.subarray(0, open.buffer.data.length - open.bytes);
      open.pairsLength = writeBodyPiece(open.buffer.pairs, open.pairsLength, chunk - open.lastChunk, piece.length);
      open.lastChunk = chunk;
      this.#append(open, piece);
      rest = rest.subarray(piece.length);
    } while (rest.length > 0);
  }

  #append(open: OpenSegment, bytes: Uint8Array): void {
    open.buffer.data.set(bytes, open.bytes);
    open.bytes += bytes.length;
    this.#length += bytes.length;
  }

  #openWithRoom(atMicros: Micros, bytes: number): OpenSegment {
    while (this.#open !== undefined && !hasRoom(this.#open, bytes)) {
      if (mayGrow(this.#open, bytes)) this.#grow(this.#open);
      else this.seal();
    }
    this.#open ??= {
      buffer: this.#pool.take(Math.max(bytes, this.#usualBytes)),
      firstMicros: atMicros,
      lastMicros: atMicros,
      lastChunk: 0,
      chunks: 0,
      bytes: 0,
      pairsLength: 0,
      parts: 0,
      handedChunks: 0,
      handedBytes: 0,
      handedPairs: 0,
    };
    return this.#open;
  }

  /** The next larger buffer takes the place of this one, which the writer may still read. */
  #grow(open: OpenSegment): void {
    const larger = this.#pool.take(open.buffer.data.length + 1);
    larger.data.set(open.buffer.data.subarray(0, open.bytes));
    larger.pairs.set(open.buffer.pairs.subarray(0, open.pairsLength));
    open.buffer = larger;
  }

  /** Hands over what came since the last time, as a part of the open segment or by sealing it. */
  handOver(): void {
    const open = this.#open;
    if (open === undefined || !this.#hasUnhanded) return;
    if (open.bytes >= sealAtCommitBytes || open.parts >= partsPerSegment) {
      this.seal();
      return;
    }
    this.#receiver.part(
      {
        kind: 'part',
        space: this.#space,
        buffer: open.buffer.shared,
        dataStart: open.buffer.dataStart,
        dataFrom: open.handedBytes,
        dataTo: open.bytes,
        pairsFrom: open.handedPairs,
        pairsTo: open.pairsLength,
        chunks: open.chunks - open.handedChunks,
        firstMicros: open.firstMicros,
        lastMicros: open.lastMicros,
      },
      open.bytes - open.handedBytes,
    );
    open.parts++;
    open.handedChunks = open.chunks;
    open.handedBytes = open.bytes;
    open.handedPairs = open.pairsLength;
  }

  /** Closes the open segment and hands it over whole. */
  seal(): void {
    const open = this.#open;
    if (open === undefined) return;
    this.#open = undefined;
    this.#usualBytes = Math.min(open.bytes, pieceBytes);
    const summary: SegmentSummary = {
      n: this.summaries.length,
      firstChunk: this.#chunks - open.chunks,
      chunks: open.chunks,
      wireOffset: this.#length - open.bytes,
      bytes: open.bytes,
      firstMicros: open.firstMicros,
      lastMicros: open.lastMicros,
    };
    this.summaries.push(summary);
    const held: HeldSegment = { summary, buffer: open.buffer, pairsLength: open.pairsLength };
    this.#held.push(held);
    this.#receiver.sealed(
      {
        kind: 'segment',
        space: this.#space,
        buffer: open.buffer.shared,
        dataStart: open.buffer.dataStart,
        pairsLength: open.pairsLength,
        summary,
        replacesTail: open.parts > 0,
      },
      open.bytes - open.handedBytes,
      () => {
        this.#written(held);
      },
    );
  }

  #written(held: HeldSegment): void {
    this.#held = this.#held.filter((other) => other !== held);
    this.#pool.give(held.buffer);
  }

  /** Where the bytes begin that only memory is sure to hold. */
  get heldFrom(): ByteOffset {
    return this.#held[0]?.summary.wireOffset ?? this.#length - (this.#open?.bytes ?? 0);
  }

  /** Copies what memory holds of `[offset, offset + target.length)` into `target`, whose start is at `offset`. */
  copyHeld(offset: ByteOffset, target: Uint8Array): void {
    for (const { summary, buffer } of this.#held) {
      copyOverlap(summary.wireOffset, buffer.data.subarray(0, summary.bytes), offset, target);
    }
    const open = this.#open;
    if (open !== undefined) {
      copyOverlap(this.#length - open.bytes, open.buffer.data.subarray(0, open.bytes), offset, target);
    }
  }

  /** A sealed segment's pairs, copied, if memory holds them. */
  heldPairs(n: number): Uint8Array | undefined {
    const held = this.#held.find(({ summary }) => summary.n === n);
    return held === undefined ? undefined : new Uint8Array(held.buffer.pairs.subarray(0, held.pairsLength));
  }
}

/**
 * Whether a larger buffer is worth its memory: not when the segment would be sealed at its next commit anyway, unless it
 * is a burst that none of its commits has cut yet.
 */
function mayGrow({ buffer, bytes, parts }: OpenSegment, more: number): boolean {
  const isBurst = parts === 0;
  return buffer.canGrow && bytes + more <= (isBurst ? pieceBytes : sealAtCommitBytes);
}

function hasRoom({ buffer, bytes, pairsLength }: OpenSegment, more: number): boolean {
  return bytes + more <= buffer.data.length && pairsLength + longestPair <= buffer.pairs.length;
}

/** Copies the part of `source` (which starts at `sourceOffset`) that lies within `target` (which starts at `offset`). */
export function copyOverlap(
  sourceOffset: ByteOffset,
  source: Uint8Array,
  offset: ByteOffset,
  target: Uint8Array,
): void {
  const from = Math.max(offset, sourceOffset);
  const to = Math.min(offset + target.length, sourceOffset + source.length);
  if (from < to) target.set(source.subarray(from - sourceOffset, to - sourceOffset), from - offset);
}
