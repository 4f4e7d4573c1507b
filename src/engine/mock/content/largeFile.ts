import { seededRandom } from '../random.ts';
import type { MockStep } from '../step.ts';

const lineBytes = 64;
/** Digits of the offset that each line begins with. */
const offsetDigits = 15;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const letters = new TextEncoder().encode(alphabet);
const zero = 0x30;
const space = 0x20;
const lineFeed = 0x0a;

/**
 * The bytes [from, to) of a file without end: lines of 64 bytes that each begin with their own offset, so that a part
 * put in the wrong place is seen at once. Every part is made without what lies before it.
 */
function largeFilePart(seed: number, from: number, to: number): Uint8Array {
  const first = Math.floor(from / lineBytes);
  const last = Math.ceil(to / lineBytes);
  const lines = new Uint8Array((last - first) * lineBytes);
  for (let line = first; line < last; line++) writeLine(lines, (line - first) * lineBytes, seed, line);
  return lines.subarray(from - first * lineBytes, to - first * lineBytes);
}

function writeLine(into: Uint8Array, at: number, seed: number, line: number): void {
  let offset = line * lineBytes;
  for (let digit = offsetDigits - 1; digit >= 0; digit--) {
    const rest = Math.floor(offset / 10);
    into[at + digit] = zero + offset - rest * 10;
    offset = rest;
  }
  into[at + offsetDigits] = space;
  const random = seededRandom(seed, line);
  const end = at + lineBytes - 1;
  for (let i = at + offsetDigits + 1; i < end;) {
    // Five letters of 6 bits from each number of 30 bits.
    for (let bits = random.below(0x4000_0000), k = 0; k < 5 && i < end; k++, bits >>>= 6) {
      into[i++] = letters[bits & 63] ?? zero;
    }
  }
  into[end] = lineFeed;
}

/** [from, to) in chunks of `chunkSize` that begin where those of the whole file begin. Nothing is held. */
export function* largeFileSteps(
  seed: number,
  from: number,
  to: number,
  chunkSize: number,
  delayMillis: number,
): Generator<MockStep, void, undefined> {
  for (let at = from; at < to;) {
    const end = Math.min(to, (Math.floor(at / chunkSize) + 1) * chunkSize);
    yield { delayMillis: at === from ? 0 : delayMillis, bytes: largeFilePart(seed, at, end) };
    at = end;
  }
}
