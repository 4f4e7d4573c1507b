import type { Distribution } from '../../shared/runs.ts';

const bins = 24;
/** Nothing is measured finer than this, in any unit. */
const finestWidth = 1e-6;

/** Nearest-rank percentile of sorted values, `share` in (0, 1]; null without values. */
export function nearestRank(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1] ?? null;
}

/** Known values in ascending order, and how many are not known. */
function sortedValues(values: Iterable<number | null>): {
  readonly sorted: readonly number[];
  readonly unknown: number;
} {
  const sorted: number[] = [];
  let unknown = 0;
  for (const value of values) {
    if (value === null) unknown++;
    else sorted.push(value);
  }
  sorted.sort((x, y) => x - y);
  return { sorted, unknown };
}

/** @param edges of the histogram; left out: `niceEdges` of the values */
export function distributionOf(
  values: Iterable<number | null>,
  edges?: readonly number[],
): Distribution & { readonly sorted: readonly number[] } {
  const { sorted, unknown } = sortedValues(values);
  const min = sorted[0] ?? null;
  const max = sorted[sorted.length - 1] ?? null;
  const used = edges ?? niceEdges(min, max);
  return {
    sorted,
    count: sorted.length,
    unknown,
    min,
    p50: nearestRank(sorted, 0.5),
    p90: nearestRank(sorted, 0.9),
    p99: nearestRank(sorted, 0.99),
    max,
    mean: meanOf(sorted),
    histogram: { edges: used, counts: histogram(sorted, used) },
  };
}

/** A running mean: it stays between the values, however large their sum. */
function meanOf(values: readonly number[]): number | null {
  let mean = 0;
  let count = 0;
  for (const value of values) {
    count++;
    mean += (value - mean) / count;
  }
  return count === 0 ? null : mean;
}

/** At most 25 bins of a width of 1, 2 or 5 times a power of ten that cover all values; none without values. */
export function niceEdges(min: number | null, max: number | null): readonly number[] {
  if (min === null || max === null) return [];
  const width = niceWidth((max - min) / bins, Math.max(Math.abs(min), Math.abs(max)));
  const from = Math.floor(min / width);
  const to = Math.max(from + 1, Math.ceil(max / width));
  return Array.from({ length: to - from + 1 }, (_, i) => (from + i) * width);
}

/** The next of 1, 2, 5 × 10ⁿ that is at least `width`; for equal values, at least a tenth of their size. */
function niceWidth(width: number, size: number): number {
  const least = Math.max(finestWidth, width > size * 1e-9 ? width : size === 0 ? 1 : size / 10);
  const power = 10 ** Math.floor(Math.log10(least));
  for (const step of [1, 2, 5]) if (step * power >= least) return step * power;
  return 10 * power;
}

function histogram(sorted: readonly number[], edges: readonly number[]): readonly number[] {
  const counts = new Array<number>(Math.max(0, edges.length - 1)).fill(0);
  let bin = 0;
  for (const value of sorted) {
    while (bin < counts.length - 1 && value >= (edges[bin + 1] as number)) bin++;
    if (counts.length > 0) counts[bin] = (counts[bin] as number) + 1;
  }
  return counts;
}
