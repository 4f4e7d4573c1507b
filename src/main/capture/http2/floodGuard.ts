import type { Micros } from '../../../shared/words.ts';

/** Frames without content that may come in a row, and how many a second never count. */
const spareFrames = 1_000;
const freePerSecond = 10;
const microsPerSecond = 1_000_000;

/**
 * Tells a flood of frames that carry nothing (PING, SETTINGS, empty DATA …) from the few a healthy connection has. A
 * stream that is silent for hours but sends its PINGs never gets near the limit; content makes up for everything.
 */
export class FloodGuard {
  #spare = spareFrames;
  #atMicros: Micros = 0;

  /** How many frames without content a peer may send at once. */
  get limit(): number {
    return spareFrames;
  }

  content(): void {
    this.#spare = spareFrames;
  }

  /** A frame without content came; false: one too many. */
  emptyFrame(atMicros: Micros): boolean {
    const refill = ((atMicros - this.#atMicros) * freePerSecond) / microsPerSecond;
    this.#spare = Math.min(spareFrames, this.#spare + refill) - 1;
    this.#atMicros = atMicros;
    return this.#spare >= 0;
  }
}
