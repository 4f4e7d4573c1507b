/**
 * Chromium and Firefox stop laying out elements taller than about 33 million and 17.8 million pixels; below this
 * height every pixel of a list has one of its own.
 */
export const tallestPixels = 8_000_000;

/** How a list of any height is scrolled by an element of limited height. All in CSS pixels. */
export interface ScrollSpace {
  /** Height of everything. */
  readonly contentPixels: number;
  readonly viewportPixels: number;
  /** Height that the scrolled element gets. */
  readonly spacerPixels: number;
  /** The element is shorter than the contents: one pixel of scrolling stands for several. */
  readonly scaled: boolean;
}

/** @param contentPixels @param viewportPixels both ≥ 0 */
export function scrollSpace(contentPixels: number, viewportPixels: number): ScrollSpace {
  const spacerPixels = Math.min(contentPixels, Math.max(tallestPixels, 2 * viewportPixels));
  return { contentPixels, viewportPixels, spacerPixels, scaled: spacerPixels < contentPixels };
}

/** The furthest that the contents can be scrolled. */
export function mostTop(space: ScrollSpace): number {
  return Math.max(0, space.contentPixels - space.viewportPixels);
}

/** A position in the contents, kept within them. */
export function clampTop(space: ScrollSpace, top: number): number {
  return Math.min(Math.max(0, top), mostTop(space));
}

/** Where the scrolled element stands when the contents are at `top`. */
export function elementTop(space: ScrollSpace, top: number): number {
  if (!space.scaled) return top;
  const most = mostTop(space);
  return most === 0 ? 0 : (top / most) * (space.spacerPixels - space.viewportPixels);
}

/** Where the contents are when the scrolled element was brought to `elementTop`. */
export function contentTop(space: ScrollSpace, elementTop: number): number {
  if (!space.scaled) return clampTop(space, elementTop);
  const range = space.spacerPixels - space.viewportPixels;
  return range <= 0 ? 0 : clampTop(space, (elementTop / range) * mostTop(space));
}
