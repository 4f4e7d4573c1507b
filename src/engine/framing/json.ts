import { byte, isJsonWhitespace } from '../bytes/ascii.ts';
import { excerptUtf8 } from '../bytes/decode.ts';
import type { FrameEmitter } from './frameEmitter.ts';
import type { ByteRange } from './heldValue.ts';
import { emitElement } from './jsonElement.ts';
import { JsonEnvelope } from './jsonEnvelope.ts';
import { isTooDeep, type JsonLimits } from './jsonLimits.ts';
import { isCleanList, JsonListFinder } from './jsonList.ts';
import { JsonListReader } from './jsonListReader.ts';
import { cutOff, JsonValueReader } from './jsonValueReader.ts';
import type { BodyScanner } from './scanningFramer.ts';

export const jsonShapes = ['auto', 'array', 'concatenated', 'single', 'path'] as const;
/** How values lie in a JSON body; see this folder's README. */
export type JsonShape = (typeof jsonShapes)[number];

/** `list` inside an array or a list inside an object, `tail` after the latter, `value` and `between` outside. */
type Mode = 'between' | 'value' | 'list' | 'tail';

/**
 * JSON texts in a body, RFC 8259: the elements of an array, values one after another, or a list inside an object.
 * A value is a frame as soon as its last byte is there. What is no value is followed to the next comma of its list, or
 * the next line, as one `invalid` frame. Memory is bounded by the limit for JSON.
 */
export class JsonScanner implements BodyScanner {
  readonly #limits: JsonLimits;
  readonly #shape: JsonShape;
  readonly #values: JsonValueReader;
  readonly #list: JsonListReader;
  readonly #envelope: JsonEnvelope;
  #mode: Mode = 'between';
  #isListInObject = false;
  #finder: JsonListFinder | undefined;
  #hasBegun = false;
  /** The body's JSON has ended, so that whatever follows is too much. */
  #isClosed = false;
  #isExcessTold = false;

  constructor(emitter: FrameEmitter, limits: JsonLimits, shape: JsonShape) {
    this.#limits = limits;
    this.#shape = shape;
    this.#values = new JsonValueReader(emitter, limits);
    this.#list = new JsonListReader(this.#values);
    this.#envelope = new JsonEnvelope(emitter, limits);
  }

  scan(bytes: Uint8Array, offset: number): void {
    let at = 0;
    while (at < bytes.length) {
      switch (this.#mode) {
        case 'value':
          at = this.#scanValue(bytes, at, offset);
          break;
        case 'list':
          at = this.#list.scan(bytes, at, offset);
          if (this.#list.isOver) this.#endList(bytes, at++, offset);
          break;
        case 'tail':
          at = this.#scanTail(bytes, at, offset);
          break;
        case 'between':
          while (at < bytes.length && isJsonWhitespace(bytes[at] as number)) at++;
          if (at < bytes.length) at = this.#betweenTexts(bytes, at, offset);
          break;
      }
    }
    this.#values.flush();
  }

  end(length: number): void {
    switch (this.#mode) {
      case 'value':
        this.#values.end(length);
        return;
      case 'list':
        this.#list.end(length);
        return;
      case 'tail':
        cutOff(this.#values.emitter, this.#envelope.tailStart, length, 'its end');
        return;
      case 'between':
        if (this.#hasBegun || this.#shape === 'concatenated') return;
        this.#values.emitter.tell('json/truncated', { offset: length }, { expected: 'a value' });
    }
  }

  /** A byte outside every value and list. @returns index to go on from */
  #betweenTexts(bytes: Uint8Array, at: number, offset: number): number {
    const value = bytes[at] as number;
    const here = offset + at;
    const junkEnd = this.#shape === 'single' ? 'never' : 'line';
    if (this.#shape === 'single' && this.#hasBegun) {
      this.#mode = 'value';
      this.#values.beginJunk(here, 'nothing more', junkEnd);
      return at;
    }
    if (this.#isClosed) this.#tellOnce(bytes, at, here, 'nothing more');
    if (this.#shape === 'array' && !this.#hasBegun && value !== byte.openBracket)
      this.#tellOnce(bytes, at, here, '"["');
    if (this.#shape !== 'single') {
      const isSeparator = value === byte.recordSeparator || (value === byte.comma && this.#hasBegun);
      if (isSeparator) return at + 1;
      if (value === byte.openBracket && this.#mayBeginArray()) {
        this.#hasBegun = true;
        this.#isListInObject = false;
        this.#mode = 'list';
        this.#list.begin();
        return at + 1;
      }
    }
    if (value === byte.openBrace && !this.#hasBegun && (this.#shape === 'auto' || this.#shape === 'path')) {
      this.#finder = new JsonListFinder(this.#shape === 'path' ? 1 : 2);
    }
    this.#hasBegun = true;
    this.#mode = 'value';
    this.#values.begin(value, here, false, junkEnd);
    return at;
  }

  #tellOnce(bytes: Uint8Array, at: number, offset: number, expected: string): void {
    if (this.#isExcessTold) return;
    this.#isExcessTold = true;
    this.#values.emitter.tell('json/invalid', { offset }, { expected, excerpt: excerptUtf8(bytes, at, at + 1, 1) });
  }

  #mayBeginArray(): boolean {
    return this.#shape === 'array' || (this.#shape === 'auto' && (!this.#hasBegun || this.#isClosed));
  }

  #scanValue(bytes: Uint8Array, from: number, offset: number): number {
    const next = this.#values.scan(bytes, from, offset, this.#finder);
    if (this.#values.isStopped) this.#openList(this.#values.range(bytes, offset, next));
    else if (this.#values.isIdle) {
      this.#mode = 'between';
      this.#finder = undefined;
    }
    return next;
  }

  #openList(range: ByteRange | undefined): void {
    const list = this.#finder?.found;
    this.#finder = undefined;
    const start = this.#values.start;
    if (list === undefined || range === undefined || !isCleanList(list, range.bytes, start, range.from)) return;
    const { digitRuns, emitter } = this.#values;
    const indexOf = (offset: number): number => range.from + offset - start;
    this.#envelope.open(start, range.bytes, range.from, indexOf(list.listStart + 1));
    if (list.first !== undefined) {
      const own = { bytes: range.bytes, from: indexOf(list.first.start), to: indexOf(list.first.end) };
      const isDeep = isTooDeep(own.bytes, own.from, own.to, this.#limits);
      emitElement(emitter, this.#limits, { ...list.first, isTooDeep: isDeep, colons: -1, digitRuns }, own);
    }
    this.#isListInObject = true;
    this.#mode = 'list';
    this.#list.begin();
    this.#values.begin(byte.openBrace, list.nextStart, true, 'comma');
  }

  #endList(bytes: Uint8Array, at: number, offset: number): void {
    if (this.#isListInObject) {
      this.#mode = 'tail';
      this.#envelope.beginTail(bytes, at, offset);
      return;
    }
    this.#mode = 'between';
    this.#isClosed = true;
  }

  #scanTail(bytes: Uint8Array, from: number, offset: number): number {
    this.#values.flush();
    const next = this.#envelope.scanTail(bytes, from, offset);
    if (next === -1) return bytes.length;
    this.#mode = 'between';
    this.#isClosed = this.#shape === 'path';
    return next;
  }
}
