import type { GapStatistics } from '../../shared/recording.ts';
import type { Micros } from '../../shared/words.ts';

/** Gaps up to this many microseconds are counted one bucket per microsecond. */
const denseMicros = 65_536;

/**
 * Exact distribution of gaps over any number of values: gaps below 65.5 ms in one counter per microsecond, longer ones
 * (of which a stream can have at most fifteen a second) one by one.
 */
export class GapCounter {
  readonly #dense = new Float64Array(denseMicros);
  /** Weight by gap, for the long ones. */
  readonly #long = new Map<Micros, number>();
  #sorted: readonly (readonly [Micros, number])[] | undefined;
  #count = 0;
  #max = -1;

  get count(): number {
    return this.#count;
  }

  /** Adds `weight` values of `gapMicros`, an integer ≥ 0. */
  add(gapMicros: Micros, weight = 1): void {
    this.#count += weight;
    if (gapMicros > this.#max) this.#max = gapMicros;
    if (gapMicros < denseMicros) {
      this.#dense[gapMicros] = (this.#dense[gapMicros] as number) + weight;
    } else {
      this.#long.set(gapMicros, (this.#long.get(gapMicros) ?? 0) + weight);
      this.#sorted = undefined;
    }
  }

  /** Nearest-rank percentile, `share` in (0, 1]; null without values. */
  percentile(share: number): Micros | null {
    if (this.#count === 0) return null;
    const rank = Math.max(1, Math.ceil(share * this.#count));
    let seen = 0;
    for (let gap = 0; gap < denseMicros; gap++) {
      seen += this.#dense[gap] as number;
      if (seen >= rank) return gap;
    }
    for (const [gap, weight] of this.#sortedLong()) {
      seen += weight;
      if (seen >= rank) return gap;
    }
    return this.#max;
  }

  /** Sum of the weights of values above `gapMicros`. */
  countAbove(gapMicros: Micros): number {
    let above = 0;
    for (let gap = Math.floor(gapMicros) + 1; gap < denseMicros; gap++) above += this.#dense[gap] as number;
    for (const [gap, weight] of this.#long) if (gap > gapMicros) above += weight;
    return above;
  }

  statistics(): GapStatistics {
    return {
      count: this.#count,
      p50: this.percentile(0.5),
      p90: this.percentile(0.9),
      p99: this.percentile(0.99),
      max: this.#count === 0 ? null : this.#max,
    };
  }

  /** Counts per bin `[edges[k], edges[k+1])`; edges ascend. Values outside the edges are left out. */
  histogram(edgesMicros: readonly Micros[]): number[] {
    const counts = new Array<number>(Math.max(0, edgesMicros.length - 1)).fill(0);
    const last = edgesMicros[edgesMicros.length - 1] ?? 0;
    let bin = 0;
    const place = (gap: number, weight: number): void => {
      while (bin < counts.length && gap >= (edgesMicros[bin + 1] as number)) bin++;
      if (bin < counts.length && gap >= (edgesMicros[bin] as number)) counts[bin] = (counts[bin] as number) + weight;
    };
    for (let gap = 0; gap < denseMicros && gap < last; gap++) {
      const weight = this.#dense[gap] as number;
      if (weight > 0) place(gap, weight);
    }
    for (const [gap, weight] of this.#sortedLong()) place(gap, weight);
    return counts;
  }

  /** The distribution as (gap, weight) pairs, ascending, for keeping it. */
  toPairs(): number[] {
    const pairs: number[] = [];
    for (let gap = 0; gap < denseMicros; gap++) {
      const weight = this.#dense[gap] as number;
      if (weight > 0) pairs.push(gap, weight);
    }
    for (const [gap, weight] of this.#sortedLong()) pairs.push(gap, weight);
    return pairs;
  }

  static fromPairs(pairs: readonly number[]): GapCounter {
    const counter = new GapCounter();
    for (let i = 0; i + 1 < pairs.length; i += 2) counter.add(pairs[i] as number, pairs[i + 1]);
    return counter;
  }

  #sortedLong(): readonly (readonly [Micros, number])[] {
    this.#sorted ??= [...this.#long].sort(([a], [b]) => a - b);
    return this.#sorted;
  }
}
