/** In the unit of the values. */
export interface Spread {
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
  readonly count: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? NaN;
  return { p50: at(0.5), p99: at(0.99), most: at(1), count: sorted.length };
}
