import type { Decompressor } from './coding.ts';
import { InputLog } from './inputLog.ts';

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

/** Longest single write: what one of them fails in is decoded again. */
const writeBytes = 65_536;

/**
 * One run of a decompressor that knows which write an output belongs to (zlib works off one after the other) and what
 * was written beyond the end of the compressed data. zlib drops what a failing write yielded before it failed, and what
 * waited to be given; that is decoded again up to the faulty byte, so that corrupt data gives the same bytes in any splitting.
 */
export class Inflation {
  readonly #stream: Decompressor;
  readonly #listener: InflationListener;
  readonly #log: InputLog;
  #open: Piece[] = [];
  #lastChunk = 0;
  #takenBytes = 0;
  #givenBytes = 0;
  #over = false;

  /** @param create makes a decompressor; more than one may be needed */
  constructor(create: () => Decompressor, listener: InflationListener) {
    const stream = create();
    this.#stream = stream;
    this.#listener = listener;
    this.#log = new InputLog(create);
    stream.on('data', (bytes: Uint8Array) => {
      if (!this.#over) this.#give(bytes);
    });
    stream.on('end', () => this.#ended());
    stream.on('error', (error: Error) => {
      if (this.#over) return;
      void this.#recover(this.#open[0]?.bytes ?? new Uint8Array(0), error);
    });
  }

  write(chunk: number, bytes: Uint8Array): void {
    for (let at = 0; at < bytes.byteLength; at += writeBytes) this.#write(chunk, bytes.subarray(at, at + writeBytes));
  }

  #write(chunk: number, bytes: Uint8Array): void {
    if (this.#over) return;
    this.#open.push({ chunk, bytes });
    this.#lastChunk = chunk;
    this.#stream.write(bytes, (error) => {
      if (error || this.#over) return;
      this.#open.shift();
      this.#takenBytes += bytes.byteLength;
      this.#log.add(bytes);
      this.#listener.taken(bytes.byteLength);
    });
  }

  end(): void {
    this.#stream.end();
  }

  /** Gives no output until `resume`, but for what is decoded already: at most 32 KB. */
  pause(): void {
    this.#stream.pause();
  }

  resume(): void {
    this.#stream.resume();
  }

  close(): void {
    this.#over = true;
    this.#log.close();
    this.#stream.destroy();
  }

  #give(bytes: Uint8Array): void {
    this.#givenBytes += bytes.byteLength;
    this.#listener.output(this.#open[0]?.chunk ?? this.#lastChunk, bytes);
  }

  #fail(error: Error): void {
    this.#over = true;
    this.#log.close();
    this.#listener.failed(error);
  }

  async #recover(failing: Uint8Array, error: Error): Promise<void> {
    await this.#log.decodeToFault(failing, this.#givenBytes, (bytes) => {
      if (!this.#over) this.#give(bytes);
    });
    if (!this.#over) this.#fail(error);
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
    this.#log.close();
    this.#stream.destroy();
    this.#listener.ended(rest);
  }
}

/** Whether zlib's complaint is that its input ended too early. */
export function isTruncation(error: Error): boolean {
  const code = 'code' in error ? error.code : undefined;
  return code === 'Z_BUF_ERROR' || /unexpected end|src size is incorrect/i.test(error.message);
}
