import type { GapStatistics } from '../../shared/recording.ts';
import type { Micros } from '../../shared/words.ts';

/** Gaps up to this many microseconds are counted one bucket per microsecond. */
const denseMicros = 65_536;
/** Buckets are made as they are needed, so many at a time. */
const pageBuckets = 256;
/** Values of a stream that are counted by value alone, before there are buckets. */
const sparseValues = 1_024;

/**
 * Exact distribution of gaps over any number of values. Of a long stream, gaps below 65.5 ms are counted in one bucket per
 * microsecond; longer ones (of which a stream can have at most fifteen a second), and the first thousand of any length,
 * one by one. So it takes memory by what it holds.
 */
export class GapCounter {
  readonly #pages: (Float64Array | undefined)[] = [];
  /** Weight by gap, for those without a bucket. */
  readonly #single = new Map<Micros, number>();
  #sorted: readonly (readonly [Micros, number])[] | undefined;
  #values = 0;
  #count = 0;
  #max = -1;

  get count(): number {
    return this.#count;
  }

  /** Adds `weight` values of `gapMicros`, an integer ≥ 0. */
  add(gapMicros: Micros, weight = 1): void {
    this.#count += weight;
    if (gapMicros > this.#max) this.#max = gapMicros;
    if (this.#values++ === sparseValues) this.#moveToBuckets();
    if (gapMicros < denseMicros && this.#values > sparseValues) {
      this.#addToBucket(gapMicros, weight);
    } else {
      this.#single.set(gapMicros, (this.#single.get(gapMicros) ?? 0) + weight);
      this.#sorted = undefined;
    }
  }

  #addToBucket(gapMicros: Micros, weight: number): void {
    const page = (this.#pages[Math.floor(gapMicros / pageBuckets)] ??= new Float64Array(pageBuckets));
    const bucket = gapMicros % pageBuckets;
    page[bucket] = (page[bucket] as number) + weight;
  }

  #moveToBuckets(): void {
    this.#sorted = undefined;
    for (const [gap, weight] of this.#single) {
      if (gap >= denseMicros) continue;
      this.#addToBucket(gap, weight);
      this.#single.delete(gap);
    }
  }

  /** The distribution, ascending: each gap that was seen and its weight, until `visit` answers false. */
  #each(visit: (gap: Micros, weight: number) => boolean): void {
    for (const [n, page] of this.#pages.entries()) {
      if (page === undefined) continue;
      for (let i = 0; i < pageBuckets; i++) {
        const weight = page[i] as number;
        if (weight > 0 && !visit(n * pageBuckets + i, weight)) return;
      }
    }
    // Where there are buckets, all single ones are longer.
    for (const [gap, weight] of this.#sortedSingle()) if (!visit(gap, weight)) return;
  }

  /** Nearest-rank percentile, `share` in (0, 1]; null without values. */
  percentile(share: number): Micros | null {
    if (this.#count === 0) return null;
    const rank = Math.max(1, Math.ceil(share * this.#count));
    let seen = 0;
    let found = this.#max;
    this.#each((gap, weight) => {
      seen += weight;
      found = gap;
      return seen < rank;
    });
    return found;
  }

  /** Sum of the weights of values above `gapMicros`. */
  countAbove(gapMicros: Micros): number {
    let above = 0;
    this.#each((gap, weight) => {
      if (gap > gapMicros) above += weight;
      return true;
    });
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
    let bin = 0;
    this.#each((gap, weight) => {
      while (bin < counts.length && gap >= (edgesMicros[bin + 1] as number)) bin++;
      if (bin < counts.length && gap >= (edgesMicros[bin] as number)) counts[bin] = (counts[bin] as number) + weight;
      return bin < counts.length;
    });
    return counts;
  }

  /** The distribution as (gap, weight) pairs, ascending, for keeping it. */
  toPairs(): number[] {
    const pairs: number[] = [];
    this.#each((gap, weight) => {
      pairs.push(gap, weight);
      return true;
    });
    return pairs;
  }

  static fromPairs(pairs: readonly number[]): GapCounter {
    const counter = new GapCounter();
    for (let i = 0; i + 1 < pairs.length; i += 2) counter.add(pairs[i] as number, pairs[i + 1]);
    return counter;
  }

  #sortedSingle(): readonly (readonly [Micros, number])[] {
    this.#sorted ??= [...this.#single].sort(([a], [b]) => a - b);
    return this.#sorted;
  }
}
