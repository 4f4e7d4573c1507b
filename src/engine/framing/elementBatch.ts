import { decodeUtf8 } from '../bytes/decode.ts';
import type { FrameEmitter } from './frameEmitter.ts';
import type { ByteRange } from './heldValue.ts';
import { emitElement, emitParsed, type ScannedValue } from './jsonElement.ts';
import type { JsonLimits } from './jsonLimits.ts';

/** Neighbours are decoded and parsed together up to about this many bytes. */
const parsedTogetherBytes = 65_536;

interface Waiting {
  readonly value: ScannedValue;
  readonly from: number;
  readonly to: number;
}

/**
 * Elements of a list that lie whole in one chunk, waiting to be parsed together: two calls into native code for all of
 * them instead of two for each. Nothing but commas and whitespace may lie between them, so whoever tells the emitter
 * anything else calls `flush` first, as does the end of the chunk. What is emitted is the same as one by one.
 */
export class ElementBatch {
  readonly #emitter: FrameEmitter;
  readonly #limits: JsonLimits;
  #waiting: Waiting[] = [];
  #bytes: Uint8Array = new Uint8Array(0);

  constructor(emitter: FrameEmitter, limits: JsonLimits) {
    this.#emitter = emitter;
    this.#limits = limits;
  }

  /** @param range of the element in the chunk; the chunk may not change before `flush` */
  add(value: ScannedValue, range: ByteRange): void {
    const { bytes, from, to } = range;
    const first = this.#waiting[0];
    if (first !== undefined && to - first.from > parsedTogetherBytes) this.flush();
    if (value.isTooDeep || to - from > this.#limits.jsonBytes) {
      this.flush();
      emitElement(this.#emitter, this.#limits, value, range);
      return;
    }
    this.#bytes = bytes;
    this.#waiting.push({ value, from, to });
  }

  flush(): void {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    const bytes = this.#bytes;
    this.#waiting = [];
    this.#bytes = new Uint8Array(0);
    const parsed = parseTogether(bytes, waiting);
    for (const [i, { value, from, to }] of waiting.entries()) {
      if (parsed === undefined) emitElement(this.#emitter, this.#limits, value, { bytes, from, to });
      else emitParsed(this.#emitter, value, bytes, from, to, parsed[i]);
    }
  }
}

/** The values, or undefined when one of them is not JSON: then each has to be judged on its own. */
function parseTogether(bytes: Uint8Array, waiting: readonly Waiting[]): readonly unknown[] | undefined {
  const first = waiting[0];
  const last = waiting.at(-1);
  if (first === undefined || last === undefined || first === last) return undefined;
  try {
    const parsed: unknown = JSON.parse(`[${decodeUtf8(bytes, first.from, last.to)}]`);
    return Array.isArray(parsed) && parsed.length === waiting.length ? (parsed as readonly unknown[]) : undefined;
  } catch {
    return undefined;
  }
}
