import { Buffer } from 'node:buffer';
import type { Limits } from '../../shared/limits.ts';
import { ChunkBorders } from './chunkBorders.ts';
import { ChunkedCoding, type ChunkedPosition, type ChunkExtension } from './chunkedCoding.ts';
import { byteCount, excerpt, type EndingCode } from './endings.ts';
import { keptExtraBytes } from './extraBytes.ts';
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
  | ChunkedPosition;

const cr = 0x0d;
const lf = 0x0a;
const statusLineStart = Buffer.from('HTTP/');
/** Chunk extensions that are kept; more are counted. */
const keptExtensions = 100;
/** Chunks that are forwarded at once: about a millisecond's work for whoever takes them. */
const forwardedChunks = 1_000;
const nothing = new Uint8Array(0);

/** What else somebody may want of a message that is followed; views of the pushed bytes, valid during the call. */
export interface MessageParts {
  /** An interim (1xx) head, blank line included. */
  informational?(raw: Uint8Array): void;
  /**
   * Bytes of the body, transfer coding removed.
   * @param continues they go on with the HTTP chunk of the bytes before
   */
  readonly data?: (bytes: Uint8Array, continues: boolean) => void;
  /** Bytes of the trailer section, its last empty line included. */
  readonly trailers?: (bytes: Uint8Array) => void;
}

/** @param isFull more follow: they are as many chunks as are forwarded at once */
type Forward = (bytes: Uint8Array, isFull: boolean) => void;

/**
 * Follows the framing of one HTTP/1.1 answer (RFC 9112 §2, §6, §7) over the bytes of its connection, beside the parser
 * that takes the body out of it. It exists because a parser's word is not enough to tell an ending: this knows at
 * every byte where in the message the connection stands, counts what comes after the end, and refuses what parsers
 * tolerate.
 */
export class MessageFraming {
  /** The final answer's head once it is complete. */
  head: HeadReading | null = null;
  /** Bytes of the head; while it is in progress or when it was refused, of what came in its place. */
  rawHead: Uint8Array = nothing;
  fault: FramingFault | null = null;
  /** What stands where the fault is, and after it, of the bytes it came with. */
  refusedBytes: Uint8Array = nothing;
  informationalResponses = 0;
  /** Bytes after the message's end, and the first of them. */
  extraBytes = 0;
  extraPreview: Uint8Array = nothing;
  /** Chunk extensions so far, and the first of them. */
  extensionCount = 0;
  readonly extensions: ChunkExtension[] = [];
  /** Where HTTP chunks begin in the body; null where it has none. */
  borders: ChunkBorders | null = null;

  readonly #requestMethod: string;
  readonly #headLimit: number;
  readonly #parts: MessageParts;
  #chunked: ChunkedCoding | null = null;
  #plainBodyBytes = 0;

  constructor(requestMethod: string, limits: Pick<Limits, 'headerBytes'>, parts: MessageParts = {}) {
    this.#parts = parts;
    this.#requestMethod = requestMethod;
    this.#headLimit = limits.headerBytes;
  }

  /** The end of the message was among the bytes. */
  get ended(): boolean {
    return this.position().in === 'end';
  }

  /** Body bytes, transfer coding removed. */
  get bodyBytes(): number {
    return this.#chunked?.dataBytes ?? this.#plainBodyBytes;
  }

  get longestExtension(): number {
    return this.#chunked?.longestExtension ?? 0;
  }

  /**
   * Takes the next bytes of the connection. Calls `forward` with everything that a parser may see: the final head in
   * one piece, then body and trailers as they came, up to a fault or the end; very many chunks in several pieces, each
   * of whole chunks but for the last. Interim (1xx) heads are left out.
   * Returns false once there is a fault: nothing after it is of use.
   */
  push(bytes: Uint8Array, forward: Forward): boolean {
    let rest = bytes;
    while (this.head === null && rest.byteLength > 0) rest = this.#pushHead(rest, forward);
    while (rest.byteLength > 0) {
      const used = this.#pushBody(rest);
      if (used === 0) break;
      const isPart = used < rest.byteLength;
      forward(isPart ? rest.subarray(0, used) : rest, isPart && !this.ended);
      rest = rest.subarray(used);
    }
    if (this.fault !== null) this.refusedBytes = rest;
    else if (rest.byteLength > 0) this.#pushExtra(rest);
    return this.fault === null;
  }

  position(): FramingPosition {
    if (this.head === null) {
      return this.rawHead.byteLength === 0 ? { in: 'nothing' } : { in: 'head', received: this.rawHead.byteLength };
    }
    if (this.#chunked !== null) return this.#chunked.position();
    const { body } = this.head;
    switch (body.by) {
      case 'close':
        return { in: 'until-close' };
      case 'length':
        return this.#plainBodyBytes === body.bytes
          ? { in: 'end' }
          : { in: 'length', received: this.#plainBodyBytes, expected: body.bytes };
      default:
        return { in: 'end' };
    }
  }

  /** Consumes head bytes; returns what follows the head, nothing while more is needed or when it is refused. */
  #pushHead(bytes: Uint8Array, forward: Forward): Uint8Array {
    if (this.fault !== null) return nothing;
    const known = this.rawHead.byteLength;
    // A head is at most the header limit long and mostly comes in one read: joining costs no more than that limit.
    const joined = known === 0 ? bytes : Buffer.concat([this.rawHead, bytes]);
    this.rawHead = joined;
    const start = joined.subarray(0, Math.min(joined.byteLength, statusLineStart.byteLength));
    if (!statusLineStart.subarray(0, start.byteLength).equals(start))
      return this.#refuse('end/not-http', notHttp(joined));
    const end = headEnd(joined, Math.max(0, known - 3));
    if ((end < 0 ? joined.byteLength : end) > this.#headLimit) {
      const limit = byteCount(this.#headLimit);
      return this.#refuse('end/header-limit', `The response head is longer than the limit of ${limit}.`);
    }
    if (end < 0) return nothing;
    const raw = joined.subarray(0, end);
    const reading = readResponseHead(raw, this.#requestMethod);
    if ('code' in reading) return this.#refuse(reading.code, reading.message);
    if (reading.status === 101) {
      return this.#refuse('end/unasked-upgrade', 'The server switched protocols (101) although nobody asked it to.');
    }
    if (reading.status < 200) {
      this.informationalResponses += 1;
      this.#parts.informational?.(raw);
      this.rawHead = nothing;
      return joined.subarray(end);
    }
    this.rawHead = raw;
    this.head = reading;
    if (reading.body.by === 'chunks') this.#beginChunks();
    forward(raw, false);
    return joined.subarray(end);
  }

  #beginChunks(): void {
    const borders = new ChunkBorders();
    this.borders = borders;
    this.#chunked = new ChunkedCoding(this.#headLimit, {
      begins: (offset) => borders.begins(offset),
      ...(this.#parts.data === undefined ? {} : { data: this.#parts.data }),
      ...(this.#parts.trailers === undefined ? {} : { trailers: this.#parts.trailers }),
      extension: (extension) => {
        this.extensionCount += 1;
        if (this.extensions.length < keptExtensions) this.extensions.push(extension);
      },
    });
  }

  /**
   * Advances over body bytes; returns how many belong to the message: all, those of many chunks, or those up to its end
   * or to a fault.
   */
  #pushBody(bytes: Uint8Array): number {
    const chunked = this.#chunked;
    if (chunked !== null) {
      if (chunked.fault !== null) return 0;
      const used = chunked.push(bytes, forwardedChunks);
      // The type does not know that the push above may have found one.
      const fault = chunked.fault as ChunkedCoding['fault'];
      if (fault !== null) this.fault = { ...fault, bodyOffset: chunked.dataBytes };
      return used;
    }
    const body = this.head?.body;
    const room =
      body?.by === 'close' ? bytes.byteLength : body?.by === 'length' ? body.bytes - this.#plainBodyBytes : 0;
    const used = Math.min(room, bytes.byteLength);
    this.#plainBodyBytes += used;
    if (used > 0) this.#parts.data?.(bytes.subarray(0, used), false);
    return used;
  }

  #pushExtra(bytes: Uint8Array): void {
    this.extraBytes += bytes.byteLength;
    const room = keptExtraBytes - this.extraPreview.byteLength;
    if (room > 0) this.extraPreview = Buffer.concat([this.extraPreview, bytes.subarray(0, room)]);
  }

  #refuse(code: EndingCode, message: string): Uint8Array {
    this.fault = { code, message, bodyOffset: null };
    return nothing;
  }
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
