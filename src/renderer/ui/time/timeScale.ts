import type { Micros } from '../../../shared/words.ts';

/** A span of time, `fromMicros < toMicros`. */
export interface TimeWindow {
  readonly fromMicros: Micros;
  readonly toMicros: Micros;
}

/** Maps times to horizontal positions of one drawing, in the drawing's own pixels. A value: never changed, compared by fields. */
export class TimeScale {
  readonly fromMicros: Micros;
  readonly toMicros: Micros;
  readonly left: number;
  readonly width: number;
  readonly #pixelsPerMicro: number;

  /** @throws RangeError for a window or a width that nothing can be drawn on */
  constructor(window: TimeWindow, left: number, width: number) {
    if (!(window.toMicros > window.fromMicros) || !(width > 0)) {
      throw new RangeError(
        `no scale from ${String(window.fromMicros)} to ${String(window.toMicros)} over ${String(width)}`,
      );
    }
    this.fromMicros = window.fromMicros;
    this.toMicros = window.toMicros;
    this.left = left;
    this.width = width;
    this.#pixelsPerMicro = width / (window.toMicros - window.fromMicros);
  }

  get right(): number {
    return this.left + this.width;
  }

  get microsPerPixel(): number {
    return 1 / this.#pixelsPerMicro;
  }

  x(micros: Micros): number {
    return this.left + (micros - this.fromMicros) * this.#pixelsPerMicro;
  }

  /** `x`, kept within the drawing. */
  clampedX(micros: Micros): number {
    return Math.min(this.right, Math.max(this.left, this.x(micros)));
  }

  /** Time at a position; fractional. */
  micros(x: number): Micros {
    return this.fromMicros + (x - this.left) / this.#pixelsPerMicro;
  }

  equals(other: TimeScale): boolean {
    return (
      this.fromMicros === other.fromMicros &&
      this.toMicros === other.toMicros &&
      this.left === other.left &&
      this.width === other.width
    );
  }
}
