import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moved, wholeWindow, zoomed, type SideExtent } from '../../../../src/renderer/compare/pairWindow.ts';

const side = (originMicros: number, lastMicros: number): SideExtent => ({
  fromMicros: -originMicros,
  toMicros: lastMicros - originMicros,
  originMicros,
});
const unknown: SideExtent = { fromMicros: null, toMicros: null, originMicros: 0 };
const micros = fc.integer({ min: 0, max: 1e9 });
const extent = fc.tuple(micros, micros).map(([a, b]) => side(Math.min(a, b), Math.max(a, b)));

describe('the window of two timelines', () => {
  it('shows both from their start to their end, wherever they are aligned', () => {
    fc.assert(
      fc.property(extent, extent, (left, right) => {
        const whole = wholeWindow(left, right);
        for (const each of [left, right]) {
          expect(whole?.fromMicros).toBeLessThanOrEqual(each.fromMicros ?? NaN);
          expect(whole?.toMicros).toBeGreaterThanOrEqual(each.toMicros ?? NaN);
        }
        expect((whole?.toMicros ?? 0) - (whole?.fromMicros ?? 0)).toBeGreaterThan(0);
      }),
    );
  });

  it('shows the one whose times are known, and none where neither is', () => {
    expect(wholeWindow(unknown, side(10, 100))).toMatchObject({ fromMicros: -10 });
    expect(wholeWindow(unknown, unknown)).toBeNull();
  });

  it('stays within the whole however it is zoomed and moved, and is never empty', () => {
    const step = fc.oneof(
      fc.record({
        factor: fc.double({ min: 0.1, max: 50, noNaN: true }),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      fc.record({ by: fc.double({ min: -2, max: 2, noNaN: true }) }),
    );
    fc.assert(
      fc.property(extent, extent, fc.array(step, { maxLength: 20 }), (left, right, steps) => {
        const whole = wholeWindow(left, right);
        if (whole === null) throw new Error('both have times');
        let window = whole;
        for (const each of steps) {
          const width = window.toMicros - window.fromMicros;
          if ('by' in each) window = moved(window, whole, each.by * width);
          else window = zoomed(window, whole, window.fromMicros + each.share * width, each.factor) ?? whole;
          expect(window.fromMicros).toBeGreaterThanOrEqual(whole.fromMicros - 0.001);
          expect(window.toMicros).toBeLessThanOrEqual(whole.toMicros + 0.001);
          expect(window.toMicros).toBeGreaterThan(window.fromMicros);
        }
      }),
    );
  });

  it('keeps the time under the pointer where it is', () => {
    const whole = { fromMicros: 0, toMicros: 1_000_000 };
    const closer = zoomed(whole, whole, 250_000, 2);
    expect(closer).toEqual({ fromMicros: 125_000, toMicros: 625_000 });
    expect(zoomed(closer ?? whole, whole, 250_000, 0.1)).toBeNull();
  });
});
