import type { Diagnostic, Place } from '../../shared/diagnostic.ts';
import type { Limits } from '../../shared/limits.ts';
import type { FramingDecision } from '../../shared/recording.ts';
import { frameFlag, frameKinds, type FrameKind, type Framing, type Micros } from '../../shared/words.ts';
import { diagnose, type DiagnosticDetails } from '../diagnostics/catalogue.ts';
import { createFramer } from '../framing/createFramer.ts';
import { createDetector, type Detection, type Detector } from '../framing/detect.ts';
import type { ByteProbes, Framer, FrameSink } from '../framing/framer.ts';
import { Arrivals, type KeptArrivals } from '../timing/arrivals.ts';
import type { KeptOverview } from '../timing/timeBins.ts';
import { DiagnosticList } from './diagnosticList.ts';
import { FrameIndex, type BlockPort } from './frameIndex.ts';
import { exactTimelineLimit } from './timeline.ts';
import { TypeTable } from './typeTable.ts';

export interface AnalysisOptions {
  readonly contentType: string | null;
  readonly url: string | null;
  /** The user's choice; null: detect. */
  readonly framing: Framing | null;
  readonly limits: Limits;
  /** False: times are not known, so no gap, stall or rate is measured. */
  readonly timesKnown: boolean;
  readonly probes?: ByteProbes;
  /** Called for each frame as it is found, for those who print frames as they come. */
  readonly onFrame?: (frame: AnalysedFrame) => void;
}

/** One frame as the analysis recorded it. */
export interface AnalysedFrame {
  readonly n: number;
  readonly kind: FrameKind;
  readonly kindCode: number;
  readonly offset: number;
  readonly length: number;
  readonly flags: number;
  readonly type: string;
  readonly micros: Micros;
  readonly chunk: number;
  readonly diagnostics: readonly Diagnostic[];
}

/** What is kept of an ended analysis beside its blocks of frames, as plain JSON data. */
export interface KeptAnalysis {
  readonly decision: FramingDecision | null;
  readonly bodyBytes: number;
  readonly types: ReturnType<TypeTable['toKept']>;
  readonly diagnostics: ReturnType<DiagnosticList['toKept']>;
  readonly arrivals: KeptArrivals;
  /** Kept only where a timeline would not be drawn from the frames themselves. */
  readonly overview: KeptOverview | null;
}

/**
 * Everything that is derived from a recording's chunks: frames, their types, the diagnostics of framing and the
 * measurements of arrival. Fed the chunks in order, live or again from the store; the same chunks give the same result.
 *
 * Work is linear in the bytes; memory is bounded but for what `BlockPort` keeps elsewhere.
 */
export class Analysis implements FrameSink {
  readonly frames: FrameIndex;
  readonly types = new TypeTable();
  readonly arrivals = new Arrivals();
  #diagnostics = new DiagnosticList();
  readonly #options: AnalysisOptions;
  #detector: Detector | undefined;
  /** Body that came before the framing was decided. */
  #undecided: { readonly bytes: Uint8Array; readonly chunk: number; readonly micros: Micros }[] = [];
  #framer: Framer | undefined;
  #decision: FramingDecision | null = null;
  #chunk = 0;
  #micros: Micros = 0;
  #bodyBytes = 0;
  #pending: Diagnostic[] = [];

  constructor(port: BlockPort, options: AnalysisOptions) {
    this.frames = new FrameIndex(port);
    this.#options = options;
    if (options.framing === null) {
      this.#detector = createDetector({ contentType: options.contentType, url: options.url });
    } else {
      this.#decide({ framing: options.framing, shape: null, by: 'user', reason: 'chosen by you' });
    }
  }

  /** How the framing was decided; null until it is. */
  get decision(): FramingDecision | null {
    return this.#decision;
  }

  get diagnostics(): DiagnosticList {
    return this.#diagnostics;
  }

  /** Body bytes fed so far. */
  get bodyBytes(): number {
    return this.#bodyBytes;
  }

  get timesKnown(): boolean {
    return this.#options.timesKnown;
  }

  /** A chunk arrived. Its body bytes follow in `body`, at once or later. */
  chunk(atMicros: Micros, wireBytes: number): void {
    if (this.#options.timesKnown) this.arrivals.chunk(atMicros, wireBytes);
  }

  /** Body bytes that chunk `chunk`, which came at `micros`, yielded; not kept beyond the call. */
  body(chunk: number, micros: Micros, bytes: Uint8Array): void {
    this.#bodyBytes += bytes.length;
    if (this.#framer !== undefined) {
      this.#chunk = chunk;
      this.#micros = micros;
      this.#framer.push(bytes);
      return;
    }
    this.#undecided.push({ bytes: bytes.slice(), chunk, micros });
    const detection = this.#detector?.push(bytes);
    if (detection !== undefined) this.#settle(detection);
  }

  /** No more bytes: the tail becomes a frame, the last block is handed over. */
  end(): void {
    if (this.#detector !== undefined && this.#bodyBytes > 0) this.#settle(this.#detector.end());
    this.#framer?.end();
    const pending = this.#pending;
    this.#pending = [];
    for (const diagnostic of pending) this.#diagnostics.add(diagnostic, this.#micros);
    this.arrivals.end();
    this.frames.flush();
  }

  #settle(detection: Detection): void {
    this.#detector = undefined;
    this.#decide({
      framing: detection.framing,
      shape: detection.shape ?? null,
      by: detection.by,
      reason: detection.reason,
    });
    if (detection.mismatch !== undefined) this.diagnostic('head/content-type-mismatch', {}, detection.mismatch, false);
    const undecided = this.#undecided;
    this.#undecided = [];
    for (const piece of undecided) {
      this.#chunk = piece.chunk;
      this.#micros = piece.micros;
      this.#framer?.push(piece.bytes);
    }
  }

  #decide(decision: FramingDecision): void {
    this.#decision = decision;
    this.#framer = createFramer(
      decision.framing,
      { limits: this.#options.limits, shape: decision.shape, contentType: this.#options.contentType },
      this,
      this.#options.probes,
    );
  }

  frame(kindCode: number, offset: number, length: number, flags: number, typeId: number): void {
    const n = this.frames.count;
    let allFlags = flags;
    if (this.#options.timesKnown) {
      const stall = this.arrivals.frame(n, kindCode, this.#chunk, this.#micros);
      if (stall !== undefined) {
        allFlags |= frameFlag.afterStall;
        const gapMicros = stall.toMicros - stall.fromMicros;
        this.diagnostic('timing/stall', {}, { gapMicros, heartbeats: stall.heartbeats }, true);
      }
    }
    if (length > this.#options.limits.framePreviewBytes) allFlags |= frameFlag.oversize;
    const diagnostics = this.#pending;
    if (diagnostics.length > 0) {
      allFlags |= frameFlag.hasDiagnostic;
      this.#pending = [];
      for (const diagnostic of diagnostics) this.#diagnostics.add({ ...diagnostic, frame: n }, this.#micros);
    }
    this.frames.append(kindCode, offset, length, allFlags, typeId, this.#micros, this.#chunk);
    this.types.count(kindCode, typeId);
    this.#options.onFrame?.({
      n,
      kind: frameKinds[kindCode] as FrameKind,
      kindCode,
      offset,
      length,
      flags: allFlags,
      type: this.types.name(typeId),
      micros: this.#micros,
      chunk: this.#chunk,
      diagnostics,
    });
  }

  typeId(name: string): number {
    return this.types.idOf(name);
  }

  diagnostic(code: string, place: Place, details: DiagnosticDetails, belongsToNextFrame: boolean): void {
    const diagnostic = diagnose(code, place, details);
    if (belongsToNextFrame) this.#pending.push(diagnostic);
    else this.#diagnostics.add(diagnostic, this.#micros);
  }

  /** @param chunks of the recording */
  toKept(chunks: number): KeptAnalysis {
    return {
      decision: this.#decision,
      bodyBytes: this.#bodyBytes,
      types: this.types.toKept(),
      diagnostics: this.#diagnostics.toKept(),
      arrivals: this.arrivals.toKept(),
      overview: this.frames.count + chunks > exactTimelineLimit ? this.arrivals.overview.toKept() : null,
    };
  }

  /**
   * An ended analysis as it was kept; nothing may be fed to it.
   * @throws RangeError when what was kept is damaged
   * @param summaries of the blocks of frames, in order
   */
  static restore(
    port: BlockPort,
    options: AnalysisOptions,
    kept: KeptAnalysis,
    summaries: readonly Uint8Array[],
  ): Analysis {
    const analysis = new Analysis(port, options);
    analysis.#detector = undefined;
    analysis.#framer = undefined;
    analysis.#decision = kept.decision;
    analysis.#bodyBytes = kept.bodyBytes;
    analysis.#diagnostics = DiagnosticList.fromKept(kept.diagnostics);
    analysis.types.restore(kept.types);
    analysis.arrivals.restore(kept.arrivals);
    if (kept.overview !== null) analysis.arrivals.overview.restore(kept.overview);
    analysis.frames.restore(summaries);
    return analysis;
  }
}
