import { Analysis } from '../../engine/recording/analysis.ts';
import { ChunkIndex } from '../../engine/recording/chunkIndex.ts';
import { judgeStatus, judgeStreamHead } from '../../engine/diagnostics/headRules.ts';
import { headerValue } from '../../shared/headerValue.ts';
import type { BlockPort } from '../../engine/recording/frameIndex.ts';
import { FailureError } from '../../shared/failure.ts';
import type { Limits } from '../../shared/limits.ts';
import type { ExchangeFacts } from '../../shared/recording.ts';
import type { Micros, RecordingId, RecordingState } from '../../shared/words.ts';
import { readCodings, type Coding } from '../capture/contentDecoder.ts';
import type { Library, RecordingWriter } from '../store/recordingStore.ts';
import { Feeder } from './feeder.ts';
import { keepAnalysis, restoreAnalysis } from './keptAnalysis.ts';
import { blocksIn } from './liveRecording.ts';
import { withFraming, type FramingChoice } from './framingChoice.ts';
import { analysisEnding, analysisOptions, type OpenedRecording } from './openedRecording.ts';
import { replayTransportFindings } from './transportFindings.ts';

/** A slice of an analysis over stored bytes: short enough that every call in between answers at once. */
const sliceMillis = 8;

export interface StoredRecordingOptions {
  readonly id: RecordingId;
  readonly library: Library;
  readonly limits: Limits;
  readonly isUtf8: (bytes: Uint8Array) => boolean;
  readonly onAdvanced: () => void;
  /** An analysis over the stored bytes came to its end: the library line may be out of date. */
  readonly onAnalysed: () => void;
}

/**
 * A recording that is not live, opened for questions. What was derived from it is taken from its cache; where that is
 * missing or older than this code, it is derived again, in slices, while questions are answered from what is there.
 */
export class StoredRecording implements OpenedRecording {
  readonly chunks: ChunkIndex;
  readonly sample: boolean;
  readonly state: RecordingState;
  readonly #options: StoredRecordingOptions;
  readonly #writer: RecordingWriter;
  #facts: ExchangeFacts;
  #analysis: Analysis;
  #feeder: Feeder | undefined;
  #revision = 0;
  #closed = false;

  /** @throws FailureError when the recording is not there or cannot be read */
  constructor(options: StoredRecordingOptions) {
    this.#options = options;
    const opened = options.library.openForDerived(options.id);
    if (!opened.ok) throw new FailureError(opened.failure);
    this.#writer = opened.value;
    this.#facts = this.#writer.facts();
    this.sample = options.library.summary(options.id)?.sample ?? false;
    this.state = this.#facts.ending === null ? 'interrupted' : 'ended';
    this.chunks = new ChunkIndex((segment) => this.#writer.pairs(segment));
    for (const segment of this.#writer.segments(0)) this.chunks.seal(segment);
    const restored = restoreAnalysis(this.#writer, this.#blocks(), this.#analysisOptions());
    this.#analysis = restored ?? new Analysis(this.#blocks(), this.#analysisOptions());
    if (restored === undefined) this.#derive();
  }

  get id(): RecordingId {
    return this.#options.id;
  }

  get reader(): RecordingWriter {
    return this.#writer;
  }

  get analysis(): Analysis {
    return this.#analysis;
  }

  get revision(): number {
    return this.#revision;
  }

  get analysisProgress(): number | null {
    return this.#feeder?.progress ?? null;
  }

  facts(): ExchangeFacts {
    return this.#facts;
  }

  nowMicros(): Micros {
    return this.#facts.ending?.atMicros ?? this.chunks.lastMicros ?? 0;
  }

  #blocks(): BlockPort {
    return blocksIn(this.#writer);
  }

  #analysisOptions() {
    return analysisOptions(this.#facts, this.#options.limits, this.#options.isUtf8);
  }

  /** Derives everything again with the user's choice of framing (null: detected). */
  reframe(choice: FramingChoice): void {
    this.#facts = withFraming(this.#facts, choice);
    this.#writer.writeFacts(this.#facts);
    this.#derive();
  }

  #derive(): void {
    this.#writer.dropDerived('frames');
    this.#writer.dropDerived('analysis');
    this.#analysis = new Analysis(this.#blocks(), this.#analysisOptions());
    this.#feeder = new Feeder(
      this.chunks,
      this.#writer,
      this.#analysis,
      this.#codings(),
      this.#options.limits,
      this.#facts.reconnections,
    );
    this.#revision++;
    replayTransportFindings(this.#facts, this.#analysis);
    const { head } = this.#facts;
    if (head !== null) {
      for (const finding of judgeStatus(head)) this.#analysis.diagnostic(finding.code, {}, finding.details, false);
    }
    this.#deriveSlices(this.#feeder).catch((error: unknown) => {
      this.#endDamaged(error);
    });
  }

  /** The codings to remove; none where they are not known here, as while it was recorded. */
  #codings(): readonly Coding[] {
    const { head } = this.#facts;
    const list = readCodings(head === null ? null : headerValue(head.headers, 'content-encoding'));
    if ('unknown' in list || list.codings.length > this.#options.limits.contentCodings) return [];
    return list.codings;
  }

  async #deriveSlices(feeder: Feeder): Promise<void> {
    const isCurrent = (): boolean => !this.#closed && feeder === this.#feeder;
    for (;;) {
      const until = performance.now() + sliceMillis;
      const done = await feeder.advance(() => isCurrent() && performance.now() < until);
      if (!isCurrent()) return;
      if (done) break;
      this.#options.onAdvanced();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#finishAnalysis();
  }

  /** The store met damage: what could be read before it stays analysed, and is not taken for the whole. */
  #endDamaged(error: unknown): void {
    // Packed numbers that do not add up are damage that only their reader can see.
    if (!(error instanceof FailureError || error instanceof RangeError)) throw error;
    this.#feeder = undefined;
    this.#analysis.end({ ...analysisEnding(this.#facts), isWhole: false });
    this.#analysis.diagnostic('recording/damaged-file', {}, { reason: error.message }, false);
    this.#revision++;
    this.#options.onAdvanced();
  }

  #finishAnalysis(): void {
    this.#analysis.end(analysisEnding(this.#facts));
    this.#feeder = undefined;
    this.#revision++;
    const { decision } = this.#analysis;
    if (this.#facts.head !== null && decision !== null) {
      for (const finding of judgeStreamHead(this.#facts.head, decision.framing)) {
        this.#analysis.diagnostic(finding.code, {}, finding.details, false);
      }
    }
    keepAnalysis(this.#writer, this.#analysis, this.chunks.count);
    this.#options.onAdvanced();
    this.#options.onAnalysed();
  }

  close(): void {
    this.#closed = true;
    this.#writer.close();
  }
}
