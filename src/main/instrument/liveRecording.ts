import { judgeStatus, judgeStreamHead } from '../../engine/diagnostics/headRules.ts';
import { headerValue } from '../../shared/headerValue.ts';
import { Analysis } from '../../engine/recording/analysis.ts';
import { ChunkIndex } from '../../engine/recording/chunkIndex.ts';
import type { BlockPort } from '../../engine/recording/frameIndex.ts';
import type { ResumePosition } from '../../engine/reconnect/keyReader.ts';
import { FailureError, type Failure } from '../../shared/failure.ts';
import type { Limits } from '../../shared/limits.ts';
import type { Ending, ExchangeFacts, Mark, Reconnection, ResponseHead } from '../../shared/recording.ts';
import type { ProxiedFacts } from '../../shared/proxy.ts';
import type { HeaderList, RequestBody } from '../../shared/request.ts';
import type { EpochMillis, Micros, RecordingId, RecordingState } from '../../shared/words.ts';
import type { Capture, ImportOrigin, ImportSink, StopReason } from '../capture/sink.ts';
import type { RecordingWriter } from '../store/recordingStore.ts';
import { summaryOfOpened } from './detail.ts';
import { Feeder } from './feeder.ts';
import { keepAnalysis } from './keptAnalysis.ts';
import { withFraming, type FramingChoice } from './framingChoice.ts';
import { analysisEnding, analysisOptions, derivedVersion, type OpenedRecording } from './openedRecording.ts';
import { keptTransportFindings, replayTransportFindings } from './transportFindings.ts';

/** A live recording of up to this many bytes is framed anew in one go. */
const reframedLiveBytes = 16_777_216;

export interface LiveRecordingOptions {
  readonly facts: ExchangeFacts;
  readonly writer: RecordingWriter;
  readonly limits: Limits;
  readonly sample: boolean;
  readonly isUtf8: (bytes: Uint8Array) => boolean;
  /** Monotonic microseconds since t0. */
  readonly clock: () => Micros;
  /** Event-loop delay seen since the recording began. */
  readonly uncertaintyMicros: () => Micros | null;
  /** Something changed that a window may show. */
  readonly onAdvanced: () => void;
  /** It ended; its ending is not on the disk yet. */
  readonly onEnded?: () => void;
  /** The ending is on the disk (`failure` null) or could not be written. Called once, last. */
  readonly onSaved: (failure: Failure | null) => void;
}

/** Blocks of frames in a recording's derived cache. */
export function blocksIn(writer: RecordingWriter): BlockPort {
  return {
    put(n, summary, bytes) {
      writer.putDerived('frames', derivedVersion, n, { summary, bytes });
    },
    get(n) {
      const block = writer.derivedBlock('frames', derivedVersion, n);
      if (block === undefined) throw new Error(`block ${String(n)} of frames is missing`);
      return block;
    },
  };
}

/** A recording while it is made: stores each chunk before it is understood, then derives from it. */
export class LiveRecording implements OpenedRecording, ImportSink {
  readonly chunks: ChunkIndex;
  readonly sample: boolean;
  readonly #options: LiveRecordingOptions;
  readonly #writer: RecordingWriter;
  #facts: ExchangeFacts;
  #analysis: Analysis;
  #capture: Capture | undefined;
  #state: RecordingState = 'live';
  #revision = 0;
  #streamHeadJudged = false;
  #paused = false;
  #current: Uint8Array | undefined;
  #endedAt: Micros | null = null;
  #broughtIn: number | null = null;
  readonly #broughtNotes: string[] = [];

  constructor(options: LiveRecordingOptions) {
    this.#options = options;
    this.#writer = options.writer;
    this.#facts = options.facts;
    this.sample = options.sample;
    this.chunks = new ChunkIndex((segment) => options.writer.pairs(segment));
    this.#analysis = this.#newAnalysis();
    options.writer.onSealed((segment) => {
      this.chunks.seal(segment);
    });
    options.writer.onDrain(() => {
      this.#resume();
    });
    options.writer.onFailure((failure) => {
      this.#capture?.stop({ by: 'disk', message: failure.message });
      this.#capture?.resume();
    });
  }

  get id(): RecordingId {
    return this.#facts.id;
  }

  get reader(): RecordingWriter {
    return this.#writer;
  }

  get analysis(): Analysis {
    return this.#analysis;
  }

  get state(): RecordingState {
    return this.#state;
  }

  get revision(): number {
    return this.#revision;
  }

  get analysisProgress(): number | null {
    return this.#state === 'live' ? this.#broughtIn : null;
  }

  /** How much of a file that is brought in was read, 0…1. */
  noteBroughtIn(share: number): void {
    this.#broughtIn = share;
  }

  facts(): ExchangeFacts {
    return this.#facts;
  }

  note(text: string): void {
    this.#broughtNotes.push(text);
  }

  /** The notes in the file that was brought in; null: none. */
  get broughtNote(): string | null {
    return this.#broughtNotes.length === 0 ? null : this.#broughtNotes.join('\n');
  }

  nowMicros(): Micros {
    return this.#endedAt ?? this.#options.clock();
  }

  /** The transport behind the recording; it is paused and stopped through it. */
  attach(capture: Capture): void {
    this.#capture = capture;
  }

  /** Ends a live recording; nothing happens to one that has ended. */
  stop(reason: StopReason): void {
    this.#capture?.stop(reason);
  }

  /** Counts of types and the like moved on: time to read the detail again. */
  refreshDetail(): void {
    this.#revision++;
    this.#options.onAdvanced();
  }

  /** Resolves when the transport is closed. */
  async closed(): Promise<void> {
    await this.#capture?.done;
  }

  #newAnalysis(): Analysis {
    const options = analysisOptions(this.#facts, this.#options.limits, this.#options.isUtf8);
    const { maxFrames, cutAfterFrames } = this.#facts.request?.options ?? {};
    return new Analysis(blocksIn(this.#writer), {
      ...options,
      frameLimits: {
        offsets: this.#facts.frameLimitOffsets ?? [],
        ...(maxFrames === undefined ? {} : { whole: maxFrames }),
        ...(cutAfterFrames === undefined ? {} : { firstConnection: cutAfterFrames }),
      },
    });
  }

  #change(change: Partial<ExchangeFacts>): void {
    this.#facts = { ...this.#facts, ...change };
    this.#revision++;
    this.#writer.writeFacts(this.#facts);
    this.#options.onAdvanced();
  }

  /** The exchange begins: its wall-clock anchor. */
  began(startedAt: EpochMillis): void {
    this.#change({ startedAt });
  }

  /** What became known of an exchange through the proxy while it is under way. */
  noteProxied(proxied: ProxiedFacts): void {
    this.#change({ proxied });
  }

  /** The body of a request that came in while it was handed on. */
  noteRequestBody(body: RequestBody): void {
    const { request } = this.#facts;
    if (request !== null) this.#change({ request: { ...request, body } });
  }

  origin(origin: ImportOrigin): void {
    const { contentType, ...told } = origin;
    const said = contentType === undefined ? {} : { importedContentType: contentType };
    this.#change({ ...told, ...said });
    this.#analysis = this.#newAnalysis();
    this.#judgeHead();
  }

  mark(mark: Mark): void {
    const begun = mark.name === 'reconnect' ? this.#withLastReconnection({ atMicros: mark.atMicros }) : {};
    this.#change({ marks: [...this.#facts.marks, mark], ...begun });
  }

  #withLastReconnection(change: Partial<Reconnection>): Pick<ExchangeFacts, 'reconnections'> {
    const known = this.#facts.reconnections ?? [];
    const last = known.at(-1);
    return last === undefined ? {} : { reconnections: [...known.slice(0, -1), { ...last, ...change }] };
  }

  position(): ResumePosition {
    const position = this.#analysis.endConnection();
    this.#judgeStreamHead();
    this.#keepFrameLimit();
    return position;
  }

  reconnecting(reconnection: Reconnection): void {
    this.#current = undefined;
    this.#change({ reconnections: [...(this.#facts.reconnections ?? []), reconnection] });
    this.#analysis.reconnected(reconnection.resumedFrom);
  }

  sent(headers: HeaderList): void {
    this.#change({ sentHeaders: headers });
  }

  head(head: ResponseHead): void {
    const isFirst = this.#facts.head === null;
    this.#change({ ...(isFirst ? { head } : {}), ...this.#withLastReconnection({ head }) });
    if (!isFirst) return;
    this.#analysis = this.#newAnalysis();
    for (const { resumedFrom } of this.#facts.reconnections ?? []) this.#analysis.reconnected(resumedFrom);
    this.#judgeHead();
  }

  chunk(atMicros: Micros, bytes: Uint8Array, continues: boolean): boolean {
    const mayGoOn = this.#writer.chunk(atMicros, bytes, continues);
    this.chunks.append(atMicros, bytes.length, continues);
    this.#analysis.chunk(atMicros, bytes.length);
    this.#current = bytes;
    this.#options.onAdvanced();
    this.#keepSizeLimit();
    if (!mayGoOn) this.#paused = true;
    return mayGoOn;
  }

  body(chunk: number, bytes: Uint8Array): boolean {
    let mayGoOn = true;
    const isWire = bytes === this.#current;
    if (!isWire && !this.#writer.hasDecodedBody) this.#keepEarlierBody();
    if (!isWire || this.#writer.hasDecodedBody) {
      // What was received before the stop may go on unpacking; its bytes on the wire are kept.
      if (this.#isTooLarge && this.#writer.hasDecodedBody) return true;
      mayGoOn = this.#writer.body(chunk, bytes);
      this.#keepSizeLimit();
    }
    const micros = isWire ? (this.chunks.lastMicros ?? 0) : this.chunks.microsOf(chunk);
    this.#analysis.body(chunk, micros, bytes);
    this.#judgeStreamHead();
    this.#keepFrameLimit();
    if (!mayGoOn) this.#paused = true;
    this.#options.onAdvanced();
    return mayGoOn;
  }

  /** By what it takes on the disk: the bytes on the wire, and the decoded body where there is one. */
  get #isTooLarge(): boolean {
    const decodedBytes = this.#writer.hasDecodedBody ? this.#writer.byteLength('body') : 0;
    return this.chunks.wireBytes + decodedBytes > this.#options.limits.recordingBytes;
  }

  #keepSizeLimit(): void {
    if (!this.#isTooLarge) return;
    this.stop({ by: 'limit', limit: 'recording size', value: this.#options.limits.recordingBytes });
  }

  /** Connections before this one were not coded: their body was their wire bytes, and goes into the decoded body now. */
  #keepEarlierBody(): void {
    const end = this.#facts.reconnections?.at(-1)?.firstChunk ?? 0;
    this.chunks.visit(0, end, (run, first, from, to) => {
      for (let i = from; i < to; i++) {
        const offset = run.offset[i] as number;
        this.#writer.body(first + i, this.#writer.read('wire', offset, (run.offset[i + 1] as number) - offset));
      }
    });
  }

  /** A limit of frames was reached: keeps where, and ends what it is a limit of. */
  #keepFrameLimit(): void {
    const { frameLimitOffsets: offsets, frames } = this.#analysis;
    if (offsets.length === (this.#facts.frameLimitOffsets?.length ?? 0)) return;
    this.#change({ frameLimitOffsets: [...offsets] });
    const { maxFrames, cutAfterFrames } = this.#facts.request?.options ?? {};
    if (maxFrames !== undefined && frames.count >= maxFrames) {
      this.stop({ by: 'limit', limit: 'frames', value: maxFrames });
    } else if (cutAfterFrames !== undefined) {
      this.stop({ by: 'lab', frames: cutAfterFrames });
    }
  }

  /**
   * Frames what was kept so far in another framing and goes on in it.
   * @throws FailureError when there is too much to do it without holding up the stream
   */
  reframe(choice: FramingChoice): void {
    if (this.chunks.wireBytes > reframedLiveBytes || this.#isCoded()) {
      throw new FailureError({
        code: 'recording/still-live',
        message:
          'This stream is too long to be framed anew while it runs. Stop it or wait for its end, then choose the framing again.',
        retry: true,
      });
    }
    this.#writer.dropDerived('frames');
    this.#facts = withFraming(this.#facts, choice);
    this.#change({});
    this.#analysis = this.#newAnalysis();
    this.#judgeHead();
    const { reconnections } = this.#facts;
    new Feeder(this.chunks, this.#writer, this.#analysis, [], this.#options.limits, reconnections).feedAll();
    this.#streamHeadJudged = false;
    this.#judgeStreamHead();
  }

  #isCoded(): boolean {
    const { head } = this.#facts;
    return this.#writer.hasDecodedBody || (head !== null && headerValue(head.headers, 'content-encoding') !== null);
  }

  #judgeHead(): void {
    replayTransportFindings(this.#facts, this.#analysis);
    if (this.#facts.head === null) return;
    for (const finding of judgeStatus(this.#facts.head)) {
      this.#analysis.diagnostic(finding.code, {}, finding.details, false);
    }
  }

  #judgeStreamHead(): void {
    const decision = this.#analysis.decision;
    if (this.#streamHeadJudged || decision === null) return;
    this.#streamHeadJudged = true;
    this.#revision++;
    if (this.#facts.head === null) return;
    for (const finding of judgeStreamHead(this.#facts.head, decision.framing)) {
      this.#analysis.diagnostic(finding.code, {}, finding.details, false);
    }
  }

  #resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#capture?.resume();
  }

  trailers(headers: HeaderList): void {
    this.#change({ trailers: headers });
  }

  transportDiagnostic(code: string, details: Readonly<Record<string, string | number>>): void {
    this.#analysis.diagnostic(code, {}, details, false);
    const known = this.#facts.transportFindings ?? [];
    if (known.length < keptTransportFindings) this.#change({ transportFindings: [...known, { code, details }] });
    else this.#options.onAdvanced();
  }

  ended(ending: Ending): void {
    this.#endedAt = ending.atMicros;
    this.#current = undefined;
    const uncertaintyMicros = this.#facts.source === 'import' ? null : this.#options.uncertaintyMicros();
    this.#analysis.end(analysisEnding({ ...this.#facts, ending, uncertaintyMicros }));
    this.#judgeStreamHead();
    this.#state = 'ended';
    this.#change({ ending, uncertaintyMicros });
    keepAnalysis(this.#writer, this.#analysis, this.chunks.count);
    void this.#writer.finish(this.#facts, summaryOfOpened(this)).then((outcome) => {
      this.#options.onSaved(outcome.ok ? null : outcome.failure);
    });
    this.#options.onEnded?.();
  }

  close(): void {
    this.#writer.close();
  }
}
