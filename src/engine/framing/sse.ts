import { frameFlag, frameKindCode } from '../../shared/words.ts';
import { byte, hasAsciiAt, isDigit } from '../bytes/ascii.ts';
import { excerptUtf8 } from '../bytes/decode.ts';
import { HeldBytes } from '../bytes/heldBytes.ts';
import { ForeignJson } from './foreignJson.ts';
import type { FrameEmitter } from './frameEmitter.ts';
import type { BodyScanner } from './scanningFramer.ts';
import { fieldOf, valueStart } from './sseFields.ts';
import { SseUnknownLines } from './sseUnknownLines.ts';
import { TypeNames } from './typeNames.ts';

/** Bytes kept of a line that comes in pieces. Only a field's name and short values matter beyond their length. */
const heldLineBytes = 65_536;
const excerptBytes = 60;
const done = '[DONE]';
const fieldNames = ['data', 'event', 'id', 'retry'] as const;
const longestFieldName = 5;

/**
 * Server-Sent Events, HTML Standard §9.2.5 and §9.2.6.
 *
 * A frame is a block of lines from its first byte through the first byte of the blank line's terminator. With CRLF the
 * last LF is framing whitespace: an event is complete at the CR, so it never waits for a byte that may not come.
 *
 * Comment lines before the first field of a block are a frame of their own. Memory does not grow with a block: of a
 * line that comes in pieces only as much is kept as its field needs.
 */
export class SseScanner implements BodyScanner {
  readonly #emitter: FrameEmitter;
  readonly #typeNames: TypeNames;

  /** Offset of the block's first byte; −1 between blocks. */
  #blockStart = -1;
  #onlyComments = false;
  #hasKnownField = false;
  #dataLines = 0;
  #isDone = false;
  #typeId = 0;
  #hasEventName = false;
  #hasId = false;
  readonly #unknown: SseUnknownLines;
  /** The block is a JSON value without `data:`, which has ended: the block ends with its line. */
  #closedJson = false;

  /** Offset of a line whose terminator has not come; −1 at the start of a line. */
  #lineStart = -1;
  readonly #line = new HeldBytes(heldLineBytes);
  /** A NUL was seen beyond the kept part of the line. */
  #lineHasNul = false;
  /** What is left of the line belongs to a JSON value that was followed byte by byte. */
  #lineIsTaken = false;
  #skipLf = false;
  #json: ForeignJson | undefined;

  constructor(emitter: FrameEmitter) {
    this.#emitter = emitter;
    this.#typeNames = new TypeNames(emitter);
    this.#unknown = new SseUnknownLines(emitter);
  }

  scan(bytes: Uint8Array, offset: number): void {
    let at = 0;
    if (this.#skipLf) {
      this.#skipLf = false;
      if (bytes[0] === byte.lf) at = 1;
    }
    let cr = bytes.indexOf(byte.cr, at);
    let lf = -1;
    let isLfKnown = false;
    while (at < bytes.length) {
      if (this.#json !== undefined) {
        at = this.#scanJson(this.#json, bytes, at, offset);
        continue;
      }
      if (cr !== -1 && cr < at) cr = bytes.indexOf(byte.cr, at);
      if (!isLfKnown || (lf !== -1 && lf < at)) {
        // Of every event one line is blank.
        lf = bytes[at] === byte.lf ? at : bytes.indexOf(byte.lf, at);
        isLfKnown = true;
      }
      const isCr = cr !== -1 && (lf === -1 || cr < lf);
      const lineEnd = isCr ? cr : lf;
      if (this.#lineStart >= 0) {
        this.#extendLine(bytes, at, lineEnd === -1 ? bytes.length : lineEnd);
        if (lineEnd === -1) return;
        this.#completeLine();
      } else if (lineEnd === at) {
        this.#blankLine(offset + at);
      } else {
        if (this.#startLine(bytes[at] as number, offset + at)) continue;
        if (lineEnd === -1) {
          this.#lineStart = offset + at;
          this.#extendLine(bytes, at, bytes.length);
          return;
        }
        this.#takeLine(bytes, at, lineEnd, offset + at, lineEnd - at);
      }
      at = lineEnd + 1;
      if (isCr) {
        if (at === bytes.length) this.#skipLf = true;
        else if (bytes[at] === byte.lf) at++;
      }
    }
  }

  end(length: number): void {
    if (this.#lineStart >= 0 && this.#isCutFieldName()) this.#hasKnownField = true;
    else if (this.#lineStart >= 0) this.#completeLine();
    if (this.#blockStart >= 0) this.#endBlock(length, false);
  }

  /** A stream that breaks off in the middle of a field's name was an event so far, not foreign text. */
  #isCutFieldName(): boolean {
    if (this.#lineIsTaken || !this.#line.isWhole || this.#line.length > longestFieldName) return false;
    const name = String.fromCharCode(...this.#line.buffer.subarray(0, this.#line.length));
    return fieldNames.some((field) => field.startsWith(name));
  }

  /** The first byte of a line decides whether a block ends before it. True: the line is followed as foreign JSON. */
  #startLine(first: number, offset: number): boolean {
    if (this.#blockStart >= 0) {
      if (!this.#closedJson && (!this.#onlyComments || first === byte.colon)) return false;
      this.#endBlock(offset, true);
    }
    this.#blockStart = offset;
    this.#onlyComments = first === byte.colon;
    if (first !== byte.openBrace && first !== byte.openBracket) return false;
    this.#json = new ForeignJson();
    return true;
  }

  #extendLine(bytes: Uint8Array, from: number, to: number): void {
    if (this.#lineIsTaken) return;
    this.#line.append(bytes, from, to);
    if (!this.#line.isWhole && !this.#lineHasNul) this.#lineHasNul = hasNul(bytes, from, to);
  }

  #completeLine(): void {
    const start = this.#lineStart;
    this.#lineStart = -1;
    if (this.#lineIsTaken) {
      this.#lineIsTaken = false;
      return;
    }
    this.#takeLine(this.#line.buffer, 0, this.#line.kept, start, this.#line.length);
    this.#line.clear();
    this.#lineHasNul = false;
  }

  #blankLine(offset: number): void {
    if (this.#blockStart >= 0) this.#endBlock(offset + 1, true);
    else this.#emitter.frame(frameKindCode.blank, offset, offset + 1, 0, 0);
  }

  /** @param end of what was kept of the line @param length of the whole line */
  #takeLine(bytes: Uint8Array, start: number, end: number, offset: number, length: number): void {
    const field = fieldOf(bytes, start, end);
    switch (field) {
      case 'comment':
        return;
      case 'data': {
        this.#dataLines++;
        const value = valueStart(bytes, start, end, 4);
        const valueLength = length - (value - start);
        this.#isDone = this.#dataLines === 1 && valueLength === done.length && hasAsciiAt(bytes, value, done);
        break;
      }
      case 'event': {
        const value = valueStart(bytes, start, end, 5);
        this.#hasEventName = value < end;
        this.#typeId = this.#typeNames.idOf(bytes, value, end);
        break;
      }
      case 'id':
        if (this.#lineHasNul || hasNul(bytes, start, end)) {
          this.#emitter.noteBounded('sse/id-with-nul', { offset, length });
        } else this.#hasId = true;
        break;
      case 'retry': {
        const value = valueStart(bytes, start, end, 5);
        if (length !== end - start || !isNumber(bytes, value, end)) {
          const excerpt = excerptUtf8(bytes, value, end, excerptBytes);
          this.#emitter.noteBounded('sse/invalid-retry', { offset, length }, { value: excerpt });
        }
        break;
      }
      case 'unknown':
      default:
        this.#unknown.add(bytes, start, end, offset, length);
        return;
    }
    this.#hasKnownField = true;
  }

  #scanJson(json: ForeignJson, bytes: Uint8Array, from: number, offset: number): number {
    const next = json.scan(bytes, from);
    this.#unknown.addForeign(bytes, from, next);
    if (json.state === 'open') return next;
    this.#json = undefined;
    if (json.state === 'field') {
      const prefix = json.fieldPrefix;
      const lineStart = offset + next - prefix.length;
      this.#endBlock(lineStart, true);
      this.#startLine(prefix[0] as number, lineStart);
      this.#lineStart = lineStart;
      this.#line.append(prefix, 0, prefix.length);
    } else {
      this.#closedJson = json.state === 'closed';
      this.#lineStart = offset + next;
      this.#lineIsTaken = true;
    }
    return next;
  }

  #endBlock(end: number, isTerminated: boolean): void {
    const start = this.#blockStart;
    if (this.#onlyComments) {
      this.#emitter.frame(frameKindCode.comment, start, end, 0, 0);
    } else if (this.#hasKnownField) {
      this.#endEvent(start, end, isTerminated);
    } else {
      this.#unknown.note('text/bom-inside');
      const place = { offset: start, length: end - start };
      this.#emitter.noteBounded('sse/foreign-text', place, { excerpt: this.#unknown.excerpt });
      this.#emitter.frame(frameKindCode.invalid, start, end, 0, 0);
    }
    this.#blockStart = -1;
    this.#onlyComments = false;
    this.#hasKnownField = false;
    this.#dataLines = 0;
    this.#isDone = false;
    this.#typeId = 0;
    this.#hasEventName = false;
    this.#hasId = false;
    this.#closedJson = false;
    this.#unknown.clear();
  }

  #endEvent(start: number, end: number, isTerminated: boolean): void {
    let flags = this.#hasId ? frameFlag.hasId : 0;
    this.#unknown.note();
    if (!isTerminated) {
      this.#emitter.note('sse/unterminated-event', { offset: start, length: end - start });
      this.#emitter.frame(frameKindCode.incomplete, start, end, flags, this.#typeId);
      return;
    }
    if (this.#dataLines > 0) flags |= frameFlag.dispatched;
    else if (this.#hasEventName) this.#emitter.noteBounded('sse/no-data', { offset: start, length: end - start });
    this.#emitter.frame(this.#isDone ? frameKindCode.terminator : frameKindCode.event, start, end, flags, this.#typeId);
  }
}

function hasNul(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i] === 0) return true;
  return false;
}

function isNumber(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (!isDigit(bytes[i] as number)) return false;
  return to > from;
}
