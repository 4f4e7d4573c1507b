import { Buffer } from 'node:buffer';
import type { Socket } from 'node:net';
import type { HeaderList } from '../../../shared/request.ts';
import { answerHead, type AnswerHead, type PassingHead } from './answerHead.ts';
import type { RequestHead } from './requestHead.ts';

/** How an answer ends at the client. */
export type AnswerEnd = 'complete' | 'close' | 'reset';

export interface AnswerWriterListener {
  /** The client has taken what waited for it. */
  drained(): void;
  /** The client went away before its answer was over. Once. */
  left(): void;
}

/** Bytes that may wait for a client before whoever sends them is held back. */
const waitingLimit = 256 * 1024;
const lineEnd = Buffer.from('\r\n', 'latin1');

/** Writes one answer to a client's connection, at once and as it is told. What is told after its end is dropped. */
export class AnswerWriter {
  /** Body bytes handed to the connection. */
  bodyBytes = 0;
  /** The status that went out; null: none yet. */
  status: number | null = null;
  readonly #socket: Socket;
  readonly #request: RequestHead;
  readonly #onOver: (end: AnswerEnd, keeps: boolean) => void;
  #listener: AnswerWriterListener | null = null;
  #head: AnswerHead | null = null;
  #corked = false;
  #over = false;
  #left = false;

  /** @param onOver the answer is over; `keeps`: the connection may carry another one */
  constructor(socket: Socket, request: RequestHead, onOver: (end: AnswerEnd, keeps: boolean) => void) {
    this.#socket = socket;
    this.#request = request;
    this.#onOver = onOver;
  }

  /** Nothing more can be written: the answer is over, or its client left. */
  get isOver(): boolean {
    return this.#over || this.#left;
  }

  listen(listener: AnswerWriterListener): void {
    this.#listener = listener;
    if (this.#left) listener.left();
  }

  /** Told by the connection. */
  drained(): void {
    if (!this.isOver) this.#listener?.drained();
  }

  /** Told by the connection: the client went away. */
  clientLeft(): void {
    if (this.#over || this.#left) return;
    this.#left = true;
    // Who has all that was announced has not left before the end, though the upstream may not be done.
    const length = this.#head?.length ?? null;
    if (length === null || this.bodyBytes < length) this.#listener?.left();
  }

  /** An interim answer, as it came; HTTP/1.0 knows none. */
  informational(raw: Uint8Array): void {
    if (this.#request.httpVersion === '1.1') this.#write(raw);
  }

  /** @param inPieces the body will come by `piece`, not by `wire` */
  head(head: PassingHead, inPieces: boolean): void {
    const { httpVersion, method, keepsConnection } = this.#request;
    this.#head = answerHead(head, { httpVersion, method, closes: !keepsConnection, inPieces });
    this.status = head.status;
    this.#write(this.#head.bytes);
  }

  /** How the body has to be told; null before the head. */
  get body(): AnswerHead['body'] | null {
    return this.#head?.body ?? null;
  }

  /** Bytes of the body as they stand on the wire; only where `body` says so. */
  wire(bytes: Uint8Array): void {
    if (this.#head?.body === 'wire') this.#write(bytes);
  }

  /**
   * A piece of the body without transfer coding; where the body goes on as it stands on the wire it is counted only.
   * @param unsentBytes so many more are announced than come: the answer is about to break off
   */
  piece(bytes: Uint8Array, unsentBytes = 0): void {
    this.bodyBytes += bytes.byteLength;
    if (this.#head?.body === 'plain') this.#write(bytes);
    const announced = bytes.byteLength + unsentBytes;
    if (this.#head?.body !== 'chunks' || announced === 0) return;
    this.#write(Buffer.from(`${announced.toString(16)}\r\n`, 'latin1'));
    this.#write(bytes);
    if (unsentBytes === 0) this.#write(lineEnd);
  }

  /** Bytes as they are, where the protocol would have others. */
  unframed(bytes: Uint8Array): void {
    this.#write(bytes);
  }

  /**
   * Lets what was told so far go out now; without it that happens at the end of this turn. Returns false when more waits
   * for the client than should: tell no more until `drained`.
   */
  flush(): boolean {
    if (this.#corked) {
      this.#corked = false;
      this.#socket.uncork();
    }
    return this.isOver || this.#socket.writableLength <= waitingLimit;
  }

  /** A whole answer of our own. */
  respond(status: number, statusText: string, headers: HeaderList, body: Uint8Array): void {
    const all: HeaderList = [...headers, ['Content-Length', String(body.byteLength)]];
    this.head({ status, statusText, wireHeaders: all, delimiter: 'length' }, true);
    this.piece(body);
    this.end('complete');
  }

  /** @param trailers of a body in chunks that is complete */
  end(end: AnswerEnd, trailers: HeaderList = []): void {
    if (this.isOver) return;
    if (end === 'complete' && this.#head?.body === 'chunks') {
      const lines = trailers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
      this.#write(Buffer.from(`0\r\n${lines}\r\n`, 'latin1'));
    }
    this.flush();
    this.#over = true;
    this.#onOver(end, end === 'complete' && this.#head?.closes === false);
  }

  #write(bytes: Uint8Array): void {
    if (bytes.byteLength === 0 || this.isOver || this.#socket.destroyed) return;
    if (!this.#corked) {
      this.#corked = true;
      this.#socket.cork();
      process.nextTick(() => this.flush());
    }
    this.#socket.write(bytes);
  }
}
