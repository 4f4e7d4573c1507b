import type { ProxiedFacts } from './proxy.ts';
import type { HeaderList, RequestSpec } from './request.ts';
import type { Diagnostic, DiagnosticRule } from './diagnostic.ts';
import type { DialectDecision, FrameDelta } from './message.ts';
import type {
  BorderKind,
  ByteOffset,
  EndingKind,
  EpochMillis,
  FrameKind,
  Framing,
  MarkName,
  Micros,
  RecordingId,
  RecordingState,
  Source,
} from './words.ts';

/** A certificate as the peer presented it. Dates are ISO 8601. */
export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  readonly validFrom: string;
  readonly validTo: string;
  readonly altNames?: string;
  readonly fingerprint256: string;
}

/** What a mark knows beside its time. All absent where unknown. */
export interface MarkFacts {
  /** `127.0.0.1:443`, the address that was connected to. */
  readonly remote?: string;
  readonly local?: string;
  readonly alpn?: string;
  readonly tlsVersion?: string;
  readonly cipher?: string;
  readonly certificates?: readonly CertificateFacts[];
  /** Addresses a name resolved to. */
  readonly addresses?: readonly string[];
  /** A redirect: where from, where to, with which status. */
  readonly status?: number;
  readonly from?: string;
  readonly to?: string;
  readonly reason?: string;
  /** The proxy that this step was done with or through, without credentials: `http://proxy.test:3128`. */
  readonly proxy?: string;
  /** The Unix socket that was connected to. */
  readonly unixSocketPath?: string;
  /** A redirect: its answer's headers, at most the first `redirectHeaders` of them. */
  readonly headers?: HeaderList;
}

/** How many headers of a redirecting answer its mark keeps. */
export const redirectHeaders = 100;

/** A step of the connection that was completed at `atMicros`. Marks of one name may repeat (redirects). */
export interface Mark {
  readonly name: MarkName;
  readonly atMicros: Micros;
  readonly facts?: MarkFacts;
}

export interface ResponseHead {
  readonly status: number;
  readonly statusText: string;
  /** `1.0`, `1.1` or `2`. */
  readonly httpVersion: string;
  readonly headers: HeaderList;
  readonly atMicros: Micros;
}

/** Something noteworthy that only the transport saw: a diagnostic of the catalogue that no bytes can tell again. */
export interface TransportFinding {
  readonly code: string;
  readonly details: Readonly<Record<string, string | number>>;
}

/** Another connection of the same recording, told from the end of the one before. */
export interface Reconnection {
  /** How the connection before ended; the wait began then. */
  readonly after: Ending;
  /** How long the wait is. */
  readonly waitMicros: Micros;
  /** When the connection was begun: where its mark `reconnect` stands. Null while the wait lasts, or when it was broken off. */
  readonly atMicros: Micros | null;
  /** What is sent to go on from, `Last-Event-ID` or the value of a resume recipe; null: nothing. */
  readonly resumedFrom: string | null;
  /** Number of its first chunk, and where its bytes begin; equal to the totals before it when none came. */
  readonly firstChunk: number;
  readonly wireOffset: ByteOffset;
  /** Null until its answer came, or when none came. */
  readonly head: ResponseHead | null;
}

/** How a recording ended; see `faults.md` for every code. `offset` is the wire offset of the fault, null if unknown. */
export interface Ending {
  readonly kind: EndingKind;
  /** `end/…`, stable. */
  readonly code: string;
  /** One sentence for a person. */
  readonly message: string;
  readonly offset: ByteOffset | null;
  readonly atMicros: Micros;
}

/** Everything about an exchange but its body bytes: the truth that the store keeps as it happened. */
export interface ExchangeFacts {
  readonly id: RecordingId;
  readonly source: Source;
  /** An imported recording: what its `source` was where it was made. */
  readonly recordedSource?: Source;
  /** Wall clock at t0. */
  readonly startedAt: EpochMillis;
  /** The request as asked for; null for an imported body without one. Secrets are masked before this is shown. */
  readonly request: RequestSpec | null;
  /** Headers as they went out on the last hop, transport's own included. */
  readonly sentHeaders: HeaderList;
  readonly marks: readonly Mark[];
  readonly head: ResponseHead | null;
  /** Connections after the first, in order; `head` is that of the first answer, `ending` the last one's. Absent: none. */
  readonly reconnections?: readonly Reconnection[];
  /**
   * Where counting stopped at a limit of frames, in body bytes, ascending, at most one a connection: what came behind it
   * in the same read is kept, but no frame of it counts. Absent: nowhere.
   */
  readonly frameLimitOffsets?: readonly ByteOffset[];
  /** Absent: none. */
  readonly transportFindings?: readonly TransportFinding[];
  readonly trailers: HeaderList;
  readonly ending: Ending | null;
  /** False when chunk times are not known (an imported body): every time of this recording is then unknown. */
  readonly timesKnown: boolean;
  /** False where it was not kept which chunks go on with an HTTP chunk or DATA frame of the one before; absent: known. */
  readonly bordersKnown?: false;
  /** The user's choice of framing; null: detected. */
  readonly framingOverride: Framing | null;
  /** `json` only: where the elements are, as the user said; absent: detected. */
  readonly jsonPathOverride?: string;
  /** The user's choice of dialect by name; absent: detected. */
  readonly dialectOverride?: string;
  /** It is run `n`, from 0, of that run set; absent: of none. */
  readonly runSet?: { readonly id: string; readonly n: number };
  /** It came through the proxy; absent: it did not. */
  readonly proxied?: ProxiedFacts;
  /** File name of an import. */
  readonly importedFrom?: string;
  /** The media type an imported body is said to have; answers say theirs in the head. */
  readonly importedContentType?: string;
  /** Largest event-loop delay seen while the stream was open, null if not measured. */
  readonly uncertaintyMicros: Micros | null;
}

export interface SeverityCounts {
  readonly error: number;
  readonly warning: number;
  readonly info: number;
}

/** How far a stream is, where it says so itself. */
export interface RecordingProgress {
  readonly unit: 'bytes' | 'records' | 'percent';
  readonly done: number;
  readonly total: number;
  /** Where the total comes from, for a person: `Content-Length`, `totalRecords in frame 1`. */
  readonly source: string;
  /** At the speed so far; null while it cannot be told. */
  readonly remainingMicros: Micros | null;
}

/** Counts that grow while a stream is live. */
export interface RecordingCounts {
  readonly chunks: number;
  readonly frames: number;
  readonly wireBytes: number;
  /** After content decoding. */
  readonly bodyBytes: number;
  readonly diagnostics: SeverityCounts;
  readonly stalls: number;
  /** Frames of kind `comment` or `blank`. */
  readonly heartbeats: number;
}

/** One line of the library. */
export interface RecordingSummary {
  readonly id: RecordingId;
  readonly state: RecordingState;
  readonly source: Source;
  readonly startedAt: EpochMillis;
  readonly method: string;
  readonly url: string;
  /** What the library calls it: the user's name, else the last telling piece of the path or the file's name. */
  readonly name: string;
  readonly status: number | null;
  readonly framing: Framing | null;
  readonly dialect: string | null;
  readonly httpVersion: string | null;
  readonly endingKind: EndingKind | null;
  readonly durationMicros: Micros | null;
  readonly counts: RecordingCounts;
  /** True for the samples that ship with the product. */
  readonly sample: boolean;
  /** The model that a token stream says it comes from; null where none is known. */
  readonly model: string | null;
  /** The user's tags, each once, in the order they were given. */
  readonly tags: readonly string[];
  readonly starred: boolean;
  /** The user's note; null: none. */
  readonly note: string | null;
  /** Bytes of its files, when they were last looked at; null: not looked at yet. */
  readonly sizeOnDisk: number | null;
  /** Which program sent it through the proxy, for a person: `python3 (4711)`, else its User-Agent; absent: unknown. */
  readonly client?: string;
  /** The route of the proxy that it took; absent: none. */
  readonly route?: string;
}

/** The answer to "how did it go", in one sentence. */
export interface Verdict {
  readonly tone: 'live' | 'good' | 'warning' | 'bad' | 'neutral';
  /** `Complete`, `Cut`, `Live` … */
  readonly word: string;
  readonly sentence: string;
}

/** How the framing was decided. */
export interface FramingDecision {
  readonly framing: Framing;
  /** `json` only: `array`, `concatenated`, `single` or `path`. */
  readonly shape: string | null;
  readonly by: 'content-type' | 'content' | 'user' | 'none';
  /** Why, for a person. */
  readonly reason: string;
}

/** Distribution of gaps: nearest-rank percentiles over all values. Null where there is no value. */
export interface GapStatistics {
  readonly count: number;
  readonly p50: Micros | null;
  readonly p90: Micros | null;
  readonly p99: Micros | null;
  readonly max: Micros | null;
}

/** Names and counts of one type of frame, for the filter chips. */
export interface FrameTypeCount {
  readonly kind: FrameKind;
  /** SSE event name or record type; empty for none. */
  readonly type: string;
  readonly count: number;
}

/** Everything the window shows about one recording at rest; bytes and frames are pulled apart from it. */
export interface RecordingDetail {
  readonly summary: RecordingSummary;
  readonly exchange: ExchangeFacts;
  readonly framing: FramingDecision | null;
  /** Null: no token stream, or not known yet. */
  readonly dialect: DialectDecision | null;
  readonly contentType: string | null;
  readonly contentEncoding: string | null;
  readonly verdict: Verdict;
  readonly types: readonly FrameTypeCount[];
  readonly timing: KeyTimes;
  /** Null where it is no token stream. */
  readonly contentTimes: ContentTimes | null;
  /** 0…1 while an analysis runs over stored bytes (opening, other framing), else null. */
  readonly analysisProgress: number | null;
  /** Body bytes kept in decoded form; equals `counts.bodyBytes` unless a limit was reached. */
  readonly readableBodyBytes: number;
  /** Bytes of the response's Content-Length, null if absent. */
  readonly expectedWireBytes: number | null;
  /** Null where the stream says nothing of its length. */
  readonly progress: RecordingProgress | null;
  /** What the chunk borders of this recording are; null before the head. */
  readonly borders: BorderKind | null;
  /** Number of the first frame after each of `exchange.reconnections`; the count of frames where none came yet. */
  readonly reconnectionFrames: readonly number[];
}

/** Points in time after t0; null: unknown. Definitions in `metrics.md`. */
export interface KeyTimes {
  readonly headersMicros: Micros | null;
  readonly firstByteMicros: Micros | null;
  readonly firstFrameMicros: Micros | null;
  readonly lastChunkMicros: Micros | null;
  readonly endMicros: Micros | null;
}

/** First content of a token stream, the first that is no reasoning, and the last; `metrics.md` TTFT, TTFO, last content. */
export interface ContentTimes {
  readonly ttftMicros: Micros | null;
  readonly ttfoMicros: Micros | null;
  readonly lastContentMicros: Micros | null;
}

/** A gap that the stall rule of `metrics.md` calls a stall. */
export interface Stall {
  readonly fromMicros: Micros;
  readonly toMicros: Micros;
  /** The frame whose arrival ended it. */
  readonly frame: number;
  /** Comments and blank lines that came meanwhile: 0 means silence on the wire, more a silence of content only. */
  readonly heartbeats: number;
}

/** The Timing tab's figures. Histogram bin k counts gaps in [edges[k], edges[k+1]). */
export interface TimingReport {
  readonly times: KeyTimes;
  readonly frameGaps: GapStatistics;
  readonly chunkGaps: GapStatistics;
  readonly frameGapHistogram: { readonly edgesMicros: readonly Micros[]; readonly counts: readonly number[] };
  readonly stalls: readonly Stall[];
  /** 0…1, null when there are too few frames to tell. */
  readonly burstShare: number | null;
  readonly bytesPerSecond: number | null;
  readonly framesPerSecond: number | null;
  readonly uncertaintyMicros: Micros | null;
  /** Cumulative points for drawing, at most 512, ascending in time. */
  readonly cumulative: {
    readonly micros: Float64Array;
    readonly bytes: Float64Array;
    readonly frames: Float64Array;
  };
}

/** One frame, taken apart for the inspector. */
export interface FrameDetail {
  readonly n: number;
  readonly kind: FrameKind;
  readonly offset: ByteOffset;
  readonly length: number;
  readonly micros: Micros | null;
  /** Since the frame before; null for the first or where times are unknown. */
  readonly gapMicros: Micros | null;
  readonly chunk: number;
  /** This is frame `indexInChunk` (from 1) of `framesInChunk` that one chunk completed. */
  readonly indexInChunk: number;
  readonly framesInChunk: number;
  /**
   * The HTTP chunk or DATA frame that completed this frame: its bytes so far, and in how many reads they came. Null
   * where the body is not divided, where borders are not known, and where it came in more reads than are looked at.
   */
  readonly division: { readonly bytes: number; readonly reads: number } | null;
  /** Event name or record type; empty for none. */
  readonly type: string;
  readonly fields: FrameFields;
  /** The payload as text, at most the frame preview limit. */
  readonly text: string;
  readonly textTruncated: boolean;
  readonly json: 'valid' | 'invalid' | 'none';
  /** Why the JSON view shows raw text instead, for a person; null when it does not. */
  readonly jsonNote: string | null;
  readonly diagnostics: readonly Diagnostic[];
  /** What the frame says in its dialect; null for no token stream, and until a stored one was read. */
  readonly deltas: readonly FrameDelta[] | null;
}

/** What a framing reads out of a frame's bytes. Absent: the frame has no such field. */
export interface FrameFields {
  readonly event?: string;
  /** The block's own id field. */
  readonly id?: string;
  /** The last event id in force after this block. */
  readonly lastEventId?: string;
  readonly retryMs?: number;
  readonly data?: string;
  readonly comments?: readonly string[];
  readonly dispatched?: boolean;
  /** The headers of an AWS event-stream message, in order. */
  readonly headers?: readonly MessageHeader[];
  /** The headers of a part of a multipart body, in order, names as they came. */
  readonly partHeaders?: readonly { readonly name: string; readonly value: string }[];
}

/** A header of an AWS event-stream message: what its type on the wire was, and its value for a person. */
export interface MessageHeader {
  readonly name: string;
  readonly type: 'boolean' | 'byte' | 'short' | 'integer' | 'long' | 'bytes' | 'string' | 'timestamp' | 'uuid';
  /** Numbers in decimal, `bytes` as base64, a timestamp as RFC 3339, a UUID with hyphens. */
  readonly value: string;
}

/** One rule as it was checked on a recording. `not-applicable`: there is nothing in it that the rule looks at. */
export interface CheckedRule extends DiagnosticRule {
  readonly state: 'fired' | 'silent' | 'not-applicable';
  readonly found: number;
}

export interface DiagnosticsPage {
  /** Everything found. */
  readonly total: number;
  /** How many of them can be paged through: of one code the first 1,000. */
  readonly listed: number;
  readonly counts: SeverityCounts;
  readonly items: readonly Diagnostic[];
  readonly rulesChecked: readonly CheckedRule[];
}
