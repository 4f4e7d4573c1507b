import { bootstrapMedianWeights, medianIndex } from './median.ts';

/** Below this many values no two of them enclose a median with 95 % (1 − 2 · ½ⁿ, the sign test's interval). */
const valuesForInterval = 6;

const tail = 0.025;
/** Halvings after which two bounds of a double are next to each other. */
const halvings = 1_100;

export interface MedianDifference {
  /** Median of b − median of a; null where one of them has no value. */
  readonly difference: number | null;
  /** Null with fewer than six values on a side. */
  readonly interval: { readonly low: number; readonly high: number } | null;
}

/**
 * The difference of two independent medians (nearest rank) and its 95 % confidence interval.
 *
 * Method: the percentile interval of the exact bootstrap. The bootstrap distribution of each median is known in closed
 * form (`bootstrapMedianWeights`); that of the difference is the distribution of b_j − a_i with the product of their
 * weights, and the interval runs from its 2.5 % to its 97.5 % quantile. Nothing is drawn at random: equal values give
 * an equal interval. Source: B. Efron, Annals of Statistics 7 (1979), §3; percentile interval: B. Efron and R. J.
 * Tibshirani, "An Introduction to the Bootstrap" (1993), §13.3.
 *
 * @param a sorted ascending, finite
 * @param b sorted ascending, finite
 */
export function medianDifference(a: readonly number[], b: readonly number[]): MedianDifference {
  const medianA = a[medianIndex(a.length)];
  const medianB = b[medianIndex(b.length)];
  if (medianA === undefined || medianB === undefined) return { difference: null, interval: null };
  const difference = medianB - medianA;
  if (a.length < valuesForInterval || b.length < valuesForInterval) return { difference, interval: null };
  const weightsA = bootstrapMedianWeights(a.length);
  const weightsB = bootstrapMedianWeights(b.length);
  return {
    difference,
    interval: {
      low: quantile(a, weightsA, b, weightsB, tail),
      high: quantile(a, weightsA, b, weightsB, 1 - tail),
    },
  };
}

/** The smallest b_j − a_i whose cumulative weight reaches `share`. Linear in the values for each halving. */
function quantile(
  a: readonly number[],
  weightsA: Float64Array,
  b: readonly number[],
  weightsB: Float64Array,
  share: number,
): number {
  const first = (b[0] as number) - (a[a.length - 1] as number);
  if (reached(a, weightsA, b, weightsB, first).weight >= share) return first;
  let below = first;
  let above = (b[b.length - 1] as number) - (a[0] as number);
  for (let i = 0; i < halvings; i++) {
    const middle = below + (above - below) / 2;
    if (middle <= below || middle >= above) break;
    if (reached(a, weightsA, b, weightsB, middle).weight >= share) above = middle;
    else below = middle;
  }
  return reached(a, weightsA, b, weightsB, above).largest;
}

/** Weight of all b_j − a_i ≤ `limit`, and the largest of them. */
function reached(
  a: readonly number[],
  weightsA: Float64Array,
  b: readonly number[],
  weightsB: Float64Array,
  limit: number,
): { readonly weight: number; readonly largest: number } {
  let weight = 0;
  let largest = -Infinity;
  let within = 0;
  let next = 0;
  for (let i = 0; i < a.length; i++) {
    const from = a[i] as number;
    while (next < b.length && (b[next] as number) - from <= limit) {
      within += weightsB[next] as number;
      next++;
    }
    if (next > 0) largest = Math.max(largest, (b[next - 1] as number) - from);
    weight += (weightsA[i] as number) * within;
  }
  return { weight, largest };
}
