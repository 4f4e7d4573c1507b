import { frameFlag, frameKindCode } from '../../shared/words.ts';
import { byte, isDigit, isJsonWhitespace } from '../bytes/ascii.ts';
import { decodeUtf8, excerptUtf8 } from '../bytes/decode.ts';
import type { FrameEmitter } from './frameEmitter.ts';
import { HeldValue, type ByteRange } from './heldValue.ts';
import { findJsonFault, type JsonFault } from './jsonFault.ts';
import { isTooDeep, type JsonLimits } from './jsonLimits.ts';
import { recordType } from './recordType.ts';
import type { BodyScanner } from './scanningFramer.ts';

const excerptBytes = 60;

/** What ended a text. */
type TextEnd = 'line-feed' | 'separator' | 'body';

/**
 * JSON text sequences, RFC 7464: each text begins with a record separator (0x1E) and ends with a line feed. A frame is
 * a text from its separator through its line feed.
 *
 * A text is over at the first line feed outside its brackets and quotes, so that it shows as soon as it is there, or at
 * the next separator, which stands in no JSON text and so ends a text that was cut off. What comes after the line feed
 * and is no separator was never announced, and is `invalid`. Several separators in a row are one (§2.1).
 *
 * Memory is bounded by the limit for JSON: a longer text is followed to its end without being kept.
 */
export class JsonSeqScanner implements BodyScanner {
  readonly #emitter: FrameEmitter;
  readonly #limits: JsonLimits;
  readonly #text: HeldValue;
  #isOpen = false;
  /** False for bytes that no separator announced. */
  #hasSeparator = false;
  /** A byte that is neither the separator nor whitespace was seen. */
  #hasContent = false;
  #depth = 0;
  #isInString = false;
  #isEscaped = false;

  constructor(emitter: FrameEmitter, limits: JsonLimits) {
    this.#emitter = emitter;
    this.#limits = limits;
    this.#text = new HeldValue(limits.jsonBytes);
  }

  scan(bytes: Uint8Array, offset: number): void {
    for (let at = 0; at < bytes.length; at++) {
      const value = bytes[at] as number;
      if (value === byte.recordSeparator) {
        if (this.#hasContent) this.#complete(bytes, offset, at, 'separator');
        this.#begin(offset + at, true);
      } else if (!this.#isOpen) {
        if (isJsonWhitespace(value)) continue;
        this.#begin(offset + at, false);
        this.#follow(value);
      } else if (value === byte.lf && this.#isOver()) {
        this.#complete(bytes, offset, at + 1, 'line-feed');
      } else {
        this.#follow(value);
      }
    }
    if (this.#isOpen) this.#text.hold(bytes, offset, bytes.length);
  }

  end(length: number): void {
    if (this.#isOpen) this.#complete(new Uint8Array(0), length, 0, 'body');
  }

  /** True where a line feed ends what is open. No string goes on behind one, but an announced text has its separator. */
  #isOver(): boolean {
    if (this.#isInString) return !this.#hasSeparator;
    return this.#hasContent && this.#depth <= 0;
  }

  #begin(start: number, hasSeparator: boolean): void {
    this.#text.begin(start);
    this.#isOpen = true;
    this.#hasSeparator = hasSeparator;
    this.#hasContent = false;
    this.#depth = 0;
    this.#isInString = false;
    this.#isEscaped = false;
  }

  #follow(value: number): void {
    if (this.#isInString) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (value === byte.backslash) this.#isEscaped = true;
      else if (value === byte.quote) this.#isInString = false;
      return;
    }
    if (isJsonWhitespace(value)) return;
    this.#hasContent = true;
    if (value === byte.quote) this.#isInString = true;
    else if (value === byte.openBrace || value === byte.openBracket) this.#depth++;
    else if (value === byte.closeBrace || value === byte.closeBracket) this.#depth--;
  }

  /** The text goes from where it began to index `to` of the chunk. */
  #complete(bytes: Uint8Array, offset: number, to: number, endedBy: TextEnd): void {
    const { start } = this.#text;
    const end = offset + to;
    const range = this.#text.range(bytes, offset, to);
    this.#isOpen = false;
    this.#hasContent = false;
    if (!this.#hasSeparator) {
      this.#emitter.noteBounded('json-seq/missing-separator', { offset: start, length: end - start });
      this.#emitter.frame(frameKindCode.invalid, start, end, 0, 0);
    } else if (range === undefined) {
      this.#takeTooLarge(start, end, endedBy);
    } else {
      this.#takeText(range, start, end, endedBy);
    }
  }

  #takeText(range: ByteRange, start: number, end: number, endedBy: TextEnd): void {
    const { bytes, to } = range;
    const from = range.from + 1;
    const place = { offset: start, length: end - start };
    if (isTooDeep(bytes, from, to, this.#limits)) {
      const fault = findJsonFault(bytes, from, to);
      if (fault !== undefined) {
        this.#takeFaulty(range, start, end, endedBy, fault);
        return;
      }
      this.#emitter.noteBounded('json/too-deep', place, { limit: this.#limits.jsonLevels });
      this.#emitter.frame(frameKindCode.record, start, end, 0, 0);
      return;
    }
    let value: unknown;
    try {
      value = JSON.parse(decodeUtf8(bytes, from, to));
    } catch {
      this.#takeFaulty(range, start, end, endedBy, findJsonFault(bytes, from, to));
      return;
    }
    if (endedBy !== 'line-feed' && mayGoOn(bytes[to - 1] as number)) {
      this.#takeTruncated(start, end, endedBy, 'the line feed that ends it');
      return;
    }
    const type = recordType(value);
    const typeId = type === undefined ? 0 : this.#emitter.typeId(type);
    this.#emitter.frame(frameKindCode.record, start, end, frameFlag.jsonValid, typeId);
  }

  #takeFaulty(
    { bytes, from, to }: ByteRange,
    start: number,
    end: number,
    endedBy: TextEnd,
    fault: JsonFault | undefined,
  ): void {
    if (fault?.kind === 'truncated') {
      this.#takeTruncated(start, end, endedBy, fault.expected);
      return;
    }
    const code = fault?.kind === 'trailing-comma' ? 'json/trailing-comma' : 'json/invalid';
    const offset = fault === undefined ? start : start + fault.at - from;
    const excerpt = excerptUtf8(bytes, from + 1, to, excerptBytes);
    this.#emitter.note(code, { offset }, { expected: fault?.expected ?? 'JSON', excerpt });
    this.#emitter.frame(frameKindCode.invalid, start, end, frameFlag.jsonInvalid, 0);
  }

  #takeTruncated(start: number, end: number, endedBy: TextEnd, expected: string): void {
    this.#emitter.note('json-seq/truncated-text', { offset: start, length: end - start }, { expected });
    const kindCode = endedBy === 'body' ? frameKindCode.incomplete : frameKindCode.invalid;
    this.#emitter.frame(kindCode, start, end, frameFlag.jsonInvalid, 0);
  }

  #takeTooLarge(start: number, end: number, endedBy: TextEnd): void {
    const length = end - start;
    const details = { bytes: length, limit: this.#limits.jsonBytes };
    this.#emitter.noteBounded('json/too-large', { offset: start, length }, details);
    const isOpen = endedBy !== 'line-feed' && (this.#depth > 0 || this.#isInString);
    if (isOpen) this.#takeTruncated(start, end, endedBy, 'its end');
    else this.#emitter.frame(frameKindCode.record, start, end, 0, 0);
  }
}

/** §2.4: a number or word that no whitespace follows may have been longer. */
function mayGoOn(last: number): boolean {
  const isLetter = last >= 0x61 && last <= 0x7a;
  return isDigit(last) || isLetter;
}
