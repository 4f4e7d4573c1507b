import { frameFlag, frameKinds, type ByteOffset, type Framing } from '../../shared/words.ts';
import { byte } from '../bytes/ascii.ts';
import { decodeUtf8 } from '../bytes/decode.ts';
import { describeFrame } from '../framing/describe.ts';
import type { JsonLimits } from '../framing/jsonLimits.ts';
import { FrameBytes } from './frameBytes.ts';
import type { KeyReader, ResumePosition } from './keyReader.ts';
import { recordField } from './recordField.ts';

/**
 * The value of a resume recipe's field in each whole, valid record. A record that is too long
 * or too deep to be parsed has none; one without the field leaves the position where it was.
 */
export class RecordKeys implements KeyReader {
  readonly #field: string;
  readonly #framing: Framing;
  readonly #limits: JsonLimits;
  readonly #bytes: FrameBytes;
  #value: string | null;

  /** @param value where the stream stood before */
  constructor(field: string, framing: Framing, limits: JsonLimits, value: string | null) {
    this.#field = field;
    this.#framing = framing;
    this.#limits = limits;
    this.#bytes = new FrameBytes(limits.jsonBytes);
    this.#value = value;
  }

  get position(): ResumePosition {
    return { value: this.#value, retryMillis: null };
  }

  push(bytes: Uint8Array, offset: ByteOffset): void {
    this.#bytes.push(bytes, offset);
  }

  pushed(): void {
    this.#bytes.settle();
  }

  frame(kindCode: number, offset: ByteOffset, length: number, flags: number): string | undefined {
    const bytes = this.#bytes.take(offset, length);
    const text = bytes === undefined ? undefined : this.#textOf(kindCode, bytes, flags);
    const value = text === undefined ? undefined : recordField(text, this.#field);
    if (value !== undefined) this.#value = value;
    return value;
  }

  #textOf(kindCode: number, bytes: Uint8Array, flags: number): string | undefined {
    const kind = frameKinds[kindCode];
    if (this.#framing === 'sse') {
      if (kind !== 'event' || (flags & frameFlag.dispatched) === 0) return undefined;
      return describeFrame('sse', kind, bytes, { ...this.#limits, framePreviewBytes: this.#limits.jsonBytes }).text;
    }
    if ((kind !== 'record' && kind !== 'element') || (flags & frameFlag.jsonValid) === 0) return undefined;
    return decodeUtf8(bytes, bytes[0] === byte.recordSeparator ? 1 : 0, bytes.length);
  }

  end(): void {
    this.#bytes.clear();
  }
}
