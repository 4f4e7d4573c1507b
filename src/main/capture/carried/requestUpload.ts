import { Buffer } from 'node:buffer';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { CarriedBody, CarriedRequest } from './carriedRequest.ts';

/** Writes a request of HTTP/1.1 to a connection: its head as given, its body as it comes in, as fast as it is taken. */
export class Http1Upload {
  readonly #carrier: Socket | TLSSocket;
  #wake: (() => void) | null = null;
  #stopped = false;

  constructor(carrier: Socket | TLSSocket) {
    this.#carrier = carrier;
    carrier.on('drain', this.#go);
  }

  /**
   * Resolves to true when the system has taken the whole request, to false after `stop` or when the connection failed.
   * @param absolute the request goes to a proxy, which wants the whole address
   * @throws what iterating over the body throws
   */
  async run(request: CarriedRequest, extraHeaders: CarriedRequest['headers'], absolute: boolean): Promise<boolean> {
    const { body } = request;
    const carrier = this.#carrier;
    // Head and what there is of the body leave together.
    carrier.cork();
    process.nextTick(() => carrier.uncork());
    const taken = this.#write(headBytes(request, extraHeaders, absolute));
    if (body === null) return taken;
    const isChunked = body.length === null;
    for await (const piece of body.open()) {
      if (this.#stopped) return false;
      if (piece.byteLength === 0) continue;
      if (isChunked) void this.#write(Buffer.from(`${piece.byteLength.toString(16)}\r\n`, 'latin1'));
      void this.#write(piece);
      if (isChunked) void this.#write(lineEnd);
      if (carrier.writableNeedDrain) await this.#drained();
    }
    if (this.#isStopped()) return false;
    return this.#write(isChunked ? lastChunk : nothing);
  }

  /** Nothing more is sent. */
  stop(): void {
    this.#stopped = true;
    this.#carrier.off('drain', this.#go);
    this.#go();
  }

  readonly #go = (): void => {
    this.#wake?.();
    this.#wake = null;
  };

  #isStopped(): boolean {
    return this.#stopped;
  }

  #drained(): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #write(bytes: Uint8Array): Promise<boolean> {
    return new Promise((resolve) => {
      // A failed write is seen as the connection's own end.
      this.#carrier.write(bytes, (error) => resolve(error === undefined || error === null));
    });
  }
}

const nothing = Buffer.alloc(0);
const lineEnd = Buffer.from('\r\n', 'latin1');
const lastChunk = Buffer.from('0\r\n\r\n', 'latin1');

/** The headers as they go out: those given, and how a body of unknown length comes. */
export function headersSent(
  request: CarriedRequest,
  extraHeaders: CarriedRequest['headers'],
): CarriedRequest['headers'] {
  return [...request.headers, ...codingHeaders(request.body), ...extraHeaders];
}

function codingHeaders(body: CarriedBody | null): CarriedRequest['headers'] {
  return body !== null && body.length === null ? [['Transfer-Encoding', 'chunked']] : [];
}

function headBytes(request: CarriedRequest, extraHeaders: CarriedRequest['headers'], absolute: boolean): Buffer {
  const target = absolute ? `${request.url.origin}${request.target}` : request.target;
  let text = `${request.method} ${target} HTTP/1.1\r\n`;
  for (const [name, value] of headersSent(request, extraHeaders)) text += `${name}: ${value}\r\n`;
  return Buffer.from(`${text}\r\n`, 'latin1');
}
