import { grouped } from '../../shared/grouped.ts';
import type { Ending } from '../../shared/recording.ts';
import type { ByteOffset, EndingKind, Micros } from '../../shared/words.ts';

/**
 * Every way an exchange of ours can end, in one table: code → kind. The codes are stable words of recordings, of the
 * command line's output and of the diagnostics catalogue (`end/*`); the sentence that goes with one is made where the
 * numbers are known.
 */
export const endingKindOf = {
  /** The protocol's own end was seen: last chunk, Content-Length reached, or a message that has no body. */
  'end/complete': 'complete',
  /** A body without length ended by an orderly close: as complete as such a body can be shown to be. */
  'end/complete-by-close': 'complete',
  /** A file was read to its end. */
  'end/imported': 'complete',

  /** Closed or reset inside a chunk of a chunked body. */
  'end/chunk-cut': 'cut',
  /** Closed or reset between chunks: the chunk of size 0 never came. */
  'end/no-last-chunk': 'cut',
  /** Closed or reset after the last chunk, before the trailer section was over. */
  'end/trailers-cut': 'cut',
  /** Fewer bytes than Content-Length announced. */
  'end/short-body': 'cut',
  /** A body without length whose connection was reset. */
  'end/reset': 'cut',
  /** A body without length whose TLS connection ended without close_notify: anyone on the way can do that. */
  'end/tls-truncated': 'cut',
  /** HTTP/2: closed or reset inside a DATA frame. */
  'end/h2-frame-cut': 'cut',
  /** HTTP/2: closed or reset between frames, without END_STREAM. */
  'end/h2-no-end-stream': 'cut',
  /** HTTP/2: RST_STREAM in the middle of the answer, whatever its code. */
  'end/h2-reset': 'cut',
  /** HTTP/2: closed in the middle of the answer after a GOAWAY. */
  'end/h2-goaway': 'cut',
  /** The transfer was complete, the compressed data inside was not. */
  'end/coding-truncated': 'cut',
  /** An imported recording that has no ending of its own. */
  'end/import-unfinished': 'cut',

  /** The first bytes are no HTTP/1.x status line (HTTP/0.9, ICY, TLS or something else). */
  'end/not-http': 'invalid',
  'end/invalid-status-line': 'invalid',
  /** An HTTP version that this connection did not ask for. */
  'end/unsupported-version': 'invalid',
  /** A header line with a control character, without a colon, or with an impossible name. */
  'end/invalid-header': 'invalid',
  /** A header continued on the next line (obsolete line folding, RFC 9112 §5.2). */
  'end/folded-header': 'invalid',
  /** A line ended by LF alone. */
  'end/bare-lf': 'invalid',
  'end/invalid-content-length': 'invalid',
  /** Two Content-Length values that differ. */
  'end/conflicting-lengths': 'invalid',
  /** Both Content-Length and Transfer-Encoding: the sign of request smuggling (RFC 9112 §6.3). */
  'end/length-and-chunked': 'invalid',
  'end/invalid-transfer-encoding': 'invalid',
  'end/invalid-chunk-size': 'invalid',
  /** A chunk size beyond 2^53 − 1. */
  'end/chunk-size-overflow': 'invalid',
  /** A chunk's data goes on where its size says it is over. */
  'end/chunk-overrun': 'invalid',
  /** 101 Switching Protocols that nobody asked for. */
  'end/unasked-upgrade': 'invalid',
  /** Something else than HTTP/2 came where only that was spoken. */
  'end/not-http2': 'invalid',
  /** HTTP/2: a frame that must not come here, or not from a server (RFC 9113 §5.4, §6). */
  'end/h2-protocol': 'invalid',
  /** HTTP/2: a frame larger than agreed, or of an impossible size. */
  'end/h2-frame-size': 'invalid',
  /** HTTP/2: more than the flow-control window allowed, or an impossible window. */
  'end/h2-flow-control': 'invalid',
  /** HTTP/2: header compression that does not decode (RFC 7541). */
  'end/h2-compression': 'invalid',
  /** HTTP/2: a malformed message (RFC 9113 §8.1.1). */
  'end/h2-malformed': 'invalid',
  /** HTTP/2: Content-Length says another number of bytes than END_STREAM. */
  'end/h2-content-length': 'invalid',
  /** HTTP/2: frames without content, without end. */
  'end/h2-flood': 'invalid',
  /** Anything else the HTTP parser refuses. */
  'end/protocol': 'invalid',
  /** TLS records that do not decrypt, or an alert in mid-stream. */
  'end/tls-broken': 'invalid',
  /** Compressed data that does not decompress. */
  'end/coding-corrupt': 'invalid',
  /** Content-Encoding names a coding that the body does not have. */
  'end/coding-mismatch': 'invalid',
  /** An imported file whose header line cannot be read. */
  'end/import-unreadable': 'invalid',

  'end/connect-timeout': 'timeout',
  'end/headers-timeout': 'timeout',
  'end/max-time': 'timeout',

  'end/dns': 'refused',
  'end/connect-refused': 'refused',
  'end/unreachable': 'refused',
  'end/connect-failed': 'refused',
  'end/tls-certificate': 'refused',
  'end/tls-handshake': 'refused',
  /** HTTP/2 was asked for alone, and TLS did not negotiate it. */
  'end/http2-not-negotiated': 'refused',
  /** The proxy could not be reached. */
  'end/proxy-refused': 'refused',
  /** TLS with an https:// proxy failed, or its certificate does not verify. */
  'end/proxy-tls': 'refused',
  /** The proxy asks for a user and a password, or does not take the ones it was given (407). */
  'end/proxy-auth': 'refused',
  /** The proxy did not connect us through to the server. */
  'end/proxy-connect': 'refused',
  /** The Unix socket cannot be connected to. */
  'end/unix-socket': 'refused',
  /** The capture proxy has no route for the path, so nobody was asked. */
  'end/no-route': 'refused',
  /** The capture proxy would have asked itself, or the window’s own server. */
  'end/proxy-loop': 'refused',
  /** The capture proxy was asked to switch protocols (WebSocket), which it does not carry. */
  'end/upgrade-not-carried': 'refused',
  /** Nothing was recorded that offline mode could answer with. */
  'end/offline-unknown': 'refused',
  /** HTTP/2: the server did not work on the request, which can be sent again. */
  'end/h2-refused': 'refused',
  /** HTTP/2: the server wants the request in HTTP/1.1. */
  'end/h2-http1-required': 'refused',
  /** HTTP/2: RST_STREAM before the head. */
  'end/h2-reset-before-head': 'refused',
  /** HTTP/2: closed after a GOAWAY, before the head. */
  'end/h2-goaway-before-head': 'refused',
  /** Connected, and then closed or reset without a byte of answer. */
  'end/closed-before-answer': 'refused',
  /** Closed or reset in the middle of the response head. */
  'end/closed-in-head': 'refused',

  /** By the user. */
  'end/stopped': 'stopped',
  'end/byte-limit': 'stopped',
  /** A limit that the owner of the sink watches. */
  'end/limit': 'stopped',
  /** Through the capture proxy: the client went away, and its request was broken off. */
  'end/stopped-by-client': 'stopped',
  /** Through the capture proxy: the connection to the client was cut by us, because that was asked for. */
  'end/intervened': 'stopped',
  'end/header-limit': 'stopped',
  'end/redirect-limit': 'stopped',
  /** A connection that the reconnect lab cut. */
  'end/lab-cut': 'stopped',
  'end/coding-limit': 'stopped',

  /** A file that was being sent could not be read, or no longer had the length it was announced with. */
  'end/request-body': 'failed-local',
  'end/disk': 'failed-local',
  /** A fault of this program. */
  'end/internal': 'failed-local',
} as const satisfies Readonly<Record<`end/${string}`, EndingKind>>;

export type EndingCode = keyof typeof endingKindOf;

/** An ending whose time is not taken yet. `offset` counts wire bytes of the recording. */
export interface EndingFacts {
  readonly code: EndingCode;
  /** One sentence for a person, full stop included. */
  readonly message: string;
  readonly offset: ByteOffset | null;
}

export function endingFrom(facts: EndingFacts, atMicros: Micros): Ending {
  return { kind: endingKindOf[facts.code], code: facts.code, message: facts.message, offset: facts.offset, atMicros };
}

/** `1 byte`, `12,345 bytes`. */
export function byteCount(bytes: number): string {
  return `${grouped(bytes)} ${bytes === 1 ? 'byte' : 'bytes'}`;
}

/** The first bytes of something unexpected, printable: control characters as `\n`, `\x00`; at most `limit` bytes. */
export function excerpt(bytes: Uint8Array, limit = 48): string {
  let text = '';
  for (const byte of bytes.subarray(0, limit)) {
    if (byte === 0x0d) text += '\\r';
    else if (byte === 0x0a) text += '\\n';
    else if (byte === 0x09) text += '\\t';
    else if (byte >= 0x20 && byte < 0x7f) text += String.fromCharCode(byte);
    else text += `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return bytes.length > limit ? `${text}…` : text;
}
