import type { JsonDifference } from '../../../shared/compare.ts';
import { canonicalJson, LongNumber } from './jsonForm.ts';

const listedAtMost = 1_000;
const shownUnits = 400;
/** Units of canonical text that may be made to find out where the elements of a list have moved to. */
const looksAtMost = 2_000_000;
/** Deeper elements of lists of different lengths count as different. */
const comparedLevels = 512;

/**
 * What has to be added, removed and changed to make the right value of the left one, in the order of the left one's
 * keys. Lists of different lengths are compared from both ends, so that one inserted element is one difference.
 * Recurses once a level: `fitsLevels` has to hold for both.
 * @param ignored keys that do not count, at any level
 */
export function compareJson(
  left: unknown,
  right: unknown,
  ignored: ReadonlySet<string>,
): { readonly differences: readonly JsonDifference[]; readonly total: number } {
  const walk = new Walk(ignored);
  walk.compare('', left, right);
  return { differences: walk.differences, total: walk.total };
}

class Walk {
  readonly differences: JsonDifference[] = [];
  total = 0;
  #looksLeft = looksAtMost;
  readonly #ignored: ReadonlySet<string>;

  constructor(ignored: ReadonlySet<string>) {
    this.#ignored = ignored;
  }

  compare(path: string, left: unknown, right: unknown): void {
    if (Array.isArray(left) && Array.isArray(right)) {
      this.#compareLists(path, left as readonly unknown[], right as readonly unknown[]);
    } else if (isPlainObject(left) && isPlainObject(right)) {
      this.#compareObjects(path, left, right);
    } else if (!isSameValue(left, right)) {
      this.#found(path, left, right);
    }
  }

  #compareObjects(path: string, left: PlainObject, right: PlainObject): void {
    for (const key of Object.keys(left)) {
      if (this.#ignored.has(key)) continue;
      const place = `${path}/${escaped(key)}`;
      if (Object.hasOwn(right, key)) this.compare(place, left[key], right[key]);
      else this.#found(place, left[key], undefined);
    }
    for (const key of Object.keys(right)) {
      if (!this.#ignored.has(key) && !Object.hasOwn(left, key)) {
        this.#found(`${path}/${escaped(key)}`, undefined, right[key]);
      }
    }
  }

  #compareLists(path: string, left: readonly unknown[], right: readonly unknown[]): void {
    const shorter = Math.min(left.length, right.length);
    let start = 0;
    let end = 0;
    if (left.length !== right.length) {
      while (start < shorter && this.#isEqual(left[start], right[start])) start++;
      while (end < shorter - start && this.#isEqual(left[left.length - 1 - end], right[right.length - 1 - end])) {
        end++;
      }
    }
    const leftEnd = left.length - end;
    const rightEnd = right.length - end;
    for (let i = start; i < Math.max(leftEnd, rightEnd); i++) {
      const place = `${path}/${String(i)}`;
      if (i >= rightEnd) this.#found(place, left[i], undefined);
      else if (i >= leftEnd) this.#found(place, undefined, right[i]);
      else this.compare(place, left[i], right[i]);
    }
  }

  /** Whole values by their canonical text, while there is budget; without it they count as different. */
  #isEqual(left: unknown, right: unknown): boolean {
    if (!isContainer(left) || !isContainer(right)) return isSameValue(left, right);
    const a = canonicalJson(left, this.#ignored, comparedLevels);
    const b = canonicalJson(right, this.#ignored, comparedLevels);
    this.#looksLeft -= (a?.length ?? looksAtMost) + (b?.length ?? looksAtMost);
    return this.#looksLeft > 0 && a !== undefined && a === b;
  }

  #found(path: string, left: unknown, right: unknown): void {
    this.total++;
    if (this.differences.length === listedAtMost) return;
    const kind = left === undefined ? 'added' : right === undefined ? 'removed' : 'changed';
    this.differences.push({ path, kind, left: shown(left), right: shown(right) });
  }
}

type PlainObject = Readonly<Record<string, unknown>>;

function isContainer(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !(value instanceof LongNumber);
}

function isPlainObject(value: unknown): value is PlainObject {
  return isContainer(value) && !Array.isArray(value);
}

/** Values of which at least one is no container, or a list beside an object. */
function isSameValue(left: unknown, right: unknown): boolean {
  if (left instanceof LongNumber && right instanceof LongNumber) return left.source === right.source;
  return left === right;
}

/** RFC 6901 §4. */
function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

const everything: ReadonlySet<string> = new Set();
const shownLevels = 32;

function shown(value: unknown): string | null {
  if (value === undefined) return null;
  const text = canonicalJson(value, everything, shownLevels) ?? (Array.isArray(value) ? '[…]' : '{…}');
  return text.length <= shownUnits ? text : `${text.slice(0, shownUnits)}…`;
}
