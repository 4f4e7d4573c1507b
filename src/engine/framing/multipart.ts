import { frameKindCode } from '../../shared/words.ts';
import { byte } from '../bytes/ascii.ts';
import { excerptUtf8 } from '../bytes/decode.ts';
import { HeldBytes } from '../bytes/heldBytes.ts';
import type { FrameEmitter } from './frameEmitter.ts';
import type { JsonLimits } from './jsonLimits.ts';
import { firstDelimiter } from './multipartBoundary.ts';
import { BodyPart } from './multipartPart.ts';
import type { BodyScanner } from './scanningFramer.ts';

/** Of a line that may be the first delimiter; a longer one is none. */
const heldLineBytes = 512;
/** Text around the parts is cut into frames of this many bytes, so that it shows while it comes. */
const longestTextBytes = 65_536;
/** More than a delimiter and the line break before it, neither of which a cut may go through. */
const uncutTailBytes = 1_024;
const excerptBytes = 60;
const noBytes = new Uint8Array(0);

/**
 * Where the scan stands. `preamble` no delimiter yet; `delimiter` the rest of a delimiter line; `part` its headers or
 * body; `excess` after a part that was over by its Content-Length; `epilogue` after the close delimiter.
 */
type Section = 'preamble' | 'delimiter' | 'part' | 'excess' | 'epilogue';

/**
 * Multipart bodies, RFC 2046 §5.1. A part runs from the `--` of its delimiter line through the last byte of its body;
 * the line break before the next delimiter belongs to that delimiter and is framing whitespace.
 *
 * A part is handed on at the last byte that its Content-Length counts, or else as soon as the next delimiter's boundary
 * is there: as §5.1.1 has it, what follows the boundary on its line does not matter, so it is not waited for.
 */
export class MultipartScanner implements BodyScanner {
  readonly #emitter: FrameEmitter;
  readonly #declared: string | null;
  readonly #part: BodyPart;
  /** `--` and the boundary, once it is known. */
  #delimiter: Uint8Array = noBytes;
  #section: Section = 'preamble';
  /** Offset of the current line's first byte (−1 before the body's first), and how long the break before it was. */
  #lineStart = -1;
  #breakBytes = 0;
  #lastByte = 0;
  /** Bytes of the delimiter that the line began with so far; −1 in a line that is none. */
  #matched = 0;
  readonly #preambleLine = new HeldBytes(heldLineBytes);
  #hasPreamble = false;
  /** Preamble, epilogue or excess: offset of its first byte that is no line break; −1 before it. */
  #textStart = -1;
  /** What follows the boundary on its line: bytes so far, leading dashes, and whether there is other text. */
  #tailBytes = 0;
  #dashes = 0;
  #hasTailText = false;

  /** @param declared boundary of the Content-Type; null where it is found out from the body */
  constructor(emitter: FrameEmitter, limits: JsonLimits, declared: string | null) {
    this.#emitter = emitter;
    this.#declared = declared;
    this.#part = new BodyPart(emitter, limits);
  }

  scan(bytes: Uint8Array, offset: number): void {
    if (this.#lineStart < 0) this.#lineStart = offset;
    let at = 0;
    while (at < bytes.length) {
      if (this.#section === 'delimiter') at = this.#scanTail(bytes, at, offset);
      else if (this.#section === 'preamble') at = this.#scanPreamble(bytes, at, offset);
      else if (this.#matched >= 0) at = this.#match(bytes, at);
      else at = this.#scanLine(bytes, at, offset);
    }
    if (bytes.length > 0) this.#lastByte = bytes[bytes.length - 1] as number;
  }

  end(length: number): void {
    if (this.#section === 'preamble') {
      if (!this.#beginsParts() && !isLineBreak(this.#preambleLine)) this.#text(this.#lineStart, length);
    } else if (this.#section !== 'delimiter' && this.#matched > 0) {
      this.#content(this.#delimiter, 0, this.#matched, this.#lineStart);
    }
    switch (this.#section) {
      case 'delimiter':
        if (this.#dashes === 2) this.#close(length);
        else this.#part.cutOff(length);
        return;
      case 'part':
        this.#part.cutOff(length);
        return;
      case 'excess':
        this.#endText(length);
        this.#emitter.tell('multipart/missing-close', { offset: length });
        return;
      case 'epilogue':
        this.#endText(length);
        return;
      case 'preamble':
        this.#endText(length);
        this.#emitter.tell(
          'multipart/missing-boundary',
          {},
          this.#declared === null ? {} : { declared: this.#declared },
        );
    }
  }

  #scanPreamble(bytes: Uint8Array, from: number, offset: number): number {
    const lf = bytes.indexOf(byte.lf, from);
    const to = lf === -1 ? bytes.length : lf + 1;
    this.#preambleLine.append(bytes, from, to);
    if (lf !== -1 && this.#beginsParts()) return to;
    if (!this.#preambleLine.isWhole || (lf !== -1 && !isLineBreak(this.#preambleLine))) {
      this.#text(this.#lineStart, offset + to);
    }
    if (lf === -1) return to;
    this.#preambleLine.clear();
    this.#startLine(bytes, lf, offset);
    return to;
  }

  /** True: the line that is held is the first delimiter line; its rest was read. */
  #beginsParts(): boolean {
    const { buffer, kept, isWhole } = this.#preambleLine;
    if (!isWhole) return false;
    const line = buffer.subarray(0, kept);
    const found = firstDelimiter(line, this.#declared, !this.#hasPreamble);
    if (found === undefined) return false;
    const { delimiter, declaredInstead } = found;
    this.#delimiter = delimiter;
    if (declaredInstead !== null) {
      const used = excerptUtf8(delimiter, 2, delimiter.length, excerptBytes);
      const place = { offset: this.#lineStart, length: delimiter.length };
      this.#emitter.note('multipart/boundary-mismatch', place, { declared: declaredInstead, used });
    }
    this.#delimiterFound();
    this.#scanTail(line, delimiter.length, this.#lineStart);
    return true;
  }

  /** At the beginning of a line: goes on comparing it with the delimiter. */
  #match(bytes: Uint8Array, from: number): number {
    let at = from;
    let matched = this.#matched;
    while (at < bytes.length && matched < this.#delimiter.length && bytes[at] === this.#delimiter[matched]) {
      at++;
      matched++;
    }
    if (matched === this.#delimiter.length) {
      this.#delimiterFound();
      return at;
    }
    this.#matched = matched;
    if (at === bytes.length) return at;
    this.#matched = -1;
    if (matched > 0) this.#content(this.#delimiter, 0, matched, this.#lineStart);
    return at;
  }

  /** Inside a line that is no delimiter. */
  #scanLine(bytes: Uint8Array, from: number, offset: number): number {
    const lf = bytes.indexOf(byte.lf, from);
    const to = lf === -1 ? bytes.length : lf + 1;
    this.#content(bytes, from, to, offset);
    if (lf === -1) return to;
    const lineStart = this.#lineStart;
    this.#startLine(bytes, lf, offset);
    if (this.#section === 'part' && this.#part.lineEnded(lineStart, this.#lineStart, this.#breakBytes)) {
      this.#endByLength();
    }
    return to;
  }

  #startLine(bytes: Uint8Array, lf: number, offset: number): void {
    const lineBytes = offset + lf + 1 - this.#lineStart;
    const isAfterCr = lineBytes > 1 && (lf > 0 ? bytes[lf - 1] : this.#lastByte) === byte.cr;
    this.#lineStart = offset + lf + 1;
    this.#breakBytes = isAfterCr ? 2 : 1;
    this.#matched = 0;
  }

  /** Bytes of a part or of text around the parts; `bytes` begins at body offset `offset`. */
  #content(bytes: Uint8Array, from: number, to: number, offset: number): void {
    let at = from;
    if (this.#section === 'part') {
      const end = this.#part.push(bytes, from, to, offset);
      if (end === -1) return;
      this.#endByLength();
      at = end;
    }
    if (this.#textStart < 0) {
      while (at < to && (bytes[at] === byte.lf || bytes[at] === byte.cr)) at++;
      if (at === to) return;
      this.#textStart = offset + at;
    }
    if (this.#section === 'epilogue') this.#cutText(offset + to);
  }

  #endByLength(): void {
    this.#part.end();
    this.#section = 'excess';
    this.#textStart = -1;
  }

  #text(start: number, end: number): void {
    this.#hasPreamble = true;
    if (this.#textStart < 0) this.#textStart = start;
    this.#cutText(end);
  }

  #cutText(end: number): void {
    while (end - this.#textStart > longestTextBytes + uncutTailBytes) {
      const cut = this.#textStart + longestTextBytes;
      this.#emitText(cut);
      this.#textStart = cut;
    }
  }

  #emitText(end: number): void {
    const name = this.#section === 'preamble' ? 'preamble' : 'epilogue';
    this.#emitter.frame(frameKindCode.text, this.#textStart, end, 0, this.#emitter.typeId(name));
  }

  /** Ends what is around the parts before body offset `end`. */
  #endText(end: number): void {
    const start = this.#textStart;
    this.#textStart = -1;
    if (start < 0 || end <= start) return;
    this.#textStart = start;
    if (this.#section === 'excess') {
      this.#emitter.noteBounded(
        'multipart/wrong-length',
        { offset: start, length: end - start },
        { said: this.#part.saidBytes, found: this.#part.saidBytes + end - start },
      );
      this.#emitter.frame(frameKindCode.invalid, start, end, 0, 0);
    } else this.#emitText(end);
    this.#textStart = -1;
  }

  /** A line begins with the delimiter: whatever was before it is over. */
  #delimiterFound(): void {
    const end = this.#lineStart - this.#breakBytes;
    if (this.#section === 'part') this.#part.end(end);
    else {
      this.#endText(end);
      if (this.#section === 'epilogue') this.#emitter.noteBounded('multipart/after-close', { offset: this.#lineStart });
    }
    this.#part.begin(this.#lineStart);
    this.#section = 'delimiter';
    this.#tailBytes = 0;
    this.#dashes = 0;
    this.#hasTailText = false;
  }

  #scanTail(bytes: Uint8Array, from: number, offset: number): number {
    for (let at = from; at < bytes.length; at++) {
      const value = bytes[at] as number;
      if (value === byte.lf) {
        const isAfterCr = (at > 0 ? bytes[at - 1] : this.#lastByte) === byte.cr;
        this.#endTail(offset + at - (isAfterCr ? 1 : 0));
        this.#startLine(bytes, at, offset);
        return at + 1;
      }
      if (value === byte.minus && this.#dashes === this.#tailBytes && this.#dashes < 2) this.#dashes++;
      else if (value !== byte.space && value !== byte.tab && value !== byte.cr) this.#hasTailText = true;
      this.#tailBytes++;
    }
    return bytes.length;
  }

  /** @param end of the delimiter line without its line break */
  #endTail(end: number): void {
    if (this.#hasTailText || this.#dashes === 1) {
      this.#emitter.noteBounded('multipart/text-after-boundary', {
        offset: this.#lineStart,
        length: end - this.#lineStart,
      });
    }
    if (this.#dashes === 2) this.#close(end);
    else this.#section = 'part';
  }

  #close(end: number): void {
    this.#emitter.frame(frameKindCode.terminator, this.#lineStart, end, 0, 0);
    this.#section = 'epilogue';
    this.#textStart = -1;
  }
}

function isLineBreak(line: HeldBytes): boolean {
  if (line.length > 2) return false;
  for (let i = 0; i < line.kept; i++) if (line.buffer[i] !== byte.lf && line.buffer[i] !== byte.cr) return false;
  return true;
}
