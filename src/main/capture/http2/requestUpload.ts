import { frameBytes, frameFlag, frameType, maxFramePayload } from '../../../engine/http2/frame.ts';
import { requestStreamId } from './frameRules.ts';
import type { SendWindow } from './sendWindow.ts';

export interface UploadTarget {
  /** Writes a frame; resolves when more may be written. */
  send(frame: Uint8Array): Promise<void>;
}

const nothing = new Uint8Array(0);

/** Sends a request's body in DATA frames, as far and as fast as the server's windows allow. */
export class RequestUpload {
  readonly #window: SendWindow;
  readonly #target: UploadTarget;
  #wake: (() => void) | null = null;
  #stopped = false;

  constructor(window: SendWindow, target: UploadTarget) {
    this.#window = window;
    this.#target = target;
  }

  /**
   * Resolves when the last frame is written, or after `stop`.
   * @throws what iterating over the body throws
   */
  async run(body: AsyncIterable<Uint8Array>): Promise<void> {
    for await (const piece of body) {
      for (let at = 0; at < piece.byteLength;) {
        await this.#roomToSend();
        if (this.#stopped) return;
        const part = piece.subarray(at, at + Math.min(this.#window.room, maxFramePayload));
        at += part.byteLength;
        this.#window.sent(part.byteLength);
        await this.#target.send(frameBytes(frameType.data, 0, requestStreamId, part));
      }
      if (this.#stopped) return;
    }
    await this.#target.send(frameBytes(frameType.data, frameFlag.endStream, requestStreamId, nothing));
  }

  windowOpened(): void {
    this.#wake?.();
    this.#wake = null;
  }

  /** Nothing more is sent. */
  stop(): void {
    this.#stopped = true;
    this.windowOpened();
  }

  #roomToSend(): Promise<void> | undefined {
    if (this.#window.room > 0 || this.#stopped) return undefined;
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
