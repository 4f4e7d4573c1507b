import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EndingKind } from '../../../src/shared/words.ts';
import type { Performance, Peer } from './faultServer.ts';

const ok = 'HTTP/1.1 200 OK\r\n';
const chunked = `${ok}Transfer-Encoding: chunked\r\n\r\n`;

/** One way in which an answer goes wrong (or only looks so), and what must be said about it. */
export interface Fault {
  readonly name: string;
  readonly perform: Performance;
  readonly kind: EndingKind;
  readonly code: string;
  /** Wire bytes that must have been kept. Null: not fixed by the fault. */
  readonly wire: string | null;
  /** Where TLS sees it otherwise. */
  readonly overTls?: { readonly kind: EndingKind; readonly code: string };
  /** A diagnostic that must come with it. */
  readonly diagnostic?: string;
  /** A TLS peer cannot play it. */
  readonly plainOnly?: true;
  readonly message?: RegExp;
}

/**
 * Writes, lets the client read it, and then does the last thing. Client and server share an event loop and the
 * loopback is synchronous, so a few turns of it are enough; a reset that came earlier would take unread bytes with it.
 */
async function then(peer: Peer, bytes: string | Uint8Array, last: () => void): Promise<void> {
  await peer.write(bytes);
  for (let turn = 0; turn < 10; turn += 1) await nextTurn();
  last();
}

const closing =
  (bytes: string | Uint8Array): Performance =>
  (peer) =>
    then(peer, bytes, () => peer.close());
const resetting =
  (bytes: string): Performance =>
  (peer) =>
    then(peer, bytes, () => peer.reset());
/** The client must act on what it has: the server keeps the connection open. */
const staying =
  (bytes: string | Uint8Array): Performance =>
  (peer) =>
    peer.write(bytes);

export const faults: readonly Fault[] = [
  // Before the head
  {
    name: 'FIN before the head',
    perform: (peer) => peer.close(),
    kind: 'refused',
    code: 'end/closed-before-answer',
    wire: '',
    message: /closed the connection before answering/,
  },
  {
    name: 'reset before the head',
    perform: (peer) => peer.reset(),
    kind: 'refused',
    code: 'end/closed-before-answer',
    wire: '',
    message: /reset before answering/,
  },
  {
    name: 'FIN within the head',
    perform: closing(`${ok}Content-Ty`),
    kind: 'refused',
    code: 'end/closed-in-head',
    wire: `${ok}Content-Ty`,
  },
  {
    name: 'reset within the head',
    perform: resetting(`${ok}Content-Ty`),
    kind: 'refused',
    code: 'end/closed-in-head',
    wire: `${ok}Content-Ty`,
  },
  {
    name: 'FIN after 103 only',
    perform: closing('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'),
    kind: 'refused',
    code: 'end/closed-before-answer',
    wire: '',
  },

  // Cut
  {
    name: 'FIN mid-chunk',
    perform: closing(`${chunked}5\r\nhello\r\n10\r\nabc`),
    kind: 'cut',
    code: 'end/chunk-cut',
    wire: 'helloabc',
    message: /3 of its 16 bytes/,
  },
  {
    name: 'reset mid-chunk',
    perform: resetting(`${chunked}5\r\nhello\r\n10\r\nabc`),
    kind: 'cut',
    code: 'end/chunk-cut',
    wire: 'helloabc',
    message: /reset in the middle of a chunk/,
  },
  {
    name: 'FIN without last chunk',
    perform: closing(`${chunked}5\r\nhello\r\n`),
    kind: 'cut',
    code: 'end/no-last-chunk',
    wire: 'hello',
  },
  {
    name: 'reset without last chunk',
    perform: resetting(`${chunked}5\r\nhello\r\n`),
    kind: 'cut',
    code: 'end/no-last-chunk',
    wire: 'hello',
  },
  {
    name: 'FIN within a chunk size',
    perform: closing(`${chunked}5\r\nhello\r\n1`),
    kind: 'cut',
    code: 'end/no-last-chunk',
    wire: 'hello',
  },
  {
    name: 'FIN after the last chunk, before its end',
    perform: closing(`${chunked}5\r\nhello\r\n0\r\n`),
    kind: 'cut',
    code: 'end/trailers-cut',
    wire: 'hello',
  },
  {
    name: 'Content-Length longer than body, FIN',
    perform: closing(`${ok}Content-Length: 100\r\n\r\nabc`),
    kind: 'cut',
    code: 'end/short-body',
    wire: 'abc',
    message: /3 of 100 bytes/,
  },
  {
    name: 'Content-Length longer than body, reset',
    perform: resetting(`${ok}Content-Length: 100\r\n\r\nabc`),
    kind: 'cut',
    code: 'end/short-body',
    wire: 'abc',
  },
  {
    name: 'Content-Length, Connection: close, FIN early',
    perform: closing(`${ok}Connection: close\r\nContent-Length: 100\r\n\r\nabc`),
    kind: 'cut',
    code: 'end/short-body',
    wire: 'abc',
  },
  {
    name: 'Content-Length without a byte of body',
    perform: closing(`${ok}Content-Length: 100\r\n\r\n`),
    kind: 'cut',
    code: 'end/short-body',
    wire: '',
  },
  {
    name: 'no length, reset',
    perform: resetting(`${ok}Connection: close\r\n\r\nabc`),
    kind: 'cut',
    code: 'end/reset',
    wire: 'abc',
  },
  {
    name: 'no length, FIN without close_notify',
    perform: (peer) => then(peer, `${ok}\r\nabc`, () => peer.cut()),
    kind: 'complete',
    code: 'end/complete-by-close',
    wire: 'abc',
    overTls: { kind: 'cut', code: 'end/tls-truncated' },
  },

  // Whole
  {
    name: 'no length, FIN',
    perform: closing(`${ok}\r\nabc`),
    kind: 'complete',
    code: 'end/complete-by-close',
    wire: 'abc',
    message: /cannot be verified/,
  },
  {
    name: 'HTTP/1.0, FIN',
    perform: closing('HTTP/1.0 200 OK\r\n\r\nabc'),
    kind: 'complete',
    code: 'end/complete-by-close',
    wire: 'abc',
  },
  {
    name: 'Content-Length reached',
    perform: staying(`${ok}Content-Length: 3\r\n\r\nabc`),
    kind: 'complete',
    code: 'end/complete',
    wire: 'abc',
  },
  {
    name: 'Content-Length reached, then reset',
    perform: resetting(`${ok}Content-Length: 3\r\n\r\nabc`),
    kind: 'complete',
    code: 'end/complete',
    wire: 'abc',
  },
  {
    name: 'last chunk seen',
    perform: staying(`${chunked}3\r\nabc\r\n0\r\n\r\n`),
    kind: 'complete',
    code: 'end/complete',
    wire: 'abc',
  },
  {
    name: 'last chunk with trailers, Connection: close',
    perform: closing(`${ok}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Count: 1\r\n\r\n`),
    kind: 'complete',
    code: 'end/complete',
    wire: 'abc',
  },
  {
    name: '204',
    perform: staying('HTTP/1.1 204 No Content\r\n\r\n'),
    kind: 'complete',
    code: 'end/complete',
    wire: '',
  },
  {
    name: 'Content-Length: 0',
    perform: staying(`${ok}Content-Length: 0\r\n\r\n`),
    kind: 'complete',
    code: 'end/complete',
    wire: '',
  },
  {
    name: 'bytes after Content-Length',
    perform: staying(`${ok}Content-Length: 3\r\n\r\nabcEXTRA`),
    kind: 'complete',
    code: 'end/complete',
    wire: 'abc',
    diagnostic: 'end/extra-bytes',
  },
  {
    name: 'bytes after Content-Length, later, Connection: close',
    perform: async (peer) => {
      await peer.write(`${ok}Connection: close\r\nContent-Length: 3\r\n\r\nabc`);
      await then(peer, 'EXTRA', () => peer.close());
    },
    kind: 'complete',
    code: 'end/complete',
    wire: 'abc',
    diagnostic: 'end/extra-bytes',
  },
  {
    name: 'bytes after the last chunk',
    perform: staying(`${chunked}3\r\nabc\r\n0\r\n\r\nEXTRA`),
    kind: 'complete',
    code: 'end/complete',
    wire: 'abc',
    diagnostic: 'end/extra-bytes',
  },
  {
    name: '20 KB chunk extension',
    perform: staying(`${chunked}3;x=${'y'.repeat(20_480)}\r\nabc\r\n0\r\n\r\n`),
    kind: 'complete',
    code: 'end/complete',
    wire: 'abc',
    diagnostic: 'end/long-chunk-extension',
  },
  {
    name: '1,000 × 103',
    perform: staying(
      `${'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'.repeat(1_000)}${ok}Content-Length: 3\r\n\r\nabc`,
    ),
    kind: 'complete',
    code: 'end/complete',
    wire: 'abc',
    diagnostic: 'end/many-informational',
  },
  {
    name: '100 Continue nobody asked for',
    perform: staying(`HTTP/1.1 100 Continue\r\n\r\n${ok}Content-Length: 3\r\n\r\nabc`),
    kind: 'complete',
    code: 'end/complete',
    wire: 'abc',
  },

  // Broken protocol
  {
    name: 'bad chunk size',
    perform: staying(`${chunked}5\r\nhello\r\nxyz\r\n`),
    kind: 'invalid',
    code: 'end/invalid-chunk-size',
    wire: 'hello',
    message: /xyz/,
  },
  {
    name: 'chunk size with a sign',
    perform: staying(`${chunked}5\r\nhello\r\n-5\r\nhello\r\n`),
    kind: 'invalid',
    code: 'end/invalid-chunk-size',
    wire: 'hello',
  },
  {
    name: 'chunk size with 0x',
    perform: staying(`${chunked}0x5\r\nhello\r\n`),
    kind: 'invalid',
    code: 'end/invalid-chunk-size',
    wire: '',
  },
  {
    name: 'chunk size overflow',
    perform: staying(`${chunked}5\r\nhello\r\nfffffffffffffffff\r\nabc`),
    kind: 'invalid',
    code: 'end/chunk-size-overflow',
    wire: 'hello',
  },
  {
    name: 'chunk size wrapping 64 bits',
    perform: staying(`${chunked}5\r\nhello\r\n10000000000000003\r\nabc\r\n0\r\n\r\n`),
    kind: 'invalid',
    code: 'end/chunk-size-overflow',
    wire: 'hello',
  },
  {
    name: 'data longer than its chunk size',
    perform: staying(`${chunked}5\r\nhelloworld\r\n0\r\n\r\n`),
    kind: 'invalid',
    code: 'end/chunk-overrun',
    wire: 'hello',
  },
  {
    name: 'bare LF in the head',
    perform: staying('HTTP/1.1 200 OK\nContent-Length: 3\n\nabc'),
    kind: 'invalid',
    code: 'end/bare-lf',
    wire: null,
  },
  {
    name: 'bare LF after one header',
    perform: staying(`${ok}X-A: 1\nContent-Length: 3\r\n\r\nabc`),
    kind: 'invalid',
    code: 'end/bare-lf',
    wire: null,
  },
  {
    name: 'bare LF after a chunk size',
    perform: staying(`${chunked}5\r\nhello\r\n5\nhello\r\n0\r\n\r\n`),
    kind: 'invalid',
    code: 'end/bare-lf',
    wire: 'hello',
  },
  {
    name: 'bare LF after chunk data',
    perform: staying(`${chunked}5\r\nhello\n0\r\n\r\n`),
    kind: 'invalid',
    code: 'end/bare-lf',
    wire: 'hello',
  },
  {
    name: 'both Content-Length and Transfer-Encoding',
    perform: staying(`${ok}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`),
    kind: 'invalid',
    code: 'end/length-and-chunked',
    wire: null,
  },
  {
    name: 'two different lengths',
    perform: staying(`${ok}Content-Length: 3\r\nContent-Length: 5\r\n\r\nabcde`),
    kind: 'invalid',
    code: 'end/conflicting-lengths',
    wire: null,
    message: /3 and 5/,
  },
  {
    name: 'two different lengths in one line',
    perform: staying(`${ok}Content-Length: 3, 5\r\n\r\nabcde`),
    kind: 'invalid',
    code: 'end/conflicting-lengths',
    wire: null,
  },
  {
    name: 'Content-Length that is no number',
    perform: staying(`${ok}Content-Length: three\r\n\r\nabc`),
    kind: 'invalid',
    code: 'end/invalid-content-length',
    wire: null,
  },
  {
    name: 'negative Content-Length',
    perform: staying(`${ok}Content-Length: -3\r\n\r\nabc`),
    kind: 'invalid',
    code: 'end/invalid-content-length',
    wire: null,
  },
  {
    name: 'NUL in a header',
    perform: staying(`${ok}X-A: a\0b\r\nContent-Length: 3\r\n\r\nabc`),
    kind: 'invalid',
    code: 'end/invalid-header',
    wire: null,
    message: /0x00/,
  },
  {
    name: 'space before the colon',
    perform: staying(`${ok}Content-Length : 3\r\n\r\nabc`),
    kind: 'invalid',
    code: 'end/invalid-header',
    wire: null,
  },
  {
    name: 'header without colon',
    perform: staying(`${ok}nonsense\r\nContent-Length: 3\r\n\r\nabc`),
    kind: 'invalid',
    code: 'end/invalid-header',
    wire: null,
  },
  {
    name: 'folded header',
    perform: staying(`${ok}X-A: a\r\n b\r\nContent-Length: 3\r\n\r\nabc`),
    kind: 'invalid',
    code: 'end/folded-header',
    wire: null,
  },
  {
    name: 'ICY 200',
    perform: staying('ICY 200 OK\r\nicy-name: radio\r\n\r\nabc'),
    kind: 'invalid',
    code: 'end/not-http',
    wire: 'ICY 200 OK\r\nicy-name: radio\r\n\r\nabc',
  },
  {
    name: 'HTTP/0.9',
    perform: closing('<h1>hello</h1>'),
    kind: 'invalid',
    code: 'end/not-http',
    wire: '<h1>hello</h1>',
  },
  {
    name: 'HTTP/2.0 status line',
    perform: staying('HTTP/2.0 200 OK\r\n\r\nabc'),
    kind: 'invalid',
    code: 'end/unsupported-version',
    wire: null,
  },
  {
    name: 'status line without a status',
    perform: staying('HTTP/1.1 OK\r\n\r\nabc'),
    kind: 'invalid',
    code: 'end/invalid-status-line',
    wire: null,
  },
  {
    name: 'unasked 101',
    perform: staying('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'),
    kind: 'invalid',
    code: 'end/unasked-upgrade',
    wire: null,
  },
  {
    name: 'chunked that is not last',
    perform: staying(`${ok}Transfer-Encoding: chunked, gzip\r\n\r\n3\r\nabc\r\n0\r\n\r\n`),
    kind: 'invalid',
    code: 'end/invalid-transfer-encoding',
    wire: null,
  },

  // Limits
  {
    name: 'headers over 64 KB',
    perform: staying(`${ok}X-A: ${'y'.repeat(70_000)}\r\n\r\n`),
    kind: 'stopped',
    code: 'end/header-limit',
    wire: null,
    message: /65,536 bytes/,
  },
];
