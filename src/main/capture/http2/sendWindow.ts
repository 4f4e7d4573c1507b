import { defaultWindow, maxWindow } from '../../../engine/http2/frame.ts';

/** What the server lets us send of the request's body (RFC 9113 §5.2, §6.9). */
export class SendWindow {
  #connection = defaultWindow;
  #stream = defaultWindow;
  #initial = defaultWindow;

  get room(): number {
    return Math.max(0, Math.min(this.#connection, this.#stream));
  }

  sent(bytes: number): void {
    this.#connection -= bytes;
    this.#stream -= bytes;
  }

  /** WINDOW_UPDATE; false: the window would exceed what a window can be. */
  update(streamId: number, increment: number): boolean {
    if (streamId === 0) this.#connection += increment;
    else this.#stream += increment;
    return this.#connection <= maxWindow && this.#stream <= maxWindow;
  }

  /** SETTINGS_INITIAL_WINDOW_SIZE, which also moves windows in use (RFC 9113 §6.9.2). */
  setInitial(size: number): boolean {
    this.#stream += size - this.#initial;
    this.#initial = size;
    return size <= maxWindow && this.#stream <= maxWindow;
  }
}
