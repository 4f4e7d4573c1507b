import type { Micros } from '../../shared/words.ts';

const floorMicros = 1_000_000;
const factor = 8;
const remembered = 64;

/** The stall rule of `metrics.md`: a gap is a stall when it exceeds max(1 s, 8 × the median of the previous 64 gaps). */
export class StallRule {
  readonly #recent = new Float64Array(remembered);
  #filled = 0;
  #next = 0;

  /** Judges a gap against the gaps before it, then remembers it. */
  judge(gapMicros: Micros): boolean {
    const stall = gapMicros > floorMicros && gapMicros > factor * this.#median();
    this.#recent[this.#next] = gapMicros;
    this.#next = (this.#next + 1) % remembered;
    if (this.#filled < remembered) this.#filled++;
    return stall;
  }

  /** Of an even number, the lower middle one: a value that occurred. */
  #median(): number {
    if (this.#filled === 0) return 0;
    const sorted = this.#recent.slice(0, this.#filled).sort();
    return sorted[(this.#filled - 1) >>> 1] as number;
  }
}
