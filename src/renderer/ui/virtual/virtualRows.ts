import { clampTop, contentTop, elementTop, mostTop, scrollSpace, type ScrollSpace } from './scrollSpace.ts';

/** The rows in view, as a component draws them. */
export interface RowWindow {
  readonly first: number;
  /** Rows that touch the viewport. */
  readonly count: number;
  /** Pixels by which the first row is scrolled out at the top, `0 ≤ shift < rowPixels`. */
  readonly shiftPixels: number;
  readonly atEnd: boolean;
}

const pixelsPerLine = 16;
/** The browser rounds positions to its own grid; a larger difference is a movement by the user. */
const roundingPixels = 1.5;

/**
 * Scrolls any number of rows of one height in an element that the browser scrolls. The position in the contents is the
 * truth; the element's position follows it. Where the element is shorter than the contents, wheel and keys move the
 * contents exactly, and only a drag of the scrollbar goes by the scale.
 */
export class VirtualRows {
  readonly #rowPixels: number;
  readonly #listeners = new Set<() => void>();
  #element: HTMLElement | null = null;
  #spacer: HTMLElement | null = null;
  #rows = 0;
  #viewportPixels = 0;
  #top = 0;
  #space: ScrollSpace = scrollSpace(0, 0);
  #expectedElementTop = 0;
  #spacerPixels = 0;
  #moveRequest = 0;
  #sticksToEnd = false;
  #window: RowWindow;
  #onUserScroll: (atEnd: boolean) => void = () => undefined;

  constructor(rowPixels: number) {
    this.#rowPixels = rowPixels;
    this.#window = this.#compute();
  }

  /**
   * Scrolls `element` until the returned function is called.
   *
   * @param spacer the only child of `element`; gets its height from here. What it holds sticks to the viewport
   * @param onUserScroll the user moved the contents
   */
  attach(element: HTMLElement, spacer: HTMLElement, onUserScroll: (atEnd: boolean) => void): () => void {
    const ends = new AbortController();
    const { signal } = ends;
    this.#element = element;
    this.#spacer = spacer;
    this.#onUserScroll = onUserScroll;
    element.addEventListener('scroll', () => this.#scrolled(), { signal, passive: true });
    element.addEventListener('wheel', (event) => this.#wheeled(event), { signal, passive: false });
    const observer = new ResizeObserver(() => {
      if (element.clientHeight === this.#viewportPixels) return;
      // Who looks at the end goes on looking at it.
      if (this.#sticksToEnd || (this.#window.atEnd && this.#top > 0)) this.#top = Infinity;
      this.#viewportPixels = element.clientHeight;
      this.#update();
    });
    observer.observe(element);
    this.#viewportPixels = element.clientHeight;
    this.#update();
    return () => {
      ends.abort();
      observer.disconnect();
      this.#cancelMove();
      this.#element = null;
      this.#spacer = null;
      this.#spacerPixels = 0;
    };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The same object until something moved. */
  readonly window = (): RowWindow => this.#window;

  get rowsPerPage(): number {
    return Math.max(1, Math.floor(this.#viewportPixels / this.#rowPixels) - 1);
  }

  /** @param stickToEnd keep showing the end while the rows grow */
  setRows(rows: number, stickToEnd: boolean): void {
    this.#sticksToEnd = stickToEnd;
    if (rows === this.#rows && !stickToEnd) return;
    this.#rows = rows;
    if (stickToEnd) this.#top = Infinity;
    this.#update();
  }

  /** Brings a row into view with as little movement as it takes, or to the middle when it was far away. */
  reveal(row: number): void {
    const rowTop = row * this.#rowPixels;
    const distance = Math.max(this.#top - rowTop, rowTop + this.#rowPixels - this.#top - this.#viewportPixels);
    if (distance <= 0) return;
    const far = distance > this.#viewportPixels;
    if (far) this.#top = rowTop - (this.#viewportPixels - this.#rowPixels) / 2;
    else if (rowTop < this.#top) this.#top = rowTop;
    else this.#top = rowTop + this.#rowPixels - this.#viewportPixels;
    this.#update();
  }

  /** Puts a row at the top. */
  showAtTop(row: number): void {
    this.#top = row * this.#rowPixels;
    this.#update();
  }

  scrollToEnd(): void {
    this.#top = Infinity;
    this.#update();
  }

  #update(): void {
    this.#space = scrollSpace(this.#rows * this.#rowPixels, this.#viewportPixels);
    this.#top = clampTop(this.#space, this.#top);
    const grows = this.#resizeSpacer();
    const next = this.#compute();
    if (!sameWindow(next, this.#window)) {
      this.#window = next;
      for (const listener of this.#listeners) listener();
    }
    // Setting a position lays the page out. Growing contents can wait for the frame that lays it out anyway; others
    // cannot: the browser would cut the position off first, which would look like the user's doing.
    if (grows) this.#moveRequest ||= requestAnimationFrame(() => this.#moveElement());
    else this.#moveElement();
  }

  /** Gives the spacer its height; true when it only grew. */
  #resizeSpacer(): boolean {
    const { spacerPixels } = this.#space;
    const grows = spacerPixels > this.#spacerPixels && this.#spacerPixels > 0;
    if (spacerPixels !== this.#spacerPixels && this.#spacer !== null) {
      this.#spacer.style.height = `${String(spacerPixels)}px`;
      this.#spacerPixels = spacerPixels;
    }
    return grows;
  }

  #cancelMove(): void {
    if (this.#moveRequest !== 0) cancelAnimationFrame(this.#moveRequest);
    this.#moveRequest = 0;
  }

  #moveElement(): void {
    this.#cancelMove();
    const element = this.#element;
    if (element === null) return;
    const wanted = elementTop(this.#space, this.#top);
    this.#expectedElementTop = wanted;
    if (Math.abs(element.scrollTop - wanted) > roundingPixels) element.scrollTop = wanted;
  }

  #scrolled(): void {
    const element = this.#element;
    if (element === null || Math.abs(element.scrollTop - this.#expectedElementTop) <= roundingPixels) return;
    // A taller viewport makes the browser cut the position off before the observer hears of it: nobody scrolled.
    if (element.clientHeight !== this.#viewportPixels) return;
    this.#expectedElementTop = element.scrollTop;
    this.#top = contentTop(this.#space, element.scrollTop);
    this.#moved();
  }

  #wheeled(event: WheelEvent): void {
    // Zooming by wheel is the browser's, and unscaled contents scroll best by the browser itself.
    if (event.ctrlKey || !this.#space.scaled || event.deltaY === 0) return;
    event.preventDefault();
    const unit =
      event.deltaMode === WheelEvent.DOM_DELTA_LINE
        ? pixelsPerLine
        : event.deltaMode === WheelEvent.DOM_DELTA_PAGE
          ? this.#viewportPixels
          : 1;
    this.#top = clampTop(this.#space, this.#top + event.deltaY * unit);
    this.#moved();
    this.#moveElement();
  }

  #moved(): void {
    this.#window = this.#compute();
    for (const listener of this.#listeners) listener();
    this.#onUserScroll(this.#window.atEnd);
  }

  #compute(): RowWindow {
    const first = Math.floor(this.#top / this.#rowPixels);
    const shiftPixels = this.#top - first * this.#rowPixels;
    const fit = Math.ceil((this.#viewportPixels + shiftPixels) / this.#rowPixels);
    return {
      first,
      count: Math.max(0, Math.min(fit, this.#rows - first)),
      shiftPixels,
      atEnd: this.#top >= mostTop(this.#space) - this.#rowPixels / 2,
    };
  }
}

function sameWindow(a: RowWindow, b: RowWindow): boolean {
  return a.first === b.first && a.count === b.count && a.shiftPixels === b.shiftPixels && a.atEnd === b.atEnd;
}
