import type { RequestOptions } from '../../../src/shared/request.ts';
import type { EndingKind } from '../../../src/shared/words.ts';

export const carriers = ['HTTP/1.1', 'HTTP/1.1 over TLS', 'HTTP/2', 'HTTP/2 over TLS'] as const;
export type Carrier = (typeof carriers)[number];

/** What is said about a fault: `complete/end/complete`, a diagnostic that comes with it. */
export interface FaultJudgement {
  readonly kind: EndingKind;
  readonly code: string;
  readonly diagnostic?: string;
}

/** One fault as the mock server is asked for it, and what our capture must say over each protocol. */
export interface MockFaultRow {
  readonly fault: string;
  /** Null: it cannot be performed there, and the server says so. */
  readonly http1: FaultJudgement | null;
  readonly http2: FaultJudgement | null;
  /** Without TLS it cannot be performed. */
  readonly onlyTls?: true;
  readonly options?: Partial<RequestOptions>;
}

const judged = (kind: EndingKind, code: string, diagnostic?: string): FaultJudgement => ({
  kind,
  code: `end/${code}`,
  ...(diagnostic !== undefined && { diagnostic }),
});
const complete = judged('complete', 'complete');

const both = (fault: string, judgement: FaultJudgement, options?: Partial<RequestOptions>): MockFaultRow => ({
  fault,
  http1: judgement,
  http2: judgement,
  ...(options !== undefined && { options }),
});
const each = (fault: string, http1: FaultJudgement, http2: FaultJudgement): MockFaultRow => ({ fault, http1, http2 });
const http1 = (fault: string, judgement: FaultJudgement): MockFaultRow => ({ fault, http1: judgement, http2: null });
const http2 = (fault: string, judgement: FaultJudgement): MockFaultRow => ({ fault, http1: null, http2: judgement });
const whole = (fault: string): MockFaultRow => both(fault, complete);

const refused = judged('refused', 'closed-before-answer');
const inHead = judged('refused', 'closed-in-head');
const noLastChunk = judged('cut', 'no-last-chunk');
const noEndStream = judged('cut', 'h2-no-end-stream');
const chunkCut = judged('cut', 'chunk-cut');
const frameCut = judged('cut', 'h2-frame-cut');
const reset = judged('cut', 'h2-reset');
const flood = judged('invalid', 'h2-flood');
const bySilence = { maxTimeMillis: 300 };

export const mockFaultRows: readonly MockFaultRow[] = [
  both('reset@head', refused),
  both('fin@head', refused),
  both('reset@head.5', inHead),
  both('fin@head.5', inHead),
  ...['reset', 'fin'].flatMap((name) => [
    each(name, noLastChunk, noEndStream),
    each(`${name}@frame:0`, noLastChunk, noEndStream),
    each(`${name}@frame:3`, noLastChunk, noEndStream),
    each(`${name}@frame:3.5`, chunkCut, frameCut),
    each(`${name}@chunk:2.5`, chunkCut, frameCut),
    each(`${name}@byte:100`, chunkCut, frameCut),
    each(`${name}@end`, noLastChunk, noEndStream),
  ]),
  http1('no-last-chunk', noLastChunk),
  { ...each('tls-cut@frame:3', noLastChunk, noEndStream), onlyTls: true },
  { ...http1('no-length,tls-cut', judged('cut', 'tls-truncated')), onlyTls: true },
  { ...both('tls-garbage@frame:3', judged('invalid', 'tls-broken')), onlyTls: true },
  http1('no-length', judged('complete', 'complete-by-close')),
  http1('no-length,reset@end', judged('cut', 'reset')),
  each('short-body', judged('cut', 'short-body'), judged('invalid', 'h2-content-length')),
  each('short-body,reset@frame:3', judged('cut', 'short-body'), noEndStream),
  both('extra-bytes:7', judged('complete', 'complete', 'end/extra-bytes')),
  both('extra-bytes:7@frame:2', judged('complete', 'complete', 'end/extra-bytes')),
  http1('beyond-length:100', judged('complete', 'complete', 'end/extra-bytes')),
  http1('bad-chunk-size@frame:2', judged('invalid', 'invalid-chunk-size')),
  http1('chunk-overflow@frame:2', judged('invalid', 'chunk-size-overflow')),
  http1('chunk-overrun@frame:2', judged('invalid', 'chunk-overrun')),
  http1('bare-lf@frame:2', judged('invalid', 'bare-lf')),
  http1('bare-lf:head', judged('invalid', 'bare-lf')),

  whole('status:503'),
  whole('rate-limit:5'),
  both('redirect-loop', judged('stopped', 'redirect-limit')),
  both('slow-head:60000', judged('timeout', 'headers-timeout'), { headersTimeoutMillis: 60 }),
  both('early-hints', judged('complete', 'complete', 'end/many-informational')),
  both('big-headers', judged('stopped', 'header-limit')),
  http1('chunk-extension', judged('complete', 'complete', 'end/long-chunk-extension')),
  http1('both-lengths', judged('invalid', 'length-and-chunked')),
  both('two-lengths', judged('invalid', 'conflicting-lengths')),
  both('nul-header', judged('invalid', 'invalid-header')),
  http1('folded-header', judged('invalid', 'folded-header')),
  http1('icy', judged('invalid', 'not-http')),
  http1('http-0.9', judged('invalid', 'not-http')),
  http1('unasked-101', judged('invalid', 'unasked-upgrade')),
  http2('continuation-flood', flood),
  http2('goaway-then-finish', complete),
  whole('trailers'),

  ...['gzip', 'deflate', 'br', 'zstd'].map((name) =>
    both(`coding-truncated:${name}`, judged('cut', 'coding-truncated')),
  ),
  ...['gzip', 'deflate'].map((name) => both(`coding-corrupt:${name}@chunk:2`, judged('invalid', 'coding-corrupt'))),
  ...['gzip', 'deflate', 'br', 'zstd'].map((name) =>
    both(`coding-plain:${name}`, judged('invalid', 'coding-mismatch')),
  ),
  both('unknown-coding', judged('complete', 'complete', 'head/unknown-coding')),
  both('many-codings', judged('stopped', 'coding-limit')),

  ...['NO_ERROR', 'PROTOCOL_ERROR', 'internal-error', '5', 'REFUSED_STREAM', 'CANCEL', '11', '99'].map((code) =>
    http2(`rst:${code}@frame:3`, reset),
  ),
  http2('goaway@frame:3', judged('cut', 'h2-goaway')),
  http2('goaway:ENHANCE_YOUR_CALM', judged('cut', 'h2-goaway')),
  http2('h2-garbage@frame:2', judged('invalid', 'h2-frame-size')),
  http2('oversized-data@frame:2', judged('invalid', 'h2-frame-size')),
  http2('ping-flood', flood),
  http2('settings-flood', flood),
  http2('empty-data-flood', flood),

  ...['expired', 'wrong-name', 'self-signed'].map((name) => both(`tls-${name}`, judged('refused', 'tls-certificate'))),

  both('stall:0@frame:3', judged('timeout', 'max-time'), bySilence),
  whole('stall:20@frame:3'),
  both('heartbeats:5@frame:3', judged('timeout', 'max-time'), bySilence),
  whole('slow:100000'),
  whole('tiny-chunks:1'),
  whole('coalesce:3'),
  whole('split-characters'),
  whole('split-crlf'),
  whole('split-bom'),
  whole('bom-inside@frame:3'),
  whole('lone-surrogate@frame:3'),
  whole('invalid-utf8@frame:3'),
  whole('nul-id@frame:3'),
  whole('giant-line:300000@frame:2'),
  whole('deep-nesting:200000@frame:2'),
  whole('drop-frame@frame:3'),
  whole('duplicate-frame@frame:3'),
  whole('corrupt-frame@frame:3'),
];
