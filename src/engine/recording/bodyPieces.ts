import { Leb128Reader, maxLeb128Bytes, writeLeb128 } from './leb128.ts';

/**
 * Which chunk yielded which bytes of a decoded body, packed per segment of the body: per piece an unsigned LEB128 of
 * the chunk's number less that of the piece before (the first of a segment: the number itself) and one of its length.
 * With it a recording is derived again from what was decoded when it was made, not by the decoders of another day.
 */
export interface BodyPiece {
  /** The chunk that completed these bytes. */
  readonly chunk: number;
  readonly length: number;
}

/** Longest packed piece. */
export const maxBodyPieceBytes = 2 * maxLeb128Bytes;

/** Writes one piece at `at` and returns where the next one goes. The caller guarantees `maxBodyPieceBytes` of room. */
export function writeBodyPiece(target: Uint8Array, at: number, chunksSince: number, length: number): number {
  return writeLeb128(target, writeLeb128(target, at, chunksSince), length);
}

/** @throws RangeError when the bytes are not whole pieces */
export function* unpackBodyPieces(packed: Uint8Array): Generator<BodyPiece> {
  const numbers = new Leb128Reader(packed);
  let chunk = 0;
  while (numbers.position < packed.length) {
    chunk += numbers.next();
    yield { chunk, length: numbers.next() };
  }
}
