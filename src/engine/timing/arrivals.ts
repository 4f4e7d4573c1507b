import type { KeyTimes, Stall } from '../../shared/recording.ts';
import { frameKindCode, type Micros } from '../../shared/words.ts';
import { GapCounter } from './gapCounter.ts';
import { StallRule } from './stallRule.ts';
import { Overview } from './timeBins.ts';

const keptStalls = 10_000;
/** Frames that one chunk must complete to count as a burst: one and four others (`metrics.md`, burst share). */
const burstFrames = 5;
const burstFactor = 4;
const fewestFramesForShare = 20;

/** A comment or blank frame: it ends a silence on the wire, but not a silence of content. */
export function isHeartbeat(kindCode: number): boolean {
  return kindCode === frameKindCode.comment || kindCode === frameKindCode.blank;
}

/** What is kept of the arrivals so that they need not be measured again. */
export interface KeptArrivals {
  readonly frameGaps: readonly number[];
  readonly chunkGaps: readonly number[];
  readonly burstWaits: readonly number[];
  readonly stalls: readonly Stall[];
  readonly stallCount: number;
  readonly firstChunkMicros: Micros | null;
  readonly lastChunkMicros: Micros | null;
  readonly firstFrameMicros: Micros | null;
}

/** Measures when chunks and frames came: gaps, stalls, bursts and the overview over time. Times never go back. */
export class Arrivals {
  readonly overview = new Overview();
  readonly stalls: Stall[] = [];
  #frameGaps = new GapCounter();
  #chunkGaps = new GapCounter();
  /** Waits before burst chunks, each weighted with its frames. */
  #burstWaits = new GapCounter();
  readonly #stallRule = new StallRule();
  #stallCount = 0;
  #firstChunkMicros: Micros | null = null;
  #lastChunkMicros: Micros | null = null;
  #firstFrameMicros: Micros | null = null;
  #lastFrameMicros = -1;
  #lastContentMicros = -1;
  #heartbeatsSinceContent = 0;
  #chunk = -1;
  #chunkMicros = -1;
  #chunkWait: Micros = 0;
  #framesOfChunk = 0;

  get frameGaps(): GapCounter {
    return this.#frameGaps;
  }

  get chunkGaps(): GapCounter {
    return this.#chunkGaps;
  }

  /** Stalls found; `stalls` keeps the first 10,000. */
  get stallCount(): number {
    return this.#stallCount;
  }

  get lastChunkMicros(): Micros | null {
    return this.#lastChunkMicros;
  }

  chunk(micros: Micros, wireBytes: number): void {
    this.overview.addChunk(micros, wireBytes);
    if (this.#lastChunkMicros === null) this.#firstChunkMicros = micros;
    else this.#chunkGaps.add(micros - this.#lastChunkMicros);
    this.#lastChunkMicros = micros;
  }

  /** Frame `n`, completed by chunk `chunk`, which came at `micros`. Answers with the stall that it ended, if any. */
  frame(n: number, kindCode: number, chunk: number, micros: Micros): Stall | undefined {
    let gap = 0;
    if (this.#lastFrameMicros >= 0) {
      gap = micros - this.#lastFrameMicros;
      this.#frameGaps.add(gap);
    }
    this.#lastFrameMicros = micros;
    this.overview.addFrame(micros, n, kindCode, gap);
    if (chunk !== this.#chunk) this.#nextChunk(chunk, micros);
    this.#framesOfChunk++;
    if (isHeartbeat(kindCode)) {
      this.#heartbeatsSinceContent++;
      return undefined;
    }
    return this.#content(n, micros);
  }

  #content(n: number, micros: Micros): Stall | undefined {
    this.#firstFrameMicros ??= micros;
    const fromMicros = this.#lastContentMicros;
    const heartbeats = this.#heartbeatsSinceContent;
    this.#lastContentMicros = micros;
    this.#heartbeatsSinceContent = 0;
    if (fromMicros < 0 || !this.#stallRule.judge(micros - fromMicros)) return undefined;
    const stall: Stall = { fromMicros, toMicros: micros, frame: n, heartbeats };
    this.#stallCount++;
    if (this.stalls.length < keptStalls) this.stalls.push(stall);
    return stall;
  }

  #nextChunk(chunk: number, micros: Micros): void {
    this.#endBurst();
    this.#chunkWait = this.#chunkMicros < 0 ? 0 : micros - this.#chunkMicros;
    this.#chunk = chunk;
    this.#chunkMicros = micros;
  }

  #endBurst(): void {
    if (this.#framesOfChunk >= burstFrames) this.#burstWaits.add(this.#chunkWait, this.#framesOfChunk);
    this.#framesOfChunk = 0;
  }

  /** No more arrivals. */
  end(): void {
    this.#endBurst();
  }

  /** Share of frames that came in bursts (`metrics.md`); null with too few frames to tell. */
  burstShare(frames: number): number | null {
    const median = this.#chunkGaps.percentile(0.5);
    if (median === null || frames < fewestFramesForShare) return null;
    return this.#burstWaits.countAbove(burstFactor * median) / frames;
  }

  keyTimes(headersMicros: Micros | null, endMicros: Micros | null): KeyTimes {
    return {
      headersMicros,
      firstByteMicros: this.#firstChunkMicros,
      firstFrameMicros: this.#firstFrameMicros,
      lastChunkMicros: this.#lastChunkMicros,
      endMicros,
    };
  }

  toKept(): KeptArrivals {
    return {
      frameGaps: this.#frameGaps.toPairs(),
      chunkGaps: this.#chunkGaps.toPairs(),
      burstWaits: this.#burstWaits.toPairs(),
      stalls: this.stalls,
      stallCount: this.#stallCount,
      firstChunkMicros: this.#firstChunkMicros,
      lastChunkMicros: this.#lastChunkMicros,
      firstFrameMicros: this.#firstFrameMicros,
    };
  }

  /** Takes back what `toKept` gave; the overview is not part of it. */
  restore(kept: KeptArrivals): void {
    this.#frameGaps = GapCounter.fromPairs(kept.frameGaps);
    this.#chunkGaps = GapCounter.fromPairs(kept.chunkGaps);
    this.#burstWaits = GapCounter.fromPairs(kept.burstWaits);
    this.stalls.push(...kept.stalls);
    this.#stallCount = kept.stallCount;
    this.#firstChunkMicros = kept.firstChunkMicros;
    this.#lastChunkMicros = kept.lastChunkMicros;
    this.#firstFrameMicros = kept.firstFrameMicros;
  }
}
