import { frameFlag, frameHeader, frameType } from '../../../../engine/http2/frame.ts';
import type { Line } from '../wire/line.ts';

/** What all streams of a connection share for sending. */
export interface SendingConnection {
  readonly line: Line;
  /** Flow-control window of the connection, in bytes of DATA. */
  window: number;
  /** The largest frame that the client takes. */
  peerFramePayload: number;
  streamClosed(id: number): void;
}

type Piece =
  { readonly kind: 'data'; readonly bytes: Uint8Array } | { readonly kind: 'frames'; readonly bytes: Uint8Array };

const nothing = new Uint8Array(0);

/**
 * The sending half of one stream: what is added goes out in order, DATA as far as the windows of stream and connection
 * allow (RFC 9113 §5.2). Frames that are added as they are wait for the DATA before them, and for no window.
 */
export class SendingStream {
  readonly id: number;
  readonly signal: AbortSignal;
  readonly #connection: SendingConnection;
  readonly #left = new AbortController();
  #window: number;
  #queue: Piece[] = [];
  #wake: (() => void) | null = null;

  constructor(id: number, window: number, connection: SendingConnection) {
    this.id = id;
    this.#window = window;
    this.#connection = connection;
    this.signal = AbortSignal.any([this.#left.signal, connection.line.signal]);
  }

  get line(): Line {
    return this.#connection.line;
  }

  get peerFramePayload(): number {
    return this.#connection.peerFramePayload;
  }

  addData(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#queue.push({ kind: 'data', bytes });
  }

  addControl(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#queue.push({ kind: 'frames', bytes });
  }

  /** END_STREAM on an empty DATA frame, or whatever frames end the stream. */
  addEnd(frames?: Uint8Array): void {
    const empty = { length: 0, type: frameType.data, flags: frameFlag.endStream, streamId: this.id };
    this.addControl(frames ?? frameHeader(empty));
  }

  /** Null: all is with the connection, which takes more. Else resolves when that is so; rejects with the signal. */
  flush(): Promise<void> | null {
    const bytes = this.#take();
    const draining = bytes.length > 0 ? this.line.write(bytes) : null;
    return this.#queue.length === 0 ? draining : this.#sendRest();
  }

  /** The client lets more through. */
  widen(increment: number): void {
    this.#window += increment;
    this.wake();
  }

  wake(): void {
    this.#wake?.();
    this.#wake = null;
  }

  /** The client does not want the rest. */
  leave(): void {
    this.#left.abort(new Error('the client has reset the stream'));
    this.close();
  }

  close(): void {
    this.#connection.streamClosed(this.id);
  }

  async #sendRest(): Promise<void> {
    while (this.#queue.length > 0) {
      await this.line.drained();
      const bytes = this.#take();
      if (bytes.length > 0) await this.line.write(bytes);
      else await this.#widened();
    }
  }

  #widened(): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (): void => reject(this.signal.reason as Error);
      if (this.signal.aborted) {
        fail();
        return;
      }
      this.signal.addEventListener('abort', fail, { once: true });
      this.#wake = () => {
        this.signal.removeEventListener('abort', fail);
        resolve();
      };
    });
  }

  /** What may go out now, as frames. */
  #take(): Uint8Array {
    const taken: Uint8Array[] = [];
    let sent = 0;
    for (const piece of this.#queue) {
      if (piece.kind === 'frames') {
        taken.push(piece.bytes);
        sent++;
        continue;
      }
      const rest = this.#takeData(piece.bytes, taken);
      if (rest.length > 0) {
        this.#queue[sent] = { kind: 'data', bytes: rest };
        break;
      }
      sent++;
    }
    this.#queue = this.#queue.slice(sent);
    return taken.length === 0 ? nothing : Buffer.concat(taken);
  }

  /** Answers with what the windows hold back. */
  #takeData(bytes: Uint8Array, taken: Uint8Array[]): Uint8Array {
    let at = 0;
    while (at < bytes.length) {
      const length = Math.min(
        bytes.length - at,
        this.#window,
        this.#connection.window,
        this.#connection.peerFramePayload,
      );
      if (length <= 0) break;
      this.#window -= length;
      this.#connection.window -= length;
      taken.push(
        frameHeader({ length, type: frameType.data, flags: 0, streamId: this.id }),
        bytes.subarray(at, at + length),
      );
      at += length;
    }
    return bytes.subarray(at);
  }
}
