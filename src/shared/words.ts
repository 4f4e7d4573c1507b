/**
 * The words of the product as types. One word for one thing: these spellings are what the command line prints,
 * what recordings store and what the window shows.
 */

/** Integer microseconds since t0, the moment the request was handed to the transport, on a monotonic clock. */
export type Micros = number;

/** Milliseconds since the Unix epoch. One per recording; never used to measure a duration. */
export type EpochMillis = number;

/** A byte position. In the body (after content decoding) unless a name says `wire`. */
export type ByteOffset = number;

/** Identifies a recording in a library: `YYYYMMDD-HHMMSS-xxxxxx`, so that names sort by time of start. */
export type RecordingId = string;

export const framings = ['sse', 'ndjson', 'json', 'json-seq', 'aws-eventstream', 'multipart', 'text'] as const;
/** How bytes become frames. */
export type Framing = (typeof framings)[number];

/**
 * Kinds of frames. The position in this list is the code stored in packed columns: append only.
 *
 * - `event` an SSE block with at least one field; `comment` an SSE block of comments only;
 * - `record` an NDJSON line or a text of a JSON sequence;
 * - `element` a JSON value (array element, concatenated or single value);
 * - `blank` a keep-alive blank line; `message` an AWS event-stream message; `text` a piece of unframed text;
 * - `invalid` bytes the framing cannot make sense of; `incomplete` an unterminated tail;
 * - `terminator` the application's own end sign, such as `data: [DONE]`;
 * - `part` a body part of a multipart message, its own headers included.
 */
export const frameKinds = [
  'event',
  'comment',
  'record',
  'element',
  'blank',
  'message',
  'text',
  'invalid',
  'incomplete',
  'terminator',
  'part',
] as const;
export type FrameKind = (typeof frameKinds)[number];

/** Index of a kind in `frameKinds`, as packed columns hold it. */
export const frameKindCode: Readonly<Record<FrameKind, number>> = Object.freeze({
  event: 0,
  comment: 1,
  record: 2,
  element: 3,
  blank: 4,
  message: 5,
  text: 6,
  invalid: 7,
  incomplete: 8,
  terminator: 9,
  part: 10,
});

/**
 * What a frame of a token stream says, in its dialect. The position is the code in packed columns: append only. A frame
 * that says several things is of the first of them that a person asks for: an error, a tool call, text and so on.
 *
 * `none`: nothing that the dialect reads (a comment, or a payload that is at fault); `start`: identity of the message;
 * `end`: the dialect's end sign; `event`: known, without anything for the message; `unknown`: not known in the dialect.
 */
export const deltaKinds = [
  'none',
  'text',
  'reasoning',
  'refusal',
  'tool',
  'tool-result',
  'citation',
  'media',
  'error',
  'finish',
  'usage',
  'start',
  'timing',
  'end',
  'heartbeat',
  'event',
  'unknown',
] as const;
export type DeltaKind = (typeof deltaKinds)[number];

/**
 * Bits of a frame's `flags` column.
 *
 * `dispatched`: the SSE standard hands this block to the application (it has data and was terminated).
 * `jsonValid` / `jsonInvalid`: the payload was checked; neither bit: not checked yet or not JSON.
 * `hasId`: the SSE block carries a valid `id` field. `hasDiagnostic`: at least one diagnostic points here.
 * `oversize`: longer than the frame preview limit; its payload is shown in part.
 * `afterStall`: the silence of content before this frame was a stall (`metrics.md`).
 * `hasError`: at least one diagnostic of severity error points here; `hasDiagnostic` is then set too.
 */
export const frameFlag = Object.freeze({
  dispatched: 1,
  jsonValid: 2,
  jsonInvalid: 4,
  hasId: 8,
  hasDiagnostic: 16,
  oversize: 32,
  afterStall: 64,
  hasError: 128,
});

export const sources = ['request', 'proxy', 'import', 'replay'] as const;
/** Where a recording comes from. */
export type Source = (typeof sources)[number];

export const markNames = [
  'reuse',
  'dns',
  'connect',
  'tunnel',
  'tls',
  'request-sent',
  'headers',
  'first-byte',
  'redirect',
  'paused',
  'resumed',
  'reconnect',
  'end',
] as const;
/**
 * A timed step of the connection. `reuse`: a connection that stood already was gone on with · `tunnel`: a proxy connected
 * us through (CONNECT).
 */
export type MarkName = (typeof markNames)[number];

export const endingKinds = ['complete', 'cut', 'invalid', 'timeout', 'refused', 'stopped', 'failed-local'] as const;
/** How a recording ended. A live recording has no ending; one that was never given an ending is `interrupted`. */
export type EndingKind = (typeof endingKinds)[number];

export const severities = ['error', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];

/** What a library row says about a recording's life. */
export type RecordingState = 'live' | 'ended' | 'interrupted';

/**
 * What the border between two chunks is. `http-chunk`: a chunk of HTTP/1.1's chunked coding; `data-frame`: a DATA frame
 * of HTTP/2; `read`: nothing but a read of the socket, because the body is not divided; `unknown`: of a divided body
 * whose recording does not tell borders of HTTP chunks or DATA frames from those of reads.
 */
export const borderKinds = ['http-chunk', 'data-frame', 'read', 'unknown'] as const;
export type BorderKind = (typeof borderKinds)[number];
