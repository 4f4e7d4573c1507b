import type { Transform } from 'node:stream';

/** A decompressor of `node:zlib`; `bytesWritten` counts the input bytes it has used. */
export type Decompressor = Transform & { readonly bytesWritten: number };

export interface InflationListener {
  output(chunk: number, bytes: Uint8Array): void;
  taken(bytes: number): void;
  /** The compressed data is over. `rest`: what was written after it. */
  ended(rest: readonly Piece[]): void;
  failed(error: Error): void;
}

export interface Piece {
  readonly chunk: number;
  readonly bytes: Uint8Array;
}

/**
 * One run of a decompressor that knows which write an output belongs to (zlib works off one after the other) and what
 * was written beyond the end of the compressed data. When a write fails, up to 16 KB that it yielded before are lost
 * with it.
 */
export class Inflation {
  readonly #stream: Decompressor;
  readonly #listener: InflationListener;
  #open: Piece[] = [];
  #lastChunk = 0;
  #takenBytes = 0;
  #over = false;

  constructor(stream: Decompressor, listener: InflationListener) {
    this.#stream = stream;
    this.#listener = listener;
    stream.on('data', (bytes: Uint8Array) => {
      if (!this.#over) listener.output(this.#open[0]?.chunk ?? this.#lastChunk, bytes);
    });
    stream.on('end', () => this.#ended());
    stream.on('error', (error: Error) => {
      if (this.#over) return;
      this.#over = true;
      listener.failed(error);
    });
  }

  write(chunk: number, bytes: Uint8Array): void {
    if (this.#over) return;
    this.#open.push({ chunk, bytes });
    this.#lastChunk = chunk;
    this.#stream.write(bytes, (error) => {
      if (error || this.#over) return;
      this.#open.shift();
      this.#takenBytes += bytes.byteLength;
      this.#listener.taken(bytes.byteLength);
    });
  }

  end(): void {
    this.#stream.end();
  }

  close(): void {
    this.#over = true;
    this.#stream.destroy();
  }

  #ended(): void {
    if (this.#over) return;
    this.#over = true;
    let used = this.#stream.bytesWritten - this.#takenBytes;
    const rest: Piece[] = [];
    for (const { chunk, bytes } of this.#open) {
      const usedHere = Math.min(used, bytes.byteLength);
      used -= usedHere;
      if (usedHere > 0) this.#listener.taken(usedHere);
      if (usedHere < bytes.byteLength) rest.push({ chunk, bytes: bytes.subarray(usedHere) });
    }
    this.#open = [];
    this.#stream.destroy();
    this.#listener.ended(rest);
  }
}

/** Whether zlib's complaint is that its input ended too early. */
export function isTruncation(error: Error): boolean {
  const code = 'code' in error ? error.code : undefined;
  return code === 'Z_BUF_ERROR' || /unexpected end|src size is incorrect/i.test(error.message);
}
