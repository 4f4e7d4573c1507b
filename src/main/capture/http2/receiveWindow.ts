import { defaultWindow, windowUpdateFrame } from '../../../engine/http2/frame.ts';

/**
 * What the server may send without our leave: 16 MiB, for the connection as for its one stream. At a round trip of
 * 100 ms that is 1.3 Gbit/s, so that the window is never what makes a stream slow.
 */
export const receiveWindowBytes = 16 * 1024 * 1024;

/** Flow control of one direction (RFC 9113 §5.2), for a connection with one stream: both windows run alike. */
export class ReceiveWindow {
  readonly #streamId: number;
  #open = receiveWindowBytes;
  #taken = 0;

  constructor(streamId: number) {
    this.#streamId = streamId;
  }

  /** Opens the connection's window as wide as the stream's, which the settings open. */
  opening(): Uint8Array {
    return windowUpdateFrame(0, receiveWindowBytes - defaultWindow);
  }

  /** A DATA frame of this length was sent to us; false: there was no room for it. */
  received(length: number): boolean {
    this.#open -= length;
    this.#taken += length;
    return this.#open >= 0;
  }

  /** The updates that are due once half of the window is used; empty if none are. */
  updates(): readonly Uint8Array[] {
    if (this.#taken < receiveWindowBytes / 2) return [];
    const increment = this.#taken;
    this.#taken = 0;
    this.#open += increment;
    return [windowUpdateFrame(0, increment), windowUpdateFrame(this.#streamId, increment)];
  }
}
