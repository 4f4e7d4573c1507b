import { frameHeaderBytes, maxFramePayload, type FrameHeader } from '../../../../engine/http2/frame.ts';

/** Takes the bytes of a client apart into HTTP/2 frames (RFC 9113 §4.1), however they are split. */
export class FrameSplitter {
  #held: Buffer = Buffer.alloc(0);

  /** The frames that are whole with these bytes; ends with null where one is larger than a client may send. */
  *push(bytes: Buffer): Generator<{ readonly header: FrameHeader; readonly payload: Buffer } | null, void, undefined> {
    this.#held = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    while (this.#held.length >= frameHeaderBytes) {
      const header: FrameHeader = {
        length: this.#held.readUIntBE(0, 3),
        type: this.#held.readUInt8(3),
        flags: this.#held.readUInt8(4),
        streamId: this.#held.readUInt32BE(5) & 0x7fff_ffff,
      };
      if (header.length > maxFramePayload) {
        yield null;
        return;
      }
      const end = frameHeaderBytes + header.length;
      if (this.#held.length < end) return;
      const payload = this.#held.subarray(frameHeaderBytes, end);
      this.#held = this.#held.subarray(end);
      yield { header, payload };
    }
  }
}
