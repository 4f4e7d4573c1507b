import { Buffer } from 'node:buffer';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { Client, type Dispatcher } from 'undici';
import type { Limits } from '../../shared/limits.ts';
import type { Micros } from '../../shared/words.ts';
import type { ConnectionEnd } from './connectionReader.ts';
import type { Connection } from './dial.ts';
import { tellChunkExtensions, tellFramingFindings } from './framingFindings.ts';
import { headerListOf } from './headerBytes.ts';
import type { Hop, HopListener } from './hop.ts';
import { judgeEnd } from './judgeEnd.ts';
import { MessageFraming } from './messageFraming.ts';
import type { Proxy } from './proxy.ts';
import type { RequestPlan } from './requestPlan.ts';
import { BodySourceError } from './plannedBody.ts';
import { Wire } from './wire.ts';

/** How long a connection that the server is about to close is listened to for bytes after the message. */
const lingerMillis = 100;

/**
 * One request and its answer on one connection of its own. undici writes the request and parses the answer; what the
 * parser sees goes through `Wire` and `MessageFraming`, which decide together with it how the answer ended.
 */
export class Http1Hop implements Hop {
  readonly #plan: RequestPlan;
  readonly #limits: Limits;
  readonly #listener: HopListener;
  readonly #now: () => Micros;
  readonly #forwardProxy: Proxy | null;
  readonly #framing: MessageFraming;
  readonly #wire: Wire;
  readonly #client: Client;
  #controller: Dispatcher.DispatchController | null = null;
  #held = false;
  #wireEnd: ConnectionEnd | null = null;
  #lastReadMicros: Micros = 0;
  #headDelivered = false;
  #informationalTold = false;
  #extensionsTold = 0;
  #parsed = false;
  #over = false;
  #linger: { readonly settle: () => void } | null = null;

  constructor(connection: Connection, plan: RequestPlan, limits: Limits, listener: HopListener, now: () => Micros) {
    this.#plan = plan;
    this.#limits = limits;
    this.#listener = listener;
    this.#now = now;
    this.#forwardProxy = connection.forwardProxy;
    this.#framing = new MessageFraming(plan.method, limits);
    this.#wire = new Wire(
      connection,
      plan.body?.length ?? 0,
      {
        sent: (headers) => listener.sent(headers),
        requestSent: (atMicros) => {
          if (!this.#over) listener.requestSent(atMicros);
        },
        received: (atMicros, bytes) => this.#received(atMicros, bytes),
        ended: (end) => this.#connectionEnded(end),
      },
      now,
    );
    // A parser error destroys the wire with it; the same error reaches `onResponseError`.
    this.#wire.on('error', ignoreRepeatedError);
    let used = false;
    this.#client = new Client(plan.url.origin, {
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
      // The framing judges first, by the limit that the user sees.
      maxHeaderSize: 4 * limits.headerBytes,
      connect: (_options, callback) => {
        const first = !used;
        used = true;
        // undici goes on only when it has returned to its queue before the answer comes.
        queueMicrotask(() => {
          // undici needs of a socket what a duplex stream has; its types ask for the class.
          if (first) callback(null, this.#wire as unknown as Socket);
          else callback(new Error('the connection of this exchange is used up'), null);
        });
      },
    });
  }

  /** Bytes received that are no part of any answer's body: a head in progress, or one that was refused. */
  get unansweredBytes(): Uint8Array {
    return this.#headDelivered ? new Uint8Array(0) : this.#framing.rawHead;
  }

  /** The bytes so far reach the end of the message, though not all of them may have been handed on yet. */
  get messageEnded(): boolean {
    return this.#framing.ended;
  }

  start(): void {
    const headers: string[] = [];
    for (const [name, value] of this.#plan.headers) headers.push(name, value);
    const { body, url } = this.#plan;
    const forwardProxy = this.#forwardProxy;
    if (forwardProxy !== null && forwardProxy.authorization !== null)
      headers.push('proxy-authorization', forwardProxy.authorization);
    if (body !== null && body.bytes === null) headers.push('content-length', String(body.length));
    this.#client.dispatch(
      {
        method: this.#plan.method,
        path: forwardProxy === null ? `${url.pathname}${url.search}` : url.href,
        headers,
        body: body === null ? null : body.bytes === null ? Readable.from(body.open()) : bufferOver(body.bytes),
      },
      {
        onRequestStart: (controller) => {
          this.#controller = controller;
          if (this.#held) controller.pause();
        },
        onResponseStart: (controller, statusCode, _headers, statusMessage) =>
          this.#answered(controller, statusCode, statusMessage ?? ''),
        onResponseData: (_controller, bytes) => {
          const continues = this.#framing.borders?.continues(bytes.byteLength) ?? false;
          if (!this.#over) this.#listener.data(this.#wire.readingMicros, bytes, continues);
        },
        onResponseEnd: (controller) => {
          const trailers = headerListOf(rawList(controller.rawTrailers));
          if (trailers.length > 0 && !this.#over) this.#listener.trailers(trailers);
          this.#parserDone(null);
        },
        onResponseError: (_controller, error) => this.#parserDone(error),
      },
    );
  }

  hold(): void {
    this.#held = true;
    this.#wire.hold();
    this.#controller?.pause();
  }

  release(): void {
    this.#held = false;
    this.#wire.release();
    this.#controller?.resume();
  }

  /** Closes the connection, in whatever state it is; resolves when it is closed. */
  async close(): Promise<void> {
    this.#over = true;
    await Promise.all([this.#wire.close(), this.#client.destroy()]);
  }

  #received(atMicros: Micros, bytes: Uint8Array): void {
    if (this.#framing.fault !== null) return;
    this.#lastReadMicros = atMicros;
    const isSound = this.#framing.push(bytes, (accepted, isFull) => this.#wire.deliver(atMicros, accepted, isFull));
    const { informationalResponses } = this.#framing;
    if (informationalResponses > this.#limits.informationalResponses && !this.#informationalTold) {
      this.#informationalTold = true;
      this.#listener.diagnostic('end/many-informational', { limit: this.#limits.informationalResponses });
    }
    this.#extensionsTold = tellChunkExtensions(this.#framing, this.#extensionsTold, this.#listener);
    if (!isSound) this.#wire.finishInput();
  }

  #connectionEnded(end: ConnectionEnd): void {
    this.#wireEnd = end;
    this.#wire.finishInput();
    this.#linger?.settle();
  }

  #answered(controller: Dispatcher.DispatchController, status: number, statusText: string): void {
    if (this.#over) return;
    this.#headDelivered = true;
    const wanted = this.#listener.head({
      status,
      statusText,
      httpVersion: this.#framing.head?.httpVersion ?? '1.1',
      headers: headerListOf(rawList(controller.rawHeaders)),
      atMicros: this.#wire.readingMicros,
    });
    if (!wanted) this.#over = true;
  }

  #parserDone(parserError: Error | null): void {
    if (this.#parsed || this.#over) return;
    this.#parsed = true;
    const endMicros = this.#wireEnd !== null && !this.#framing.ended ? this.#wireEnd.atMicros : this.#lastReadMicros;
    const settle = (): void => {
      if (this.#over) return;
      this.#over = true;
      tellFramingFindings(this.#framing, this.#listener);
      if (parserError instanceof BodySourceError) {
        this.#listener.finished(parserError.facts, this.#now());
        return;
      }
      const end = judgeEnd({
        position: this.#framing.position(),
        fault: this.#framing.fault,
        bodyBytes: this.#framing.bodyBytes,
        wireEnd: this.#wireEnd,
        parserError,
      });
      this.#listener.finished(end, this.#lastReadMicros === 0 && this.#wireEnd === null ? this.#now() : endMicros);
    };
    if (this.#framing.ended && parserError === null && this.#wireEnd === null) this.#lingerFor(settle);
    else settle();
  }

  /** A complete message may be followed by bytes that belong to nothing: listens a little before closing. */
  #lingerFor(settle: () => void): void {
    if (this.#framing.head?.closes !== true) {
      setImmediate(settle);
      return;
    }
    const timer = setTimeout(() => this.#linger?.settle(), lingerMillis);
    this.#linger = {
      settle: () => {
        clearTimeout(timer);
        this.#linger = null;
        settle();
      },
    };
  }
}

function bufferOver(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function rawList(raw: Dispatcher.DispatchController['rawHeaders']): readonly (Uint8Array | string)[] {
  return Array.isArray(raw) ? raw : [];
}

function ignoreRepeatedError(): void {
  // The parser's error is judged where it is reported.
}
