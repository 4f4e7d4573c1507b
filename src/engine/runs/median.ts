/**
 * Position (from 0) of the nearest-rank median among `count` sorted values: the ⌈count/2⌉-th, which is always one of
 * the values (`metrics.md`).
 */
export function medianIndex(count: number): number {
  return Math.ceil(count / 2) - 1;
}

/** log(k!) for k = 0…n. */
function logFactorials(n: number): Float64Array {
  const logs = new Float64Array(n + 1);
  for (let k = 2; k <= n; k++) logs[k] = (logs[k - 1] as number) + Math.log(k);
  return logs;
}

/** Terms this much smaller than the sum so far add nothing. */
const negligible = 1e-17;

/** P(X ≥ least) for X ~ Binomial(n, p), 1 ≤ least ≤ n. */
function atLeast(least: number, n: number, p: number, logs: Float64Array): number {
  if (p <= 0) return 0;
  if (p >= 1) return 1;
  const odds = p / (1 - p);
  const term = (k: number): number =>
    Math.exp(
      (logs[n] as number) - (logs[k] as number) - (logs[n - k] as number) + k * Math.log(p) + (n - k) * Math.log1p(-p),
    );
  // The smaller of the two tails: its terms fall from the first on, and its sum loses nothing by cancellation.
  if (least > n * p) {
    let sum = 0;
    let next = term(least);
    for (let k = least; k <= n && next > sum * negligible; k++) {
      sum += next;
      next *= ((n - k) / (k + 1)) * odds;
    }
    return sum;
  }
  let sum = 0;
  let next = term(least - 1);
  for (let k = least - 1; k >= 0 && next > sum * negligible; k--) {
    sum += next;
    next *= k / (n - k + 1) / odds;
  }
  return 1 - sum;
}

/**
 * With which probability each of `count` sorted values is the median of a bootstrap sample (`count` draws with
 * replacement): weight k is P(Binomial(n, k/n) ≥ m) − P(Binomial(n, (k−1)/n) ≥ m) with m = ⌈n/2⌉.
 *
 * Source: B. Efron, "Bootstrap Methods: Another Look at the Jackknife", Annals of Statistics 7 (1979), §3, where this
 * is worked out for the median: no resampling, so no seed and no error of simulation.
 */
export function bootstrapMedianWeights(count: number): Float64Array {
  const logs = logFactorials(count);
  const weights = new Float64Array(count);
  const rank = medianIndex(count) + 1;
  let before = 0;
  for (let k = 1; k <= count; k++) {
    const upTo = atLeast(rank, count, k / count, logs);
    weights[k - 1] = Math.max(0, upTo - before);
    before = upTo;
  }
  return weights;
}
