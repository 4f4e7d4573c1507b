import zlib from 'node:zlib';
import type { Coding, CodingFault, CodingStage, Decompressor, StageListener } from './coding.ts';
import { Inflation, isTruncation, type Piece } from './inflation.ts';

const zstdMagic = [0x28, 0xb5, 0x2f, 0xfd];
/** How much of the beginning is looked at to tell coded data from text: coded data is no text for so long. */
const headBytes = 16;
/** Text this short may be coded data as well. */
const fewestTextBytes = 4;
/** Output that is held while the beginning may still turn out to be text. */
const heldBytes = 1024 * 1024;

/** Removes deflate, Brotli or Zstandard. */
export class ZlibStage implements CodingStage {
  readonly #coding: Exclude<Coding, 'gzip'>;
  readonly #listener: StageListener;
  readonly #head: number[] = [];
  #isCoded = false;
  /** Output of what may yet turn out to be text under a wrong name. */
  #held: Piece[] = [];
  #heldBytes = 0;
  #fault: CodingFault | null = null;
  #inflation: Inflation | null = null;
  #closed = false;
  #isOver = false;
  #isEnding = false;
  #isPaused = false;
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
    this.#lookAt(bytes);
    if (this.#fault !== null) {
      this.#listener.taken(bytes.byteLength);
      this.#tellFault(this.#fault);
      return;
    }
    this.#inflation ??= this.#start(bytes[0] ?? 0);
    if (this.#isPaused) this.#inflation.pause();
    this.#inflation.write(chunk, bytes);
  }

  end(): void {
    if (this.#closed) return;
    this.#isEnding = true;
    if (this.#isOver) this.#finish();
    else if (this.#fault !== null) this.#tellFault(this.#fault);
    else if (this.#inflation === null) this.#listener.failed({ kind: 'truncated' });
    else this.#inflation.end();
  }

  pause(): void {
    this.#isPaused = true;
    this.#inflation?.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#inflation?.resume();
  }

  close(): void {
    this.#closed = true;
    this.#held = [];
    this.#inflation?.close();
  }

  #start(firstByte: number): Inflation {
    return new Inflation(() => decompressor(this.#coding, firstByte), {
      output: (chunk, bytes) => {
        if (this.#closed) return;
        if (this.#isCoded) this.#listener.output(chunk, bytes);
        else this.#hold(chunk, bytes);
      },
      taken: (bytes) => this.#listener.taken(bytes),
      ended: (rest) => {
        this.#isOver = true;
        this.#release();
        for (const { bytes } of rest) {
          this.#trailingBytes += bytes.byteLength;
          this.#listener.taken(bytes.byteLength);
        }
        if (this.#isEnding) this.#finish();
      },
      failed: (error) => {
        this.#fault = isTruncation(error) ? { kind: 'truncated' } : { kind: 'corrupt', reason: error.message };
        this.#tellFault(this.#fault);
      },
    });
  }

  #finish(): void {
    this.#listener.ended(this.#trailingBytes);
  }

  #hold(chunk: number, bytes: Uint8Array): void {
    this.#held.push({ chunk, bytes });
    this.#heldBytes += bytes.byteLength;
    if (this.#heldBytes > heldBytes) this.#release();
  }

  #release(): void {
    this.#isCoded = true;
    const held = this.#held;
    this.#held = [];
    for (const { chunk, bytes } of held) if (!this.#closed) this.#listener.output(chunk, bytes);
  }

  /** By its first bytes alone, so that the same bytes are judged alike however they were split. */
  #lookAt(bytes: Uint8Array): void {
    if (this.#isCoded || this.#head.length === headBytes) return;
    for (let at = 0; this.#head.length < headBytes && at < bytes.byteLength; at += 1) this.#head.push(bytes[at] ?? 0);
    if (this.#coding === 'zstd') {
      if (this.#head.length >= zstdMagic.length && !this.#isForeign()) this.#release();
    } else if (!isText(this.#head)) this.#release();
  }

  /** Only Zstandard has a signature; text is never the others' data. */
  #isForeign(): boolean {
    if (this.#isCoded) return false;
    if (this.#coding === 'zstd') return this.#head.some((byte, at) => at < zstdMagic.length && byte !== zstdMagic[at]);
    return this.#head.length >= fewestTextBytes;
  }

  /** A fault may be that of text under a wrong name: that is known when enough of the beginning is there. */
  #tellFault(fault: CodingFault): void {
    if (this.#closed) return;
    if (!this.#isCoded && this.#head.length < headBytes && !this.#isEnding) return;
    const isForeign = this.#isForeign();
    if (!isForeign) this.#release();
    this.#closed = true;
    this.#held = [];
    this.#listener.failed(isForeign ? { kind: 'mismatch' } : fault);
  }
}

/** Whether bytes are the beginning of a text in UTF-8 without control characters. */
function isText(bytes: readonly number[]): boolean {
  if (bytes.some((byte) => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d)) return false;
  if (bytes.includes(0x7f)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes), { stream: true });
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
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
