import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  contentTop,
  elementTop,
  mostTop,
  scrollSpace,
  tallestPixels,
} from '../../../../src/renderer/ui/virtual/scrollSpace.ts';
import { VirtualRows } from '../../../../src/renderer/ui/virtual/virtualRows.ts';

describe('scroll space', () => {
  test('small contents are scrolled pixel for pixel', () => {
    const space = scrollSpace(24_000, 480);
    expect(space).toMatchObject({ spacerPixels: 24_000, scaled: false });
    expect(elementTop(space, 777)).toBe(777);
  });

  test('large contents fit into what browsers can lay out, and both ends meet', () => {
    const space = scrollSpace(240_000_000, 480);
    expect(space).toMatchObject({ spacerPixels: tallestPixels, scaled: true });
    expect(contentTop(space, 0)).toBe(0);
    expect(contentTop(space, tallestPixels - 480)).toBe(mostTop(space));
    expect(elementTop(space, mostTop(space))).toBe(tallestPixels - 480);
  });

  test('the scale is its own inverse', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e12 }),
        fc.integer({ min: 0, max: 2_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (content, viewport, share) => {
          const space = scrollSpace(content, viewport);
          const top = share * mostTop(space);
          expect(Math.abs(contentTop(space, elementTop(space, top)) - top)).toBeLessThanOrEqual(
            1e-6 * Math.max(1, top),
          );
        },
      ),
    );
  });
});

/** What a browser's element does with a position, without laying anything out. */
class ScrolledElement extends EventTarget {
  clientHeight = 480;
  readonly spacer = { style: { height: '0px' } };
  #top = 0;

  get scrollTop(): number {
    return this.#top;
  }

  set scrollTop(wanted: number) {
    const most = Math.max(0, parseFloat(this.spacer.style.height) - this.clientHeight);
    const top = Math.min(most, Math.max(0, Math.round(wanted)));
    if (top === this.#top) return;
    this.#top = top;
    this.dispatchEvent(new Event('scroll'));
  }

  wheel(deltaY: number): void {
    this.dispatchEvent(Object.assign(new Event('wheel'), { deltaY, deltaMode: 0, ctrlKey: false }));
  }
}

describe('rows', () => {
  beforeEach(() => {
    vi.stubGlobal('requestAnimationFrame', (callback: () => void) => (callback(), 0));
    vi.stubGlobal(
      'ResizeObserver',
      class {
        observe(): void {}
        disconnect(): void {}
      },
    );
    vi.stubGlobal('WheelEvent', { DOM_DELTA_LINE: 1, DOM_DELTA_PAGE: 2 });
  });
  afterEach(() => void vi.unstubAllGlobals());

  function setUp(count: number, stick = false) {
    const rows = new VirtualRows(24);
    const element = new ScrolledElement();
    const userScrolled = vi.fn();
    rows.attach(element as unknown as HTMLElement, element.spacer as unknown as HTMLElement, userScrolled);
    rows.setRows(count, stick);
    return { rows, element, userScrolled };
  }

  test('ten million rows: the wheel moves by exactly what it says', () => {
    const { rows, element } = setUp(10_000_000);
    for (let i = 0; i < 100; i++) element.wheel(24);
    expect(rows.window()).toMatchObject({ first: 100, shiftPixels: 0 });
    element.wheel(-7);
    expect(rows.window()).toMatchObject({ first: 99, shiftPixels: 17 });
  });

  test('ten million rows: every row can be shown, the last as well', () => {
    const { rows } = setUp(10_000_000);
    for (const row of [0, 1, 4_999_999, 9_999_998, 9_999_999]) {
      rows.reveal(row);
      const { first, count } = rows.window();
      expect(row).toBeGreaterThanOrEqual(first);
      expect(row).toBeLessThan(first + count);
    }
    rows.scrollToEnd();
    const { first, count, atEnd } = rows.window();
    expect([first + count, atEnd]).toEqual([10_000_000, true]);
  });

  test('a drag of the scrollbar goes by the scale, to the very end', () => {
    const { rows, element, userScrolled } = setUp(10_000_000);
    element.scrollTop = (tallestPixels - 480) / 2;
    expect(rows.window().first / 10_000_000).toBeCloseTo(0.5, 4);
    element.scrollTop = Infinity;
    expect(rows.window()).toMatchObject({ atEnd: true });
    expect(userScrolled).toHaveBeenLastCalledWith(true);
  });

  test('growing rows stay at the end while they should, and do not count as the user', () => {
    const { rows, userScrolled } = setUp(1_000, true);
    rows.setRows(2_000, true);
    expect(rows.window().first + rows.window().count).toBe(2_000);
    rows.setRows(3_000, false);
    expect(rows.window().first + rows.window().count).toBe(2_000);
    expect(userScrolled).not.toHaveBeenCalled();
  });

  test('fewer rows than before: nothing beyond the last', () => {
    const { rows } = setUp(1_000, true);
    rows.setRows(5, false);
    expect(rows.window()).toMatchObject({ first: 0, count: 5, shiftPixels: 0 });
  });

  test('a row next to the view moves it by one row, one far away goes to the middle', () => {
    const { rows } = setUp(1_000);
    rows.reveal(20);
    expect(rows.window().first).toBe(1);
    rows.reveal(500);
    const { first, count } = rows.window();
    expect(Math.abs(first + count / 2 - 500)).toBeLessThan(2);
  });
});
