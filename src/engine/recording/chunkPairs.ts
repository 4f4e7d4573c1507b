import type { ByteOffset, Micros } from '../../shared/words.ts';
import { Leb128Reader, maxLeb128Bytes, writeLeb128 } from './leb128.ts';

/**
 * The (time, length, continues) pairs of a segment's chunks, packed: per chunk an unsigned LEB128 of the microseconds
 * since the chunk before (the first: since the segment's `firstMicros`, so 0) and one of twice its length in bytes,
 * plus one when it goes on with the HTTP chunk or DATA frame of the chunk before. Two to four bytes a chunk where rows
 * would cost dozens.
 */
export interface SegmentSummary {
  /** Number of the segment within the recording, from 0. */
  readonly n: number;
  /** Number of its first chunk within the recording. */
  readonly firstChunk: number;
  readonly chunks: number;
  readonly wireOffset: ByteOffset;
  readonly bytes: number;
  readonly firstMicros: Micros;
  readonly lastMicros: Micros;
}

/** Longest packed pair. */
export const maxPairBytes = 2 * maxLeb128Bytes;

/** Writes one pair at `at` and returns where the next one goes. The caller guarantees `maxPairBytes` of room. */
export function writePair(
  target: Uint8Array,
  at: number,
  sinceMicros: Micros,
  length: number,
  continues: boolean,
): number {
  return writeLeb128(target, writeLeb128(target, at, sinceMicros), length * 2 + (continues ? 1 : 0));
}

/** Chunks of one segment, unpacked. `offset` has one element more than `micros`: the end of the last chunk. */
export interface UnpackedChunks {
  readonly micros: Float64Array;
  readonly offset: Float64Array;
  /** 1 where a chunk goes on with the HTTP chunk or DATA frame of the chunk before. */
  readonly continues: ArrayLike<number>;
}

/** @throws RangeError when `pairs` does not hold exactly `summary.chunks` pairs or their lengths miss `summary.bytes`. */
export function unpackPairs(pairs: Uint8Array, summary: SegmentSummary): UnpackedChunks {
  const micros = new Float64Array(summary.chunks);
  const offset = new Float64Array(summary.chunks + 1);
  const continues = new Uint8Array(summary.chunks);
  const numbers = new Leb128Reader(pairs);
  let time = summary.firstMicros;
  let bytes = summary.wireOffset;
  for (let i = 0; i < summary.chunks; i++) {
    time += numbers.next();
    micros[i] = time;
    offset[i] = bytes;
    const lengthAndBorder = numbers.next();
    continues[i] = lengthAndBorder % 2;
    bytes += Math.floor(lengthAndBorder / 2);
  }
  offset[summary.chunks] = bytes;
  if (numbers.position !== pairs.length || bytes !== summary.wireOffset + summary.bytes) {
    throw new RangeError('chunk times are damaged: they do not add up to the segment');
  }
  return { micros, offset, continues };
}
