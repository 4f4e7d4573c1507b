import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TimeScale } from '../../../../src/renderer/ui/time/timeScale.ts';
import {
  between,
  panned,
  revealing,
  shownWindow,
  wholeWindow,
  zoomed,
} from '../../../../src/renderer/timeline/timeWindow.ts';

const end = 10_000_000;

describe('scale', () => {
  test('maps times to positions and back', () => {
    const scale = new TimeScale({ fromMicros: 1_000, toMicros: 3_000 }, 50, 200);
    expect(scale.x(2_000)).toBe(150);
    expect(scale.micros(150)).toBe(2_000);
    expect(scale.clampedX(9_000)).toBe(250);
  });

  test('refuses a window that nothing can be drawn on', () => {
    expect(() => new TimeScale({ fromMicros: 1, toMicros: 1 }, 0, 10)).toThrow(RangeError);
    expect(() => new TimeScale({ fromMicros: 1, toMicros: NaN }, 0, 10)).toThrow(RangeError);
  });
});

describe('what is shown', () => {
  test('everything unless a window was chosen', () => {
    expect(shownWindow(null, { endMicros: end, live: true }, true)).toEqual(wholeWindow(end));
    const chosen = { fromMicros: 5, toMicros: 1_005 };
    expect(shownWindow(chosen, { endMicros: end, live: false }, true)).toBe(chosen);
    expect(shownWindow(chosen, { endMicros: end, live: true }, false)).toBe(chosen);
  });

  test('a followed window keeps its width and ends just behind the live end', () => {
    const shown = shownWindow({ fromMicros: 0, toMicros: 1_000_000 }, { endMicros: end, live: true }, true);
    expect(shown.toMicros - shown.fromMicros).toBe(1_000_000);
    expect(shown.toMicros).toBeGreaterThanOrEqual(end);
    expect(shown.fromMicros).toBeLessThan(end);
  });

  test('an empty recording has a second', () => {
    expect(wholeWindow(0)).toEqual({ fromMicros: 0, toMicros: 1_000_000 });
  });
});

describe('moving', () => {
  const windows = fc
    .tuple(fc.integer({ min: 0, max: end - 1_000 }), fc.integer({ min: 400, max: end }))
    .map(([from, width]) => ({ fromMicros: from, toMicros: Math.min(end, from + width) }));

  test('zooming keeps the time under the pointer where it is, away from the ends', () => {
    const window = { fromMicros: 4_000_000, toMicros: 6_000_000 };
    const before = new TimeScale(window, 0, 1_000);
    const after = new TimeScale(zoomed(window, before.micros(250), 2, end)!, 0, 1_000);
    expect(after.x(before.micros(250))).toBeCloseTo(250, 6);
  });

  test('zooming out as far as everything is fitting', () => {
    expect(zoomed({ fromMicros: 0, toMicros: 9_000_000 }, 1_000, 0.5, end)).toBeNull();
  });

  test('no zoom or pan leaves the recording, turns round or gets too narrow to draw', () => {
    fc.assert(
      fc.property(
        windows,
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        fc.integer({ min: -end, max: end }),
        (window, factor, by) => {
          const whole = wholeWindow(end);
          for (const result of [zoomed(window, window.fromMicros + 7, factor, end), panned(window, by, end)]) {
            if (result === null) continue;
            expect(result.fromMicros).toBeGreaterThanOrEqual(whole.fromMicros);
            expect(result.toMicros).toBeLessThanOrEqual(whole.toMicros + 1e-3);
            expect(result.toMicros - result.fromMicros).toBeGreaterThan(199);
          }
        },
      ),
    );
  });

  test('revealing moves only what is out of sight', () => {
    const window = { fromMicros: 1_000_000, toMicros: 2_000_000 };
    expect(revealing(window, 1_500_000, end)).toBe(window);
    expect(revealing(window, 5_000_000, end)).toEqual({ fromMicros: 4_500_000, toMicros: 5_500_000 });
  });

  test('a span may be dragged either way', () => {
    expect(between(900, 100)).toEqual({ fromMicros: 100, toMicros: 900 });
    expect(between(5, 5)).toEqual({ fromMicros: 5, toMicros: 6 });
  });
});
