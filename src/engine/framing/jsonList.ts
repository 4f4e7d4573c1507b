import { byte, isJsonWhitespace } from '../bytes/ascii.ts';
import type { BracketListener } from './jsonStructure.ts';

/** Where a list of objects lies inside an object: body offsets. */
export interface FoundList {
  /** Of its `[`. */
  readonly listStart: number;
  /** The first object, when it is whole already; its `end` is after its last byte. */
  readonly first: { readonly start: number; readonly end: number } | undefined;
  /** Of the object that begins now. */
  readonly nextStart: number;
}

/**
 * Looks for a list of objects that is a direct member of the top-level object: `{"items":[{…},{…}]}`.
 *
 * With `objects` 2 it is a list once a second object begins: an answer like `{"choices":[{…}]}` stays one value.
 */
export class JsonListFinder implements BracketListener {
  found: FoundList | undefined;
  readonly #objects: number;
  #listStart = -1;
  #count = 0;
  #firstStart = -1;
  #firstEnd = -1;

  constructor(objects: 1 | 2) {
    this.#objects = objects;
  }

  opened(bracket: number, depth: number, offset: number): boolean {
    if (depth === 1) {
      this.#listStart = bracket === byte.openBracket ? offset : -1;
      this.#count = 0;
      return false;
    }
    if (depth !== 2 || this.#listStart < 0) return false;
    if (bracket !== byte.openBrace) {
      this.#listStart = -1;
      return false;
    }
    this.#count++;
    if (this.#count === 1) this.#firstStart = offset;
    if (this.#count < this.#objects) return false;
    const first = this.#count === 1 ? undefined : { start: this.#firstStart, end: this.#firstEnd };
    this.found = { listStart: this.#listStart, first, nextStart: offset };
    return true;
  }

  closed(depth: number, offset: number): void {
    if (depth === 2 && this.#count === 1) this.#firstEnd = offset + 1;
    else if (depth === 1) this.#listStart = -1;
  }
}

/** True when nothing but whitespace lies before the first object, and one comma between the first two. */
export function isCleanList(list: FoundList, bytes: Uint8Array, start: number, from: number): boolean {
  const commas = (since: number, until: number): number => {
    let count = 0;
    for (let offset = since; offset < until; offset++) {
      const value = bytes[from + offset - start] as number;
      if (value === byte.comma) count++;
      else if (!isJsonWhitespace(value)) return -1;
    }
    return count;
  };
  const { listStart, first, nextStart } = list;
  if (first === undefined) return commas(listStart + 1, nextStart) === 0;
  return commas(listStart + 1, first.start) === 0 && commas(first.end, nextStart) === 1;
}
