import zlib from 'node:zlib';
import type { Coding, CodingStage, StageListener } from './coding.ts';
import { Inflation, isTruncation, type Decompressor } from './inflation.ts';

const zstdMagic = [0x28, 0xb5, 0x2f, 0xfd];
/** How much of the beginning is looked at to tell coded data from text. */
const headBytes = 64;

/** Removes deflate, Brotli or Zstandard. */
export class ZlibStage implements CodingStage {
  readonly #coding: Exclude<Coding, 'gzip'>;
  readonly #listener: StageListener;
  readonly #head: number[] = [];
  #inflation: Inflation | null = null;
  #hasOutput = false;
  #closed = false;
  #isOver = false;
  #isEnding = false;
  #trailingBytes = 0;

  constructor(coding: Exclude<Coding, 'gzip'>, listener: StageListener) {
    this.#coding = coding;
    this.#listener = listener;
  }

  write(chunk: number, bytes: Uint8Array): void {
    if (this.#closed || bytes.byteLength === 0) return;
    if (this.#isOver) {
      this.#trailingBytes += bytes.byteLength;
      this.#listener.taken(bytes.byteLength);
      return;
    }
    for (let at = 0; this.#head.length < headBytes && at < bytes.byteLength; at += 1) this.#head.push(bytes[at] ?? 0);
    this.#inflation ??= this.#start(bytes[0] ?? 0);
    this.#inflation.write(chunk, bytes);
  }

  end(): void {
    if (this.#closed) return;
    this.#isEnding = true;
    if (this.#isOver) this.#listener.ended(this.#trailingBytes);
    else if (this.#inflation === null) this.#listener.failed({ kind: 'truncated' });
    else this.#inflation.end();
  }

  close(): void {
    this.#closed = true;
    this.#inflation?.close();
  }

  #start(firstByte: number): Inflation {
    return new Inflation(decompressor(this.#coding, firstByte), {
      output: (chunk, bytes) => {
        if (this.#closed) return;
        this.#hasOutput = true;
        this.#listener.output(chunk, bytes);
      },
      taken: (bytes) => this.#listener.taken(bytes),
      ended: (rest) => {
        this.#isOver = true;
        for (const { bytes } of rest) {
          this.#trailingBytes += bytes.byteLength;
          this.#listener.taken(bytes.byteLength);
        }
        if (this.#isEnding) this.#listener.ended(this.#trailingBytes);
      },
      failed: (error) => {
        const truncated = isTruncation(error);
        if (!this.#hasOutput && this.#isForeign(truncated)) this.#listener.failed({ kind: 'mismatch' });
        else if (truncated) this.#listener.failed({ kind: 'truncated' });
        else this.#listener.failed({ kind: 'corrupt', reason: error.message });
      },
    });
  }

  /** Nothing was decoded: was it ever coded? Only Zstandard has a signature; text is never the others' data. */
  #isForeign(truncated: boolean): boolean {
    if (this.#coding === 'zstd') return this.#head.some((byte, at) => at < zstdMagic.length && byte !== zstdMagic[at]);
    return !truncated || (this.#head.length >= 4 && this.#head.every(isText));
  }
}

function isText(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}

function decompressor(coding: Exclude<Coding, 'gzip'>, firstByte: number): Decompressor {
  switch (coding) {
    case 'deflate':
      // The name means zlib's format (RFC 9110 §8.4.1.2); some servers send the bare one. A zlib header begins with 8.
      return (firstByte & 0x0f) === 8 ? zlib.createInflate() : zlib.createInflateRaw();
    case 'br':
      return zlib.createBrotliDecompress();
    case 'zstd':
      return zlib.createZstdDecompress();
  }
}
