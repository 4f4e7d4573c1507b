import { frameFlag, frameKindCode } from '../../shared/words.ts';
import { byte } from '../bytes/ascii.ts';
import { excerptUtf8 } from '../bytes/decode.ts';
import { HeldBytes } from '../bytes/heldBytes.ts';
import { ElementBatch } from './elementBatch.ts';
import type { FrameEmitter } from './frameEmitter.ts';
import { HeldValue, type ByteRange } from './heldValue.ts';
import { emitElement, type ScannedValue } from './jsonElement.ts';
import { findJsonFault } from './jsonFault.ts';
import { JsonJunk, type JunkEnd } from './jsonJunk.ts';
import type { JsonLimits } from './jsonLimits.ts';
import { endsScalar, integerDigits, isScalarStart } from './jsonScalar.ts';
import { JsonStructure, type BracketListener } from './jsonStructure.ts';

const excerptBytes = 60;
const noBytes = new Uint8Array(0);

/**
 * Reads one JSON value after another, and what stands where a value should, and emits a frame for each: `element` as
 * soon as its last byte is there, else `invalid`. Between values it is idle; what is between them is for others.
 */
export class JsonValueReader {
  readonly #told: FrameEmitter;
  readonly #batch: ElementBatch;
  readonly #limits: JsonLimits;
  readonly #structure: JsonStructure;
  readonly #value: HeldValue;
  readonly #junk = new JsonJunk();
  readonly #excerpt = new HeldBytes(excerptBytes + 4);
  #state: 'idle' | 'value' | 'scalar' | 'junk' = 'idle';
  #isInList = false;
  #isBroken = false;
  #isStopped = false;
  #expected = '';

  constructor(emitter: FrameEmitter, limits: JsonLimits) {
    this.#told = emitter;
    this.#batch = new ElementBatch(emitter, limits);
    this.#limits = limits;
    this.#structure = new JsonStructure(limits.jsonLevels);
    this.#value = new HeldValue(limits.jsonBytes);
  }

  /** For everything but elements in a batch: those come before it. */
  get emitter(): FrameEmitter {
    this.#batch.flush();
    return this.#told;
  }

  get isIdle(): boolean {
    return this.#state === 'idle';
  }

  /** The value that ended last was given up where another begins, so that no comma is missing between them. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** The listener stopped the last `scan`; the value goes on where it stopped. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Body offset where the value begins. */
  get start(): number {
    return this.#value.start;
  }

  get digitRuns(): readonly number[] {
    return this.#structure.digitRuns;
  }

  /** The end of a chunk: emits the elements whose bytes lie in it. */
  flush(): void {
    this.#batch.flush();
  }

  /** @param first byte, which is at body offset `here` @param junkEnd where what is no value would end */
  begin(first: number, here: number, isInList: boolean, junkEnd: JunkEnd): void {
    if (first === byte.openBrace || first === byte.openBracket || first === byte.quote) this.#state = 'value';
    else if (isScalarStart(first)) this.#state = 'scalar';
    else {
      this.beginJunk(here, 'a value', junkEnd);
      return;
    }
    this.#isInList = isInList;
    this.#structure.begin();
    this.#value.begin(here);
  }

  /** What follows is no value. @param expected what should be there */
  beginJunk(here: number, expected: string, junkEnd: JunkEnd): void {
    this.#state = 'junk';
    this.#expected = expected;
    this.#value.begin(here);
    this.#excerpt.clear();
    this.#junk.begin(junkEnd);
  }

  /** Reads on from `from`. @returns index to go on from; the value ended there when it is idle then */
  scan(bytes: Uint8Array, from: number, offset: number, listener?: BracketListener): number {
    this.#isStopped = false;
    this.#isBroken = false;
    switch (this.#state) {
      case 'value':
        return this.#scanValue(bytes, from, offset, listener);
      case 'scalar':
        return this.#scanScalar(bytes, from, offset);
      case 'junk':
        return this.#scanJunk(bytes, from, offset);
      case 'idle':
        return from;
    }
  }

  /** What is held of the value up to index `to` of the chunk; undefined when it is too large to keep. */
  range(bytes: Uint8Array, offset: number, to: number): ByteRange | undefined {
    return this.#value.range(bytes, offset, to);
  }

  /** The body is over. @returns false when there was nothing but junk, or nothing at all */
  end(length: number): boolean {
    const state = this.#state;
    this.#state = 'idle';
    if (state === 'idle') return false;
    if (state === 'junk') {
      this.#emitJunk(length);
      return false;
    }
    const range = this.#value.range(noBytes, length, 0);
    const fault = range === undefined ? undefined : findJsonFault(range.bytes, range.from, range.to);
    // Inside a list more digits might have followed; on its own a number ends where the body ends.
    if (state === 'scalar' && !this.#isInList && fault?.kind !== 'truncated') this.#emitScalar(length, range, noBytes);
    else cutOff(this.emitter, this.#value.start, length, fault?.expected ?? 'its end');
    return true;
  }

  #scanValue(bytes: Uint8Array, from: number, offset: number, listener: BracketListener | undefined): number {
    const structure = this.#structure;
    const next = structure.scan(bytes, from, offset, this.#isInList, listener);
    if (next === -1) {
      this.#value.hold(bytes, offset, bytes.length);
      return bytes.length;
    }
    this.#isStopped = structure.isStopped;
    if (this.#isStopped) return next;
    const { isTooDeep, colons, digitRuns } = structure;
    const scanned = { start: this.#value.start, end: offset + next, isTooDeep, colons, digitRuns };
    this.#emitValue(scanned, this.#value.range(bytes, offset, next), bytes);
    this.#state = 'idle';
    this.#isBroken = structure.isBroken;
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
    this.#state = 'idle';
    return at;
  }

  #emitScalar(end: number, range: ByteRange | undefined, chunk: Uint8Array): void {
    const start = this.#value.start;
    const digitRuns = range === undefined ? [] : integerDigits(range, start);
    this.#emitValue({ start, end, isTooDeep: false, colons: 0, digitRuns }, range, chunk);
  }

  #emitValue(value: ScannedValue, range: ByteRange | undefined, chunk: Uint8Array): void {
    if (this.#isInList && range?.bytes === chunk) this.#batch.add(value, range);
    else emitElement(this.emitter, this.#limits, value, range);
  }

  #scanJunk(bytes: Uint8Array, from: number, offset: number): number {
    const end = this.#junk.scan(bytes, from);
    const to = end === -1 ? bytes.length : end;
    this.#excerpt.append(bytes, from, to);
    if (end !== -1) {
      this.#emitJunk(offset + end);
      this.#state = 'idle';
    }
    return to;
  }

  #emitJunk(end: number): void {
    const start = this.#value.start;
    const excerpt = excerptUtf8(this.#excerpt.buffer, 0, this.#excerpt.kept, excerptBytes);
    const emitter = this.emitter;
    emitter.note('json/invalid', { offset: start, length: end - start }, { expected: this.#expected, excerpt });
    emitter.frame(frameKindCode.invalid, start, end, frameFlag.jsonInvalid, 0);
  }
}

/** Emits what there is of a value that the body ended in. */
export function cutOff(emitter: FrameEmitter, start: number, end: number, expected: string): void {
  emitter.note('json/truncated', { offset: start, length: end - start }, { expected });
  emitter.frame(frameKindCode.incomplete, start, end, frameFlag.jsonInvalid, 0);
}
