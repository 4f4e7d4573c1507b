import type { ByteOffset } from '../../shared/words.ts';
import { HeldBytes } from '../bytes/heldBytes.ts';

/** The bytes of frames as they are found: those of the piece in work, and the beginning of the frame before it. */
export class FrameBytes {
  readonly #held: HeldBytes;
  #heldOffset: ByteOffset = 0;
  #piece: Uint8Array = new Uint8Array(0);
  #pieceOffset: ByteOffset = 0;
  #takenTo: ByteOffset = 0;

  /** @param limit bytes kept of a frame that comes in several pieces */
  constructor(limit: number) {
    this.#held = new HeldBytes(limit);
  }

  /** The next piece of the body; used until `settle`. */
  push(bytes: Uint8Array, offset: ByteOffset): void {
    this.#piece = bytes;
    this.#pieceOffset = offset;
  }

  /** A frame's bytes, valid until the next call; undefined where they are too many. Frames are taken in order. */
  take(offset: ByteOffset, length: number): Uint8Array | undefined {
    this.#takenTo = offset + length;
    if (offset >= this.#pieceOffset) {
      const at = offset - this.#pieceOffset;
      return this.#piece.subarray(at, at + length);
    }
    const missing = this.#takenTo - this.#pieceOffset;
    if (missing > 0) {
      this.#held.append(this.#piece, 0, missing);
      this.#piece = this.#piece.subarray(missing);
      this.#pieceOffset += missing;
    }
    const from = offset - this.#heldOffset;
    return from >= 0 && from + length <= this.#held.kept ? this.#held.buffer.subarray(from, from + length) : undefined;
  }

  /** Keeps what belongs to no frame yet. */
  settle(): void {
    const end = this.#pieceOffset + this.#piece.length;
    if (this.#takenTo >= this.#pieceOffset || this.#held.length === 0) {
      this.#held.clear();
      this.#heldOffset = Math.max(this.#takenTo, this.#pieceOffset);
      this.#held.append(this.#piece, this.#heldOffset - this.#pieceOffset, this.#piece.length);
    } else {
      this.#held.append(this.#piece, 0, this.#piece.length);
    }
    this.#piece = new Uint8Array(0);
    this.#pieceOffset = end;
  }

  clear(): void {
    this.#held.clear();
    this.#piece = new Uint8Array(0);
    this.#pieceOffset = this.#takenTo;
  }
}
