import type { KeyTimes, Stall } from '../../shared/recording.ts';
import { frameKindCode, type Micros } from '../../shared/words.ts';
import { Bursts, type Buffering } from './bursts.ts';
import { GapCounter } from './gapCounter.ts';
import { StallRule } from './stallRule.ts';
import { Overview } from './timeBins.ts';

const keptStalls = 10_000;
/** Frames that one chunk must complete to count as a burst: one and four others (`metrics.md`, burst share). */
const burstFrames = 5;
const burstFactor = 4;
const fewestFramesForShare = 20;
/** Chunks that may have come before a frame of theirs is found: decoding lags behind the socket. A power of two. */
const rememberedWaits = 4_096;
const fewestWaits = 64;
const longSilence: Micros = 15_000_000;

/** Nothing at all came on the wire for `gapMicros` before chunk `chunk`. */
interface Silence {
  readonly chunk: number;
  readonly gapMicros: Micros;
}

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
  readonly #bursts = new Bursts();
  /** The wait before each of the newest chunks, by the chunk's number; grows until it goes round. */
  #waits = new Float64Array(fewestWaits);
  #chunks = 0;
  #silences: Silence[] = [];
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
  /** No chunk of the current connection came yet. */
  #isConnectionNew = true;

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
    const sinceMicros = this.#isConnectionNew ? null : this.#lastChunkMicros;
    this.#isConnectionNew = false;
    const gapMicros = sinceMicros === null ? 0 : micros - sinceMicros;
    this.#firstChunkMicros ??= micros;
    if (sinceMicros !== null) this.#chunkGaps.add(gapMicros);
    if (gapMicros > longSilence) this.#silences.push({ chunk: this.#chunks, gapMicros });
    if (this.#chunks === this.#waits.length && this.#chunks < rememberedWaits) {
      const waits = new Float64Array(2 * this.#chunks);
      waits.set(this.#waits);
      this.#waits = waits;
    }
    this.#waits[this.#chunks & (this.#waits.length - 1)] = gapMicros;
    this.#chunks++;
    this.#lastChunkMicros = micros;
  }

  /** Takes the silences of over 15 s on the wire that chunks up to `chunk` ended, in microseconds. */
  takeSilences(chunk: number): readonly Micros[] {
    if (this.#silences.length === 0) return [];
    const taken = this.#silences.filter((silence) => silence.chunk <= chunk);
    this.#silences = this.#silences.slice(taken.length);
    return taken.map(({ gapMicros }) => gapMicros);
  }

  /** The silence of over 15 s that the stream ended with; null where there is none. */
  silenceBefore(endMicros: Micros | null): Micros | null {
    if (endMicros === null || this.#lastChunkMicros === null) return null;
    const silence = endMicros - this.#lastChunkMicros;
    return silence > longSilence ? silence : null;
  }

  /** The wait since the chunk before; null where it is not known any more. */
  #waitBefore(chunk: number): Micros | null {
    if (chunk === 0 || chunk >= this.#chunks || this.#chunks - chunk > rememberedWaits) return null;
    return this.#waits[chunk & (this.#waits.length - 1)] as number;
  }

  /**
   * Frame `n`, completed by chunk `chunk`, which came at `micros`. Answers with the stall that it ended, if any.
   * @param hasError a diagnostic of severity error points at it
   * @param startsCut its beginning came with an earlier piece of the body
   */
  frame(
    n: number,
    kindCode: number,
    chunk: number,
    micros: Micros,
    hasError = false,
    startsCut = false,
  ): Stall | undefined {
    let gap = 0;
    if (this.#lastFrameMicros >= 0) {
      gap = micros - this.#lastFrameMicros;
      this.#frameGaps.add(gap);
    }
    this.#lastFrameMicros = micros;
    this.overview.addFrame(micros, n, kindCode, gap, hasError);
    if (chunk !== this.#chunk) this.#nextChunk(chunk, micros);
    this.#framesOfChunk++;
    if (isHeartbeat(kindCode)) {
      this.#heartbeatsSinceContent++;
      return undefined;
    }
    this.#bursts.frame(n, micros, this.#waitBefore(chunk), startsCut);
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
    this.#chunk = chunk;
    // Chunks that one read of the socket brought share a time: they are one arrival.
    if (micros === this.#chunkMicros) return;
    this.#endBurst();
    this.#chunkWait = this.#waitBefore(chunk) ?? 0;
    this.#chunkMicros = micros;
  }

  #endBurst(): void {
    if (this.#framesOfChunk >= burstFrames) this.#burstWaits.add(this.#chunkWait, this.#framesOfChunk);
    this.#framesOfChunk = 0;
  }

  /**
   * Another connection begins. The time until its first chunk and first frame is the wait for it and the way to the
   * server: it counts neither as a gap nor as a stall of the stream. What the stall rule learned of its pace stays.
   */
  reconnected(): void {
    this.#endBurst();
    this.#isConnectionNew = true;
    this.#lastFrameMicros = -1;
    this.#lastContentMicros = -1;
    this.#heartbeatsSinceContent = 0;
    this.#chunk = -1;
    this.#chunkMicros = -1;
  }

  /** No more arrivals. */
  end(): void {
    this.#endBurst();
    this.#bursts.end();
  }

  /** Bursts that are over so far. */
  get burstCount(): number {
    return this.#bursts.count;
  }

  /** The evidence so far that something collects the stream on its way; undefined while there is none. */
  buffering(): Buffering | undefined {
    return this.#bursts.evidence();
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
