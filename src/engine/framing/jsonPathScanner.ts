import { frameKindCode } from '../../shared/words.ts';
import { byte, isJsonWhitespace } from '../bytes/ascii.ts';
import { decodeUtf8, excerptUtf8 } from '../bytes/decode.ts';
import { HeldBytes } from '../bytes/heldBytes.ts';
import type { FrameEmitter } from './frameEmitter.ts';
import { envelopeType } from './jsonEnvelope.ts';
import { findJsonFault } from './jsonFault.ts';
import type { JsonLimits } from './jsonLimits.ts';
import { JsonListReader } from './jsonListReader.ts';
import type { JsonPath } from './jsonPath.ts';
import { isScalarStart } from './jsonScalar.ts';
import { JsonStructure } from './jsonStructure.ts';
import { cutOff, JsonValueReader } from './jsonValueReader.ts';
import type { BodyScanner } from './scanningFramer.ts';

const excerptBytes = 60;
/** Of what is around the elements, for judging it; a longer envelope is not judged. */
const keptEnvelopeBytes = 65_536;
/** The longest key that can be one of the path's. */
const keptKeyBytes = 4_096;
const placeholder = Uint8Array.of(0x30);

/**
 * `between` JSON texts, `walk` inside objects and lists on the path, `key` inside a key there, `skip` inside a value
 * that is not on the path, `list` inside a list at the path, `element` inside another value at the path.
 */
type Mode = 'between' | 'walk' | 'key' | 'skip' | 'list' | 'element';

/**
 * The elements at a path that the user named, in each JSON text of the body: those of a list there, or the value itself.
 * What is around them is frames of kind `text` and type `envelope`. Values beside the path are followed by quotes and
 * brackets and never kept, so memory is bounded whatever lies before the elements.
 */
export class JsonPathScanner implements BodyScanner {
  readonly #path: JsonPath;
  readonly #values: JsonValueReader;
  readonly #list: JsonListReader;
  readonly #structure: JsonStructure;
  readonly #key = new HeldBytes(keptKeyBytes);
  readonly #envelope = new HeldBytes(keptEnvelopeBytes);
  #mode: Mode = 'between';
  /** The opening brackets of the values on the path that are open; there are at most as many as the path has steps. */
  readonly #open: number[] = [];
  #isOnPath = false;
  #isValueNext = false;
  #isEscaped = false;
  /** Body offset of the envelope's bytes that no frame has yet, and of its first byte of all. */
  #envelopeStart = 0;
  #textStart = 0;
  #hasFound = false;

  /** @param path with at least one step */
  constructor(emitter: FrameEmitter, limits: JsonLimits, path: JsonPath) {
    this.#path = path;
    this.#values = new JsonValueReader(emitter, limits);
    this.#list = new JsonListReader(this.#values);
    this.#structure = new JsonStructure(limits.jsonLevels);
  }

  scan(bytes: Uint8Array, offset: number): void {
    let at = 0;
    while (at < bytes.length) at = this.#step(bytes, at, offset);
    this.#values.flush();
  }

  end(length: number): void {
    switch (this.#mode) {
      case 'list':
        this.#list.end(length);
        break;
      case 'element':
        this.#values.end(length);
        if (this.#open.length > 0) this.#endInside(length);
        break;
      case 'walk':
      case 'key':
      case 'skip':
        if (this.#envelopeStart === length) this.#endInside(length);
        else cutOff(this.#values.emitter, this.#envelopeStart, length, 'its end');
        break;
      case 'between':
        break;
    }
    if (!this.#hasFound) this.#values.emitter.tell('json/nothing-at-path', {});
  }

  /** The body ended right after an element, inside what is around it. */
  #endInside(length: number): void {
    this.#values.emitter.tell('json/truncated', { offset: length }, { expected: 'the end of what is around it' });
  }

  /** @returns index to go on from */
  #step(bytes: Uint8Array, from: number, offset: number): number {
    let to = from;
    switch (this.#mode) {
      case 'between':
        return this.#betweenTexts(bytes, from, offset);
      case 'list':
        return this.#scanList(bytes, from, offset);
      case 'element':
        return this.#scanElement(bytes, from, offset);
      case 'walk':
        return this.#walk(bytes, from, offset);
      case 'key':
        to = this.#scanKey(bytes, from);
        break;
      case 'skip':
        to = this.#structure.scan(bytes, from, offset, false);
        if (to === -1) to = bytes.length;
        else this.#mode = 'walk';
        break;
    }
    this.#envelope.append(bytes, from, to);
    return to;
  }

  #betweenTexts(bytes: Uint8Array, at: number, offset: number): number {
    const value = bytes[at] as number;
    if (isJsonWhitespace(value) || value === byte.comma || value === byte.recordSeparator) return at + 1;
    this.#envelopeStart = offset + at;
    this.#textStart = offset + at;
    this.#envelope.clear();
    if (value !== byte.openBrace && value !== byte.openBracket) {
      this.#values.begin(value, offset + at, false, 'line');
      this.#mode = 'element';
      return at;
    }
    this.#mode = 'walk';
    this.#isOnPath = true;
    return this.#beginValue(bytes, at, offset);
  }

  #walk(bytes: Uint8Array, from: number, offset: number): number {
    for (let at = from; at < bytes.length; at++) {
      const value = bytes[at] as number;
      switch (value) {
        case byte.colon:
          this.#isValueNext = true;
          break;
        case byte.comma:
          this.#isValueNext = this.#open.at(-1) === byte.openBracket;
          break;
        case byte.closeBrace:
        case byte.closeBracket:
          this.#open.pop();
          this.#isValueNext = false;
          if (this.#open.length > 0) break;
          this.#envelope.append(bytes, from, at + 1);
          this.#endText(offset + at + 1);
          return at + 1;
        default:
          if (value === byte.quote && !this.#isValueNext) {
            this.#mode = 'key';
            this.#key.clear();
            this.#isEscaped = false;
            this.#envelope.append(bytes, from, at + 1);
            return at + 1;
          }
          if (isScalarStart(value) && !(this.#isValueNext && this.#isTarget())) {
            this.#isValueNext = false;
            break;
          }
          if (!isScalarStart(value) && !isContainerOrString(value)) break;
          this.#envelope.append(bytes, from, at);
          if (!this.#isValueNext) this.#isOnPath = false;
          else if (this.#open.at(-1) === byte.openBracket) this.#isOnPath = true;
          return this.#beginValue(bytes, at, offset);
      }
    }
    this.#envelope.append(bytes, from, bytes.length);
    return bytes.length;
  }

  /** True where a value that begins now is an element. */
  #isTarget(): boolean {
    const isOnPath = this.#open.at(-1) === byte.openBracket || this.#isOnPath;
    return isOnPath && this.#open.length === this.#path.length;
  }

  /** A value begins at index `at`, inside what is open; `isOnPath` says whether the path leads to it. */
  #beginValue(bytes: Uint8Array, at: number, offset: number): number {
    const value = bytes[at] as number;
    this.#isValueNext = false;
    const step = this.#isOnPath ? this.#path[this.#open.length] : undefined;
    const isTarget = this.#isOnPath && step === undefined;
    this.#isOnPath = false;
    if (isTarget) return this.#beginTarget(bytes, at, offset);
    const isInto =
      step?.kind === 'member' ? value === byte.openBrace : step !== undefined && value === byte.openBracket;
    if (isInto) {
      this.#open.push(value);
      this.#isValueNext = value === byte.openBracket;
      this.#envelope.append(bytes, at, at + 1);
      return at + 1;
    }
    this.#mode = 'skip';
    this.#structure.begin();
    return at;
  }

  #beginTarget(bytes: Uint8Array, at: number, offset: number): number {
    this.#hasFound = true;
    const isList = bytes[at] === byte.openBracket;
    const end = offset + at + (isList ? 1 : 0);
    this.#emitEnvelope(end);
    if (isList) {
      this.#envelope.append(bytes, at, at + 1);
      this.#mode = 'list';
      this.#list.begin();
      return at + 1;
    }
    // So that what is around the element can be judged without it.
    this.#envelope.append(placeholder, 0, 1);
    this.#mode = 'element';
    this.#values.begin(bytes[at] as number, offset + at, false, 'line');
    return at;
  }

  #scanList(bytes: Uint8Array, from: number, offset: number): number {
    const at = this.#list.scan(bytes, from, offset);
    if (!this.#list.isOver) return at;
    this.#mode = 'walk';
    this.#envelopeStart = offset + at;
    this.#envelope.append(bytes, at, at + 1);
    return at + 1;
  }

  #scanElement(bytes: Uint8Array, from: number, offset: number): number {
    const at = this.#values.scan(bytes, from, offset);
    if (!this.#values.isIdle) return at;
    this.#envelopeStart = offset + at;
    this.#mode = this.#open.length === 0 ? 'between' : 'walk';
    return at;
  }

  #scanKey(bytes: Uint8Array, from: number): number {
    for (let at = from; at < bytes.length; at++) {
      const value = bytes[at] as number;
      if (this.#isEscaped) this.#isEscaped = false;
      else if (value === byte.backslash) this.#isEscaped = true;
      // A raw LF cannot be in a string: it ends one that was never closed.
      else if (value === byte.quote || value === byte.lf) {
        this.#key.append(bytes, from, at);
        this.#isOnPath = this.#isPathKey();
        this.#mode = 'walk';
        return at + 1;
      }
    }
    this.#key.append(bytes, from, bytes.length);
    return bytes.length;
  }

  #isPathKey(): boolean {
    const step = this.#path[this.#open.length - 1];
    if (step?.kind !== 'member' || !this.#key.isWhole) return false;
    const text = decodeUtf8(this.#key.buffer, 0, this.#key.kept);
    if (!text.includes('\\')) return text === step.name;
    try {
      return JSON.parse(`"${text}"`) === step.name;
    } catch {
      // No JSON string, so no key; what is around the elements is judged as a whole.
      return false;
    }
  }

  #emitEnvelope(end: number): void {
    if (end <= this.#envelopeStart) return;
    const { emitter } = this.#values;
    emitter.frame(frameKindCode.text, this.#envelopeStart, end, 0, emitter.typeId(envelopeType));
  }

  /** A JSON text is over: the elements taken out of it, it has to be JSON. */
  #endText(end: number): void {
    const { buffer, kept, isWhole } = this.#envelope;
    if (isWhole) {
      const fault = findJsonFault(buffer, 0, kept);
      if (fault !== undefined) {
        const excerpt = excerptUtf8(buffer, 0, kept, excerptBytes);
        const place = { offset: this.#textStart, length: end - this.#textStart };
        this.#values.emitter.noteBounded('json/invalid', place, { expected: fault.expected, excerpt });
      }
    }
    this.#emitEnvelope(end);
    this.#mode = 'between';
  }
}

function isContainerOrString(value: number): boolean {
  return value === byte.openBrace || value === byte.openBracket || value === byte.quote;
}
