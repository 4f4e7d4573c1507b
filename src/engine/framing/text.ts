import { frameKindCode } from '../../shared/words.ts';
import { byte } from '../bytes/ascii.ts';
import { isContinuation } from '../bytes/utf8.ts';
import type { FrameEmitter } from './frameEmitter.ts';
import type { BodyScanner } from './scanningFramer.ts';

/** The longest piece of a line that is one frame, its LF not counted. */
const longestTextBytes = 65_536;

/**
 * Unframed text: a frame is a line with its LF, so every byte belongs to a frame. A line longer than
 * `longestTextBytes` is cut at borders of characters, so that endless text without line ends still shows.
 */
export class TextScanner implements BodyScanner {
  readonly #emitter: FrameEmitter;
  /** Offset of the frame's first byte; −1 before the first byte of the body. */
  #start = -1;
  /** The last three bytes seen, for finding where a character began; newest in the low byte. */
  #recent = 0;

  constructor(emitter: FrameEmitter) {
    this.#emitter = emitter;
  }

  scan(bytes: Uint8Array, offset: number): void {
    if (this.#start < 0) this.#start = offset;
    let at = 0;
    while (at < bytes.length) {
      const lf = bytes.indexOf(byte.lf, at);
      const lineEnd = lf === -1 ? bytes.length : lf;
      while (offset + lineEnd - this.#start > longestTextBytes) this.#cut(bytes, offset);
      if (lf === -1) break;
      this.#emit(offset + lf + 1);
      at = lf + 1;
    }
    for (let i = Math.max(0, bytes.length - 3); i < bytes.length; i++) {
      this.#recent = ((this.#recent << 8) | (bytes[i] as number)) & 0xffffff;
    }
  }

  end(length: number): void {
    if (this.#start >= 0 && length > this.#start) this.#emit(length);
  }

  /** Ends a frame at the last border of characters that keeps it within the limit. */
  #cut(bytes: Uint8Array, offset: number): void {
    const limit = this.#start + longestTextBytes;
    let border = limit;
    while (limit - border < 4 && isContinuation(this.#byteAt(bytes, border - offset))) border--;
    this.#emit(limit - border < 4 ? border : limit);
  }

  #byteAt(bytes: Uint8Array, at: number): number {
    return at >= 0 ? (bytes[at] as number) : (this.#recent >> (8 * (-1 - at))) & 0xff;
  }

  #emit(end: number): void {
    this.#emitter.frame(frameKindCode.text, this.#start, end, 0, 0);
    this.#start = end;
  }
}
