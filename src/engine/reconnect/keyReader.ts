import type { ByteOffset } from '../../shared/words.ts';

/** Where a stream can be asked to go on, as its bytes say so far. */
export interface ResumePosition {
  /** The last event id, or the recipe's value of the last whole record; null: none, or an id that was reset to nothing. */
  readonly value: string | null;
  /** The last valid `retry` of the stream in milliseconds; null: none. */
  readonly retryMillis: number | null;
}

/**
 * Reads what identifies each frame of one body. Fed every piece of the body just before the framer gets it; asked while
 * the framer reports a frame, so that the position is that of the frames reported, not of the bytes received.
 */
export interface KeyReader {
  /** @param offset of the first byte, in the recording's body */
  push(bytes: Uint8Array, offset: ByteOffset): void;
  /** The framer has taken what was pushed last; `bytes` may be gone after it. */
  pushed(): void;
  /** The key of the frame reported now; undefined: it has none. */
  frame(kindCode: number, offset: ByteOffset, length: number, flags: number): string | undefined;
  /** The body of this connection is over, and so is what it left unfinished. */
  end(): void;
  readonly position: ResumePosition;
}
