import { expect, test } from 'vitest';
import { tickLabel, ticks, tickStep } from '../../../../../src/renderer/ui/time/ruler.ts';
import { TimeScale } from '../../../../../src/renderer/ui/time/timeScale.ts';

test.each([
  [1, 1],
  [3, 5],
  [700, 1_000],
  [210_000, 500_000],
  [11e6, 20e6],
  [51e6, 60e6],
  [400e6, 600e6],
  [90_000e6, 172_800e6],
])('a tick for at least %d µs every %d µs', (least, step) => {
  expect(tickStep(least)).toBe(step);
});

test.each([
  [0, 500_000, '0.0 s'],
  [500_000, 500_000, '0.5 s'],
  [1_250_000, 50_000, '1.25 s'],
  [1_000_100, 100, '1.0001 s'],
  [90e6, 10e6, '90.0 s'],
  [90e6, 60e6, '1:30'],
  [3_725e6, 60e6, '1:02:05'],
])('%d µs in steps of %d µs reads %s', (micros, step, label) => {
  expect(tickLabel(micros, step)).toBe(label);
});

test('ticks lie on the scale and are no closer than asked', () => {
  const scale = new TimeScale({ fromMicros: 1_234_567, toMicros: 7_654_321 }, 0, 900);
  const found = ticks(scale, 90);
  expect(found.length).toBeGreaterThan(3);
  for (const [i, tick] of found.entries()) {
    expect(tick.micros).toBeGreaterThanOrEqual(scale.fromMicros);
    expect(tick.micros).toBeLessThanOrEqual(scale.toMicros);
    const before = found[i - 1];
    if (before !== undefined) expect(scale.x(tick.micros) - scale.x(before.micros)).toBeGreaterThanOrEqual(90);
  }
});
