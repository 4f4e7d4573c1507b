import { Buffer } from 'node:buffer';
import type { EndingKind } from '../../../src/shared/words.ts';
import {
  block,
  data,
  endHeaders,
  endStream,
  frame,
  goaway,
  headers,
  padded,
  ping,
  rst,
  settings,
  uint32,
} from './http2Frames.ts';

/** One way in which an HTTP/2 answer goes wrong (or only looks so), and what must be said about it. */
export interface Http2Fault {
  readonly name: string;
  /** What the server writes once it has the request. */
  readonly bytes: Uint8Array;
  /** What it does then: keeps the connection open, FIN, FIN without close_notify, RST. */
  readonly then: 'stay' | 'close' | 'cut' | 'reset';
  readonly kind: EndingKind;
  readonly code: string;
  /** Body bytes that must have been kept. Null: the frames in place of an answer, or not fixed. */
  readonly wire: string | null;
  readonly diagnostic?: string;
  readonly message?: RegExp;
  readonly method?: string;
}

const S = settings();
const okHead = headers([
  [':status', '200'],
  ['content-type', 'text/plain'],
]);
const start = Buffer.concat([S, okHead, data('hello')]);
const all = (...pieces: readonly Uint8Array[]): Buffer => Buffer.concat(pieces);
const times = (count: number, bytes: Uint8Array): Buffer => Buffer.concat(Array.from({ length: count }, () => bytes));
const withHead = (...fields: readonly (readonly [string, string])[]): Buffer =>
  all(S, headers(fields, endHeaders), data('hello', endStream));

type Row = Omit<Http2Fault, 'name' | 'bytes' | 'then' | 'kind' | 'code' | 'wire'>;

const row =
  (kind: EndingKind, then: Http2Fault['then'], wire: string | null) =>
  (name: string, code: string, bytes: Uint8Array, more: Row = {}): Http2Fault => ({
    name,
    bytes,
    then,
    kind,
    code,
    wire,
    ...more,
  });

const refusedByClose = row('refused', 'close', null);
const refused = row('refused', 'stay', '');
const cutByClose = row('cut', 'close', 'hello');
const cutByReset = row('cut', 'reset', 'hello');
const cutByRst = row('cut', 'stay', 'hello');
const whole = row('complete', 'stay', 'hello');
/** Breaks the protocol in the middle of the body. */
const invalid = row('invalid', 'stay', 'hello');
/** Breaks it before there is an answer. */
const noAnswer = row('invalid', 'stay', null);

const codes = [
  [0, 'NO_ERROR'],
  [1, 'PROTOCOL_ERROR'],
  [2, 'INTERNAL_ERROR'],
  [5, 'STREAM_CLOSED'],
  [7, 'REFUSED_STREAM'],
  [8, 'CANCEL'],
  [11, 'ENHANCE_YOUR_CALM'],
  [99, 'code 99'],
] as const;

export const http2Faults: readonly Http2Fault[] = [
  // Before the answer
  refusedByClose('FIN before SETTINGS', 'end/closed-before-answer', Buffer.alloc(0)),
  refusedByClose('FIN after SETTINGS', 'end/closed-before-answer', S, { message: /closed the connection before/ }),
  row('refused', 'reset', '')('reset after SETTINGS', 'end/closed-before-answer', S, { message: /was reset before/ }),
  refusedByClose('FIN after 103 only', 'end/closed-before-answer', all(S, headers([[':status', '103']]))),
  refusedByClose('FIN within HEADERS', 'end/closed-in-head', all(S, okHead.subarray(0, -5))),
  row('refused', 'reset', null)('reset within HEADERS', 'end/closed-in-head', all(S, okHead.subarray(0, -5))),
  refusedByClose('FIN before CONTINUATION', 'end/closed-in-head', all(S, headers([[':status', '200']], 0))),
  refused('RST_STREAM REFUSED_STREAM before the head', 'end/h2-refused', all(S, rst(7)), { message: /sent again/ }),
  refused('RST_STREAM CANCEL before the head', 'end/h2-reset-before-head', all(S, rst(8)), { message: /CANCEL/ }),
  refused('RST_STREAM NO_ERROR before the head', 'end/h2-reset-before-head', all(S, rst(0)), { message: /NO_ERROR/ }),
  refused('RST_STREAM HTTP_1_1_REQUIRED', 'end/h2-http1-required', all(S, rst(13)), { message: /Ask for HTTP\/1\.1/ }),
  refused('GOAWAY that leaves the request out', 'end/h2-refused', all(S, goaway(0, 0)), { message: /GOAWAY NO_ERROR/ }),
  row('refused', 'close', '')(
    'GOAWAY, then FIN before the head',
    'end/h2-goaway-before-head',
    all(S, goaway(1, 11, 'too fast')),
    {
      message: /ENHANCE_YOUR_CALM, “too fast”/,
    },
  ),

  // Cut
  cutByClose('FIN without END_STREAM', 'end/h2-no-end-stream', start),
  cutByReset('reset without END_STREAM', 'end/h2-no-end-stream', start, { message: /was reset/ }),
  row('cut', 'cut', 'hello')('FIN without close_notify, without END_STREAM', 'end/h2-no-end-stream', start),
  cutByClose('FIN mid-DATA', 'end/h2-frame-cut', all(S, okHead, frame(0, 0, 1, 'hello world').subarray(0, -6)), {
    message: /5 of its 11 bytes/,
  }),
  cutByReset('reset mid-DATA', 'end/h2-frame-cut', all(S, okHead, frame(0, 0, 1, 'hello world').subarray(0, -6))),
  cutByClose(
    'FIN mid-DATA of the last frame',
    'end/h2-frame-cut',
    all(S, okHead, data('hello world', endStream).subarray(0, -6)),
  ),
  cutByClose('FIN within a frame header', 'end/h2-no-end-stream', all(start, data('x').subarray(0, 5))),
  cutByClose(
    'FIN within padding',
    'end/h2-frame-cut',
    all(
      S,
      okHead,
      frame(0, padded | endStream, 1, all(Buffer.from([5]), Buffer.from('hello'), Buffer.alloc(5))).subarray(0, -2),
    ),
  ),
  cutByClose(
    'FIN within trailers',
    'end/trailers-cut',
    all(start, headers([['x-count', '1']], endStream | endHeaders).subarray(0, -3)),
  ),
  cutByClose(
    'FIN before the rest of the trailers',
    'end/trailers-cut',
    all(start, headers([['x-count', '1']], endStream)),
  ),
  cutByClose(
    'FIN where Content-Length is reached but END_STREAM missing',
    'end/h2-no-end-stream',
    all(
      S,
      headers([
        [':status', '200'],
        ['content-length', '5'],
      ]),
      data('hello'),
    ),
    { message: /5 of 5 bytes/ },
  ),
  cutByClose(
    'FIN short of Content-Length',
    'end/h2-no-end-stream',
    all(
      S,
      headers([
        [':status', '200'],
        ['content-length', '100'],
      ]),
      data('hello'),
    ),
    { message: /5 of 100 bytes/ },
  ),
  row('cut', 'close', '')('FIN right after the head', 'end/h2-no-end-stream', all(S, okHead)),
  ...codes.map(([code, name]) =>
    cutByRst(`RST_STREAM ${name} mid-body`, 'end/h2-reset', all(start, rst(code)), { message: new RegExp(name) }),
  ),
  cutByClose('GOAWAY NO_ERROR, then FIN mid-body', 'end/h2-goaway', all(start, goaway(1, 0)), { message: /NO_ERROR/ }),
  cutByClose('GOAWAY INTERNAL_ERROR, then FIN mid-body', 'end/h2-goaway', all(start, goaway(1, 2, 'oh dear')), {
    message: /INTERNAL_ERROR, “oh dear”/,
  }),
  cutByReset('GOAWAY, then a reset connection', 'end/h2-goaway', all(start, goaway(1, 0))),
  cutByRst('GOAWAY, then RST_STREAM', 'end/h2-reset', all(start, goaway(1, 0), rst(8))),

  // Whole
  whole('END_STREAM on DATA', 'end/complete', all(S, okHead, data('hello', endStream))),
  whole('END_STREAM on an empty DATA', 'end/complete', all(start, data('', endStream))),
  row('complete', 'stay', '')(
    'END_STREAM on HEADERS',
    'end/complete',
    all(S, headers([[':status', '200']], endHeaders | endStream)),
  ),
  row('complete', 'stay', '')('204', 'end/complete', all(S, headers([[':status', '204']], endHeaders | endStream))),
  row('complete', 'stay', '')(
    'HEAD',
    'end/complete',
    all(
      S,
      headers(
        [
          [':status', '200'],
          ['content-length', '5'],
        ],
        endHeaders | endStream,
      ),
    ),
    { method: 'HEAD' },
  ),
  whole('trailers', 'end/complete', all(start, headers([['x-count', '1']], endHeaders | endStream))),
  whole(
    'trailers in CONTINUATION',
    'end/complete',
    all(start, headers([['x-count', '1']], endStream), frame(9, endHeaders, 1, block([['x-more', '2']]))),
  ),
  whole(
    'padded and prioritised frames',
    'end/complete',
    all(
      S,
      frame(
        1,
        endHeaders | padded | 0x20,
        1,
        all(Buffer.from([3, 0, 0, 0, 0, 16]), block([[':status', '200']]), Buffer.alloc(3)),
      ),
      frame(0, padded | endStream, 1, all(Buffer.from([5]), Buffer.from('hello'), Buffer.alloc(5))),
    ),
  ),
  whole(
    'a head in single bytes',
    'end/complete',
    all(
      S,
      frame(1, 0, 1),
      ...[...block([[':status', '200']])].map((byte) => frame(9, 0, 1, Buffer.from([byte]))),
      frame(9, endHeaders, 1),
      data('hello', endStream),
    ),
  ),
  whole('421', 'end/complete', all(S, headers([[':status', '421']]), data('hello', endStream))),
  whole('RST_STREAM NO_ERROR after END_STREAM', 'end/complete', all(S, okHead, data('hello', endStream), rst(0))),
  row('complete', 'reset', 'hello')(
    'END_STREAM, then a reset connection',
    'end/complete',
    all(S, okHead, data('hello', endStream)),
  ),
  whole('GOAWAY NO_ERROR, then the stream finishes', 'end/complete', all(start, goaway(1, 0), data('', endStream))),
  row('complete', 'close', 'hello')(
    'END_STREAM, GOAWAY, FIN',
    'end/complete',
    all(S, okHead, data('hello', endStream), goaway(1, 0)),
  ),
  whole(
    'frames that mean nothing in between',
    'end/complete',
    all(
      start,
      ping(),
      settings([3, 100]),
      frame(2, 0, 1, Buffer.alloc(5)),
      frame(0xfa, 0xff, 7, 'grease'),
      frame(8, 0, 0, uint32(1000)),
      data('', endStream),
    ),
  ),
  whole(
    '1,000 × 103',
    'end/complete',
    all(
      S,
      times(
        1_000,
        headers([
          [':status', '103'],
          ['link', '</a>'],
        ]),
      ),
      okHead,
      data('hello', endStream),
    ),
    { diagnostic: 'end/many-informational' },
  ),
  whole('DATA after END_STREAM', 'end/complete', all(S, okHead, data('hello', endStream), data('EXTRA')), {
    diagnostic: 'end/extra-bytes',
  }),
  whole(
    'no frames after END_STREAM',
    'end/complete',
    all(S, okHead, data('hello', endStream), Buffer.from('\xff\xff\xff garbage', 'latin1')),
    { diagnostic: 'end/extra-bytes' },
  ),
  whole(
    'two equal lengths',
    'end/complete',
    withHead([':status', '200'], ['content-length', '5'], ['content-length', '5']),
  ),

  // No HTTP/2 at all
  noAnswer('an HTTP/1.1 answer', 'end/not-http2', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), {
    message: /answered in HTTP\/1/,
  }),
  noAnswer('garbage', 'end/not-http2', Buffer.from('\x99\x88garbage all over', 'latin1')),
  noAnswer('no SETTINGS first', 'end/h2-protocol', all(okHead, data('hello', endStream)), { message: /not SETTINGS/ }),

  // Frames that must not come
  invalid('garbage mid-body', 'end/h2-frame-size', all(start, Buffer.from('\x7fgarbage all over', 'latin1'))),
  invalid('DATA larger than agreed', 'end/h2-frame-size', all(start, data(Buffer.alloc(16_385), endStream)), {
    message: /16,385 bytes/,
  }),
  invalid('DATA that announces 16 MB', 'end/h2-frame-size', all(start, data(Buffer.alloc(16_777_215)).subarray(0, 9))),
  invalid('DATA on the connection', 'end/h2-protocol', all(start, data('x', 0, 0))),
  invalid('DATA on a stream nobody opened', 'end/h2-protocol', all(start, data('x', 0, 3))),
  noAnswer('DATA before HEADERS', 'end/h2-protocol', all(S, data('hello', endStream))),
  invalid('more padding than frame', 'end/h2-protocol', all(start, frame(0, padded, 1, Buffer.from([9, 1, 2])))),
  invalid('padded and empty', 'end/h2-protocol', all(start, frame(0, padded, 1))),
  noAnswer(
    'HEADERS with more padding than frame',
    'end/h2-protocol',
    all(S, frame(1, padded | endHeaders, 1, Buffer.from([200, 0]))),
  ),
  invalid('HEADERS on another stream', 'end/h2-protocol', all(start, headers([[':status', '200']], endHeaders, 3))),
  invalid(
    'PUSH_PROMISE',
    'end/h2-protocol',
    all(start, frame(5, endHeaders, 1, all(uint32(2), block([[':method', 'GET']])))),
    { message: /push was not allowed/ },
  ),
  invalid('HEADERS on a pushed stream', 'end/h2-protocol', all(start, headers([[':status', '200']], endHeaders, 2))),
  invalid('CONTINUATION without HEADERS', 'end/h2-protocol', all(start, frame(9, endHeaders, 1))),
  noAnswer('DATA within a header block', 'end/h2-protocol', all(S, headers([[':status', '200']], 0), data('x'))),
  noAnswer('PING within a header block', 'end/h2-protocol', all(S, headers([[':status', '200']], 0), ping())),
  noAnswer(
    'CONTINUATION of another stream',
    'end/h2-protocol',
    all(S, headers([[':status', '200']], 0), frame(9, endHeaders, 3)),
  ),
  invalid('a second head', 'end/h2-protocol', all(start, okHead)),
  invalid('SETTINGS of an impossible size', 'end/h2-frame-size', all(start, frame(4, 0, 0, '12345'))),
  invalid('SETTINGS on a stream', 'end/h2-protocol', all(start, frame(4, 0, 1))),
  invalid('acknowledged SETTINGS with content', 'end/h2-frame-size', all(start, frame(4, 1, 0, '123456'))),
  invalid('SETTINGS that turn on push', 'end/h2-protocol', all(start, settings([2, 1]))),
  invalid('SETTINGS with frame size 0', 'end/h2-protocol', all(start, settings([5, 0]))),
  invalid('SETTINGS with a window of 2^31', 'end/h2-flow-control', all(start, settings([4, 2 ** 31]))),
  invalid('WINDOW_UPDATE by nothing', 'end/h2-protocol', all(start, frame(8, 0, 0, uint32(0)))),
  invalid('WINDOW_UPDATE beyond a window', 'end/h2-flow-control', all(start, frame(8, 0, 1, uint32(2 ** 31 - 1)))),
  invalid('WINDOW_UPDATE of an impossible size', 'end/h2-frame-size', all(start, frame(8, 0, 0, '123'))),
  invalid('PING of an impossible size', 'end/h2-frame-size', all(start, frame(6, 0, 0, '1234567'))),
  invalid('PING on a stream', 'end/h2-protocol', all(start, frame(6, 0, 1, '12345678'))),
  invalid('RST_STREAM of an impossible size', 'end/h2-frame-size', all(start, frame(3, 0, 1, '123'))),
  invalid('RST_STREAM on the connection', 'end/h2-protocol', all(start, frame(3, 0, 0, '1234'))),
  invalid('GOAWAY of an impossible size', 'end/h2-frame-size', all(start, frame(7, 0, 0, '1234567'))),
  invalid('GOAWAY on a stream', 'end/h2-protocol', all(start, frame(7, 0, 1, '12345678'))),
  invalid('PRIORITY of an impossible size', 'end/h2-frame-size', all(start, frame(2, 0, 1, '1234'))),

  // Header compression
  noAnswer(
    'an index without an entry',
    'end/h2-compression',
    all(S, frame(1, endHeaders, 1, Buffer.from([0x88, 0xff, 0x20]))),
  ),
  noAnswer('index 0', 'end/h2-compression', all(S, frame(1, endHeaders, 1, Buffer.from([0x80])))),
  noAnswer(
    'a header string that is cut',
    'end/h2-compression',
    all(S, frame(1, endHeaders, 1, Buffer.from([0x88, 0x00, 0x05, 0x61]))),
  ),
  noAnswer(
    'Huffman with EOS inside',
    'end/h2-compression',
    all(S, frame(1, endHeaders, 1, Buffer.from([0x88, 0x00, 0x84, 0xff, 0xff, 0xff, 0xff, 0x00]))),
  ),
  noAnswer(
    'an integer without end',
    'end/h2-compression',
    all(S, frame(1, endHeaders, 1, all(Buffer.from([0x88, 0xff]), Buffer.alloc(50, 0x80)))),
  ),
  noAnswer(
    'a table size beyond the agreed one',
    'end/h2-compression',
    all(S, frame(1, endHeaders, 1, Buffer.from([0x3f, 0xff, 0x7f, 0x88]))),
  ),

  // Malformed messages
  noAnswer('no :status', 'end/h2-malformed', withHead(['content-type', 'text/plain'])),
  noAnswer('two :status', 'end/h2-malformed', withHead([':status', '200'], [':status', '404'])),
  noAnswer('a :status that is no number', 'end/h2-malformed', withHead([':status', 'fine'])),
  noAnswer('a pseudo-header of requests', 'end/h2-malformed', withHead([':status', '200'], [':path', '/'])),
  noAnswer('a pseudo-header after headers', 'end/h2-malformed', withHead(['a', 'b'], [':status', '200'])),
  noAnswer('a header in capitals', 'end/invalid-header', withHead([':status', '200'], ['X-Big', '1'])),
  noAnswer('a header without a name', 'end/invalid-header', withHead([':status', '200'], ['', '1'])),
  noAnswer('NUL in a header', 'end/invalid-header', withHead([':status', '200'], ['x-a', 'a\0b']), { message: /0x00/ }),
  noAnswer('CR LF in a header', 'end/invalid-header', withHead([':status', '200'], ['x-a', 'a\r\nx-b: c'])),
  noAnswer('a connection header', 'end/h2-malformed', withHead([':status', '200'], ['connection', 'close'])),
  noAnswer('Transfer-Encoding', 'end/h2-malformed', withHead([':status', '200'], ['transfer-encoding', 'chunked'])),
  noAnswer('unasked 101', 'end/unasked-upgrade', withHead([':status', '101'])),
  noAnswer(
    '103 that ends the stream',
    'end/h2-protocol',
    all(S, headers([[':status', '103']], endHeaders | endStream)),
  ),
  noAnswer(
    'two different lengths',
    'end/conflicting-lengths',
    withHead([':status', '200'], ['content-length', '5'], ['content-length', '6']),
  ),
  noAnswer(
    'Content-Length that is no number',
    'end/invalid-content-length',
    withHead([':status', '200'], ['content-length', 'five']),
  ),
  invalid(
    'less than Content-Length',
    'end/h2-content-length',
    withHead([':status', '200'], ['content-length', '100']),
    { message: /5 of the 100 bytes/ },
  ),
  row('invalid', 'stay', 'hel')(
    'more than Content-Length',
    'end/h2-content-length',
    withHead([':status', '200'], ['content-length', '3']),
  ),
  row('invalid', 'stay', '')('204 with a body', 'end/h2-malformed', withHead([':status', '204'])),
  row('invalid', 'stay', '')('HEAD with a body', 'end/h2-malformed', withHead([':status', '200']), { method: 'HEAD' }),
  invalid(
    'a pseudo-header in trailers',
    'end/h2-malformed',
    all(start, headers([[':status', '200']], endHeaders | endStream)),
  ),
  invalid(
    'a connection header in trailers',
    'end/h2-malformed',
    all(start, headers([['connection', 'close']], endHeaders | endStream)),
  ),

  // Floods
  invalid('100,000 empty DATA', 'end/h2-flood', all(start, times(100_000, data(''))), { message: /empty DATA/ }),
  invalid('100,000 PING', 'end/h2-flood', all(start, times(100_000, ping())), { message: /PING/ }),
  invalid('100,000 SETTINGS', 'end/h2-flood', all(start, times(100_000, S)), { message: /SETTINGS/ }),
  invalid('100,000 PRIORITY', 'end/h2-flood', all(start, times(100_000, frame(2, 0, 1, Buffer.alloc(5))))),
  invalid('100,000 WINDOW_UPDATE', 'end/h2-flood', all(start, times(100_000, frame(8, 0, 0, uint32(1))))),
  invalid('100,000 frames of an unknown type', 'end/h2-flood', all(start, times(100_000, frame(0xfa, 0, 0)))),
  noAnswer(
    '100,000 empty CONTINUATION',
    'end/h2-flood',
    all(S, headers([[':status', '200']], 0), times(100_000, frame(9, 0, 1))),
  ),
  noAnswer(
    '100,000 CONTINUATION of one byte',
    'end/h2-flood',
    all(S, headers([[':status', '200']], 0), times(100_000, frame(9, 0, 1, '\0'))),
  ),
  noAnswer('100,000 PING before the answer', 'end/h2-flood', all(S, times(100_000, ping()))),
  row('stopped', 'stay', null)(
    'headers over 64 KB in CONTINUATION',
    'end/header-limit',
    all(S, headers([[':status', '200']], 0), times(5, frame(9, 0, 1, block([['x-a', 'y'.repeat(16_000)]])))),
    { message: /65,536 bytes/ },
  ),
  row('stopped', 'stay', null)(
    'headers that unpack to 8 MB',
    'end/header-limit',
    all(
      S,
      frame(
        1,
        endHeaders,
        1,
        all(Buffer.from([0x88, 0x40]), block([['x-a', 'y'.repeat(4_000)]]).subarray(1), Buffer.alloc(2_000, 0xbe)),
      ),
    ),
  ),
  row('stopped', 'stay', 'hello')(
    'trailers over 64 KB',
    'end/header-limit',
    all(
      start,
      headers([['x-a', 'y'.repeat(10_000)]], endStream),
      times(6, frame(9, 0, 1, block([['x-a', 'y'.repeat(16_000)]]))),
    ),
    { message: /trailer section/ },
  ),
];
