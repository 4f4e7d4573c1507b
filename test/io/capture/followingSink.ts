import { Analysis } from '../../../src/engine/recording/analysis.ts';
import { givenLastEventId } from '../../../src/engine/reconnect/resumedRequest.ts';
import type { ResumePosition } from '../../../src/engine/reconnect/keyReader.ts';
import { headerValue } from '../../../src/shared/headerValue.ts';
import { defaultLimits } from '../../../src/shared/limits.ts';
import type { Ending, Mark, Reconnection, ResponseHead } from '../../../src/shared/recording.ts';
import type { RequestSpec } from '../../../src/shared/request.ts';
import type { CaptureSink } from '../../../src/main/capture/sink.ts';

/** Follows a stream over its connections as a recording does: with an analysis that knows where it stands. */
export class FollowingSink implements CaptureSink {
  readonly marks: Mark[] = [];
  readonly heads: ResponseHead[] = [];
  readonly reconnections: Reconnection[] = [];
  readonly findings: { readonly code: string; readonly details: Readonly<Record<string, string | number>> }[] = [];
  readonly frames: string[] = [];
  ending: Ending | null = null;
  onReconnecting: (reconnection: Reconnection) => void = () => undefined;
  onFrame: () => void = () => undefined;
  readonly #request: RequestSpec;
  #analysis: Analysis | undefined;
  #body = Buffer.alloc(0);
  readonly #chunks: number[] = [];

  constructor(request: RequestSpec) {
    this.#request = request;
  }

  get analysis(): Analysis {
    this.#analysis ??= this.#newAnalysis();
    return this.#analysis;
  }

  get codes(): string[] {
    return this.analysis.diagnostics.kept.map(({ diagnostic }) => diagnostic.code);
  }

  get markNames(): string[] {
    return this.marks.map(({ name }) => name);
  }

  #newAnalysis(): Analysis {
    const plan = this.#request.options.reconnect;
    const { maxFrames, cutAfterFrames } = this.#request.options;
    return new Analysis(
      { put: () => undefined, get: () => new Uint8Array(0) },
      {
        contentType: headerValue(this.heads[0]?.headers ?? [], 'content-type'),
        url: this.#request.url,
        framing: null,
        limits: defaultLimits,
        timesKnown: true,
        ...(plan === undefined ? {} : { continuity: { plan, initialId: givenLastEventId(this.#request) } }),
        frameLimits: {
          offsets: [],
          ...(maxFrames === undefined ? {} : { whole: maxFrames }),
          ...(cutAfterFrames === undefined ? {} : { firstConnection: cutAfterFrames }),
        },
        onFrame: ({ kind, offset, length }) => {
          this.frames.push(`${kind}: ${this.#body.subarray(offset, offset + length).toString()}`);
          this.onFrame();
        },
      },
    );
  }

  mark(mark: Mark): void {
    this.marks.push(mark);
  }

  sent(): void {
    // The server tells what it was sent.
  }

  head(head: ResponseHead): void {
    this.heads.push(head);
    if (this.heads.length > 1) return;
    this.#analysis = this.#newAnalysis();
    for (const { resumedFrom } of this.reconnections) this.#analysis.reconnected(resumedFrom);
  }

  chunk(atMicros: number, bytes: Uint8Array): boolean {
    this.#chunks.push(atMicros);
    this.analysis.chunk(atMicros, bytes.byteLength);
    return true;
  }

  body(chunk: number, bytes: Uint8Array): boolean {
    const micros = this.#chunks[chunk];
    if (micros === undefined) throw new Error('a body before its chunk');
    this.#body = Buffer.concat([this.#body, bytes]);
    this.analysis.body(chunk, micros, bytes);
    return true;
  }

  position(): ResumePosition {
    return this.analysis.endConnection();
  }

  reconnecting(reconnection: Reconnection): void {
    this.reconnections.push(reconnection);
    this.analysis.reconnected(reconnection.resumedFrom);
    this.onReconnecting(reconnection);
  }

  trailers(): void {
    // None of these streams has trailers.
  }

  transportDiagnostic(code: string, details: Readonly<Record<string, string | number>>): void {
    this.findings.push({ code, details });
  }

  ended(ending: Ending): void {
    if (this.ending !== null) throw new Error('two endings');
    this.ending = ending;
    this.analysis.end();
  }
}
