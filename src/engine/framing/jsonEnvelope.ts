import { frameKindCode } from '../../shared/words.ts';
import { byte } from '../bytes/ascii.ts';
import { excerptUtf8 } from '../bytes/decode.ts';
import type { FrameEmitter } from './frameEmitter.ts';
import { HeldValue, type ByteRange } from './heldValue.ts';
import { findJsonFault } from './jsonFault.ts';
import type { JsonLimits } from './jsonLimits.ts';
import { JsonStructure } from './jsonStructure.ts';

/** Type name of the frames before and after a list inside an object. */
export const envelopeType = 'envelope';

const excerptBytes = 60;
/** Of the bytes before a list, for judging them together with those after it; a longer head is not judged. */
const keptHeadBytes = 65_536;

/** What is around a list inside an object: the bytes through its `[`, and those from its `]`. Each is a frame. */
export class JsonEnvelope {
  readonly #emitter: FrameEmitter;
  readonly #structure: JsonStructure;
  readonly #tail: HeldValue;
  #head = new Uint8Array(0);

  constructor(emitter: FrameEmitter, limits: JsonLimits) {
    this.#emitter = emitter;
    this.#structure = new JsonStructure(limits.jsonLevels);
    this.#tail = new HeldValue(limits.jsonBytes);
  }

  /** Body offset of the tail's first byte. */
  get tailStart(): number {
    return this.#tail.start;
  }

  /** @param bytes hold the head at `[from, to)` */
  open(start: number, bytes: Uint8Array, from: number, to: number): void {
    this.#head = to - from > keptHeadBytes ? new Uint8Array(0) : bytes.slice(from, to);
    this.#emitter.frame(frameKindCode.text, start, start + to - from, 0, this.#emitter.typeId(envelopeType));
  }

  /** The list's `]` is at index `at`. */
  beginTail(bytes: Uint8Array, at: number, offset: number): void {
    this.#tail.begin(offset + at);
    this.#tail.hold(bytes, offset, at + 1);
    this.#structure.begin(byte.openBrace);
  }

  /** Reads the tail on. @returns index after its last byte, its frame was emitted then; −1 when it goes on */
  scanTail(bytes: Uint8Array, from: number, offset: number): number {
    const next = this.#structure.scan(bytes, from, offset, false);
    if (next === -1) {
      this.#tail.hold(bytes, offset, bytes.length);
      return -1;
    }
    const range = this.#tail.range(bytes, offset, next);
    if (range !== undefined && this.#head.length > 0) this.#judge(this.#tail.start, range);
    const typeId = this.#emitter.typeId(envelopeType);
    this.#emitter.frame(frameKindCode.text, this.#tail.start, offset + next, 0, typeId);
    return next;
  }

  /** Head and tail put together are the object with an empty list. */
  #judge(start: number, tail: ByteRange): void {
    const head = this.#head;
    const whole = new Uint8Array(head.length + tail.to - tail.from);
    whole.set(head);
    whole.set(tail.bytes.subarray(tail.from, tail.to), head.length);
    const fault = findJsonFault(whole, 0, whole.length);
    if (fault === undefined) return;
    const excerpt = excerptUtf8(whole, 0, whole.length, excerptBytes);
    const offset = start + Math.max(0, fault.at - head.length);
    this.#emitter.note('json/invalid', { offset }, { expected: fault.expected, excerpt });
  }
}
