import { byte, isJsonWhitespace } from '../bytes/ascii.ts';
import type { JsonValueReader } from './jsonValueReader.ts';

/** Reads the inside of a JSON list: elements and the commas between them, up to its `]`. */
export class JsonListReader {
  readonly #values: JsonValueReader;
  /** What may stand here: the first element or `]`, an element, or what follows one. */
  #place: 'first' | 'next' | 'after' = 'first';
  #isOver = false;

  constructor(values: JsonValueReader) {
    this.#values = values;
  }

  /** True after a `scan` that came to the list's own `]`, which is at the index that was returned. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Begins after the list's `[`, or inside an element that the values are reading already. */
  begin(): void {
    this.#place = 'first';
    this.#isOver = false;
  }

  /** Reads on from `from`. @returns index to go on from */
  scan(bytes: Uint8Array, from: number, offset: number): number {
    let at = from;
    for (;;) {
      if (this.#isInElement()) {
        at = this.#values.scan(bytes, at, offset);
        if (this.#isInElement()) return at;
        // The comma before the next element was taken for a part of the broken one.
        this.#place = this.#values.isBroken ? 'next' : 'after';
      }
      while (at < bytes.length && isJsonWhitespace(bytes[at] as number)) at++;
      if (at === bytes.length) return at;
      const value = bytes[at] as number;
      if (value === byte.closeBracket) {
        this.#isOver = true;
        if (this.#place === 'next') this.#tell('json/trailing-comma', offset + at, { expected: 'a value' });
        return at;
      }
      if (value === byte.comma) {
        if (this.#place !== 'after') this.#tell('json/invalid', offset + at, { expected: 'a value', excerpt: ',' });
        this.#place = 'next';
        at++;
      } else if (this.#place === 'after') this.#values.beginJunk(offset + at, '"," or "]"', 'comma');
      else this.#values.begin(value, offset + at, true, 'comma');
    }
  }

  /** The body is over inside the list. */
  end(length: number): void {
    if (this.#values.end(length)) return;
    this.#values.emitter.tell('json/truncated', { offset: length }, { expected: '"]"' });
  }

  #isInElement(): boolean {
    return !this.#values.isIdle;
  }

  #tell(code: string, offset: number, details: Readonly<Record<string, string>>): void {
    this.#values.emitter.tell(code, { offset, length: 1 }, details);
  }
}
