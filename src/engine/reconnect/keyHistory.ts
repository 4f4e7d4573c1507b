import { SeenKeys } from './seenKeys.ts';

/** What a key is, seen beside all keys before it. `missing` integers lie between `after` and it. */
export type KeyNovelty =
  | { readonly is: 'first' }
  | { readonly is: 'seen' }
  | { readonly is: 'next' }
  | { readonly is: 'after-hole'; readonly missing: number; readonly after: number }
  /** Not seen before; the keys do not count up one by one, so nobody can say whether others lie between. */
  | { readonly is: 'new' };

interface Run {
  readonly from: number;
  to: number;
}

/** Steps of one in a row before keys are taken for a count. */
const stepsForCount = 1;
/** Runs of a count that holes of reconnections divide; with more of them keys are kept one by one. */
const mostRuns = 10_000;

/**
 * All keys of a stream, for telling what a later connection repeats or leaves out. Keys that count up one by one take no
 * memory; others are kept as `SeenKeys` says.
 */
export class KeyHistory {
  readonly #runs: Run[] = [];
  readonly #seen = new SeenKeys();
  /** False once the keys of one connection were seen not to count up by one. */
  #counts = true;
  #steps = 0;
  #isFirst = true;

  /** Keys that are not known any more. */
  get forgotten(): number {
    return this.#seen.forgotten;
  }

  /** @param afterBorder no new key came in this connection yet */
  judge(key: string, afterBorder: boolean): KeyNovelty {
    const number = integerOf(key);
    if (this.#isFirst) {
      this.#isFirst = false;
      this.#add(key, number);
      return { is: 'first' };
    }
    if (this.#has(key, number)) return { is: 'seen' };
    const newest = this.#runs.at(-1);
    if (!this.#counts || number === undefined || newest === undefined) {
      this.#counts = false;
      this.#seen.add(key);
      return { is: 'new' };
    }
    if (number === newest.to + 1) {
      newest.to = number;
      this.#steps++;
      return { is: 'next' };
    }
    const isHole = afterBorder && this.#steps >= stepsForCount && number > newest.to && this.#runs.length < mostRuns;
    if (isHole) {
      const { to: after } = newest;
      this.#runs.push({ from: number, to: number });
      return { is: 'after-hole', missing: number - after - 1, after };
    }
    this.#counts = false;
    this.#seen.add(key);
    return { is: 'new' };
  }

  #add(key: string, number: number | undefined): void {
    if (number === undefined) {
      this.#counts = false;
      this.#seen.add(key);
    } else this.#runs.push({ from: number, to: number });
  }

  #has(key: string, number: number | undefined): boolean {
    if (number !== undefined && this.#runs.some(({ from, to }) => number >= from && number <= to)) return true;
    return this.#seen.has(key);
  }
}

/** The integer that a key is, written as integers are: `7`, not `07` or `7.0`. */
function integerOf(key: string): number | undefined {
  return /^(0|[1-9]\d{0,14})$/.test(key) ? Number(key) : undefined;
}
