import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distributionOf, nearestRank, niceEdges } from '../../../../src/engine/runs/distribution.ts';

describe('a distribution', () => {
  it('has nearest-rank percentiles, which are values of its own', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(distributionOf(hundred)).toMatchObject({
      count: 100,
      min: 1,
      p50: 50,
      p90: 90,
      p99: 99,
      max: 100,
      mean: 50.5,
    });
    expect(distributionOf([30, 10, 20, 40])).toMatchObject({ p50: 20, p90: 40, p99: 40, mean: 25 });
  });

  it('counts what is not known, and takes it for nothing', () => {
    expect(distributionOf([null, 7, null])).toMatchObject({ count: 1, unknown: 2, min: 7, p50: 7, p99: 7, mean: 7 });
    expect(distributionOf([null])).toMatchObject({
      count: 0,
      unknown: 1,
      min: null,
      p50: null,
      max: null,
      mean: null,
      histogram: { edges: [], counts: [] },
    });
  });

  it('has a histogram whose edges are round numbers', () => {
    expect(niceEdges(0, 240)).toEqual([
      0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120, 130, 140, 150, 160, 170, 180, 190, 200, 210, 220, 230, 240,
    ]);
    expect(distributionOf([0, 0.5, 1, 2], [0, 1, 2]).histogram).toEqual({ edges: [0, 1, 2], counts: [2, 2] });
  });

  it('puts every known value into exactly one bin, whatever the values are', () => {
    const value = fc.oneof(
      fc.constant(null),
      fc.integer({ min: 0, max: 1e9 }),
      fc.double({ min: 0, max: 1e7, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(value, { maxLength: 200 }), (values) => {
        const { sorted, count, unknown, min, max, mean, histogram } = distributionOf(values);
        expect(count + unknown).toBe(values.length);
        expect(histogram.counts.reduce((sum, each) => sum + each, 0)).toBe(count);
        expect(histogram.counts.length).toBeLessThanOrEqual(26);
        histogram.counts.forEach((each, bin) => {
          const [from, to] = [histogram.edges[bin]!, histogram.edges[bin + 1]!];
          const last = bin === histogram.counts.length - 1;
          expect(sorted.filter((x) => x >= from && (last || x < to)).length).toBe(each);
        });
        if (min === null || max === null || mean === null) return;
        expect(mean).toBeGreaterThanOrEqual(min - 1e-6);
        expect(mean).toBeLessThanOrEqual(max + 1e-6);
        for (const share of [0.5, 0.9, 0.99]) {
          const rank = nearestRank(sorted, share)!;
          expect(sorted.filter((x) => x <= rank).length).toBeGreaterThanOrEqual(share * count);
          expect(sorted.filter((x) => x < rank).length).toBeLessThan(share * count);
        }
      }),
    );
  });
});
