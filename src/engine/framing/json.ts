import { frameFlag, frameKindCode } from '../../shared/words.ts';
import { byte, isJsonWhitespace } from '../bytes/ascii.ts';
import { excerptUtf8 } from '../bytes/decode.ts';
import { HeldBytes } from '../bytes/heldBytes.ts';
import type { FrameEmitter } from './frameEmitter.ts';
import { HeldValue, type ByteRange } from './heldValue.ts';
import { ElementBatch } from './elementBatch.ts';
import { emitElement, type ScannedValue } from './jsonElement.ts';
import { JsonEnvelope } from './jsonEnvelope.ts';
import { findJsonFault } from './jsonFault.ts';
import { JsonJunk } from './jsonJunk.ts';
import { isTooDeep, type JsonLimits } from './jsonLimits.ts';
import { isCleanList, JsonListFinder } from './jsonList.ts';
import { endsScalar, integerDigits, isScalarStart } from './jsonScalar.ts';
import { JsonStructure } from './jsonStructure.ts';
import type { BodyScanner } from './scanningFramer.ts';

export const jsonShapes = ['auto', 'array', 'concatenated', 'single', 'path'] as const;
/** How values lie in a JSON body; see this folder's README. */
export type JsonShape = (typeof jsonShapes)[number];

const excerptBytes = 60;
const noBytes = new Uint8Array(0);

/** `value` and `scalar` are inside a value, `tail` after a list inside an object, the others between values. */
type Mode = 'between' | 'first' | 'next' | 'after' | 'value' | 'scalar' | 'tail' | 'junk';

/**
 * JSON texts in a body, RFC 8259: the elements of an array, values one after another, or a list inside an object.
 * A value is a frame as soon as its last byte is there. What is no value is followed to the next comma of its list, or
 * the next line, as one `invalid` frame. Memory is bounded by the limit for JSON.
 */
export class JsonScanner implements BodyScanner {
  readonly #told: FrameEmitter;
  readonly #batch: ElementBatch;
  readonly #limits: JsonLimits;
  readonly #shape: JsonShape;
  readonly #structure: JsonStructure;
  readonly #value: HeldValue;
  readonly #envelope: JsonEnvelope;
  readonly #junk = new JsonJunk();
  readonly #excerpt = new HeldBytes(excerptBytes + 4);
  #mode: Mode = 'between';
  /** What is around the values that come now. */
  #around: 'nothing' | 'array' | 'object' = 'nothing';
  #finder: JsonListFinder | undefined;
  #hasBegun = false;
  /** The body's JSON has ended, so that whatever follows is too much. */
  #isClosed = false;
  #isExcessTold = false;
  #expected = '';

  constructor(emitter: FrameEmitter, limits: JsonLimits, shape: JsonShape) {
    this.#told = emitter;
    this.#batch = new ElementBatch(emitter, limits);
    this.#limits = limits;
    this.#shape = shape;
    this.#structure = new JsonStructure(limits.jsonLevels);
    this.#value = new HeldValue(limits.jsonBytes);
    this.#envelope = new JsonEnvelope(emitter);
  }

  scan(bytes: Uint8Array, offset: number): void {
    this.#scanChunk(bytes, offset);
    this.#batch.flush();
  }

  /** For everything but elements in a batch: those come before it. */
  get #emitter(): FrameEmitter {
    this.#batch.flush();
    return this.#told;
  }

  #scanChunk(bytes: Uint8Array, offset: number): void {
    let at = 0;
    while (at < bytes.length) {
      switch (this.#mode) {
        case 'value':
        case 'tail':
          at = this.#scanValue(bytes, at, offset);
          break;
        case 'scalar':
          at = this.#scanScalar(bytes, at, offset);
          break;
        case 'junk':
          at = this.#scanJunk(bytes, at, offset);
          break;
        case 'between':
        case 'first':
        case 'next':
        case 'after':
          while (at < bytes.length && isJsonWhitespace(bytes[at] as number)) at++;
          if (at === bytes.length) return;
          at = this.#mode === 'between' ? this.#betweenTexts(bytes, at, offset) : this.#inList(bytes, at, offset);
          break;
      }
    }
  }

  end(length: number): void {
    switch (this.#mode) {
      case 'value':
      case 'tail':
        this.#endCutOff(length, this.#value.range(noBytes, length, 0));
        return;
      case 'scalar':
        this.#endScalar(length, this.#value.range(noBytes, length, 0));
        return;
      case 'junk':
        this.#emitJunk(length);
        break;
      case 'between':
      case 'first':
      case 'next':
      case 'after':
        break;
    }
    if (this.#around !== 'nothing') {
      this.#emitter.tell('json/truncated', { offset: length }, { expected: '"]"' });
    } else if (!this.#hasBegun && this.#shape !== 'concatenated') {
      this.#emitter.tell('json/truncated', { offset: length }, { expected: 'a value' });
    }
  }

  /** A byte inside a list, between its elements. @returns index to go on from */
  #inList(bytes: Uint8Array, at: number, offset: number): number {
    const value = bytes[at] as number;
    const here = offset + at;
    if (value === byte.closeBracket) {
      if (this.#mode === 'next') {
        this.#emitter.tell('json/trailing-comma', { offset: here, length: 1 }, { expected: 'a value' });
      }
      this.#endList(bytes, at, offset);
      return at + 1;
    }
    if (value === byte.comma) {
      if (this.#mode !== 'after') {
        this.#emitter.tell('json/invalid', { offset: here, length: 1 }, { expected: 'a value', excerpt: ',' });
      }
      this.#mode = 'next';
      return at + 1;
    }
    return this.#mode === 'after' ? this.#beginJunk(here, at, '"," or "]"') : this.#beginValue(value, here, at);
  }

  /** A byte outside every value and list. @returns index to go on from */
  #betweenTexts(bytes: Uint8Array, at: number, offset: number): number {
    const value = bytes[at] as number;
    const here = offset + at;
    if (this.#shape === 'single' && this.#hasBegun) return this.#beginJunk(here, at, 'nothing more');
    if (this.#isClosed && !this.#isExcessTold) {
      this.#isExcessTold = true;
      const excerpt = excerptUtf8(bytes, at, at + 1, 1);
      this.#emitter.tell('json/invalid', { offset: here }, { expected: 'nothing more', excerpt });
    }
    if (this.#shape === 'array' && !this.#hasBegun && value !== byte.openBracket) {
      this.#isExcessTold = true;
      const excerpt = excerptUtf8(bytes, at, at + 1, 1);
      this.#emitter.tell('json/invalid', { offset: here }, { expected: '"["', excerpt });
    }
    if (this.#shape !== 'single') {
      const isSeparator = value === byte.recordSeparator || (value === byte.comma && this.#hasBegun);
      if (isSeparator) return at + 1;
      if (value === byte.openBracket && this.#mayBeginArray()) {
        this.#hasBegun = true;
        this.#around = 'array';
        this.#mode = 'first';
        return at + 1;
      }
    }
    if (value === byte.openBrace && !this.#hasBegun && (this.#shape === 'auto' || this.#shape === 'path')) {
      this.#finder = new JsonListFinder(this.#shape === 'path' ? 1 : 2);
    }
    return this.#beginValue(value, here, at);
  }

  #mayBeginArray(): boolean {
    return this.#shape === 'array' || (this.#shape === 'auto' && (!this.#hasBegun || this.#isClosed));
  }

  #beginValue(value: number, here: number, at: number): number {
    if (value === byte.openBrace || value === byte.openBracket || value === byte.quote) this.#mode = 'value';
    else if (isScalarStart(value)) this.#mode = 'scalar';
    else return this.#beginJunk(here, at, 'a value');
    this.#hasBegun = true;
    this.#structure.begin();
    this.#value.begin(here);
    return at;
  }

  #afterValue(): void {
    this.#mode = this.#around === 'nothing' ? 'between' : 'after';
    this.#finder = undefined;
  }

  #scanValue(bytes: Uint8Array, from: number, offset: number): number {
    const structure = this.#structure;
    const isElement = this.#around !== 'nothing' && this.#mode === 'value';
    const next = structure.scan(bytes, from, offset, isElement, this.#finder);
    if (next === -1) {
      this.#value.hold(bytes, offset, bytes.length);
      return bytes.length;
    }
    const range = this.#value.range(bytes, offset, next);
    if (structure.isStopped) {
      this.#openList(range);
      return next;
    }
    const end = offset + next;
    if (this.#mode === 'tail') this.#endEnvelope(end, range);
    else {
      const { isTooDeep, colons, digitRuns } = structure;
      const scanned = { start: this.#value.start, end, isTooDeep, colons, digitRuns };
      this.#emitValue(scanned, range, bytes);
    }
    this.#afterValue();
    // The comma before the next element was taken for a part of the broken one.
    if (structure.isBroken && this.#mode === 'after') this.#mode = 'next';
    return next;
  }

  #scanScalar(bytes: Uint8Array, from: number, offset: number): number {
    let at = from;
    while (at < bytes.length && !endsScalar(bytes[at] as number)) at++;
    if (at === bytes.length) {
      this.#value.hold(bytes, offset, at);
      return at;
    }
    this.#emitScalar(offset + at, this.#value.range(bytes, offset, at), bytes);
    this.#afterValue();
    return at;
  }

  #emitScalar(end: number, range: ByteRange | undefined, chunk: Uint8Array): void {
    const start = this.#value.start;
    const digitRuns = range === undefined ? [] : integerDigits(range, start);
    this.#emitValue({ start, end, isTooDeep: false, colons: 0, digitRuns }, range, chunk);
  }

  #emitValue(value: ScannedValue, range: ByteRange | undefined, chunk: Uint8Array): void {
    if (this.#around !== 'nothing' && range?.bytes === chunk) this.#batch.add(value, range);
    else emitElement(this.#emitter, this.#limits, value, range);
  }

  #openList(range: ByteRange | undefined): void {
    const list = this.#finder?.found;
    this.#finder = undefined;
    const start = this.#value.start;
    if (list === undefined || range === undefined || !isCleanList(list, range.bytes, start, range.from)) return;
    const { digitRuns } = this.#structure;
    const indexOf = (offset: number): number => range.from + offset - start;
    this.#envelope.open(start, range.bytes, range.from, indexOf(list.listStart + 1));
    if (list.first !== undefined) {
      const own = { bytes: range.bytes, from: indexOf(list.first.start), to: indexOf(list.first.end) };
      const isDeep = isTooDeep(own.bytes, own.from, own.to, this.#limits);
      emitElement(this.#emitter, this.#limits, { ...list.first, isTooDeep: isDeep, colons: -1, digitRuns }, own);
    }
    this.#around = 'object';
    this.#structure.begin();
    this.#value.begin(list.nextStart);
  }

  #endList(bytes: Uint8Array, at: number, offset: number): void {
    if (this.#around === 'object') {
      this.#mode = 'tail';
      this.#value.begin(offset + at);
      this.#value.hold(bytes, offset, at + 1);
      this.#structure.begin(byte.openBrace);
      return;
    }
    this.#around = 'nothing';
    this.#mode = 'between';
    this.#isClosed = true;
  }

  #endEnvelope(end: number, range: ByteRange | undefined): void {
    this.#batch.flush();
    this.#envelope.close(this.#value.start, end, range);
    this.#around = 'nothing';
    this.#isClosed = this.#shape === 'path';
  }

  #beginJunk(here: number, at: number, expected: string): number {
    this.#mode = 'junk';
    this.#hasBegun = true;
    this.#expected = expected;
    this.#value.begin(here);
    this.#excerpt.clear();
    this.#junk.begin(this.#around !== 'nothing' ? 'comma' : this.#shape === 'single' ? 'never' : 'line');
    return at;
  }

  #scanJunk(bytes: Uint8Array, from: number, offset: number): number {
    const end = this.#junk.scan(bytes, from);
    const to = end === -1 ? bytes.length : end;
    this.#excerpt.append(bytes, from, to);
    if (end !== -1) {
      this.#emitJunk(offset + end);
      this.#afterValue();
    }
    return to;
  }

  #emitJunk(end: number): void {
    const start = this.#value.start;
    const excerpt = excerptUtf8(this.#excerpt.buffer, 0, this.#excerpt.kept, excerptBytes);
    this.#emitter.note('json/invalid', { offset: start, length: end - start }, { expected: this.#expected, excerpt });
    this.#emitter.frame(frameKindCode.invalid, start, end, frameFlag.jsonInvalid, 0);
  }

  /** The body ended inside a value. */
  #endCutOff(length: number, range: ByteRange | undefined): void {
    const start = this.#value.start;
    const isTail = this.#mode === 'tail';
    const fault = range === undefined || isTail ? undefined : findJsonFault(range.bytes, range.from, range.to);
    const place = { offset: start, length: length - start };
    this.#emitter.note('json/truncated', place, { expected: fault?.expected ?? 'its end' });
    this.#emitter.frame(frameKindCode.incomplete, start, length, frameFlag.jsonInvalid, 0);
  }

  #endScalar(length: number, range: ByteRange | undefined): void {
    // Inside a list more digits might have followed; on its own a number ends where the body ends.
    const fault = range === undefined ? undefined : findJsonFault(range.bytes, range.from, range.to);
    if (this.#around !== 'nothing' || fault?.kind === 'truncated') this.#endCutOff(length, range);
    else this.#emitScalar(length, range, noBytes);
  }
}
