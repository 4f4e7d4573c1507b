import { createServer as createHttpServer, type ServerResponse } from 'node:http';
import { createServer as createHttp2Server, type ServerHttp2Stream } from 'node:http2';
import { createServer as createRawServer, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * Servers of 240-byte events that send as fast as they can, in a process of their own. The path says how and how many
 * bytes: `/written/268435456`.
 *
 * - `written`: as a Node server does it, one `response.write` an event.
 * - `each`: one HTTP chunk an event as well, but 273 of them to a socket write.
 * - `packed`: HTTP chunks of 64 KB, 273 events each.
 * - `http2`: the same over cleartext HTTP/2, in DATA frames of at most 16 KB as nghttp2 makes them.
 */
export const layouts = ['written', 'each', 'packed', 'http2'] as const;
export type Layout = (typeof layouts)[number];

const event = Buffer.from(`data: {"id":"evt_000000000001","text":"${'x'.repeat(240 - 43)}"}\n\n`);
if (event.length !== 240) throw new Error(`an event is ${String(event.length)} bytes`);

const eventsPerWrite = 273;
const events = Buffer.concat(Array.from({ length: eventsPerWrite }, () => event));
const packed = Buffer.concat([Buffer.from(`${events.length.toString(16)}\r\n`), events, Buffer.from('\r\n')]);
const each = Buffer.concat(
  Array.from({ length: eventsPerWrite }, () => Buffer.concat([Buffer.from('f0\r\n'), event, Buffer.from('\r\n')])),
);
const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' };

/** Writes `piece` as often as `count` says, as fast as it is taken. */
function pump(to: Socket | ServerResponse | ServerHttp2Stream, piece: Buffer, count: number, end: () => void): void {
  let left = count;
  const go = (): void => {
    while (left > 0 && !to.destroyed) {
      left--;
      if (!to.write(piece)) {
        to.once('drain', go);
        return;
      }
    }
    if (left === 0) end();
  };
  go();
}

const written = createHttpServer((request, response) => {
  const bytes = Number(request.url?.split('/').at(-1));
  response.writeHead(200, headers);
  pump(response, event, Math.ceil(bytes / event.length), () => response.end());
});

const raw = createRawServer((socket) => {
  socket.setNoDelay(true);
  // A client that leaves is the measurement's business.
  socket.on('error', () => undefined);
  socket.once('data', (request: Buffer) => {
    const [, layout, bytes] = /^GET \/(packed|each)\/(\d+)/.exec(request.toString('latin1')) ?? [];
    const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`HTTP/1.1 200 OK\r\n${head.join('')}transfer-encoding: chunked\r\n\r\n`);
    pump(socket, layout === 'each' ? each : packed, Math.ceil(Number(bytes) / events.length), () => {
      socket.end('0\r\n\r\n');
    });
  });
});

const http2 = createHttp2Server();
http2.on('stream', (stream, requestHeaders) => {
  // A client that leaves is the measurement's business.
  stream.on('error', () => undefined);
  const bytes = Number(requestHeaders[':path']?.split('/').at(-1));
  stream.respond({ ':status': 200, ...headers });
  pump(stream, events, Math.ceil(bytes / events.length), () => stream.end());
});

async function listen(server: Pick<Server, 'listen' | 'address'>): Promise<number> {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** What the parent process is told. */
export interface StreamServers {
  readonly httpPort: number;
  readonly rawPort: number;
  readonly http2Port: number;
}

if (process.send !== undefined) {
  process.send({
    httpPort: await listen(written),
    rawPort: await listen(raw),
    http2Port: await listen(http2),
  } satisfies StreamServers);
  process.once('disconnect', () => process.exit(0));
}
