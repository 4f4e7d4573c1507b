import type { NativeSearch } from '../bytes/wordSearch.ts';
import type { Place } from '../../shared/diagnostic.ts';
import type { ByteOffset } from '../../shared/words.ts';

/**
 * Receives what a framer finds, in stream order, during `push` and `end`.
 *
 * Called once per frame with plain numbers, because a stream may carry millions of frames a second.
 */
export interface FrameSink {
  /**
   * A whole frame: body bytes `[offset, offset + length)`.
   * @param kindCode index into `frameKinds`
   * @param flags bits of `frameFlag`; the sink adds `hasDiagnostic` and `oversize` itself
   * @param typeId number of the frame's type name as `typeId()` gave it, 0 for none
   */
  frame(kindCode: number, offset: ByteOffset, length: number, flags: number, typeId: number): void;
  /**
   * Number of a type name (an SSE event name, a record's `type`), stable within the recording.
   * Names beyond the table's capacity share one number.
   */
  typeId(name: string): number;
  /**
   * A diagnostic from the catalogue. Report it before the frame it belongs to, with `frame` left out: the sink
   * attaches it to the next frame when `belongsToNextFrame` is true.
   * @param details values that the catalogue's sentence wants (numbers, short excerpts)
   */
  diagnostic(
    code: string,
    place: Place,
    details: Readonly<Record<string, string | number>>,
    belongsToNextFrame: boolean,
  ): void;
}

/**
 * Takes a body apart. One per recording and framing; fed every body byte once, in order.
 *
 * The same bytes in any splitting give the same calls on the sink (frames, flags, type names, diagnostics and their
 * order); only during which `push` a call is made may differ, and it is made in the push that brings the deciding byte.
 */
export interface Framer {
  /** The next body bytes. The framer does not keep `bytes` after returning; what it must carry over, it copies. */
  push(bytes: Uint8Array): void;
  /** The body is over: emits an unterminated tail, if any. No `push` after it. */
  end(): void;
}

/** Native speed-ups a host may lend the pure engine; each has a pure fallback with the same result. */
export interface ByteProbes {
  /** True when `bytes` is well-formed UTF-8 as a whole. */
  isUtf8(bytes: Uint8Array): boolean;
  /** Where `word` begins at or after `from`, −1 where it is not. Absent: searched for in script. */
  readonly indexOf?: NativeSearch;
}
