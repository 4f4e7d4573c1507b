import { Buffer } from 'node:buffer';
import { HpackDecoder, type BlockReading } from '../../../engine/http2/hpack.ts';

export interface FinishedBlock {
  /** The HEADERS frame that began it had END_STREAM. */
  readonly endStream: boolean;
  readonly reading: BlockReading;
}

/** Puts header blocks together from HEADERS and the CONTINUATION frames after it, and decodes them in order. */
export class HeaderBlocks {
  /** A block has begun and is not over. */
  isOpen = false;

  readonly #limit: number;
  readonly #decoder = new HpackDecoder();
  #endStream = false;
  #pieces: Uint8Array[] = [];
  #size = 0;

  /** `limit`: bytes that a block may have compressed, and its list as RFC 9113 §6.5.2 counts it. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  begin(endStream: boolean): void {
    this.isOpen = true;
    this.#endStream = endStream;
    this.#pieces = [];
    this.#size = 0;
  }

  /** Takes the next fragment; false: with it the block is too long. */
  add(fragment: Uint8Array): boolean {
    this.#size += fragment.byteLength;
    if (this.#size > this.#limit) return false;
    this.#pieces.push(fragment);
    return true;
  }

  finish(): FinishedBlock {
    const reading = this.#decoder.decode(Buffer.concat(this.#pieces), this.#limit);
    this.isOpen = false;
    this.#pieces = [];
    return { endStream: this.#endStream, reading };
  }
}
