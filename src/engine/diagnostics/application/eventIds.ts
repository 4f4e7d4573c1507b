import { byte } from '../../bytes/ascii.ts';

const longestId = 15;

/** Two event ids that follow each other without going up. */
export interface IdFall {
  readonly before: number;
  readonly after: number;
}

/** Follows the ids of an event stream, as long as all of them are whole numbers. */
export class EventIds {
  #last: number | null = null;
  #areNumbers = true;

  /** The id of a block whose bytes were not looked at. */
  passOver(): void {
    this.#last = null;
  }

  /** A block with an id of its own, in `[start, end)`. Answers with the fall that it is, if it is one. */
  take(bytes: Uint8Array, start: number, end: number): IdFall | undefined {
    if (!this.#areNumbers) return undefined;
    const id = idOf(bytes, start, end);
    const before = this.#last;
    this.#last = id;
    if (id === null) {
      this.#areNumbers = false;
      return undefined;
    }
    return before !== null && id <= before ? { before, after: id } : undefined;
  }
}

/** The block's id where it is a whole number in decimal; null where it is anything else. The last `id` line counts. */
function idOf(bytes: Uint8Array, start: number, end: number): number | null {
  let id: number | null = null;
  let at = start;
  while (at < end) {
    const lf = bytes.indexOf(byte.lf, at);
    const lineEnd = lf < 0 || lf > end ? end : lf;
    if (bytes[at] === 0x69 && bytes[at + 1] === 0x64 && bytes[at + 2] === byte.colon) {
      const valueEnd = bytes[lineEnd - 1] === byte.cr ? lineEnd - 1 : lineEnd;
      id = wholeNumber(bytes, bytes[at + 3] === byte.space ? at + 4 : at + 3, valueEnd);
    }
    at = lineEnd + 1;
  }
  return id;
}

function wholeNumber(bytes: Uint8Array, start: number, end: number): number | null {
  if (end <= start || end - start > longestId) return null;
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = (bytes[at] as number) - 0x30;
    if (digit < 0 || digit > 9) return null;
    value = value * 10 + digit;
  }
  return value;
}
