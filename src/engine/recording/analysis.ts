import type { Diagnostic, Place } from '../../shared/diagnostic.ts';
import type { Limits } from '../../shared/limits.ts';
import type { FramingDecision } from '../../shared/recording.ts';
import {
  frameFlag,
  frameKinds,
  type ByteOffset,
  type FrameKind,
  type Framing,
  type Micros,
} from '../../shared/words.ts';
import type { WatchedProgress } from '../diagnostics/application/applicationWatch.ts';
import { diagnose, type DiagnosticDetails } from '../diagnostics/catalogue.ts';
import { judgeUncertainty, mayBeSilent, slowFirstByte } from '../diagnostics/timingJudgement.ts';
import type { Delta } from '../dialects/delta.ts';
import type { DialectHints } from '../dialects/dialect.ts';
import type { DialectReader } from '../dialects/reader.ts';
import { createFramer } from '../framing/createFramer.ts';
import { createDetector, type Detection, type Detector } from '../framing/detect.ts';
import type { ByteProbes, Framer, FrameSink } from '../framing/framer.ts';
import { Arrivals, type KeptArrivals } from '../timing/arrivals.ts';
import { Continuity, type ContinuityOptions } from '../reconnect/continuity.ts';
import type { ResumePosition } from '../reconnect/keyReader.ts';
import type { KeptOverview } from '../timing/timeBins.ts';
import { BodyWindow } from './bodyWindow.ts';
import { DiagnosticList } from './diagnosticList.ts';
import { FrameFindings } from './frameFindings.ts';
import { heldBytes, FrameMeaning, type KeptMessage } from './frameMeaning.ts';
import { FrameLimit, type FrameLimits } from './frameLimit.ts';
import { FrameIndex, type BlockPort } from './frameIndex.ts';
import { exactTimelineLimit } from './timeline.ts';
import { TypeTable } from './typeTable.ts';

export interface AnalysisOptions {
  readonly contentType: string | null;
  readonly url: string | null;
  /** The user's choice; null: detect. */
  readonly framing: Framing | null;
  /** Where the elements of a `json` body are, as `parseJsonPath` reads it; null or absent: detected. */
  readonly jsonPath?: string | null;
  /** The user's choice of dialect by name; null or absent: detected. */
  readonly dialect?: string | null;
  /** What is known for finding the dialect; absent: nothing. */
  readonly dialectHints?: DialectHints;
  readonly limits: Limits;
  /** False: times are not known, so no gap, stall or rate is measured. */
  readonly timesKnown: boolean;
  /** The request asked for a part (`Last-Event-ID`, `Range`), so that counts in the stream say nothing of what came. */
  readonly isContinued?: boolean;
  /** The client can ask again for what came after an event id: an EventSource does, with GET. */
  readonly isResumable?: boolean;
  readonly probes?: ByteProbes;
  /** Where the stream is followed over several connections. */
  readonly continuity?: Pick<ContinuityOptions, 'plan' | 'initialId'>;
  /** Where frames stop to count; absent: nowhere. */
  readonly frameLimits?: FrameLimits;
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
  /** What the frame says in a token stream, as far as it is understood now; valid until the next frame. */
  readonly deltas: readonly Delta[];
}

/** How the exchange of an analysis ended, as far as rules ask. */
export interface AnalysisEnding {
  /** The transfer came to its own end: what is missing was never sent. */
  readonly isWhole: boolean;
  readonly endMicros: Micros | null;
  /** The event loop's largest delay meanwhile; null where it was not measured. */
  readonly uncertaintyMicros: Micros | null;
}

const nothing: readonly Delta[] = [];
const wholeEnding: AnalysisEnding = Object.freeze({ isWhole: true, endMicros: null, uncertaintyMicros: null });
/** Evidence of buffering is weighed again when this many times the bursts are there. */
const weighAgain = 1.1;

/** What is kept of an ended analysis beside its blocks of frames, as plain JSON data. */
export interface KeptAnalysis {
  readonly decision: FramingDecision | null;
  readonly bodyBytes: number;
  readonly types: ReturnType<TypeTable['toKept']>;
  readonly diagnostics: ReturnType<DiagnosticList['toKept']>;
  readonly arrivals: KeptArrivals;
  /** How far the stream said it was, last. */
  readonly progress: WatchedProgress | null;
  readonly message: KeptMessage | null;
  /** Kept only where a timeline would not be drawn from the frames themselves. */
  readonly overview: KeptOverview | null;
}

/**
 * Everything that is derived from a recording's chunks: frames, their types, the diagnostics of framing and the
 * measurements of arrival. Fed the chunks in order, live or again from the store; the same chunks give the same result.
 *
 * Work is linear in the bytes; memory is bounded but for what `BlockPort` keeps elsewhere.
 */
export class Analysis {
  readonly frames: FrameIndex;
  readonly types = new TypeTable();
  readonly arrivals = new Arrivals();
  readonly #findings: FrameFindings;
  readonly #options: AnalysisOptions;
  #detector: Detector | undefined;
  /** Body that came before the framing was decided. */
  #undecided: { readonly bytes: Uint8Array; readonly chunk: number; readonly micros: Micros }[] = [];
  #framer: Framer | undefined;
  /** Where the body of the current connection begins: framers count from there. */
  #connectionOffset = 0;
  #isConnectionOver = false;
  readonly #continuity: Continuity | undefined;
  readonly #frameLimit: FrameLimit;
  #decision: FramingDecision | null = null;
  #chunk = 0;
  #micros: Micros = 0;
  #framedBytes = 0;
  #undecidedBytes = 0;
  readonly #window = new BodyWindow(heldBytes);
  /** Body offset after the last frame. */
  #framedTo = 0;
  #meaning: FrameMeaning | undefined;
  #keptProgress: WatchedProgress | null = null;
  #keptMessage: KeptMessage | null = null;
  #weighedBursts = 0;

  constructor(port: BlockPort, options: AnalysisOptions) {
    this.frames = new FrameIndex(port);
    this.#findings = new FrameFindings(this.frames, this.arrivals.overview, options.timesKnown);
    this.#options = options;
    this.#frameLimit = new FrameLimit(options.frameLimits);
    if (options.continuity !== undefined) {
      this.#continuity = new Continuity({ ...options.continuity, limits: options.limits });
    }
    if (options.framing === null) {
      this.#detector = this.#newDetector();
    } else {
      this.#decide({ framing: options.framing, shape: null, by: 'user', reason: 'chosen by you' });
    }
  }

  /** How the framing was decided; null until it is. */
  get decision(): FramingDecision | null {
    return this.#decision;
  }

  get diagnostics(): DiagnosticList {
    return this.#findings.list;
  }

  /** Body bytes fed so far. */
  get bodyBytes(): number {
    return this.#framedBytes + this.#undecidedBytes;
  }

  get timesKnown(): boolean {
    return this.#options.timesKnown;
  }

  /** A chunk arrived. Its body bytes follow in `body`, at once or later. */
  chunk(atMicros: Micros, wireBytes: number): void {
    if (!this.#options.timesKnown) return;
    const isFirst = this.arrivals.lastChunkMicros === null;
    this.arrivals.chunk(atMicros, wireBytes);
    if (isFirst && atMicros > slowFirstByte) this.diagnostic('timing/slow-first-byte', {}, { micros: atMicros }, false);
  }

  /** How far the stream says it is; null where it says nothing. */
  get progress(): WatchedProgress | null {
    return this.#meaning?.progress ?? this.#keptProgress;
  }

  /** What frames mean, as they were fed here; undefined for an analysis that was restored, or before the framing is known. */
  get dialect(): DialectReader | undefined {
    return this.#meaning?.dialect;
  }

  /** The token stream's key facts; null where it is none. */
  get message(): KeptMessage | null {
    return this.#meaning?.message ?? this.#keptMessage;
  }

  /** Where the stream can be asked to go on: as of the frames reported so far. */
  get resumePosition(): ResumePosition {
    return this.#continuity?.position ?? { value: null, retryMillis: null };
  }

  /** Frames of the current connection do not count any more: a limit of them was reached. */
  get isFrameLimitReached(): boolean {
    return this.#frameLimit.isReached;
  }

  /** Body offsets where counting stopped, at most one a connection. */
  get frameLimitOffsets(): readonly ByteOffset[] {
    return this.#frameLimit.offsets;
  }

  /** Body bytes that chunk `chunk`, which came at `micros`, yielded; not kept beyond the call. */
  body(chunk: number, micros: Micros, bytes: Uint8Array): void {
    if (this.#framer !== undefined) {
      this.#push(chunk, micros, bytes);
      return;
    }
    this.#undecided.push({ bytes: bytes.slice(), chunk, micros });
    this.#undecidedBytes += bytes.length;
    const detection = this.#detector?.push(bytes);
    if (detection !== undefined) this.#settle(detection);
  }

  #push(chunk: number, micros: Micros, bytes: Uint8Array): void {
    const offset = this.#framedBytes;
    this.#framedBytes += bytes.length;
    this.#chunk = chunk;
    this.#micros = micros;
    this.#continuity?.push(bytes, offset);
    this.#window.begin(bytes);
    this.#framer?.push(bytes);
    this.#window.settle(this.#framedTo);
    this.#continuity?.pushed();
    this.#tellRepetitions();
  }

  /**
   * The body of one connection is over and that of another begins: a stream of its own, with a byte order mark if it
   * likes, in the same framing. What was unfinished stays so. The time between is no gap and no stall of the stream.
   * @param resumedFrom what the new connection is asked to go on from
   */
  reconnected(resumedFrom: string | null): void {
    this.endConnection();
    this.#isConnectionOver = false;
    this.#connectionOffset = this.#framedBytes;
    this.#frameLimit.reconnected(this.#connectionOffset);
    if (this.#decision === null) this.#detector = this.#newDetector();
    else this.#framer = this.#newFramer(this.#decision);
    this.arrivals.reconnected();
    this.#meaning?.continued();
    for (const { code, details } of this.#continuity?.reconnected(resumedFrom) ?? []) {
      this.diagnostic(code, {}, details, false);
    }
  }

  /** No more bytes: the tail becomes a frame, the last block is handed over. */
  end(ending: AnalysisEnding = wholeEnding): void {
    this.endConnection();
    this.arrivals.end();
    this.#meaning?.end(ending.isWhole);
    if (this.#options.timesKnown) this.#judgeTimes(ending);
    this.#findings.flagStated();
    this.frames.flush();
  }

  #judgeTimes({ endMicros, uncertaintyMicros }: AnalysisEnding): void {
    this.#judgeBuffering();
    const silence = this.arrivals.silenceBefore(endMicros);
    if (silence !== null && mayBeSilent(this.#decision?.framing)) {
      this.diagnostic('timing/no-heartbeat', {}, { gapMicros: silence }, false);
    }
    for (const { code, details } of judgeUncertainty(uncertaintyMicros)) this.diagnostic(code, {}, details, false);
  }

  /** The nearest frame after or before `from` that a diagnostic points at, listed or not; null where there is none. */
  seekDiagnostic(from: number, direction: 'next' | 'previous'): number | null {
    return this.#findings.seek(from, direction);
  }

  #judgeBuffering(): void {
    this.#weighedBursts = this.arrivals.burstCount;
    const buffering = this.arrivals.buffering();
    const code = 'timing/buffered';
    if (buffering === undefined) {
      this.diagnostics.state(code, undefined, this.#micros);
      return;
    }
    const { frame, ...details } = buffering;
    this.diagnostics.state(code, diagnose(code, { frame }, details), this.frames.microsOf(frame));
  }

  /**
   * The body of the current connection is over: its tail becomes a frame. Doing it again changes nothing.
   * @returns where the stream can be asked to go on
   */
  endConnection(): ResumePosition {
    if (this.#isConnectionOver) return this.resumePosition;
    this.#isConnectionOver = true;
    if (this.#detector !== undefined && this.#undecidedBytes > 0) this.#settle(this.#detector.end());
    this.#framer?.end();
    this.#findings.settle(this.#micros);
    this.#continuity?.end();
    this.#tellRepetitions();
    return this.resumePosition;
  }

  #tellRepetitions(): void {
    for (const { frame, offset, length, details } of this.#continuity?.takeRepetitions() ?? []) {
      const diagnostic = diagnose('reconnect/duplicates', { offset, length }, details);
      this.#findings.add({ ...diagnostic, frame }, this.#micros);
    }
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
    this.#undecidedBytes = 0;
    for (const piece of undecided) this.#push(piece.chunk, piece.micros, piece.bytes);
  }

  #decide(found: FramingDecision): void {
    const isAtPath = found.framing === 'json' && (this.#options.jsonPath ?? '') !== '';
    const decision = isAtPath ? { ...found, shape: 'path' } : found;
    this.#decision = decision;
    this.#meaning = this.#newMeaning(decision.framing);
    this.#framer = this.#newFramer(decision);
    this.#continuity?.begin(decision.framing);
  }

  #newMeaning(framing: Framing): FrameMeaning {
    const { dialect, dialectHints, isContinued, isResumable, limits, probes } = this.#options;
    return new FrameMeaning({
      framing,
      limits,
      body: this.#window,
      types: this.types,
      ...(dialect === undefined ? {} : { dialect }),
      ...(dialectHints === undefined ? {} : { dialectHints }),
      ...(isContinued === undefined ? {} : { isContinued }),
      ...(isResumable === undefined ? {} : { isResumable }),
      ...(probes?.indexOf === undefined ? {} : { search: probes.indexOf }),
      tell: (code, details, frame) => {
        if (frame === undefined) this.diagnostic(code, {}, details, true);
        else this.diagnostic(code, frame < 0 ? {} : { frame }, details, false);
      },
    });
  }

  #newDetector(): Detector {
    return createDetector({ contentType: this.#options.contentType, url: this.#options.url });
  }

  /** A framer of one connection's body; what it finds is moved to the body of the recording. */
  #newFramer({ framing, shape }: FramingDecision): Framer {
    const { limits, contentType, jsonPath = null, probes } = this.#options;
    const offset = this.#connectionOffset;
    const sink: FrameSink = {
      frame: (kindCode, start, length, flags, typeId) => {
        if (!this.#frameLimit.isReached) this.#frame(kindCode, offset + start, length, flags, typeId);
      },
      typeId: (name) => this.types.idOf(name),
      diagnostic: (code, place, details, belongsToNextFrame) => {
        if (this.#frameLimit.isReached) return;
        const moved = place.offset === undefined ? place : { ...place, offset: offset + place.offset };
        this.diagnostic(code, moved, details, belongsToNextFrame);
      },
    };
    return createFramer(framing, { limits, shape, contentType, jsonPath }, sink, probes);
  }

  #frame(kindCode: number, offset: number, length: number, flags: number, typeId: number): void {
    const n = this.frames.count;
    let allFlags = flags;
    const startsCut = offset < this.#window.pieceStart;
    const deltas = this.#meaning?.frame(n, kindCode, offset, length, flags, typeId) ?? nothing;
    this.#framedTo = offset + length;
    if (this.#options.timesKnown) {
      for (const gapMicros of this.arrivals.takeSilences(this.#chunk)) {
        if (mayBeSilent(this.#decision?.framing)) this.diagnostic('timing/no-heartbeat', {}, { gapMicros }, true);
      }
      const { hasPendingError } = this.#findings;
      const stall = this.arrivals.frame(n, kindCode, this.#chunk, this.#micros, hasPendingError, startsCut);
      if (this.arrivals.burstCount > this.#weighedBursts * weighAgain) this.#judgeBuffering();
      if (stall !== undefined) {
        allFlags |= frameFlag.afterStall;
        const gapMicros = stall.toMicros - stall.fromMicros;
        this.diagnostic('timing/stall', {}, { gapMicros, heartbeats: stall.heartbeats }, true);
      }
    }
    const continuity = this.#continuity?.frame(n, kindCode, offset, length, flags);
    for (const { code, details } of continuity?.findings ?? [])
      this.diagnostic(code, { offset, length }, details, true);
    if (continuity?.beginsRepetition === true) allFlags |= frameFlag.hasDiagnostic;
    if (length > this.#options.limits.framePreviewBytes) allFlags |= frameFlag.oversize;
    const diagnostics = this.#findings.takeFor(n, this.#micros);
    if (diagnostics.length > 0) {
      allFlags |= frameFlag.hasDiagnostic;
      if (diagnostics.some(({ severity }) => severity === 'error')) allFlags |= frameFlag.hasError;
    }
    this.frames.append(kindCode, offset, length, allFlags, typeId, this.#micros, this.#chunk);
    this.types.count(kindCode, typeId);
    this.#frameLimit.counted(n + 1, offset + length);
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
      deltas,
    });
  }

  /**
   * A diagnostic of the catalogue.
   * @param belongsToNextFrame it is given the number of the frame that comes next
   */
  diagnostic(code: string, place: Place, details: DiagnosticDetails, belongsToNextFrame: boolean): void {
    this.#findings.tell(code, place, details, belongsToNextFrame, this.#micros);
  }

  /** @param chunks of the recording */
  toKept(chunks: number): KeptAnalysis {
    return {
      decision: this.#decision,
      bodyBytes: this.bodyBytes,
      types: this.types.toKept(),
      diagnostics: this.diagnostics.toKept(),
      arrivals: this.arrivals.toKept(),
      progress: this.progress,
      message: this.message,
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
    analysis.#framedBytes = kept.bodyBytes;
    analysis.#findings.list = DiagnosticList.fromKept(kept.diagnostics);
    analysis.types.restore(kept.types);
    analysis.arrivals.restore(kept.arrivals);
    analysis.#meaning = undefined;
    analysis.#keptProgress = kept.progress;
    analysis.#keptMessage = kept.message;
    if (kept.overview !== null) analysis.arrivals.overview.restore(kept.overview);
    analysis.frames.restore(summaries);
    return analysis;
  }
}
