import { frameFlag, frameKindCode } from '../../shared/words.ts';
import { excerptUtf8 } from '../bytes/decode.ts';
import { HeldBytes } from '../bytes/heldBytes.ts';
import type { FrameEmitter } from './frameEmitter.ts';
import { findJsonFault } from './jsonFault.ts';
import { isTooDeep, type JsonLimits } from './jsonLimits.ts';
import { isHeaderLine, isJsonMediaType, meaningOf, partHeaderBytes, readPartHeaders } from './partHeaders.ts';

const excerptBytes = 60;

/**
 * One body part on its way: its headers, where its body ends, and its frame. Of a part only the headers are kept, and
 * a body of JSON up to the limit for JSON. All places are body offsets.
 */
export class BodyPart {
  readonly #emitter: FrameEmitter;
  readonly #limits: JsonLimits;
  readonly #headers = new HeldBytes(partHeaderBytes);
  readonly #json: HeldBytes;
  #start = 0;
  #isInHeaders = true;
  /** Where the header line that is coming begins among the kept headers. */
  #headerLineAt = 0;
  #bodyStart = 0;
  /** After the last byte that the Content-Length counts; infinite where none is said. */
  #bodyEnd = Number.POSITIVE_INFINITY;
  #typeId = 0;
  #isJson = false;

  constructor(emitter: FrameEmitter, limits: JsonLimits) {
    this.#emitter = emitter;
    this.#limits = limits;
    // The line break before the next delimiter comes before it is known to be that.
    this.#json = new HeldBytes(limits.jsonBytes + 2);
  }

  /** Bytes of the body as the Content-Length says. */
  get saidBytes(): number {
    return this.#bodyEnd - this.#bodyStart;
  }

  /** @param start of the delimiter line that announces the part */
  begin(start: number): void {
    this.#start = start;
    this.#isInHeaders = true;
    this.#headerLineAt = 0;
    this.#headers.clear();
    this.#json.clear();
    this.#bodyStart = 0;
    this.#bodyEnd = Number.POSITIVE_INFINITY;
    this.#typeId = 0;
    this.#isJson = false;
  }

  /**
   * Bytes after the delimiter line; `bytes` begins at body offset `offset`.
   * @returns −1, or the index where the part is over by its Content-Length: then call `end`
   */
  push(bytes: Uint8Array, from: number, to: number, offset: number): number {
    if (this.#isInHeaders) {
      this.#headers.append(bytes, from, to);
      return -1;
    }
    const end = Math.min(to, this.#bodyEnd - offset);
    if (this.#isJson && end > from) this.#json.append(bytes, from, end);
    return end === this.#bodyEnd - offset ? end : -1;
  }

  /**
   * A line of the part ended; its bytes were pushed. Judges header lines.
   * @returns true when the part is over by its Content-Length: then call `end`
   */
  lineEnded(lineStart: number, nextLineStart: number, breakBytes: number): boolean {
    if (!this.#isInHeaders || nextLineStart - breakBytes < lineStart) return false;
    const at = this.#headerLineAt;
    const { buffer, kept, isWhole } = this.#headers;
    if (nextLineStart - breakBytes === lineStart) {
      this.#endHeaders(nextLineStart, at, true);
      return this.#bodyEnd <= nextLineStart;
    }
    this.#headerLineAt = kept;
    if (!isWhole || isHeaderLine(buffer, at, kept, at === 0)) return false;
    // RFC 2046 wants a blank line before the body; what is no header can only be the body.
    const excerpt = excerptUtf8(buffer, at, kept - breakBytes, excerptBytes);
    this.#noteHeader(lineStart, `“${excerpt}” is no header and no blank line`);
    this.#endHeaders(lineStart, at, false);
    this.push(buffer, at, kept, lineStart - at);
    return false;
  }

  /**
   * Emits the part's frame.
   * @param delimited end of the body where a delimiter ends it; absent: its Content-Length does
   */
  end(delimited?: number): void {
    if (this.#isInHeaders) this.#endHeaders(Math.max(this.#start, delimited ?? this.#start), this.#headers.kept, false);
    const end = delimited === undefined ? this.#bodyEnd : Math.max(this.#bodyStart, delimited);
    if (delimited !== undefined && this.#bodyEnd !== Number.POSITIVE_INFINITY) {
      const place = { offset: this.#start, length: end - this.#start };
      const lengths = { said: this.saidBytes, found: end - this.#bodyStart };
      this.#emitter.noteBounded('multipart/wrong-length', place, lengths);
    }
    const flags = this.#isJson && end > this.#bodyStart ? this.#judgeJson(end) : 0;
    this.#emitter.frame(frameKindCode.part, this.#start, end, flags, this.#typeId);
  }

  /** The body is over before the part is. */
  cutOff(end: number): void {
    if (this.#isInHeaders) this.#endHeaders(end, this.#headerLineAt, false);
    this.#emitter.note('multipart/truncated-part', { offset: this.#start, length: end - this.#start });
    this.#emitter.frame(frameKindCode.incomplete, this.#start, end, 0, this.#typeId);
  }

  /**
   * @param kept end of the headers among the kept bytes
   * @param isWhole a blank line ended them: only then is their Content-Length believed
   */
  #endHeaders(bodyStart: number, kept: number, isWhole: boolean): void {
    this.#isInHeaders = false;
    this.#bodyStart = bodyStart;
    if (!this.#headers.isWhole) {
      const limit = `the header block is longer than ${String(partHeaderBytes / 1024)} KB; its beginning was read`;
      this.#noteHeader(this.#start, limit);
    }
    const meaning = meaningOf(readPartHeaders(this.#headers.buffer, 0, kept));
    if (meaning.fault !== null) this.#noteHeader(this.#start, meaning.fault);
    this.#typeId = meaning.type === '' ? 0 : this.#emitter.typeId(meaning.type);
    this.#isJson = isJsonMediaType(meaning.mediaType);
    if (isWhole && meaning.length !== null) this.#bodyEnd = bodyStart + meaning.length;
  }

  #noteHeader(offset: number, reason: string): void {
    this.#emitter.noteBounded('multipart/invalid-header', { offset }, { reason });
  }

  #judgeJson(end: number): number {
    const length = end - this.#bodyStart;
    const place = { offset: this.#bodyStart, length };
    if (length > this.#limits.jsonBytes) {
      this.#emitter.noteBounded('json/too-large', place, { bytes: length, limit: this.#limits.jsonBytes });
      return 0;
    }
    const { buffer } = this.#json;
    const fault = findJsonFault(buffer, 0, length);
    if (fault !== undefined) {
      const excerpt = excerptUtf8(buffer, 0, length, excerptBytes);
      this.#emitter.note('json/invalid', { offset: this.#bodyStart + fault.at }, { expected: fault.expected, excerpt });
      return frameFlag.jsonInvalid;
    }
    if (isTooDeep(buffer, 0, length, this.#limits)) {
      this.#emitter.noteBounded('json/too-deep', place, { limit: this.#limits.jsonLevels });
      return 0;
    }
    return frameFlag.jsonValid;
  }
}
