import { isUtf8 } from 'node:buffer';
import { judgeStatus, judgeStreamHead, type HeadFinding } from '../../../engine/diagnostics/headRules.ts';
import { headerValue } from '../../../shared/headerValue.ts';
import { describeFrame, type DescriptionLimits, type FrameDescription } from '../../../engine/framing/describe.ts';
import { Analysis, type AnalysedFrame } from '../../../engine/recording/analysis.ts';
import type { Limits } from '../../../shared/limits.ts';
import type { Ending, Mark, ResponseHead } from '../../../shared/recording.ts';
import type { HeaderList } from '../../../shared/request.ts';
import type { Framing, Micros } from '../../../shared/words.ts';
import type { ImportOrigin, ImportSink } from '../../capture/sink.ts';
import { BodyWindow } from '../../../engine/recording/bodyWindow.ts';

export interface InspectionHints {
  readonly framing: Framing | null;
  readonly contentType: string | null;
  readonly url: string | null;
  readonly timesKnown: boolean;
  /** `json` only: where the elements are; null: detected. */
  readonly jsonPath: string | null;
  readonly maxFrames: number | null;
  /** Wire bytes, for sources that do not count them themselves. */
  readonly maxBytes: number | null;
  readonly limits: Limits;
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
  /** `--max-frames` or `--max-bytes` was reached. */
  enough(limit: 'frames' | 'max-bytes', value: number): void;
  ended(ending: Ending): void;
}

/** A capture or an import understood as it comes, without keeping it: what `inspect` prints from. */
export class Inspection implements ImportSink {
  readonly #hints: InspectionHints;
  readonly #listener: InspectionListener;
  readonly #window: BodyWindow;
  /** What is printed is not cut to the length of a preview. */
  readonly #printLimits: DescriptionLimits;
  #analysis: Analysis;
  #head: ResponseHead | null = null;
  #timesKnown: boolean;
  #importedContentType: string | undefined;
  #chunks = 0;
  #wireBytes = 0;
  readonly #chunkMicros = new Map<number, Micros>();
  #lastEventId: string | null = null;
  #lastKind = -1;
  #delivered = 0;
  /** What counts of the last chunk under `maxBytes`. */
  #counted: { readonly chunk: Uint8Array; readonly bytes: Uint8Array } | undefined;
  #framedTo = 0;
  #streamHeadJudged = false;
  /** What only the transport saw before the head: told again to the analysis that begins with it. */
  readonly #transportFindings: HeadFinding[] = [];

  constructor(hints: InspectionHints, listener: InspectionListener) {
    this.#hints = hints;
    this.#listener = listener;
    this.#timesKnown = hints.timesKnown;
    this.#printLimits = { ...hints.limits, framePreviewBytes: hints.limits.jsonBytes };
    this.#window = new BodyWindow(hints.limits.jsonBytes);
    this.#analysis = this.#newAnalysis();
  }

  get analysis(): Analysis {
    return this.#analysis;
  }

  get responseHead(): ResponseHead | null {
    return this.#head;
  }

  get wireBytes(): number {
    return this.#wireBytes;
  }

  /** Frames that were delivered: no more than were asked for. */
  get frames(): number {
    return this.#delivered;
  }

  /** Code of the last frame's kind; −1 before the first. */
  get lastKind(): number {
    return this.#lastKind;
  }

  get chunks(): number {
    return this.#chunks;
  }

  get contentType(): string | null {
    if (this.#head !== null) return headerValue(this.#head.headers, 'content-type');
    return this.#importedContentType ?? this.#hints.contentType;
  }

  #newAnalysis(): Analysis {
    return new Analysis(
      {
        put: () => undefined,
        get: () => {
          throw new Error('frames are not kept while inspecting');
        },
      },
      {
        contentType: this.contentType,
        url: this.#hints.url,
        framing: this.#hints.framing,
        limits: this.#hints.limits,
        timesKnown: this.#timesKnown,
        probes: { isUtf8 },
        onFrame: (frame) => {
          this.#deliver(frame);
        },
      },
    );
  }

  #deliver(frame: AnalysedFrame): void {
    this.#framedTo = frame.offset + frame.length;
    this.#lastKind = frame.kindCode;
    const { maxFrames } = this.#hints;
    // One chunk may complete more frames than were asked for.
    if (maxFrames !== null && this.#delivered >= maxFrames) return;
    this.#delivered++;
    const framing = this.#analysis.decision?.framing ?? 'text';
    const bytes = this.#window.read(frame.offset, frame.length);
    const described = describeFrame(framing, frame.kind, bytes, this.#printLimits, bytes.length < frame.length);
    if (described.fields.id !== undefined && frame.kind !== 'incomplete') this.#lastEventId = described.fields.id;
    this.#listener.frame({
      frame,
      framing,
      bytes,
      described,
      lastEventId: this.#lastEventId,
      timesKnown: this.#timesKnown,
    });
    if (maxFrames !== null && this.#delivered >= maxFrames) this.#listener.enough('frames', maxFrames);
  }

  origin(origin: ImportOrigin): void {
    this.#timesKnown = origin.timesKnown;
    this.#importedContentType = origin.contentType;
    this.#analysis = this.#newAnalysis();
  }

  mark(_mark: Mark): void {
    // Marks are the window's; the head and the ending carry their own times.
  }

  sent(_headers: HeaderList): void {
    // What was sent is shown by the window.
  }

  head(head: ResponseHead): void {
    this.#head = head;
    this.#analysis = this.#newAnalysis();
    for (const { code, details } of [...this.#transportFindings, ...judgeStatus(head)]) {
      this.#analysis.diagnostic(code, {}, details, false);
    }
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
    return true;
  }

  #judgeStreamHead(): void {
    const { decision } = this.#analysis;
    if (this.#streamHeadJudged || decision === null) return;
    this.#streamHeadJudged = true;
    if (this.#head === null) return;
    for (const finding of judgeStreamHead(this.#head, decision.framing)) {
      this.#analysis.diagnostic(finding.code, {}, finding.details, false);
    }
  }

  trailers(_headers: HeaderList): void {
    // Trailers are shown by the window.
  }

  transportDiagnostic(code: string, details: Readonly<Record<string, string | number>>): void {
    this.#transportFindings.push({ code, details });
    this.#analysis.diagnostic(code, {}, details, false);
  }

  ended(ending: Ending): void {
    this.#window.begin(new Uint8Array(0));
    this.#analysis.end({
      isWhole: ending.kind === 'complete',
      endMicros: this.#timesKnown ? ending.atMicros : null,
      uncertaintyMicros: null,
    });
    this.#judgeStreamHead();
    this.#listener.ended(ending);
  }
}
