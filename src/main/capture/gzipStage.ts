import zlib from 'node:zlib';
import type { CodingStage, StageListener } from './coding.ts';
import { GzipHeader } from './gzipHeader.ts';
import { Inflation, isTruncation, type Piece } from './inflation.ts';

const trailerBytes = 8;

/**
 * Removes gzip (RFC 1952), members one after another included. The member frame is read here and only the deflate data
 * inside is left to zlib: its own gzip reader loses decoded bytes when something that is no member follows one.
 */
export class GzipStage implements CodingStage {
  readonly #listener: StageListener;
  #phase: 'header' | 'data' | 'trailer' | 'over' = 'header';
  #header = new GzipHeader();
  #inflation: Inflation | null = null;
  readonly #trailer = new Uint8Array(trailerBytes);
  #trailerFilled = 0;
  #crc = 0;
  #length = 0;
  #members = 0;
  #trailingBytes = 0;
  #isEnding = false;
  #isPaused = false;
  #closed = false;

  constructor(listener: StageListener) {
    this.#listener = listener;
  }

  write(chunk: number, bytes: Uint8Array): void {
    let rest = bytes;
    while (rest.byteLength > 0 && !this.#closed) {
      if (this.#phase === 'data') {
        this.#inflation?.write(chunk, rest);
        return;
      }
      const used = this.#frame(rest);
      this.#listener.taken(used);
      rest = rest.subarray(used);
    }
  }

  end(): void {
    this.#isEnding = true;
    if (this.#closed) return;
    if (this.#phase === 'data') this.#inflation?.end();
    else if (this.#phase === 'trailer') this.#listener.failed({ kind: 'truncated' });
    else if (this.#phase === 'over') this.#listener.ended(this.#trailingBytes);
    else if (this.#header.bytes === 0) this.#listener.ended(0);
    // One stray byte after a member is rather that than the beginning of another.
    else if (this.#members > 0 && this.#header.bytes === 1) this.#listener.ended(1);
    else this.#listener.failed({ kind: 'truncated' });
  }

  close(): void {
    this.#closed = true;
    this.#inflation?.close();
  }

  pause(): void {
    this.#isPaused = true;
    this.#inflation?.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#inflation?.resume();
  }

  /** Reads bytes of a member's frame or after the last; returns how many, at least one. */
  #frame(bytes: Uint8Array): number {
    switch (this.#phase) {
      case 'trailer': {
        const used = Math.min(bytes.byteLength, trailerBytes - this.#trailerFilled);
        this.#trailer.set(bytes.subarray(0, used), this.#trailerFilled);
        this.#trailerFilled += used;
        if (this.#trailerFilled === trailerBytes) this.#endMember();
        return used;
      }
      case 'header': {
        const before = this.#header.bytes;
        const used = this.#header.push(bytes);
        if (this.#header.isForeign) {
          if (this.#members === 0) {
            this.#fail({ kind: 'mismatch' });
            return bytes.byteLength;
          }
          this.#phase = 'over';
          this.#trailingBytes = before + bytes.byteLength;
          return bytes.byteLength;
        }
        if (this.#header.isComplete) this.#beginData();
        return used;
      }
      default:
        this.#trailingBytes += bytes.byteLength;
        return bytes.byteLength;
    }
  }

  #beginData(): void {
    this.#phase = 'data';
    this.#crc = 0;
    this.#length = 0;
    this.#inflation = new Inflation(() => zlib.createInflateRaw(), {
      output: (chunk, bytes) => {
        if (this.#closed) return;
        this.#crc = zlib.crc32(bytes, this.#crc);
        this.#length += bytes.byteLength;
        this.#listener.output(chunk, bytes);
      },
      taken: (bytes) => this.#listener.taken(bytes),
      ended: (rest) => this.#endData(rest),
      failed: (error) =>
        this.#fail(isTruncation(error) ? { kind: 'truncated' } : { kind: 'corrupt', reason: error.message }),
    });
    if (this.#isPaused) this.#inflation.pause();
  }

  #endData(rest: readonly Piece[]): void {
    if (this.#closed) return;
    this.#inflation = null;
    this.#phase = 'trailer';
    this.#trailerFilled = 0;
    for (const { chunk, bytes } of rest) this.write(chunk, bytes);
    if (this.#isEnding) this.end();
  }

  #endMember(): void {
    const view = new DataView(this.#trailer.buffer);
    if (view.getUint32(0, true) !== this.#crc) {
      this.#fail({ kind: 'corrupt', reason: 'its checksum does not match' });
      return;
    }
    if (view.getUint32(4, true) !== this.#length % 2 ** 32) {
      this.#fail({ kind: 'corrupt', reason: 'its length does not match' });
      return;
    }
    this.#members += 1;
    this.#phase = 'header';
    this.#header = new GzipHeader();
  }

  #fail(fault: Parameters<StageListener['failed']>[0]): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#listener.failed(fault);
  }
}
