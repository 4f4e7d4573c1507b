import type { Micros } from '../../shared/words.ts';
import { GrowingFloat64 } from '../recording/growing.ts';

/** Arrivals that are kept one by one: 24 bytes each, half of what a row of bins takes. */
const keptArrivals = 16_384;
/** More than there are kinds of frames: gap, kind and error of a frame share one number below 2^53. */
const kindRoom = 64;

/** Takes arrivals in the order in which they came. */
export interface ArrivalReceiver {
  addChunk(micros: Micros, bytes: number): void;
  addFrame(micros: Micros, frame: number, kind: number, gapMicros: Micros, hasError: boolean): void;
}

/** The first arrivals of a recording, one by one, until there are too many. */
export class ArrivalLog {
  readonly #micros = new GrowingFloat64(16);
  /** −1 for a chunk, else the frame. */
  readonly #frame = new GrowingFloat64(16);
  /** A chunk's bytes; a frame's gap, kind and error. */
  readonly #detail = new GrowingFloat64(16);

  /** False when it is full: nothing was kept then. */
  addChunk(micros: Micros, bytes: number): boolean {
    return this.#add(micros, -1, bytes);
  }

  /** False when it is full: nothing was kept then. */
  addFrame(micros: Micros, frame: number, kind: number, gapMicros: Micros, hasError: boolean): boolean {
    return this.#add(micros, frame, (gapMicros * kindRoom + kind) * 2 + (hasError ? 1 : 0));
  }

  #add(micros: Micros, frame: number, detail: number): boolean {
    if (this.#micros.length === keptArrivals) return false;
    this.#micros.push(micros);
    this.#frame.push(frame);
    this.#detail.push(detail);
    return true;
  }

  replay(receiver: ArrivalReceiver): void {
    for (let i = 0; i < this.#micros.length; i++) {
      const micros = this.#micros.at(i);
      const frame = this.#frame.at(i);
      const detail = this.#detail.at(i);
      if (frame < 0) {
        receiver.addChunk(micros, detail);
        continue;
      }
      const kindAndGap = Math.floor(detail / 2);
      const gapMicros = Math.floor(kindAndGap / kindRoom);
      receiver.addFrame(micros, frame, kindAndGap - gapMicros * kindRoom, gapMicros, detail % 2 === 1);
    }
  }
}
