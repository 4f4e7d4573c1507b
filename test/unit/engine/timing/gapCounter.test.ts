import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GapCounter } from '../../../../src/engine/timing/gapCounter.ts';
import { StallRule } from '../../../../src/engine/timing/stallRule.ts';

const anyGaps = fc.array(fc.oneof(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 10_000_000 })), {
  minLength: 1,
  maxLength: 400,
});

describe('GapCounter', () => {
  it('gives the nearest-rank percentiles of all values, exactly', () => {
    fc.assert(
      fc.property(anyGaps, fc.double({ min: 0.001, max: 1, noNaN: true }), (gaps, share) => {
        const counter = new GapCounter();
        for (const gap of gaps) counter.add(gap);
        const sorted = [...gaps].sort((a, b) => a - b);
        expect(counter.percentile(share)).toBe(sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1]);
        expect(counter.statistics()).toMatchObject({ count: gaps.length, max: Math.max(...gaps) });
        expect(counter.countAbove(150)).toBe(gaps.filter((gap) => gap > 150).length);
      }),
      { numRuns: 60 },
    );
  });

  it('knows nothing, rather than zero, without values', () => {
    expect(new GapCounter().statistics()).toEqual({ count: 0, p50: null, p90: null, p99: null, max: null });
  });

  it('is the same again after it was kept', () => {
    const counter = new GapCounter();
    counter.add(5, 3);
    counter.add(2_000_000, 312);
    const restored = GapCounter.fromPairs(counter.toPairs());
    expect(restored.statistics()).toEqual(counter.statistics());
    expect(restored.countAbove(5)).toBe(312);
  });

  it('counts a histogram whose bins hold what their edges say', () => {
    const counter = new GapCounter();
    for (const gap of [0, 99, 100, 199, 70_000, 99_999, 100_000]) counter.add(gap);
    expect(counter.histogram([0, 100, 200, 70_000, 100_000])).toEqual([2, 2, 0, 2]);
  });
});

describe('the stall rule', () => {
  it('calls a gap a stall above one second and eight times the median before it', () => {
    const rule = new StallRule();
    for (let i = 0; i < 64; i++) expect(rule.judge(50_000)).toBe(false);
    expect(rule.judge(1_000_000)).toBe(false);
    expect(rule.judge(1_000_001)).toBe(true);
  });

  it('stays silent on a stream that is slow as a rule', () => {
    const rule = new StallRule();
    for (let i = 0; i < 64; i++) rule.judge(2_000_000);
    expect(rule.judge(16_000_000)).toBe(false);
    expect(rule.judge(16_000_001)).toBe(true);
  });

  it('judges by the previous 64 gaps alone', () => {
    const rule = new StallRule();
    for (let i = 0; i < 64; i++) rule.judge(3_000_000);
    for (let i = 0; i < 64; i++) rule.judge(1_000);
    expect(rule.judge(1_500_000)).toBe(true);
  });
});
