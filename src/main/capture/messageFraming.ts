import { Buffer } from 'node:buffer';
import type { Limits } from '../../shared/limits.ts';
import { byteCount, excerpt, type EndingCode } from './endings.ts';
import { readResponseHead, type HeadReading } from './responseHead.ts';

/** A breach of the protocol. `bodyOffset` counts body bytes before it; null: it lies in the head. */
export interface FramingFault {
  readonly code: EndingCode;
  readonly message: string;
  readonly bodyOffset: number | null;
}

/** Where in the answer the bytes so far end. */
export type FramingPosition =
  | { readonly in: 'nothing' }
  | { readonly in: 'head'; readonly received: number }
  | { readonly in: 'length'; readonly received: number; readonly expected: number }
  | { readonly in: 'until-close' }
  | { readonly in: 'chunk'; readonly received: number; readonly size: number }
  | { readonly in: 'between-chunks' }
  | { readonly in: 'trailers' }
  | { readonly in: 'end' };

const state = Object.freeze({
  head: 0,
  length: 1,
  close: 2,
  size: 3,
  extension: 4,
  sizeLf: 5,
  data: 6,
  dataCr: 7,
  dataLf: 8,
  trailers: 9,
  end: 10,
  fault: 11,
});

const cr = 0x0d;
const lf = 0x0a;
const statusLineStart = Buffer.from('HTTP/');
const extraPreviewBytes = 256;

/**
 * Follows the framing of one HTTP/1.1 answer (RFC 9112 §2, §6, §7) over the bytes of its connection, beside the parser
 * that takes the body out of it. It exists because a parser's word is not enough to tell an ending: this knows at
 * every byte where in the message the connection stands, counts what comes after the end, and refuses what parsers
 * tolerate. It skips over chunk data by its length, so its cost is per chunk and per read, not per byte.
 */
export class MessageFraming {
  /** Final answer's head once complete. */
  head: HeadReading | null = null;
  /** Bytes of the head in progress or refused. */
  rawHead: Uint8Array = new Uint8Array(0);
  fault: FramingFault | null = null;
  /** Body bytes after the transfer coding, so far. */
  bodyBytes = 0;
  informationalResponses = 0;
  /** Bytes after the message's end, and the first of them. */
  extraBytes = 0;
  extraPreview: Uint8Array = new Uint8Array(0);
  /** The longest chunk extension. */
  longestExtension = 0;

  readonly #requestMethod: string;
  readonly #headLimit: number;
  #state: number = state.head;
  #expected = 0;
  #chunkSize = 0;
  #chunkRemaining = 0;
  #sizeDigits = 0;
  #extensionBytes = 0;
  #trailerBytes = 0;
  #trailerLineBytes = 0;
  #lastByte = 0;

  constructor(requestMethod: string, limits: Pick<Limits, 'headerBytes'>) {
    this.#requestMethod = requestMethod;
    this.#headLimit = limits.headerBytes;
  }

  get ended(): boolean {
    return this.#state === state.end;
  }

  /**
   * Takes the next bytes of the connection. Calls `forward` with everything that a parser may see: the final head in
   * one piece, then body and trailers as they came, up to a fault or the end. Interim (1xx) heads are left out.
   * Returns false once there is a fault: nothing after it is of use.
   */
  push(bytes: Uint8Array, forward: (bytes: Uint8Array) => void): boolean {
    let rest = bytes;
    while (this.#state === state.head && rest.byteLength > 0) rest = this.#pushHead(rest, forward);
    if (rest.byteLength === 0 || this.#state === state.head) return this.fault === null;
    const used = this.#pushBody(rest);
    if (used > 0) forward(used === rest.byteLength ? rest : rest.subarray(0, used));
    if (this.#state === state.end && used < rest.byteLength) this.#pushExtra(rest.subarray(used));
    return this.fault === null;
  }

  position(): FramingPosition {
    switch (this.#state) {
      case state.head:
        return this.rawHead.byteLength === 0 ? { in: 'nothing' } : { in: 'head', received: this.rawHead.byteLength };
      case state.length:
        return { in: 'length', received: this.bodyBytes, expected: this.#expected };
      case state.close:
        return { in: 'until-close' };
      case state.data:
        return { in: 'chunk', received: this.#chunkSize - this.#chunkRemaining, size: this.#chunkSize };
      case state.trailers:
        return { in: 'trailers' };
      case state.end:
        return { in: 'end' };
      default:
        return { in: 'between-chunks' };
    }
  }

  /** Consumes head bytes; returns what follows the head, or nothing when more is needed or the head is refused. */
  #pushHead(bytes: Uint8Array, forward: (bytes: Uint8Array) => void): Uint8Array {
    const known = this.rawHead.byteLength;
    // A head is at most the header limit long and mostly comes in one read: joining costs no more than that limit.
    const joined = known === 0 ? bytes : Buffer.concat([this.rawHead, bytes]);
    const start = joined.subarray(0, Math.min(joined.byteLength, statusLineStart.byteLength));
    if (!statusLineStart.subarray(0, start.byteLength).equals(start)) {
      this.rawHead = joined;
      return this.#refuse('end/not-http', notHttp(joined), null);
    }
    const end = headEnd(joined, Math.max(0, known - 3));
    if ((end < 0 ? joined.byteLength : end) > this.#headLimit) {
      this.rawHead = joined;
      const limit = byteCount(this.#headLimit);
      return this.#refuse('end/header-limit', `The response head is longer than the limit of ${limit}.`, null);
    }
    if (end < 0) {
      this.rawHead = joined;
      return joined.subarray(joined.byteLength);
    }
    const raw = joined.subarray(0, end);
    const reading = readResponseHead(raw, this.#requestMethod);
    if ('code' in reading) {
      this.rawHead = joined;
      return this.#refuse(reading.code, reading.message, null);
    }
    if (reading.status === 101) {
      this.rawHead = joined;
      return this.#refuse(
        'end/unasked-upgrade',
        'The server switched protocols (101) although nobody asked it to.',
        null,
      );
    }
    if (reading.status < 200) {
      this.informationalResponses += 1;
      this.rawHead = new Uint8Array(0);
      return joined.subarray(end);
    }
    this.rawHead = raw;
    this.head = reading;
    this.#startBody(reading);
    forward(raw);
    return joined.subarray(end);
  }

  #startBody(reading: HeadReading): void {
    switch (reading.body.by) {
      case 'none':
        this.#state = state.end;
        return;
      case 'length':
        this.#expected = reading.body.bytes;
        this.#state = state.length;
        return;
      case 'close':
        this.#state = state.close;
        return;
      case 'chunks':
        this.#state = state.size;
    }
  }

  /** Advances over body bytes; returns how many belong to the message (all, up to its end, or up to a fault). */
  #pushBody(bytes: Uint8Array): number {
    const length = bytes.byteLength;
    let at = 0;
    while (at < length) {
      switch (this.#state) {
        case state.size: {
          const byte = bytes[at] ?? 0;
          const digit = hexDigit(byte);
          if (digit >= 0) {
            this.#chunkSize = this.#chunkSize * 16 + digit;
            this.#sizeDigits += 1;
            if (this.#chunkSize > Number.MAX_SAFE_INTEGER || this.#sizeDigits > 16) {
              return this.#refuseAt(at, 'end/chunk-size-overflow', 'A chunk announces an impossibly large size.');
            }
          } else if (this.#sizeDigits === 0) {
            return this.#refuseAt(at, 'end/invalid-chunk-size', badSize(bytes, at));
          } else if (byte === cr) this.#state = state.sizeLf;
          else if (byte === 0x3b || byte === 0x20 || byte === 0x09) {
            this.#state = state.extension;
            this.#extensionBytes = 1;
          } else if (byte === lf) return this.#refuseAt(at, 'end/bare-lf', bareLf);
          else return this.#refuseAt(at, 'end/invalid-chunk-size', badSize(bytes, at - this.#sizeDigits));
          at += 1;
          break;
        }
        case state.extension: {
          const byte = bytes[at] ?? 0;
          this.#extensionBytes += 1;
          if (byte === lf) return this.#refuseAt(at, 'end/bare-lf', bareLf);
          if (byte === cr) {
            this.longestExtension = Math.max(this.longestExtension, this.#extensionBytes - 1);
            this.#state = state.sizeLf;
          }
          at += 1;
          break;
        }
        case state.sizeLf:
          if (bytes[at] !== lf) {
            return this.#refuseAt(at, 'end/invalid-chunk-size', 'A chunk size is followed by CR without LF.');
          }
          at += 1;
          this.#sizeDigits = 0;
          this.#chunkRemaining = this.#chunkSize;
          this.#state = this.#chunkSize === 0 ? state.trailers : state.data;
          break;
        case state.data: {
          const take = Math.min(this.#chunkRemaining, length - at);
          this.#chunkRemaining -= take;
          this.bodyBytes += take;
          at += take;
          if (this.#chunkRemaining === 0) this.#state = state.dataCr;
          break;
        }
        case state.dataCr:
        case state.dataLf: {
          const byte = bytes[at];
          const isCr = this.#state === state.dataCr;
          if (byte !== (isCr ? cr : lf)) {
            if (isCr && byte === lf) return this.#refuseAt(at, 'end/bare-lf', bareLf);
            const size = byteCount(this.#chunkSize);
            const seen = excerpt(bytes.subarray(at), 16);
            const message = `A chunk’s data goes on after the ${size} that it announced: “${seen}” stands where CR LF should.`;
            return this.#refuseAt(at, 'end/chunk-overrun', message);
          }
          at += 1;
          this.#state = isCr ? state.dataLf : state.size;
          if (!isCr) this.#chunkSize = 0;
          break;
        }
        case state.trailers:
          return this.#pushTrailers(bytes, at);
        case state.length: {
          const take = Math.min(this.#expected - this.bodyBytes, length - at);
          this.bodyBytes += take;
          at += take;
          if (this.bodyBytes === this.#expected) {
            this.#state = state.end;
            return at;
          }
          break;
        }
        case state.close:
          this.bodyBytes += length - at;
          at = length;
          break;
        default:
          return at;
      }
    }
    return at;
  }

  #pushTrailers(bytes: Uint8Array, from: number): number {
    let at = from;
    for (; at < bytes.byteLength; at += 1) {
      const byte = bytes[at] ?? 0;
      this.#trailerBytes += 1;
      if (this.#trailerBytes > this.#headLimit) {
        const limit = byteCount(this.#headLimit);
        return this.#refuseAt(at, 'end/header-limit', `The trailer section is longer than the limit of ${limit}.`);
      }
      if (byte === lf) {
        if (this.#lastByte !== cr) return this.#refuseAt(at, 'end/bare-lf', bareLf);
        if (this.#trailerLineBytes === 1) {
          this.#state = state.end;
          return at + 1;
        }
        this.#trailerLineBytes = 0;
      } else this.#trailerLineBytes += 1;
      this.#lastByte = byte;
    }
    return at;
  }

  #pushExtra(bytes: Uint8Array): void {
    this.extraBytes += bytes.byteLength;
    const room = extraPreviewBytes - this.extraPreview.byteLength;
    if (room > 0) this.extraPreview = Buffer.concat([this.extraPreview, bytes.subarray(0, room)]);
  }

  #refuse(code: EndingCode, message: string, bodyOffset: number | null): Uint8Array {
    this.fault = { code, message, bodyOffset };
    this.#state = state.fault;
    return new Uint8Array(0);
  }

  #refuseAt(at: number, code: EndingCode, message: string): number {
    this.#refuse(code, message, this.bodyBytes);
    return at;
  }
}

const bareLf = 'A line of the chunked coding ends with a line feed alone instead of CR LF.';

function badSize(bytes: Uint8Array, at: number): string {
  const rest = bytes.subarray(Math.max(0, at));
  const lineEnd = rest.indexOf(lf);
  const line = lineEnd < 0 ? rest : rest.subarray(0, lineEnd + 1);
  return `A chunk begins with “${excerpt(line, 24)}”, which is no hexadecimal size.`;
}

function notHttp(bytes: Uint8Array): string {
  const first = bytes[0] ?? 0;
  if ((first === 0x15 || first === 0x16) && bytes[1] === 0x03) {
    return 'The server answered in TLS to a plain HTTP request. Try the address with https://.';
  }
  return `The answer is not HTTP/1.1: it begins with “${excerpt(bytes)}”.`;
}

/** Offset just past the blank line that ends a head, -1 if it is not there yet. LF LF counts: it is refused later. */
function headEnd(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(lf, from); at >= 0; at = bytes.indexOf(lf, at + 1)) {
    if (at >= 1 && bytes[at - 1] === lf) return at + 1;
    if (at >= 2 && bytes[at - 1] === cr && bytes[at - 2] === lf) return at + 1;
  }
  return -1;
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
