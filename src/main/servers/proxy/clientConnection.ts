import type { Socket } from 'node:net';
import { AnswerWriter, type AnswerEnd } from './answerWriter.ts';
import { faultAnswer } from './errorAnswer.ts';
import { IncomingBody } from './incomingBody.ts';
import type { RequestFault, RequestHead } from './requestHead.ts';
import { RequestReader } from './requestReader.ts';

/** One request of a client, while it comes in, and where its answer is written. */
export interface ClientExchange {
  /** Aborted when the client's connection is closed; the same object for every exchange of a connection. */
  readonly connectionClosed: AbortSignal;
  readonly head: RequestHead;
  readonly client: ClientAddress;
  /** Null: it has none. */
  readonly body: IncomingBody | null;
  readonly answer: AnswerWriter;
}

export interface ClientAddress {
  readonly address: string;
  readonly port: number;
}

/** Bytes of later requests that may wait for their turn. */
const waitingLimit = 64 * 1024;
/** A connection that was closed to a client who does not close it is let go of after this long. */
const lingerMillis = 2_000;
/** A connection without a request is closed after this long. */
const idleMillis = 120_000;

/** A client's connection: one request after another, each answered before the next one is looked at. */
export class ClientConnection {
  readonly #socket: Socket;
  readonly #client: ClientAddress;
  readonly #onExchange: (exchange: ClientExchange) => void;
  readonly #reader: RequestReader;
  readonly #holders = new Set<'body' | 'waiting'>();
  readonly #closed = new AbortController();
  #body: IncomingBody | null = null;
  #answer: AnswerWriter | null = null;
  #closing = false;

  constructor(socket: Socket, onExchange: (exchange: ClientExchange) => void) {
    this.#socket = socket;
    this.#onExchange = onExchange;
    this.#client = { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
    this.#reader = new RequestReader({
      head: (head) => this.#begin(head),
      data: (bytes) => this.#body?.push(bytes),
      end: () => this.#body?.end(),
      fault: (fault) => this.#refuse(fault),
    });
    socket.on('data', (bytes) => this.#received(bytes));
    socket.on('drain', () => this.#answer?.drained());
    socket.once('end', () => this.#left());
    socket.once('close', () => {
      this.#left();
      this.#closed.abort();
    });
    socket.on('error', () => this.#left());
    socket.setTimeout(idleMillis, () => {
      if (this.#answer === null) socket.end();
    });
  }

  /** Ends whatever is under way. */
  destroy(): void {
    this.#socket.destroy();
  }

  #received(bytes: Uint8Array): void {
    if (this.#closing) return;
    this.#reader.push(bytes);
    if (this.#reader.waitingBytes > waitingLimit) this.#hold('waiting');
  }

  #begin(head: RequestHead): void {
    const flow = { hold: () => this.#hold('body'), release: () => this.#release('body') };
    this.#body = head.body.by === 'none' ? null : new IncomingBody(flow);
    const answer = new AnswerWriter(this.#socket, head, (end, keeps) => this.#answered(end, keeps));
    this.#answer = answer;
    this.#onExchange({ connectionClosed: this.#closed.signal, head, client: this.#client, body: this.#body, answer });
  }

  #answered(end: AnswerEnd, keeps: boolean): void {
    const body = this.#body;
    this.#answer = null;
    this.#body = null;
    if (end === 'reset') {
      this.#closing = true;
      // What the system has not taken yet would be lost with the connection.
      this.#socket.write('', () => this.#socket.resetAndDestroy());
      return;
    }
    if (!keeps || (body !== null && !body.ended)) {
      body?.drop();
      this.#close();
      return;
    }
    this.#release('waiting');
    // Not within the call that ended the answer: the next exchange is one of its own.
    setImmediate(() => {
      if (!this.#socket.destroyed && !this.#closing) this.#reader.next();
    });
  }

  /** Says goodbye, and still reads what the client sends: closing over unread bytes would be a reset. */
  #close(): void {
    this.#closing = true;
    this.#socket.end();
    this.#holders.clear();
    this.#socket.resume();
    const timer = setTimeout(() => this.#socket.destroy(), lingerMillis);
    this.#socket.once('close', () => clearTimeout(timer));
  }

  #refuse(fault: RequestFault): void {
    // In the middle of a body somebody is answered already, or will be told that the client left.
    if (this.#answer !== null) {
      this.#left();
      this.#close();
      return;
    }
    this.#closing = true;
    this.#socket.end(faultAnswer(fault));
    this.#close();
  }

  #left(): void {
    this.#body?.fail(new Error('the client left'));
    const answer = this.#answer;
    if (answer === null) {
      if (!this.#closing) this.#socket.end();
      return;
    }
    this.#answer = null;
    answer.clientLeft();
    this.#closing = true;
    this.#socket.destroy();
  }

  #hold(holder: 'body' | 'waiting'): void {
    this.#holders.add(holder);
    this.#socket.pause();
  }

  #release(holder: 'body' | 'waiting'): void {
    if (this.#holders.delete(holder) && this.#holders.size === 0) this.#socket.resume();
  }
}
