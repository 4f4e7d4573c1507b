const lineFeed = 10;
/** Sizes, extensions and trailers beyond this are no request that a client of ours makes. */
const lineLimit = 16_384;

/** Reads a request body in chunked coding (RFC 9112 §7.1). */
export class ChunkedBody {
  readonly #onData: (bytes: Uint8Array) => void;
  #line = '';
  /** Bytes of the chunk that are still to come. */
  #left = 0;
  #state: 'size' | 'data' | 'data-end' | 'trailers' = 'size';

  constructor(onData: (bytes: Uint8Array) => void) {
    this.#onData = onData;
  }

  /** How many bytes were read, and whether the body is over; null: this is not chunked coding. */
  push(bytes: Uint8Array): { readonly read: number; readonly isOver: boolean } | null {
    let at = 0;
    while (at < bytes.length) {
      if (this.#state === 'data') {
        const piece = bytes.subarray(at, at + this.#left);
        this.#onData(piece);
        at += piece.length;
        this.#left -= piece.length;
        if (this.#left === 0) this.#state = 'data-end';
        continue;
      }
      const end = bytes.indexOf(lineFeed, at);
      const piece = bytes.subarray(at, end < 0 ? bytes.length : end + 1);
      this.#line += Buffer.from(piece.buffer, piece.byteOffset, piece.length).toString('latin1');
      at += piece.length;
      if (this.#line.length > lineLimit) return null;
      if (end < 0) break;
      const line = this.#line.replace(/\r?\n$/, '');
      this.#line = '';
      if (this.#state === 'trailers') {
        if (line === '') return { read: at, isOver: true };
      } else if (this.#state === 'data-end') {
        if (line !== '') return null;
        this.#state = 'size';
      } else {
        const [, digits] = /^([0-9a-f]{1,12})\s*(;.*)?$/i.exec(line) ?? [];
        if (digits === undefined) return null;
        this.#left = Number.parseInt(digits, 16);
        this.#state = this.#left === 0 ? 'trailers' : 'data';
      }
    }
    return { read: at, isOver: false };
  }
}
