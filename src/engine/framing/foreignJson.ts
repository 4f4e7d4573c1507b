import { byte } from '../bytes/ascii.ts';

const fieldPrefixes = ['data:', 'event:', 'id:', 'retry:'].map((word) => Uint8Array.from(word, (c) => c.charCodeAt(0)));

/** Where a `ForeignJson` stands: still inside, at the end of its value, or no JSON after all. */
export type ForeignJsonState = 'open' | 'closed' | 'broken' | 'field';

/**
 * Follows a JSON value that was written into an event stream without `data:`, as some servers do with an error in
 * mid-stream. Pretty-printed, it may hold blank lines, which must not tear it into pieces; so the value is followed to
 * its closing bracket. It is given up at a line break inside a string, and at a line that begins like a field, so that
 * a stray brace never swallows the events after it.
 */
export class ForeignJson {
  state: ForeignJsonState = 'open';
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** Bytes of the current line, counted only while it may still become a field's name and colon. */
  #lineBytes = -1;
  #candidate: Uint8Array | undefined;

  /** The field prefix that ended the value, when `state` is `field`: the line's bytes so far. */
  get fieldPrefix(): Uint8Array {
    return this.#candidate ?? new Uint8Array(0);
  }

  /**
   * Reads on from `from`.
   * @returns index after the last byte that was taken; with state `field` that is the byte after the colon, with
   * `broken` the line break itself
   */
  scan(bytes: Uint8Array, from: number): number {
    for (let i = from; i < bytes.length; i++) {
      const value = bytes[i] as number;
      if (value === byte.lf || value === byte.cr) {
        if (this.#inString) {
          this.state = 'broken';
          return i;
        }
        this.#lineBytes = 0;
        continue;
      }
      if (this.#lineBytes >= 0 && this.#beginsField(value)) {
        this.state = 'field';
        return i + 1;
      }
      if (this.#inString) this.#stringByte(value);
      else if (value === byte.quote) this.#inString = true;
      else if (value === byte.openBrace || value === byte.openBracket) this.#depth++;
      else if ((value === byte.closeBrace || value === byte.closeBracket) && --this.#depth <= 0) {
        this.state = 'closed';
        return i + 1;
      }
    }
    return bytes.length;
  }

  #stringByte(value: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (value === byte.backslash) this.#escaped = true;
    else if (value === byte.quote) this.#inString = false;
  }

  #beginsField(value: number): boolean {
    const at = this.#lineBytes;
    if (at === 0) this.#candidate = fieldPrefixes.find((prefix) => prefix[0] === value);
    if (this.#candidate?.[at] !== value) {
      this.#lineBytes = -1;
      return false;
    }
    this.#lineBytes = at + 1;
    return this.#lineBytes === this.#candidate.length;
  }
}
