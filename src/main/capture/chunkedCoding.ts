import { byteCount, excerpt, type EndingCode } from './endings.ts';

export type ChunkedPosition =
  | { readonly in: 'chunk'; readonly received: number; readonly size: number }
  | { readonly in: 'between-chunks' }
  | { readonly in: 'trailers' }
  | { readonly in: 'end' };

export interface ChunkedFault {
  readonly code: EndingCode;
  readonly message: string;
}

/** An extension of a chunk (RFC 9112 §7.1.1), which no client uses but people who look at a stream may. */
export interface ChunkExtension {
  /** Data bytes before the chunk. */
  readonly offset: number;
  /** Its first bytes, without the semicolon. */
  readonly bytes: Uint8Array;
  /** How long it is. */
  readonly length: number;
}

export interface ChunkedListener {
  /**
   * Views of the pushed bytes, without the coding around them.
   * @param continues they go on with the chunk of the bytes before
   */
  data?(bytes: Uint8Array, continues: boolean): void;
  /** A chunk with data begins after so many bytes of data. */
  begins?(offset: number): void;
  extension?(extension: ChunkExtension): void;
  /** Bytes of the trailer section, the empty line that ends it included; views of the pushed bytes. */
  trailers?(bytes: Uint8Array): void;
}

/** Longest part of an extension that is kept. */
const keptExtensionBytes = 1024;

const state = Object.freeze({
  size: 0,
  extension: 1,
  sizeLf: 2,
  data: 3,
  dataCr: 4,
  dataLf: 5,
  trailers: 6,
  end: 7,
  fault: 8,
});

const cr = 0x0d;
const lf = 0x0a;
const bareLf = 'A line of the chunked coding ends with a line feed alone instead of CR LF.';

/**
 * Follows the chunked transfer coding (RFC 9112 §7.1) over bytes in any splitting, strictly. Skips over chunk data by
 * its length, so its cost is per chunk and per read, not per byte.
 */
export class ChunkedCoding {
  /** Data bytes so far, without sizes and line ends. */
  dataBytes = 0;
  /** The longest chunk extension. */
  longestExtension = 0;
  fault: ChunkedFault | null = null;

  readonly #trailerLimit: number;
  readonly #listener: ChunkedListener;
  #state: number = state.size;
  #size = 0;
  #remaining = 0;
  #sizeDigits = 0;
  #extensionBytes = 0;
  #extension: number[] = [];
  #trailerBytes = 0;
  #trailerLineBytes = 0;
  #lastByte = 0;

  constructor(trailerLimit: number, listener: ChunkedListener = {}) {
    this.#trailerLimit = trailerLimit;
    this.#listener = listener;
  }

  position(): ChunkedPosition {
    switch (this.#state) {
      case state.data:
        return { in: 'chunk', received: this.#size - this.#remaining, size: this.#size };
      case state.trailers:
        return { in: 'trailers' };
      case state.end:
        return { in: 'end' };
      default:
        return { in: 'between-chunks' };
    }
  }

  /**
   * Takes the next bytes; returns how many belong to the coding: all, or those up to its end or to a fault.
   * @param mostChunks after the end of so many chunks it stops, though more could follow
   */
  push(bytes: Uint8Array, mostChunks = Infinity): number {
    const length = bytes.byteLength;
    let at = 0;
    let chunks = 0;
    while (at < length) {
      switch (this.#state) {
        case state.size: {
          const byte = bytes[at] ?? 0;
          const digit = hexDigit(byte);
          if (digit >= 0) {
            this.#size = this.#size * 16 + digit;
            this.#sizeDigits += 1;
            if (this.#size > Number.MAX_SAFE_INTEGER || this.#sizeDigits > 16) {
              return this.#refuse(at, 'end/chunk-size-overflow', 'A chunk announces an impossibly large size.');
            }
          } else if (this.#sizeDigits === 0) {
            return this.#refuse(at, 'end/invalid-chunk-size', badSize(bytes, at));
          } else if (byte === cr) this.#state = state.sizeLf;
          else if (byte === 0x3b || byte === 0x20 || byte === 0x09) {
            this.#state = state.extension;
            this.#extensionBytes = 1;
            this.#extension = [byte];
          } else if (byte === lf) return this.#refuse(at, 'end/bare-lf', bareLf);
          else return this.#refuse(at, 'end/invalid-chunk-size', badSize(bytes, at - this.#sizeDigits));
          at += 1;
          break;
        }
        case state.extension: {
          const byte = bytes[at] ?? 0;
          this.#extensionBytes += 1;
          if (byte === lf) return this.#refuse(at, 'end/bare-lf', bareLf);
          if (byte === cr) {
            this.#endExtension(this.#extensionBytes - 1);
            this.#state = state.sizeLf;
          } else if (this.#extension.length <= keptExtensionBytes) this.#extension.push(byte);
          at += 1;
          break;
        }
        case state.sizeLf:
          if (bytes[at] !== lf) {
            return this.#refuse(at, 'end/invalid-chunk-size', 'A chunk size is followed by CR without LF.');
          }
          at += 1;
          this.#sizeDigits = 0;
          this.#remaining = this.#size;
          this.#state = this.#size === 0 ? state.trailers : state.data;
          if (this.#size > 0) this.#listener.begins?.(this.dataBytes);
          break;
        case state.data: {
          const take = Math.min(this.#remaining, length - at);
          const continues = this.#remaining < this.#size;
          this.#remaining -= take;
          this.dataBytes += take;
          this.#listener.data?.(bytes.subarray(at, at + take), continues);
          at += take;
          if (this.#remaining === 0) this.#state = state.dataCr;
          break;
        }
        case state.dataCr: {
          const byte = bytes[at];
          if (byte === lf) return this.#refuse(at, 'end/bare-lf', bareLf);
          if (byte !== cr) return this.#refuse(at, 'end/chunk-overrun', overrun(this.#size, bytes, at));
          at += 1;
          this.#state = state.dataLf;
          break;
        }
        case state.dataLf:
          if (bytes[at] !== lf) return this.#refuse(at, 'end/chunk-overrun', overrun(this.#size, bytes, at));
          at += 1;
          this.#size = 0;
          this.#state = state.size;
          chunks += 1;
          if (chunks === mostChunks) return at;
          break;
        case state.trailers:
          return this.#pushTrailers(bytes, at);
        default:
          return at;
      }
    }
    return at;
  }

  /** White space alone, which some servers pad sizes with, is no extension. */
  #endExtension(length: number): void {
    this.longestExtension = Math.max(this.longestExtension, length);
    const text = this.#extension;
    this.#extension = [];
    const from = text.findIndex((byte) => byte !== 0x20 && byte !== 0x09 && byte !== 0x3b);
    if (from < 0) return;
    const bytes = Uint8Array.from(text.slice(from, from + keptExtensionBytes));
    this.#listener.extension?.({ offset: this.dataBytes, bytes, length: length - from });
  }

  #pushTrailers(bytes: Uint8Array, from: number): number {
    let at = from;
    for (; at < bytes.byteLength; at += 1) {
      const byte = bytes[at] ?? 0;
      this.#trailerBytes += 1;
      if (this.#trailerBytes > this.#trailerLimit) {
        const limit = byteCount(this.#trailerLimit);
        return this.#refuse(at, 'end/header-limit', `The trailer section is longer than the limit of ${limit}.`);
      }
      if (byte === lf) {
        if (this.#lastByte !== cr) return this.#refuse(at, 'end/bare-lf', bareLf);
        if (this.#trailerLineBytes === 1) {
          this.#state = state.end;
          this.#listener.trailers?.(bytes.subarray(from, at + 1));
          return at + 1;
        }
        this.#trailerLineBytes = 0;
      } else this.#trailerLineBytes += 1;
      this.#lastByte = byte;
    }
    this.#listener.trailers?.(bytes.subarray(from, at));
    return at;
  }

  #refuse(at: number, code: EndingCode, message: string): number {
    this.fault = { code, message };
    this.#state = state.fault;
    return at;
  }
}

function badSize(bytes: Uint8Array, at: number): string {
  const rest = bytes.subarray(Math.max(0, at));
  const lineEnd = rest.indexOf(lf);
  const line = lineEnd < 0 ? rest : rest.subarray(0, lineEnd + 1);
  return `A chunk begins with “${excerpt(line, 24)}”, which is no hexadecimal size.`;
}

function overrun(size: number, bytes: Uint8Array, at: number): string {
  const seen = excerpt(bytes.subarray(at), 16);
  return `A chunk’s data goes on after the ${byteCount(size)} that it announced: “${seen}” stands where CR LF should.`;
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
