import { isUtf8 } from 'node:buffer';
import { isRule } from '../../../engine/diagnostics/catalogue.ts';
import { judgeStatus, judgeStreamHead } from '../../../engine/diagnostics/headRules.ts';
import { describeFrame, type DescriptionLimits, type FrameDescription } from '../../../engine/framing/describe.ts';
import { Analysis, type AnalysedFrame } from '../../../engine/recording/analysis.ts';
import { BodyWindow } from '../../../engine/recording/bodyWindow.ts';
import type { ResumePosition } from '../../../engine/reconnect/keyReader.ts';
import type { Limits } from '../../../shared/limits.ts';
import type { Ending, ExchangeFacts, Mark, Reconnection, ResponseHead } from '../../../shared/recording.ts';
import type { HeaderList, RequestSpec } from '../../../shared/request.ts';
import type { ByteOffset, Framing, Micros } from '../../../shared/words.ts';
import type { ImportOrigin, ImportSink } from '../../capture/sink.ts';
import { analysisEnding, analysisOptions, contentTypeOf } from '../../instrument/openedRecording.ts';
import { keptTransportFindings, replayTransportFindings } from '../../instrument/transportFindings.ts';
import { ContentTimes } from './contentTimes.ts';

export interface InspectionHints {
  /** Null for bytes: what is known of their request, they tell themselves. */
  readonly request: RequestSpec | null;
  readonly framing: Framing | null;
  /** `json` only: where the elements are; null: detected. */
  readonly jsonPath: string | null;
  /** Null: as the recording says, else detected. */
  readonly dialect: string | null;
  readonly maxFrames: number | null;
  /** Wire bytes, for sources that do not count them themselves. */
  readonly maxBytes: number | null;
  readonly limits: Limits;
  /** Largest event-loop delay so far; null where the times are not taken here. */
  readonly uncertaintyMicros: () => Micros | null;
}

/** A frame with its contents, valid during the call that delivers it. */
export interface InspectedFrame {
  readonly frame: AnalysedFrame;
  readonly framing: Framing;
  readonly bytes: Uint8Array;
  readonly described: FrameDescription;
  readonly lastEventId: string | null;
  readonly timesKnown: boolean;
}

export interface InspectionListener {
  frame(inspected: InspectedFrame): void;
  /** Body bytes as they come, valid during the call. */
  body(bytes: Uint8Array): void;
  /** Another connection follows. */
  reconnecting(reconnection: Reconnection): void;
  /** As much came as was asked for. */
  enough(of: 'frames' | 'max-bytes', limit: number): void;
  /** The connection has brought the frames after which the reconnect lab cuts it. */
  cut(frames: number): void;
  ended(ending: Ending): void;
}

/** A capture or an import understood as it comes, without keeping it: what `inspect` and `check` look at. */
export class Inspection implements ImportSink {
  readonly #hints: InspectionHints;
  readonly #listener: InspectionListener;
  readonly #window: BodyWindow;
  /** What is printed is not cut to the length of a preview. */
  readonly #printLimits: DescriptionLimits;
  #facts: ExchangeFacts;
  #analysis: Analysis;
  #chunks = 0;
  #wireBytes = 0;
  readonly #chunkMicros = new Map<number, Micros>();
  readonly #contentTimes = new ContentTimes();
  #lastEventId: string | null = null;
  #lastKind = -1;
  /** Body offset after the last frame. */
  #framedTo: ByteOffset = 0;
  #streamHeadJudged = false;
  /** What counts of the last chunk under `maxBytes`. */
  #counted: { readonly chunk: Uint8Array; readonly bytes: Uint8Array } | undefined;
  #limitTold = false;

  constructor(hints: InspectionHints, listener: InspectionListener) {
    this.#hints = hints;
    this.#listener = listener;
    this.#printLimits = { ...hints.limits, framePreviewBytes: hints.limits.jsonBytes };
    this.#window = new BodyWindow(hints.limits.jsonBytes);
    this.#facts = {
      id: '',
      source: hints.request === null ? 'import' : 'request',
      startedAt: 0,
      request: hints.request,
      sentHeaders: [],
      marks: [],
      head: null,
      trailers: [],
      ending: null,
      timesKnown: hints.request !== null,
      framingOverride: hints.framing,
      ...(hints.jsonPath === null ? {} : { jsonPathOverride: hints.jsonPath }),
      ...(hints.dialect === null ? {} : { dialectOverride: hints.dialect }),
      uncertaintyMicros: null,
    };
    this.#analysis = this.#newAnalysis();
  }

  get analysis(): Analysis {
    return this.#analysis;
  }

  /** The exchange so far; without marks and what was sent. */
  get facts(): ExchangeFacts {
    return this.#facts;
  }

  get wireBytes(): number {
    return this.#wireBytes;
  }

  get chunks(): number {
    return this.#chunks;
  }

  /** Code of the last frame's kind; −1 before the first. */
  get lastKind(): number {
    return this.#lastKind;
  }

  /** Arrival of a frame that the times of a token stream's content are told by; null where that is not known. */
  contentMicros(frame: number): Micros | null {
    return this.#facts.timesKnown ? this.#contentTimes.of(frame) : null;
  }

  get contentType(): string | null {
    return contentTypeOf(this.#facts);
  }

  #newAnalysis(): Analysis {
    const { maxFrames } = this.#hints;
    const cutAfterFrames = this.#hints.request?.options.cutAfterFrames;
    return new Analysis(
      {
        put: () => undefined,
        get: () => {
          throw new Error('frames are not kept while inspecting');
        },
      },
      {
        ...analysisOptions(this.#facts, this.#hints.limits, isUtf8),
        frameLimits: {
          offsets: this.#facts.frameLimitOffsets ?? [],
          ...(maxFrames === null ? {} : { whole: maxFrames }),
          ...(cutAfterFrames === undefined ? {} : { firstConnection: cutAfterFrames }),
        },
        onFrame: (frame) => {
          this.#deliver(frame);
        },
      },
    );
  }

  #deliver(frame: AnalysedFrame): void {
    this.#framedTo = frame.offset + frame.length;
    this.#lastKind = frame.kindCode;
    this.#contentTimes.frame(frame, this.#analysis.dialect);
    const framing = this.#analysis.decision?.framing ?? 'text';
    const bytes = this.#window.read(frame.offset, frame.length);
    const described = describeFrame(framing, frame.kind, bytes, this.#printLimits, bytes.length < frame.length);
    if (described.fields.id !== undefined && frame.kind !== 'incomplete') this.#lastEventId = described.fields.id;
    const { timesKnown } = this.#facts;
    this.#listener.frame({ frame, framing, bytes, described, lastEventId: this.#lastEventId, timesKnown });
  }

  origin(origin: ImportOrigin): void {
    const { contentType, ...told } = origin;
    const said = contentType === undefined ? {} : { importedContentType: contentType };
    const { framing, jsonPath, dialect } = this.#hints;
    this.#facts = {
      ...this.#facts,
      ...told,
      ...said,
      ...(framing === null ? {} : { framingOverride: framing }),
      ...(jsonPath === null ? {} : { jsonPathOverride: jsonPath }),
      ...(dialect === null ? {} : { dialectOverride: dialect }),
    };
    this.#analysis = this.#newAnalysis();
  }

  mark({ name, atMicros }: Mark): void {
    // The other marks are the window's; the head and the ending carry their own times.
    if (name === 'reconnect') this.#changeLastReconnection({ atMicros });
  }

  sent(_headers: HeaderList): void {
    // What was sent is shown by the window.
  }

  head(head: ResponseHead): void {
    if (this.#changeLastReconnection({ head })) return;
    this.#facts = { ...this.#facts, head };
    this.#analysis = this.#newAnalysis();
    replayTransportFindings(this.#facts, this.#analysis);
    for (const { code, details } of judgeStatus(head)) this.#analysis.diagnostic(code, {}, details, false);
  }

  chunk(atMicros: Micros, bytes: Uint8Array): boolean {
    this.#chunkMicros.set(this.#chunks, atMicros);
    this.#chunks++;
    const { maxBytes } = this.#hints;
    const counted = maxBytes === null ? bytes : bytes.subarray(0, Math.max(0, maxBytes - this.#wireBytes));
    this.#counted = { chunk: bytes, bytes: counted };
    this.#wireBytes += counted.length;
    this.#analysis.chunk(atMicros, counted.length);
    if (maxBytes !== null && this.#wireBytes >= maxBytes) this.#listener.enough('max-bytes', maxBytes);
    return true;
  }

  body(chunk: number, bytes: Uint8Array): boolean {
    for (const earlier of this.#chunkMicros.keys()) {
      if (earlier >= chunk) break;
      this.#chunkMicros.delete(earlier);
    }
    const counted = this.#counted?.chunk === bytes ? this.#counted.bytes : bytes;
    this.#listener.body(counted);
    this.#window.begin(counted);
    this.#analysis.body(chunk, this.#chunkMicros.get(chunk) ?? 0, counted);
    this.#window.settle(this.#framedTo);
    this.#judgeStreamHead();
    if (this.#analysis.isFrameLimitReached && !this.#limitTold) this.#tellLimit();
    return true;
  }

  #tellLimit(): void {
    this.#limitTold = true;
    const { maxFrames } = this.#hints;
    if (maxFrames !== null && this.#analysis.frames.count >= maxFrames) this.#listener.enough('frames', maxFrames);
    else this.#listener.cut(this.#analysis.frames.count);
  }

  #judgeStreamHead(): void {
    const { decision } = this.#analysis;
    if (this.#streamHeadJudged || decision === null) return;
    this.#streamHeadJudged = true;
    if (this.#facts.head === null) return;
    for (const finding of judgeStreamHead(this.#facts.head, decision.framing)) {
      this.#analysis.diagnostic(finding.code, {}, finding.details, false);
    }
  }

  trailers(headers: HeaderList): void {
    this.#facts = { ...this.#facts, trailers: headers };
  }

  transportDiagnostic(code: string, details: Readonly<Record<string, string | number>>): void {
    // What comes from a file may be of another version.
    if (!isRule(code)) return;
    this.#analysis.diagnostic(code, {}, details, false);
    const { transportFindings = [] } = this.#facts;
    if (transportFindings.length >= keptTransportFindings) return;
    this.#facts = { ...this.#facts, transportFindings: [...transportFindings, { code, details }] };
  }

  /** What was unfinished of the body becomes a frame. */
  position(): ResumePosition {
    this.#window.begin(new Uint8Array(0));
    const position = this.#analysis.endConnection();
    this.#window.settle(this.#framedTo);
    return position;
  }

  /** Says of the connection that is the last what is known of it now; false where there was only one. */
  #changeLastReconnection(change: Partial<Reconnection>): boolean {
    const { reconnections = [] } = this.#facts;
    const last = reconnections.at(-1);
    if (last === undefined) return false;
    this.#facts = { ...this.#facts, reconnections: [...reconnections.slice(0, -1), { ...last, ...change }] };
    return true;
  }

  reconnecting(reconnection: Reconnection): void {
    this.#facts = { ...this.#facts, reconnections: [...(this.#facts.reconnections ?? []), reconnection] };
    this.#window.begin(new Uint8Array(0));
    this.#analysis.reconnected(reconnection.resumedFrom);
    // Whatever lies between the last frame and the next connection is no frame's.
    this.#framedTo = this.#analysis.bodyBytes;
    this.#window.settle(this.#framedTo);
    this.#limitTold = false;
    this.#listener.reconnecting(reconnection);
  }

  ended(ending: Ending): void {
    this.#window.begin(new Uint8Array(0));
    this.#facts = { ...this.#facts, ending, uncertaintyMicros: this.#hints.uncertaintyMicros() };
    this.#analysis.end(analysisEnding(this.#facts));
    this.#judgeStreamHead();
    this.#listener.ended(ending);
  }
}
