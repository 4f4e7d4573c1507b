import { frameFlag, frameKindCode } from '../../shared/words.ts';
import { byte, isJsonWhitespace } from '../bytes/ascii.ts';
import { decodeUtf8, excerptUtf8 } from '../bytes/decode.ts';
import { HeldBytes } from '../bytes/heldBytes.ts';
import { hasBomAt } from '../bytes/leadingBom.ts';
import type { FrameEmitter } from './frameEmitter.ts';
import { findJsonFault } from './jsonFault.ts';
import { isTooDeep, type JsonLimits } from './jsonLimits.ts';
import { recordType } from './recordType.ts';
import type { BodyScanner } from './scanningFramer.ts';

/** Lines are decoded together in pieces of about this size: one call into native code instead of one a line. */
const decodedTogetherBytes = 131_072;
const excerptBytes = 60;

/**
 * Newline-delimited JSON: a record a line, lines end with LF. A CR before the LF is tolerated, blank lines are
 * keep-alives. A frame is the line without its terminator; a blank frame is the line with it.
 *
 * Memory is bounded by the limit for JSON: a longer line is followed to its end without being kept.
 */
export class NdjsonScanner implements BodyScanner {
  readonly #emitter: FrameEmitter;
  readonly #limits: JsonLimits;
  /** Offset of a line whose LF has not come; −1 at the start of a line. */
  #lineStart = -1;
  readonly #line: HeldBytes;
  #lineIsBlank = true;
  #lastByte = 0;
  #notObjects = 0;
  #firstNotObject = 0;

  constructor(emitter: FrameEmitter, limits: JsonLimits) {
    this.#emitter = emitter;
    this.#limits = limits;
    // One more than the limit, so that a line of exactly the limit and its CR are whole.
    this.#line = new HeldBytes(limits.jsonBytes + 1);
  }

  scan(bytes: Uint8Array, offset: number): void {
    let at = 0;
    if (this.#lineStart >= 0) {
      const lf = bytes.indexOf(byte.lf);
      this.#hold(bytes, 0, lf === -1 ? bytes.length : lf);
      if (lf === -1) return;
      this.#completeHeld(offset + lf, true);
      at = lf + 1;
    }
    if (at === bytes.length) return;
    const lastLf = bytes.lastIndexOf(byte.lf);
    while (at <= lastLf) {
      const windowEnd = at + decodedTogetherBytes;
      const end =
        lastLf < windowEnd ? lastLf : Math.max(bytes.lastIndexOf(byte.lf, windowEnd), bytes.indexOf(byte.lf, at));
      this.#takeLines(bytes, at, end + 1, offset);
      at = end + 1;
    }
    if (at < bytes.length) {
      this.#lineStart = offset + at;
      this.#hold(bytes, at, bytes.length);
    }
  }

  end(length: number): void {
    if (this.#lineStart >= 0) this.#completeHeld(length, false);
    if (this.#notObjects > 0) {
      this.#emitter.tell('ndjson/not-an-object', { offset: this.#firstNotObject }, { count: this.#notObjects });
    }
  }

  #hold(bytes: Uint8Array, from: number, to: number): void {
    if (from === to) return;
    this.#line.append(bytes, from, to);
    this.#lastByte = bytes[to - 1] as number;
    if (this.#lineIsBlank) this.#lineIsBlank = isBlank(bytes, from, to);
  }

  #completeHeld(end: number, hasLf: boolean): void {
    const start = this.#lineStart;
    this.#lineStart = -1;
    const line = this.#line;
    if (this.#lineIsBlank) {
      this.#emitter.frame(frameKindCode.blank, start, hasLf ? end + 1 : end, 0, 0);
    } else {
      const contentLength = line.length - (this.#lastByte === byte.cr ? 1 : 0);
      if (contentLength > this.#limits.jsonBytes) this.#tooLarge(start, start + contentLength, hasLf);
      else this.#takeRecord(line.buffer, 0, contentLength, start, undefined, hasLf);
    }
    line.clear();
    this.#lineIsBlank = true;
  }

  /** Whole lines `[from, to)`; the last byte is an LF. */
  #takeLines(bytes: Uint8Array, from: number, to: number, offset: number): void {
    const text = to - from <= 2 * decodedTogetherBytes ? decodeUtf8(bytes, from, to) : undefined;
    // Where every character is one byte, positions in the text are positions in the bytes.
    const isAscii = text?.length === to - from;
    let textAt = 0;
    let at = from;
    while (at < to) {
      const lf = isAscii ? from + text.indexOf('\n', textAt) : bytes.indexOf(byte.lf, at);
      const textEnd = text === undefined ? 0 : isAscii ? lf - from : text.indexOf('\n', textAt);
      const first = bytes[at] as number;
      if (first <= byte.space && isBlank(bytes, at, lf)) {
        this.#emitter.frame(frameKindCode.blank, offset + at, offset + lf + 1, 0, 0);
      } else {
        const end = bytes[lf - 1] === byte.cr ? lf - 1 : lf;
        if (end - at > this.#limits.jsonBytes) this.#tooLarge(offset + at, offset + end, true);
        else this.#takeRecord(bytes, at, end, offset + at, text?.slice(textAt, textEnd), true);
      }
      textAt = textEnd + 1;
      at = lf + 1;
    }
  }

  #takeRecord(
    bytes: Uint8Array,
    start: number,
    end: number,
    offset: number,
    text: string | undefined,
    hasLf: boolean,
  ): void {
    const frameEnd = offset + end - start;
    if (isTooDeep(bytes, start, end, this.#limits)) {
      this.#takeTooDeep(bytes, start, end, offset, hasLf);
      return;
    }
    let value: unknown;
    try {
      value = JSON.parse(text ?? decodeUtf8(bytes, start, end));
    } catch {
      this.#takeInvalid(bytes, start, end, offset, hasLf);
      return;
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      if (this.#notObjects++ === 0) this.#firstNotObject = offset;
    }
    if (!hasLf) this.#emitter.note('ndjson/missing-final-newline', { offset: frameEnd });
    const type = recordType(value);
    const typeId = type === undefined ? 0 : this.#emitter.typeId(type);
    this.#emitter.frame(frameKindCode.record, offset, frameEnd, frameFlag.jsonValid, typeId);
  }

  #takeInvalid(bytes: Uint8Array, start: number, end: number, offset: number, hasLf: boolean): void {
    const frameEnd = offset + end - start;
    const fault = findJsonFault(bytes, start, end);
    if (!hasLf && fault?.kind === 'truncated') {
      this.#emitter.note('json/truncated', { offset, length: frameEnd - offset }, { expected: fault.expected });
      this.#emitter.frame(frameKindCode.incomplete, offset, frameEnd, frameFlag.jsonInvalid, 0);
      return;
    }
    if (hasBomAt(bytes, start, end)) this.#emitter.noteBounded('text/bom-inside', { offset, length: 3 });
    const at = fault === undefined ? offset : offset + fault.at - start;
    const excerpt = excerptUtf8(bytes, start, end, excerptBytes);
    this.#emitter.note('ndjson/invalid-json', { offset: at }, { expected: fault?.expected ?? 'JSON', excerpt });
    this.#emitter.frame(frameKindCode.invalid, offset, frameEnd, frameFlag.jsonInvalid, 0);
  }

  #takeTooDeep(bytes: Uint8Array, start: number, end: number, offset: number, hasLf: boolean): void {
    // Nesting is no reason to call broken brackets a record: the check without a tree tells.
    if (findJsonFault(bytes, start, end) !== undefined) {
      this.#takeInvalid(bytes, start, end, offset, hasLf);
      return;
    }
    const frameEnd = offset + end - start;
    this.#emitter.noteBounded('json/too-deep', { offset, length: end - start }, { limit: this.#limits.jsonLevels });
    if (!hasLf) this.#emitter.note('ndjson/missing-final-newline', { offset: frameEnd });
    this.#emitter.frame(frameKindCode.record, offset, frameEnd, 0, 0);
  }

  #tooLarge(start: number, end: number, hasLf: boolean): void {
    this.#emitter.noteBounded(
      'json/too-large',
      { offset: start, length: end - start },
      { bytes: end - start, limit: this.#limits.jsonBytes },
    );
    // Not parsed, so without its line end nobody can say whether it is whole.
    if (!hasLf) this.#emitter.note('ndjson/missing-final-newline', { offset: end });
    this.#emitter.frame(hasLf ? frameKindCode.record : frameKindCode.incomplete, start, end, 0, 0);
  }
}

function isBlank(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (!isJsonWhitespace(bytes[i] as number)) return false;
  return true;
}
