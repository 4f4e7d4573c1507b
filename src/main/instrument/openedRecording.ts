import { Buffer } from 'node:buffer';
import type { DialectHints } from '../../engine/dialects/dialect.ts';
import type { Analysis, AnalysisEnding, AnalysisOptions } from '../../engine/recording/analysis.ts';
import { givenLastEventId } from '../../engine/reconnect/resumedRequest.ts';
import type { ChunkIndex } from '../../engine/recording/chunkIndex.ts';
import type { TimelineMessage, TimelineSource } from '../../engine/recording/timeline.ts';
import type { DialectReader } from '../../engine/dialects/reader.ts';
import type { Stall, ExchangeFacts } from '../../shared/recording.ts';
import type { RequestSpec } from '../../shared/request.ts';
import type { Limits } from '../../shared/limits.ts';
import type { Framing, RecordingId, RecordingState } from '../../shared/words.ts';
import { headerValue } from '../../shared/headerValue.ts';
import type { RecordingReader } from '../store/recordingStore.ts';

/** Version of everything the analysis derives: raise it when the same bytes give another result than before. */
export const derivedVersion = '4';

/** A recording that can be asked about, live or not: its facts, bytes, chunks and what was derived from them. */
export interface OpenedRecording {
  readonly id: RecordingId;
  readonly reader: RecordingReader;
  readonly chunks: ChunkIndex;
  /** Replaced when the framing changes. */
  readonly analysis: Analysis;
  readonly state: RecordingState;
  readonly sample: boolean;
  /** Grows when facts or framing change. */
  readonly revision: number;
  /** 0…1 while an analysis runs over stored bytes. */
  readonly analysisProgress: number | null;
  facts(): ExchangeFacts;
  /** The recording's clock: runs on while it is live. */
  nowMicros(): number;
  close(): void;
}

export function timelineSource(recording: OpenedRecording, message: DialectReader | null = null): TimelineSource {
  const { arrivals, frames, diagnostics } = recording.analysis;
  return {
    chunks: recording.chunks,
    frames,
    overview: arrivals.overview,
    stalls: arrivals.stalls,
    diagnostics,
    ...(message === null ? {} : { message: timelineMessage(message) }),
  };
}

function timelineMessage({ message, decision }: DialectReader): TimelineMessage {
  return { assembly: message, dialect: decision?.dialect ?? '', variant: decision?.variant ?? null };
}

export function longestStall(stalls: readonly Stall[]): number | null {
  let longest: number | null = null;
  for (const stall of stalls) longest = Math.max(longest ?? 0, stall.toMicros - stall.fromMicros);
  return longest;
}

/** The framing in force; `text` as long as there is nothing to decide it by. */
export function framingOf(recording: OpenedRecording): Framing {
  return recording.analysis.decision?.framing ?? 'text';
}

/** The answer's Content-Type, or what an imported body is said to be. */
export function contentTypeOf(facts: ExchangeFacts): string | null {
  if (facts.head === null) return facts.importedContentType ?? null;
  return headerValue(facts.head.headers, 'content-type');
}

function asksForPart(facts: ExchangeFacts): boolean {
  const headers = facts.request?.headers ?? [];
  return ['last-event-id', 'range'].some((name) => headerValue(headers, name) !== null);
}

/** How the exchange ended, as far as an analysis asks. */
export function analysisEnding(facts: ExchangeFacts): AnalysisEnding {
  return {
    isWhole: facts.ending?.kind === 'complete',
    endMicros: facts.timesKnown ? (facts.ending?.atMicros ?? null) : null,
    uncertaintyMicros: facts.uncertaintyMicros,
  };
}

const bufferMethods: { indexOf(this: Uint8Array, word: Uint8Array, from: number): number } = Buffer.prototype as Buffer;

function indexOf(bytes: Uint8Array, word: Uint8Array, from: number): number {
  // Without a Buffer around the bytes: it is asked for every chunk.
  return bufferMethods.indexOf.call(bytes, word, from);
}

/** What an analysis needs to know about an exchange. */
export function analysisOptions(
  facts: ExchangeFacts,
  limits: Limits,
  isUtf8: (bytes: Uint8Array) => boolean,
): AnalysisOptions {
  return {
    contentType: contentTypeOf(facts),
    url: facts.request?.url ?? null,
    framing: facts.framingOverride,
    jsonPath: facts.jsonPathOverride ?? null,
    dialect: facts.dialectOverride ?? null,
    dialectHints: dialectHints(facts),
    limits,
    timesKnown: facts.timesKnown,
    isContinued: asksForPart(facts),
    isResumable: facts.request?.method === 'GET',
    frameLimits: { offsets: facts.frameLimitOffsets ?? [] },
    ...continuityOf(facts.request),
    probes: { isUtf8, indexOf },
  };
}

/** What URL and answer say of the dialect, before any frame. */
export function dialectHints(facts: ExchangeFacts): DialectHints {
  const headers = new Map((facts.head?.headers ?? []).map(([name, value]) => [name.toLowerCase(), value]));
  return { url: facts.request?.url ?? null, headers };
}

function continuityOf(request: RequestSpec | null): Pick<AnalysisOptions, 'continuity'> {
  const plan = request?.options.reconnect;
  if (request === null || plan === undefined) return {};
  return { continuity: { plan, initialId: givenLastEventId(request) } };
}
