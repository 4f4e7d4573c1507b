import { byte, isDigit } from '../bytes/ascii.ts';
import { suspectDigits } from './jsonElement.ts';

/** Bytes that matter outside strings: quote, brackets, colon, comma, digits. */
const structural = new Uint8Array(256);
for (const value of [
  byte.quote,
  byte.openBrace,
  byte.openBracket,
  byte.closeBrace,
  byte.closeBracket,
  byte.colon,
  byte.comma,
]) {
  structural[value] = 1;
}
for (let digit = 0x30; digit <= 0x39; digit++) structural[digit] = 1;

/** Bytes that matter inside strings. A raw LF cannot be in a string: it ends one that was never closed. */
const inString = new Uint8Array(256);
inString[byte.quote] = 1;
inString[byte.backslash] = 1;
inString[byte.lf] = 1;

const keptDigitRuns = 16;

/** Told of brackets near the top of a value, where a list inside an object is looked for. */
export interface BracketListener {
  /** @param depth of brackets before this one opened. True: stop the scan here, before the bracket. */
  opened(bracket: number, depth: number, offset: number): boolean;
  /** @param depth of brackets left open */
  closed(depth: number, offset: number): void;
}

/** Levels near the top of a value that a `BracketListener` is told of. */
const listenedLevels = 3;

/**
 * Follows one JSON value to its end by quotes and brackets only; what is between them is judged when the value is
 * whole. Keeps its place between chunks.
 */
export class JsonStructure {
  readonly #limit: number;
  /** The opening brackets of the levels within the limit. */
  readonly #open: Uint8Array;
  #depth = 0;
  #inString = false;
  #isEscaped = false;
  #colons = 0;
  #digits = 0;
  #digitRuns: number[] = [];
  #isTooDeep = false;
  #isAfterColon = false;
  #isStopped = false;
  #isBroken = false;

  /** @param jsonLevels deepest nesting that will be parsed */
  constructor(jsonLevels: number) {
    this.#limit = jsonLevels;
    this.#open = new Uint8Array(jsonLevels);
  }

  get colons(): number {
    return this.#colons;
  }

  get digitRuns(): readonly number[] {
    return this.#digitRuns;
  }

  get isTooDeep(): boolean {
    return this.#isTooDeep;
  }

  /** True after a `scan` that a listener stopped. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /**
   * True after a `scan` that ended at the `{` of another value: where a key must stand an object cannot begin, so a
   * bracket or quote of this value was never closed.
   */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** Begins a value. @param opened bracket that is open already, 0 for none */
  begin(opened = 0): void {
    this.#depth = opened === 0 ? 0 : 1;
    this.#open[0] = opened;
    this.#inString = false;
    this.#isEscaped = false;
    this.#colons = 0;
    this.#digits = 0;
    this.#digitRuns = [];
    this.#isTooDeep = false;
    this.#isAfterColon = false;
    this.#isStopped = false;
    this.#isBroken = false;
  }

  /**
   * Reads on from `from`.
   * @param isInArray a `]` that fits nothing inside the value closes what is around it, and so ends the value
   * @returns index after the value's last byte, or where the listener stopped; −1 when it goes on in the next chunk
   */
  scan(bytes: Uint8Array, from: number, offset: number, isInArray: boolean, listener?: BracketListener): number {
    const end = bytes.length;
    let i = from;
    this.#isStopped = false;
    if (this.#digits > 0 && !isDigit(bytes[from] as number)) this.#endDigits(offset + from);
    while (i < end) {
      if (this.#inString) {
        if (this.#isEscaped) {
          this.#isEscaped = false;
          i++;
        }
        while (i < end && inString[bytes[i] as number] === 0) i++;
        if (i >= end) break;
        const value = bytes[i] as number;
        if (value === byte.backslash) {
          this.#isEscaped = true;
          i++;
          continue;
        }
        this.#inString = false;
        if (this.#depth === 0) return value === byte.lf ? i : i + 1;
        i++;
        continue;
      }
      while (i < end && structural[bytes[i] as number] === 0) i++;
      if (i >= end) break;
      const value = bytes[i] as number;
      if (value === byte.quote) {
        this.#inString = true;
        this.#isAfterColon = false;
        i++;
      } else if (value === byte.colon) {
        this.#colons++;
        this.#isAfterColon = true;
        i++;
      } else if (value === byte.comma) {
        this.#isAfterColon = false;
        i++;
      } else if (value <= 0x39) {
        i = this.#digitRun(bytes, i, offset);
      } else if (value === byte.openBrace || value === byte.openBracket) {
        if (value === byte.openBrace && this.#isMemberMissing()) {
          this.#isBroken = true;
          return i;
        }
        this.#isAfterColon = false;
        if (listener !== undefined && this.#depth < listenedLevels && listener.opened(value, this.#depth, offset + i)) {
          this.#isStopped = true;
          return i;
        }
        if (this.#depth < this.#limit) this.#open[this.#depth] = value;
        else this.#isTooDeep = true;
        this.#depth++;
        i++;
      } else {
        if (this.#endsBefore(value, isInArray)) return i;
        this.#isAfterColon = false;
        i++;
        if (this.#depth === 0) return i;
        if (listener !== undefined && this.#depth < listenedLevels) listener.closed(this.#depth, offset + i - 1);
      }
    }
    return -1;
  }

  #isMemberMissing(): boolean {
    if (this.#isAfterColon || this.#depth === 0 || this.#depth > this.#limit) return false;
    return this.#open[this.#depth - 1] === byte.openBrace;
  }

  /** Closes levels. True when the bracket belongs to what is around the value, which is then broken. */
  #endsBefore(closer: number, isInArray: boolean): boolean {
    const opener = closer - 2;
    const inner = this.#depth - 1;
    if (inner >= this.#limit || this.#open[inner] === opener) {
      this.#depth = inner;
      return false;
    }
    for (let level = inner - 1; level >= 0; level--) {
      if (this.#open[level] === opener) {
        this.#depth = level;
        return false;
      }
    }
    if (isInArray && closer === byte.closeBracket) return true;
    this.#depth = inner;
    return false;
  }

  #digitRun(bytes: Uint8Array, from: number, offset: number): number {
    let i = from;
    while (i < bytes.length && isDigit(bytes[i] as number)) i++;
    this.#digits += i - from;
    if (i < bytes.length) this.#endDigits(offset + i);
    return i;
  }

  #endDigits(end: number): void {
    if (this.#digits >= suspectDigits && this.#digitRuns.length < 2 * keptDigitRuns) {
      this.#digitRuns.push(end - this.#digits, end);
    }
    this.#digits = 0;
  }
}
