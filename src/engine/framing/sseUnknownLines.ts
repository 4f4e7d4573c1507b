import { byte } from '../bytes/ascii.ts';
import { excerptUtf8 } from '../bytes/decode.ts';
import { HeldBytes } from '../bytes/heldBytes.ts';
import { hasBomAt } from '../bytes/leadingBom.ts';
import { toldPerCode, type FrameEmitter } from './frameEmitter.ts';

const excerptBytes = 60;

interface UnknownLine {
  readonly code: 'sse/unknown-field' | 'text/bom-inside';
  readonly offset: number;
  readonly length: number;
  readonly field: string;
}

/** Lines of a block that are no field, until it is known whether the block is an event at all. */
export class SseUnknownLines {
  readonly #emitter: FrameEmitter;
  #lines: UnknownLine[] = [];
  #beyond = { count: 0, firstOffset: 0 };
  readonly #excerpt = new HeldBytes(excerptBytes + 4);

  constructor(emitter: FrameEmitter) {
    this.#emitter = emitter;
  }

  /** How the first of them begins, on one line. */
  get excerpt(): string {
    const text = excerptUtf8(this.#excerpt.buffer, 0, this.#excerpt.kept, excerptBytes);
    const end = text.search(/[\r\n]/);
    return end === -1 ? text : text.slice(0, end);
  }

  /** @param end of what was kept of the line @param length of the whole line */
  add(bytes: Uint8Array, start: number, end: number, offset: number, length: number): void {
    if (this.#excerpt.length === 0) this.#excerpt.append(bytes, start, end);
    if (this.#lines.length >= toldPerCode) {
      if (this.#beyond.count++ === 0) this.#beyond.firstOffset = offset;
      return;
    }
    let nameEnd = start;
    while (nameEnd < end && nameEnd - start <= excerptBytes && bytes[nameEnd] !== byte.colon) nameEnd++;
    this.#lines.push({
      code: hasBomAt(bytes, start, end) ? 'text/bom-inside' : 'sse/unknown-field',
      offset,
      length,
      field: excerptUtf8(bytes, start, nameEnd, excerptBytes),
    });
  }

  /** Bytes of a line that is followed as foreign JSON: only its beginning is wanted, for a message. */
  addForeign(bytes: Uint8Array, from: number, to: number): void {
    if (this.#excerpt.isWhole) this.#excerpt.append(bytes, from, to);
  }

  /** Notes them on the next frame. @param only those of this code */
  note(only?: UnknownLine['code']): void {
    for (const { code, offset, length, field } of this.#lines) {
      if (only === undefined || only === code) this.#emitter.noteBounded(code, { offset, length }, { field });
    }
    const { count, firstOffset } = this.#beyond;
    if (only === undefined && count > 0) this.#emitter.countUntold('sse/unknown-field', firstOffset, count);
  }

  /** The block is over. */
  clear(): void {
    if (this.#excerpt.length === 0) return;
    this.#lines = [];
    this.#beyond = { count: 0, firstOffset: 0 };
    this.#excerpt.clear();
  }
}
