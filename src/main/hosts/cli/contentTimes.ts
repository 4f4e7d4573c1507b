import type { DialectReader } from '../../../engine/dialects/reader.ts';
import type { AnalysedFrame } from '../../../engine/recording/analysis.ts';
import type { Micros } from '../../../shared/words.ts';

/** Frames whose times are held while the dialect may still change. */
const heldFrames = 1_024;

/**
 * When the content of a token stream came, learned while frames go by that are not kept. Bounded: until the dialect is
 * settled the times of frames that may be decoded anew are held, from there on those of three frames.
 */
export class ContentTimes {
  readonly #micros = new Map<number, Micros>();
  #isSettled = false;

  /** The next frame, after `reader` has read it. */
  frame({ n, kind, micros }: AnalysedFrame, reader: DialectReader | undefined): void {
    if (reader === undefined || kind === 'comment' || kind === 'blank') return;
    if (!this.#isSettled) {
      if (reader.isIdle) this.#micros.clear();
      else if (this.#micros.size < heldFrames) this.#micros.set(n, micros);
      if (reader.decision?.isSettled !== true) return;
      this.#isSettled = true;
      this.#keepCounting(reader);
    } else if (reader.message.lastContentFrame === n) {
      this.#keepCounting(reader);
      this.#micros.set(n, micros);
    }
  }

  #keepCounting({ message }: DialectReader): void {
    const { firstContentFrame, firstOutputFrame, lastContentFrame } = message;
    for (const n of this.#micros.keys()) {
      if (n !== firstContentFrame && n !== firstOutputFrame && n !== lastContentFrame) this.#micros.delete(n);
    }
  }

  /** @param frame the first with content or with output, or the last with content; −1 for none */
  of(frame: number): Micros | null {
    return this.#micros.get(frame) ?? null;
  }
}
