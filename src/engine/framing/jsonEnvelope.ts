import { frameKindCode } from '../../shared/words.ts';
import { excerptUtf8 } from '../bytes/decode.ts';
import type { FrameEmitter } from './frameEmitter.ts';
import type { ByteRange } from './heldValue.ts';
import { findJsonFault } from './jsonFault.ts';

/** Type name of the frames before and after a list inside an object. */
const envelopeType = 'envelope';

const excerptBytes = 60;
/** Of the bytes before a list, for judging them together with those after it; a longer head is not judged. */
const keptHeadBytes = 65_536;

/** What is around a list inside an object: the bytes through its `[`, and those from its `]`. Each is a frame. */
export class JsonEnvelope {
  readonly #emitter: FrameEmitter;
  #head = new Uint8Array(0);

  constructor(emitter: FrameEmitter) {
    this.#emitter = emitter;
  }

  /** @param bytes hold the head at `[from, to)` */
  open(start: number, bytes: Uint8Array, from: number, to: number): void {
    this.#head = to - from > keptHeadBytes ? new Uint8Array(0) : bytes.slice(from, to);
    this.#emitter.frame(frameKindCode.text, start, start + to - from, 0, this.#emitter.typeId(envelopeType));
  }

  /** @param range the tail, undefined when it was too large to keep */
  close(start: number, end: number, range: ByteRange | undefined): void {
    if (range !== undefined && this.#head.length > 0) this.#judge(start, range);
    this.#emitter.frame(frameKindCode.text, start, end, 0, this.#emitter.typeId(envelopeType));
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
