/**
 * UTF-8 well-formedness over a stream of chunks, by the decoder of the Encoding Standard §8.1.1: overlong forms,
 * surrogates and code points above U+10FFFF are not UTF-8, and what counts as one bad sequence is what a decoder
 * replaces by one U+FFFD.
 */

/** Answers whether `bytes` is well-formed UTF-8 as a whole. */
export type IsUtf8 = (bytes: Uint8Array) => boolean;

/** Told of each bad sequence: absolute body offset and length in bytes, in stream order. */
export type BadSequenceListener = (offset: number, length: number) => void;

const fatalDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Below this many bytes a loop is cheaper than crossing into native code. */
const loopBelowBytes = 24;

/** The check for hosts that lend no native one. */
export function isUtf8(bytes: Uint8Array): boolean {
  try {
    fatalDecoder.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Checks a stream. Fed every byte once, in order; reports each bad sequence once, wherever the chunks were split. */
export class Utf8Checker {
  readonly #report: BadSequenceListener;
  readonly #isUtf8: IsUtf8;
  /** Continuation bytes the pending character still wants, and how many of its bytes were seen. */
  #wanted = 0;
  #seen = 0;
  #lower = 0x80;
  #upper = 0xbf;

  constructor(report: BadSequenceListener, check: IsUtf8 = isUtf8) {
    this.#report = report;
    this.#isUtf8 = check;
  }

  /** @param offset body offset of the first byte; each call continues where the one before ended */
  push(bytes: Uint8Array, offset: number): void {
    let from = 0;
    while (this.#wanted > 0 && from < bytes.length) {
      this.#step(bytes, from, from + 1, offset);
      from++;
    }
    const whole = bytes.length - unfinishedTail(bytes, from);
    if (whole - from < loopBelowBytes) {
      this.#step(bytes, from, bytes.length, offset);
      return;
    }
    const body = from === 0 && whole === bytes.length ? bytes : bytes.subarray(from, whole);
    this.#step(bytes, this.#isUtf8(body) ? whole : from, bytes.length, offset);
  }

  /**
   * The stream is over.
   * @returns bytes of a character that was cut off by the end; 0 for none
   */
  end(): number {
    const seen = this.#wanted > 0 ? this.#seen : 0;
    this.#wanted = 0;
    return seen;
  }

  #step(bytes: Uint8Array, from: number, to: number, offset: number): void {
    let at = from;
    while (at < to) {
      const byte = bytes[at] as number;
      if (this.#wanted === 0) {
        if (byte >= 0x80) this.#lead(byte, offset + at);
        at++;
      } else if (byte < this.#lower || byte > this.#upper) {
        // The byte may begin a character of its own, so it is looked at again.
        this.#report(offset + at - this.#seen, this.#seen);
        this.#wanted = 0;
      } else {
        this.#lower = 0x80;
        this.#upper = 0xbf;
        this.#seen++;
        this.#wanted--;
        at++;
      }
    }
  }

  #lead(byte: number, offset: number): void {
    if (byte < 0xc2 || byte > 0xf4) {
      this.#report(offset, 1);
      return;
    }
    this.#seen = 1;
    this.#wanted = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    this.#lower = byte === 0xe0 ? 0xa0 : byte === 0xf0 ? 0x90 : 0x80;
    this.#upper = byte === 0xed ? 0x9f : byte === 0xf4 ? 0x8f : 0xbf;
  }
}

/** Bytes at the end of `bytes` that may be the beginning of a character whose rest has yet to come: 0…3. */
function unfinishedTail(bytes: Uint8Array, from: number): number {
  for (let back = 1; back <= 3 && bytes.length - back >= from; back++) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    const length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return length > back ? back : 0;
  }
  return 0;
}

/** True for a byte that continues a character (10xxxxxx). */
export function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}
