import { byte } from '../bytes/ascii.ts';

/** Where junk ends: at the next comma or `]` of the list around it, at a line end or bracket, or never. */
export type JunkEnd = 'comma' | 'line' | 'never';

/** Follows bytes that are no JSON to the place where values may begin again. Keeps its place between chunks. */
export class JsonJunk {
  #end: JunkEnd = 'never';
  #depth = 0;
  #inString = false;
  #isEscaped = false;
  #isFirst = true;

  begin(end: JunkEnd): void {
    this.#end = end;
    this.#depth = 0;
    this.#inString = false;
    this.#isEscaped = false;
    this.#isFirst = true;
  }

  /** @returns index of the first byte that is not junk; −1 when it goes on in the next chunk */
  scan(bytes: Uint8Array, from: number): number {
    switch (this.#end) {
      case 'never':
        return -1;
      case 'line':
        return this.#toLine(bytes, from);
      case 'comma':
        return this.#toComma(bytes, from);
    }
  }

  #toLine(bytes: Uint8Array, from: number): number {
    for (let i = from; i < bytes.length; i++) {
      const value = bytes[i] as number;
      const isEnd = value === byte.lf || value === byte.openBrace || value === byte.openBracket;
      if (isEnd && !this.#isFirst) return i;
      this.#isFirst = false;
    }
    return -1;
  }

  #toComma(bytes: Uint8Array, from: number): number {
    for (let i = from; i < bytes.length; i++) {
      const value = bytes[i] as number;
      if (this.#inString) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (value === byte.backslash) this.#isEscaped = true;
        // A raw LF cannot be in a string: a stray quote must not swallow the rest of the list.
        else if (value === byte.quote || value === byte.lf) this.#inString = false;
      } else if (value === byte.quote) this.#inString = true;
      else if (value === byte.openBrace || value === byte.openBracket) this.#depth++;
      else if (this.#depth === 0 && (value === byte.comma || value === byte.closeBracket)) return i;
      else if (this.#depth > 0 && (value === byte.closeBrace || value === byte.closeBracket)) this.#depth--;
    }
    return -1;
  }
}
