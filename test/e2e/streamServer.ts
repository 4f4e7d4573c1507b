import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { Readable } from 'node:stream';
import { elsewhereCertificate } from '../io/capture/testCertificates.ts';

export interface SeenRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server whose streams the test moves by hand. */
export interface StreamServer {
  readonly url: string;
  /** The same answers over TLS, with a certificate that is its own issuer and made out to another name. */
  readonly tlsUrl: string;
  /** Requests that were read to their end, oldest first. */
  readonly requests: readonly SeenRequest[];
  /** The answer to the oldest request at `/live` that was not taken yet: an open event stream. Waits for one. */
  live(): Promise<ServerResponse>;
  close(): Promise<void>;
}

const eventStream = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' };
const lines = { 'content-type': 'application/x-ndjson' };

/** Type names and sizes that vary, so that filters have something to tell apart. */
function manyEvents(from: number, to: number): string {
  let text = '';
  for (let n = from; n < to; n++) {
    text += `event: ${n % 3 === 0 ? 'tick' : 'order'}\ndata: {"n":${n},"text":"${'x'.repeat(n % 90)}"}\n\n`;
  }
  return text;
}

function writeAll(response: ServerResponse, pieces: Iterable<string | Buffer>): void {
  Readable.from(pieces).pipe(response);
}

function* manyPieces(count: number): Generator<string> {
  const perPiece = 200;
  for (let n = 0; n < count; n += perPiece) yield manyEvents(n, Math.min(count, n + perPiece));
}

function* oneLine(bytes: number): Generator<Buffer> {
  const piece = Buffer.alloc(1_000_000, 'x');
  yield Buffer.from('{"text":"');
  for (let left = bytes; left > 0; left -= piece.length) yield piece.subarray(0, left);
  yield Buffer.from('"}\n');
}

/** Bytes that are no text in any encoding, the same on every run. */
function noise(length: number): Buffer {
  let state = 0x2545f491;
  return Buffer.from(
    Array.from({ length }, () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return state >>> 24;
    }),
  );
}

/** What each path answers; every other one is a page that says 404. `/live` is moved by the test. */
const answers: Readonly<Record<string, (response: ServerResponse, query: URLSearchParams) => void>> = {
  '/many': (response, query) => {
    response.writeHead(200, eventStream);
    writeAll(response, manyPieces(Number(query.get('n'))));
  },
  '/broken-line': (response) => {
    response.writeHead(200, lines);
    response.end('{"type":"metadata"}\n{"type":"row","v":1}\n{"v": oops}\n{"type":"row","v":2}\n');
  },
  '/mixed': (response) => {
    response.writeHead(200, eventStream);
    response.end(
      'event: order\ndata: {"city":"Oslo"}\n\n: heartbeat\n\nevent: tick\ndata: {"n":1}\n\nevent: order\ndata: {"city":"Bergen"}\n\n',
    );
  },
  '/pages': (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end('{"meta":{"rows":[0]},"pages":[{"rows":[{"city":"Oslo"}]},{"rows":[{"city":"Bergen"}]}]}');
  },
  '/parts': (response) => {
    response.writeHead(200, { 'content-type': 'multipart/mixed; boundary=b' });
    response.end('--b\r\nContent-Type: application/json\r\nX-Part: one\r\n\r\n{"city":"Oslo"}\r\n--b--\r\n');
  },
  '/empty': (response) => {
    response.writeHead(200, { ...eventStream, 'content-length': '0' });
    response.end();
  },
  '/noise': (response) => {
    response.writeHead(200, eventStream);
    response.end(noise(64_000));
  },
  '/long-line': (response, query) => {
    response.writeHead(200, lines);
    writeAll(response, oneLine(Number(query.get('bytes'))));
  },
  '/echo': (response) => {
    response.writeHead(200, lines);
    response.end('{"echoed":true}\n');
  },
};

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

export async function startStreamServer(): Promise<StreamServer> {
  const requests: SeenRequest[] = [];
  const waiting: ((response: ServerResponse) => void)[] = [];
  const open: ServerResponse[] = [];

  function answer(target: string, response: ServerResponse): void {
    const url = new URL(target, 'http://localhost');
    const known = answers[url.pathname];
    if (known !== undefined) {
      known(response, url.searchParams);
    } else if (url.pathname === '/live') {
      response.writeHead(200, eventStream);
      response.flushHeaders();
      const next = waiting.shift();
      if (next === undefined) open.push(response);
      else next(response);
    } else {
      response.writeHead(404, { 'content-type': 'text/html' });
      response.end('<!doctype html>\n<title>No</title>\n<h1>Nothing here</h1>\n');
    }
  }

  const listener: RequestListener = (request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const { method = '', url: target = '/', headers } = request;
      requests.push({ method, target, headers, body: Buffer.concat(pieces).toString() });
      answer(target, response);
    });
  };
  const plain = createServer(listener);
  const tls = createTlsServer(elsewhereCertificate, listener);
  return {
    url: `http://127.0.0.1:${await listening(plain)}`,
    tlsUrl: `https://127.0.0.1:${await listening(tls)}`,
    requests,
    live() {
      const ready = open.shift();
      if (ready !== undefined) return Promise.resolve(ready);
      return new Promise((resolve) => waiting.push(resolve));
    },
    async close() {
      for (const server of [plain, tls]) {
        server.closeAllConnections();
        server.close();
        await once(server, 'close');
      }
    },
  };
}
