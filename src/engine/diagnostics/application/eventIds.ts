import { byte, hasAsciiAt, isDigit } from '../../bytes/ascii.ts';
import { WordSearch, type NativeSearch } from '../../bytes/wordSearch.ts';

const longestId = 15;
const idLineWord = '\nid:';
const idLine = new WordSearch(idLineWord);

/** Two event ids that follow each other without going up. */
export interface IdFall {
  readonly before: number;
  readonly after: number;
}

/** Follows the ids of an event stream, as long as all of them are whole numbers. */
export class EventIds {
  #last: number | null = null;
  #areNumbers = true;
  readonly #native: NativeSearch | undefined;
  /** Where the next `id` line after the first line of a block is, in the bytes that were looked at last. */
  #searched: Uint8Array | undefined;
  #from = 0;
  #next = -1;

  constructor(native?: NativeSearch) {
    this.#native = native;
  }

  /** The id of a block whose bytes were not looked at. */
  passOver(): void {
    this.#last = null;
  }

  /** A block with an id of its own, in `[start, end)`. Answers with the fall that it is, if it is one. */
  take(bytes: Uint8Array, start: number, end: number): IdFall | undefined {
    if (!this.#areNumbers) return undefined;
    const id = this.#idOf(bytes, start, end);
    const before = this.#last;
    this.#last = id;
    if (id === null) {
      this.#areNumbers = false;
      return undefined;
    }
    return before !== null && id <= before ? { before, after: id } : undefined;
  }

  /** The block's id where it is a whole number in decimal; null where it is anything else. The last `id` line counts. */
  #idOf(bytes: Uint8Array, start: number, end: number): number | null {
    let line = hasAsciiAt(bytes, start, 'id:') ? start : -1;
    const last = end - idLineWord.length;
    for (let lf = this.#lineAfter(bytes, start); lf <= last; lf = this.#lineAfter(bytes, line)) line = lf + 1;
    return line < 0 ? null : wholeNumber(bytes, bytes[line + 3] === byte.space ? line + 4 : line + 3, end);
  }

  /** One search serves all blocks up to what it finds. Infinity where there is no more. */
  #lineAfter(bytes: Uint8Array, from: number): number {
    if (bytes !== this.#searched || from < this.#from || this.#next < from) {
      const found = idLine.findNext(bytes, from, this.#native);
      this.#searched = bytes;
      this.#next = found < 0 ? Infinity : found;
    }
    this.#from = from;
    return this.#next;
  }
}

/** The digits from `start` to the end of the line; null where there is anything else, or too much. */
function wholeNumber(bytes: Uint8Array, start: number, end: number): number | null {
  let value = 0;
  for (let at = start; at < end; at++) {
    const letter = bytes[at] as number;
    if (letter === byte.lf || letter === byte.cr) return at === start ? null : value;
    if (!isDigit(letter) || at - start === longestId) return null;
    value = value * 10 + letter - 0x30;
  }
  return null;
}
