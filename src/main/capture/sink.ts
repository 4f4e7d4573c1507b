import type { HeaderList, RequestSpec } from '../../shared/request.ts';
import type { Ending, Mark, Reconnection, ResponseHead } from '../../shared/recording.ts';
import type { ResumePosition } from '../../engine/reconnect/keyReader.ts';
import type { ByteOffset, EpochMillis, Framing, Micros, Source } from '../../shared/words.ts';

/**
 * Receives an exchange as it happens, in order: marks, sent headers, head, then chunks with the body bytes each one
 * yielded, trailers, and exactly one `ended`, last. With a content coding the body of a chunk may come after later
 * chunks, but bodies keep their order and all come before `ended`.
 */
export interface CaptureSink {
  mark(mark: Mark): void;
  /** Headers as they go out on this hop, the transport's own included. Again on each redirect. */
  sent(headers: HeaderList): void;
  head(head: ResponseHead): void;
  /**
   * One body read as delivered (wire bytes), with the time taken in the socket callback. `bytes` is valid only during
   * the call. Returns false to ask for a pause; the sink's owner then calls `resume` on the capture.
   * @param continues the bytes go on with the HTTP chunk or DATA frame that the chunk before began
   */
  chunk(atMicros: Micros, bytes: Uint8Array, continues: boolean): boolean;
  /** Body bytes (decoded) that chunk number `chunk` yielded. Valid only during the call. For identity: same call stack as `chunk`. */
  body(chunk: number, bytes: Uint8Array): boolean;
  trailers(headers: HeaderList): void;
  /** A fact about the transport that is noteworthy but no ending; becomes a diagnostic of the catalogue. */
  transportDiagnostic(code: string, details: Readonly<Record<string, string | number>>): void;
  /**
   * All body bytes of a connection have been told, and its body is over: where can the stream be asked to go on? A sink
   * without it does not know.
   */
  position?(): ResumePosition;
  /**
   * A connection is over, and another one follows after a wait: with it comes a mark `reconnect`, then marks, a head and
   * chunks of its own. Only of requests that reconnect.
   */
  reconnecting?(reconnection: Reconnection): void;
  ended(ending: Ending): void;
}

export type StopReason =
  | { readonly by: 'user' }
  | { readonly by: 'limit'; readonly limit: string; readonly value: number }
  | { readonly by: 'max-time'; readonly millis: number }
  | { readonly by: 'disk'; readonly message: string }
  /** Through the capture proxy: who had asked went away. */
  | { readonly by: 'client' }
  /** Through the capture proxy: what the user asked it to do to exchanges, one sentence. */
  | { readonly by: 'intervention'; readonly message: string }
  /** The reconnect lab: this connection is over, and the plan for reconnecting takes over. */
  | { readonly by: 'lab'; readonly frames: number };

/** A running exchange. */
export interface Capture {
  /** Stops reading the socket; adds a `paused` mark. */
  pause(): void;
  /** Reads on; adds a `resumed` mark. */
  resume(): void;
  /** Ends the exchange at once; `ended` follows with kind `stopped`, `timeout` or `failed-local`. */
  stop(reason: StopReason): void;
  /** Resolves after `ended` and after every socket of the exchange is closed. Never rejects. */
  readonly done: Promise<void>;
}

/** One per exchange: the monotonic clock since t0 and its wall-clock anchor. */
export interface ExchangeClock {
  readonly startedAt: EpochMillis;
  /** Integer microseconds since t0. */
  now(): Micros;
}

/** Where an imported recording comes from; told before anything else of it. */
export interface ImportOrigin {
  readonly request: RequestSpec | null;
  readonly startedAt: EpochMillis;
  readonly timesKnown: boolean;
  /** Where the recording in the file came from; absent: the file is none. */
  readonly recordedSource?: Source;
  /** False where nothing says which chunks go on with an HTTP chunk or DATA frame; absent: known. */
  readonly bordersKnown?: false;
  /** The media type a body without a response head is said to have; absent where nothing says so. */
  readonly contentType?: string;
  /** What was chosen and counted when it was recorded; see `ExchangeFacts`. */
  readonly framingOverride?: Framing | null;
  readonly jsonPathOverride?: string;
  readonly dialectOverride?: string;
  readonly frameLimitOffsets?: readonly ByteOffset[];
}

export interface ImportSink extends CaptureSink {
  origin(origin: ImportOrigin): void;
  /** What somebody noted of the recording; again for each note. A sink without it keeps none. */
  note?(text: string): void;
}
