import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bootstrapMedianWeights, medianIndex } from '../../../../src/engine/runs/median.ts';
import { medianDifference } from '../../../../src/engine/runs/medianDifference.ts';

/** How often each of n values is the nearest-rank median among all n^n samples with replacement. */
function weightsByEnumeration(n: number): number[] {
  const counts = new Array<number>(n).fill(0);
  const total = n ** n;
  for (let sample = 0; sample < total; sample++) {
    const drawn = Array.from({ length: n }, (_, i) => Math.floor(sample / n ** i) % n).sort((x, y) => x - y);
    counts[drawn[medianIndex(n)]!]!++;
  }
  return counts.map((count) => count / total);
}

describe('the bootstrap distribution of a median', () => {
  it.each([1, 2, 3, 4, 5, 6])('is that of all samples of %i values', (n) => {
    const expected = weightsByEnumeration(n);
    bootstrapMedianWeights(n).forEach((weight, i) => {
      expect(weight).toBeCloseTo(expected[i]!, 12);
    });
  });

  it('is worked out by hand for three values: 7, 13 and 7 of 27', () => {
    expect([...bootstrapMedianWeights(3)].map((weight) => Math.round(weight * 27 * 1e9) / 1e9)).toEqual([7, 13, 7]);
  });

  it('adds up to 1 for as many values as a set has runs', () => {
    for (const n of [10, 101, 1_000, 10_000]) {
      const weights = bootstrapMedianWeights(n);
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
      const heaviest = weights.indexOf(Math.max(...weights));
      expect(Math.abs(heaviest - medianIndex(n))).toBeLessThanOrEqual(1);
    }
  });
});

const sortedValues = (least: number) =>
  fc
    .array(fc.integer({ min: 0, max: 1_000 }), { minLength: least, maxLength: 40 })
    .map((values) => values.sort((x, y) => x - y));

/** The 2.5 % and 97.5 % quantiles of all weighted differences, by sorting them. */
function intervalByEnumeration(a: readonly number[], b: readonly number[]): { low: number; high: number } {
  const [weightsA, weightsB] = [bootstrapMedianWeights(a.length), bootstrapMedianWeights(b.length)];
  const pairs = a
    .flatMap((x, i) => b.map((y, j) => ({ difference: y - x, weight: weightsA[i]! * weightsB[j]! })))
    .sort((x, y) => x.difference - y.difference);
  const at = (share: number): number => {
    let sum = 0;
    for (const { difference, weight } of pairs) {
      sum += weight;
      if (sum >= share) return difference;
    }
    return pairs.at(-1)!.difference;
  };
  return { low: at(0.025), high: at(0.975) };
}

describe('the difference of two medians', () => {
  it('is exact for medians and has no interval with fewer than six values', () => {
    expect(medianDifference([1, 2, 3], [11, 12, 13])).toEqual({ difference: 10, interval: null });
    expect(medianDifference([], [1])).toEqual({ difference: null, interval: null });
  });

  it('has the interval that sorting all differences gives', () => {
    fc.assert(
      fc.property(sortedValues(6), sortedValues(6), (a, b) => {
        const { interval } = medianDifference(a, b);
        expect(interval).toEqual(intervalByEnumeration(a, b));
      }),
      { numRuns: 200 },
    );
  });

  it('encloses the difference, turns round with the sides and moves with the values', () => {
    fc.assert(
      fc.property(sortedValues(6), sortedValues(6), fc.integer({ min: 1, max: 500 }), (a, b, by) => {
        const { difference, interval } = medianDifference(a, b);
        expect(interval!.low).toBeLessThanOrEqual(difference!);
        expect(interval!.high).toBeGreaterThanOrEqual(difference!);
        const moved = medianDifference(
          a,
          b.map((value) => value + by),
        );
        expect(moved.interval).toEqual({ low: interval!.low + by, high: interval!.high + by });
        expect(medianDifference(b, a).difference).toBe(difference === 0 ? 0 : -difference!);
      }),
    );
  });

  it('covers the true difference of normal samples about as often as it says', () => {
    // Deterministic: quantiles of a normal distribution, shuffled by a fixed generator.
    let state = 1;
    const uniform = (): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return (state + 0.5) / 2 ** 32;
    };
    const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
    const sample = (n: number): number[] => Array.from({ length: n }, normal).sort((x, y) => x - y);
    let covered = 0;
    const trials = 400;
    for (let trial = 0; trial < trials; trial++) {
      const { interval } = medianDifference(sample(41), sample(31));
      if (interval!.low <= 0 && interval!.high >= 0) covered++;
    }
    expect(covered / trials).toBeGreaterThan(0.92);
    expect(covered / trials).toBeLessThan(0.99);
  });
});
