import type { Micros } from '../../shared/words.ts';

/** A silence of at least this length may be a buffer filling. */
const shortestWait: Micros = 100_000;
/** Where only time speaks, not the place of the cuts, bursts have to be plainer. */
const plainWait: Micros = 250_000;
const burstFrames = 5;
const plainFrames = 10;
/** How much shorter than the wait before it a burst has to be (`metrics.md`, burst share). */
const burstFactor = 4;
const fewestBursts = 3;
const leastShare = 0.8;
const keptWaits = 10_000;

/** The evidence that something between the server and us collects frames: how many came in how many bursts. */
export interface Buffering {
  readonly frames: number;
  readonly bursts: number;
  /** Median wait before a burst. */
  readonly gapMicros: Micros;
  /** First frame of the second burst: the first after a wait. */
  readonly frame: number;
}

/**
 * Finds out whether a stream comes in bursts that nobody would send so. Frames count as one burst as long as no silence
 * of 100 ms is between them. A buffer of bytes shows by cutting frames in two; one of time shows by long waits, and by
 * bursts that are not equal and round as an application's own batches are.
 */
export class Bursts {
  readonly #waits: Micros[] = [];
  #frames = 0;
  #burstFramesTotal = 0;
  #bursts = 0;
  #cuts = 0;
  #secondBurst = -1;
  #evenFrames: number | null = null;
  #areEven = true;
  #lastMicros: Micros = -1;
  #group = { first: 0, from: 0, wait: -1, frames: 0, startsCut: false };

  /**
   * A frame of content, completed at `micros`.
   * @param waitMicros the silence before the chunk that completed it; null where it is not known
   * @param startsCut its beginning came with an earlier chunk
   */
  frame(n: number, micros: Micros, waitMicros: Micros | null, startsCut: boolean): void {
    this.#frames++;
    if (this.#lastMicros < 0 || micros - this.#lastMicros >= shortestWait) {
      this.#endGroup();
      // What trickled in before the frame was whole is no silence.
      this.#group = {
        first: n,
        from: micros,
        wait: this.#lastMicros < 0 ? -1 : (waitMicros ?? 0),
        frames: 0,
        startsCut,
      };
    }
    this.#lastMicros = micros;
    this.#group.frames++;
  }

  /** Bursts that are over. */
  get count(): number {
    return this.#bursts;
  }

  /** The evidence so far; undefined while there is none. */
  evidence(): Buffering | undefined {
    const { frames, wait } = this.#group;
    const isOpenBurst = frames >= burstFrames && wait >= shortestWait;
    // The last burst may be a rest, and the one that is coming in is not over yet.
    const judged = this.#frames - (isOpenBurst ? 0 : frames);
    const bursts = this.#bursts + (isOpenBurst ? 1 : 0);
    const inBursts = this.#burstFramesTotal + (isOpenBurst ? frames : 0);
    const gapMicros = median(this.#waits);
    if (bursts < fewestBursts || gapMicros === null || inBursts < leastShare * judged) return undefined;
    const areCut = this.#cuts * 2 >= this.#bursts - 1;
    const isTimed = gapMicros >= plainWait && inBursts >= plainFrames * bursts && !this.#isRoundBatch();
    if (!areCut && !isTimed) return undefined;
    return { frames: inBursts, bursts, gapMicros, frame: this.#secondBurst };
  }

  #isRoundBatch(): boolean {
    return this.#areEven && this.#evenFrames !== null && this.#evenFrames % 5 === 0;
  }

  #endGroup(): void {
    const { frames, wait, first, from, startsCut } = this.#group;
    if (frames < burstFrames) return;
    const lasted = this.#lastMicros - from;
    const isFirst = wait < 0;
    if (isFirst ? lasted > shortestWait : wait < shortestWait || lasted * burstFactor > wait) return;
    this.#bursts++;
    this.#burstFramesTotal += frames;
    if (this.#evenFrames === null) this.#evenFrames = frames;
    else if (this.#evenFrames !== frames) this.#areEven = false;
    if (isFirst) return;
    if (this.#waits.length < keptWaits) this.#waits.push(wait);
    if (startsCut) this.#cuts++;
    if (this.#secondBurst < 0) this.#secondBurst = first;
  }

  /** No more frames. */
  end(): void {
    this.#endGroup();
    this.#group = { first: 0, from: 0, wait: -1, frames: 0, startsCut: false };
  }
}

function median(waits: readonly Micros[]): Micros | null {
  return [...waits].sort((a, b) => a - b)[(waits.length - 1) >>> 1] ?? null;
}
