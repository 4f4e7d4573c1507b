import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeWindow, type Placement } from '../../../../../src/main/hosts/desktop/windowPlacement.ts';

const laptop = { x: 0, y: 25, width: 1_440, height: 875 };
const left = { x: -1_920, y: 0, width: 1_920, height: 1_080 };
const saved = (change: Partial<Placement>): Placement => ({
  x: 100,
  y: 100,
  width: 1_200,
  height: 700,
  isMaximized: false,
  isFullScreen: false,
  ...change,
});

describe('the place of the window', () => {
  it('is the middle of the first display at first, no larger than that', () => {
    expect(placeWindow(null, [laptop])).toEqual({
      x: 0,
      y: 25,
      width: 1_440,
      height: 875,
      isMaximized: false,
      isFullScreen: false,
    });
    expect(placeWindow(null, [left])).toMatchObject({ x: -1_680, y: 90, width: 1_440, height: 900 });
  });

  it('is where it was, on whichever display', () => {
    expect(placeWindow(saved({}), [laptop])).toEqual(saved({}));
    const there = saved({ x: -1_800, y: 50, isMaximized: true });
    expect(placeWindow(there, [laptop, left])).toEqual(there);
  });

  it('is the first display when its own is gone, still maximised but not full screen', () => {
    const there = saved({ x: -1_800, y: 50, isMaximized: true, isFullScreen: true });
    expect(placeWindow(there, [laptop])).toEqual(saved({ x: 120, y: 113, isMaximized: true }));
  });

  it.each([
    ['above the display', { y: -200 }],
    ['below it', { y: 890 }],
    ['right of it', { x: 1_400 }],
    ['left of it', { x: -1_150 }],
  ])('comes back from %s, where it could not be taken hold of', (_, change) => {
    expect(placeWindow(saved(change), [laptop])).toMatchObject({ x: 120, y: 113 });
  });

  it('shrinks to a smaller display', () => {
    expect(placeWindow(saved({ width: 3_000, height: 2_000 }), [laptop])).toMatchObject({ width: 1_440, height: 875 });
  });

  it('can always be taken hold of', () => {
    const integer = fc.integer({ min: -5_000, max: 5_000 });
    const size = fc.integer({ min: 1, max: 6_000 });
    const area = fc.record({
      x: integer,
      y: integer,
      width: fc.integer({ min: 800, max: 4_000 }),
      height: fc.integer({ min: 520, max: 3_000 }),
    });
    fc.assert(
      fc.property(
        integer,
        integer,
        size,
        size,
        fc.array(area, { minLength: 1, maxLength: 3 }),
        (x, y, width, height, areas) => {
          const placed = placeWindow(saved({ x, y, width, height }), areas);
          const held = areas.some(
            (each) =>
              placed.y >= each.y &&
              placed.y + 40 <= each.y + each.height &&
              Math.min(placed.x + placed.width, each.x + each.width) - Math.max(placed.x, each.x) >= 100,
          );
          expect(held).toBe(true);
        },
      ),
    );
  });
});
