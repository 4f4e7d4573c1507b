import { Buffer } from 'node:buffer';
import { frameFlag, frameHeaderBytes, frameType, type FrameHeader } from '../../../engine/http2/frame.ts';

/** Each answers whether to go on; after a no nothing more is read. */
export interface FrameListener {
  /** Before anything of the payload. A frame whose length is not accepted is refused here. */
  frameBegins(header: FrameHeader): boolean;
  /**
   * What of a DATA frame is in one read, padding removed; never empty, a view of the bytes that were pushed.
   * @param continues the frame's first bytes came before
   */
  frameData(header: FrameHeader, bytes: Uint8Array, continues: boolean): boolean;
  /** A DATA frame's padding is longer than the frame. */
  paddingTooLong(header: FrameHeader): boolean;
  /** The frame is there as a whole. `payload` is empty for DATA, else as it came, padding included. */
  frameEnds(header: FrameHeader, payload: Uint8Array): boolean;
}

const nothing = new Uint8Array(0);

/**
 * Finds the frames (RFC 9113 §4.1) in the bytes of a connection, however these are split. DATA is handed on as it
 * comes and never copied; other frames are collected, so that at most one of them is held.
 */
export class FrameReader {
  /** The listener wanted no more. */
  isOver = false;

  readonly #listener: FrameListener;
  readonly #headerBuffer = Buffer.alloc(frameHeaderBytes);
  #headerKnown = 0;
  #header: FrameHeader | null = null;
  /** Payload that is still to come; for DATA without padding. */
  #left = 0;
  #padding = 0;
  /** The byte that says how much padding a DATA frame has is still to come. */
  #padLengthDue = false;
  #dataBegun = false;
  #payload: Uint8Array = nothing;
  #payloadKnown = 0;

  constructor(listener: FrameListener) {
    this.#listener = listener;
  }

  /** The frame that has begun but is not over; its payload bytes so far. */
  get open(): { readonly header: FrameHeader; readonly received: number } | null {
    const header = this.#header;
    if (header === null) return null;
    return { header, received: header.length - this.#left - this.#padding - (this.#padLengthDue ? 1 : 0) };
  }

  /** The bytes of the frame in progress as they came; of a DATA frame its header alone. */
  get openBytes(): Uint8Array {
    if (this.#headerKnown === 0) return nothing;
    return Buffer.concat([
      this.#headerBuffer.subarray(0, this.#headerKnown),
      this.#payload.subarray(0, this.#payloadKnown),
    ]);
  }

  /** Takes the next bytes; returns how many were read, up to the listener's no. After that nothing is read. */
  push(bytes: Uint8Array): number {
    if (this.isOver) return 0;
    const { read, goesOn } = this.#read(bytes);
    this.isOver = !goesOn;
    return read;
  }

  #read(bytes: Uint8Array): { readonly read: number; readonly goesOn: boolean } {
    let at = 0;
    while (at < bytes.byteLength) {
      const header = this.#header;
      if (header === null) {
        const take = Math.min(frameHeaderBytes - this.#headerKnown, bytes.byteLength - at);
        this.#headerBuffer.set(bytes.subarray(at, at + take), this.#headerKnown);
        this.#headerKnown += take;
        at += take;
        if (this.#headerKnown === frameHeaderBytes && !this.#begin()) return { read: at, goesOn: false };
      } else if (header.type !== frameType.data) {
        const take = Math.min(this.#left, bytes.byteLength - at);
        this.#payload.set(bytes.subarray(at, at + take), this.#payloadKnown);
        this.#payloadKnown += take;
        this.#left -= take;
        at += take;
        if (this.#left === 0 && !this.#end(header)) return { read: at, goesOn: false };
      } else if (this.#padLengthDue) {
        this.#padLengthDue = false;
        this.#padding = bytes[at] ?? 0;
        at += 1;
        if (this.#padding > this.#left) {
          if (!this.#listener.paddingTooLong(header)) return { read: at, goesOn: false };
          this.#padding = this.#left;
        }
        this.#left -= this.#padding;
        if (this.#left + this.#padding === 0 && !this.#end(header)) return { read: at, goesOn: false };
      } else if (this.#left > 0) {
        const piece = bytes.subarray(at, at + this.#left);
        at += piece.byteLength;
        this.#left -= piece.byteLength;
        const continues = this.#dataBegun;
        this.#dataBegun = true;
        if (!this.#listener.frameData(header, piece, continues)) return { read: at, goesOn: false };
        if (this.#left + this.#padding === 0 && !this.#end(header)) return { read: at, goesOn: false };
      } else {
        const skip = Math.min(this.#padding, bytes.byteLength - at);
        this.#padding -= skip;
        at += skip;
        if (this.#padding === 0 && !this.#end(header)) return { read: at, goesOn: false };
      }
    }
    return { read: at, goesOn: true };
  }

  #begin(): boolean {
    const raw = this.#headerBuffer;
    const header: FrameHeader = {
      length: raw.readUIntBE(0, 3),
      type: raw.readUInt8(3),
      flags: raw.readUInt8(4),
      streamId: raw.readUInt32BE(5) & 0x7fffffff,
    };
    if (!this.#listener.frameBegins(header)) return false;
    this.#header = header;
    this.#left = header.length;
    this.#padding = 0;
    this.#dataBegun = false;
    const isData = header.type === frameType.data;
    this.#padLengthDue = isData && (header.flags & frameFlag.padded) !== 0;
    if (this.#padLengthDue && header.length === 0) return this.#listener.paddingTooLong(header) && this.#end(header);
    if (this.#padLengthDue) this.#left -= 1;
    this.#payload = isData || header.length === 0 ? nothing : new Uint8Array(header.length);
    this.#payloadKnown = 0;
    return header.length > 0 || this.#end(header);
  }

  #end(header: FrameHeader): boolean {
    const goesOn = this.#listener.frameEnds(header, this.#payload);
    // After a no the frame stays what is being read: it can still be asked for.
    if (!goesOn) return false;
    this.#header = null;
    this.#headerKnown = 0;
    this.#payload = nothing;
    this.#payloadKnown = 0;
    return true;
  }
}
