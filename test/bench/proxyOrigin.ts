import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * The upstream of the proxies that are measured. Every event of a paced stream says when it was written, by the
 * monotonic clock that all processes of a machine share. `/first`: one event · `/paced/<rate>/<events>` ·
 * `/bulk/<bytes>`: as fast as it goes, in pieces of 64 KB · `/events/<bytes>`: as fast as it goes, an HTTP chunk an event.
 */
const filler = 'x'.repeat(200);
const piece = Buffer.alloc(65_536, `data: ${filler}\n\n`);

const server = createServer({ noDelay: true, keepAlive: true }, (request, response) => {
  const [, what, first, second] = (request.url ?? '/').split('/');
  if (what === 'bulk') {
    bulk(response, Number(first));
    return;
  }
  if (what === 'events') {
    events(response, Number(first));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  if (what === 'paced') paced(response, Number(first), Number(second));
  else response.end(`data: ${filler}\n\n`);
});

function bulk(response: ServerResponse, bytes: number): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'content-length': String(bytes) });
  let left = bytes;
  const go = (): void => {
    while (left > 0) {
      const part = left >= piece.byteLength ? piece : piece.subarray(0, left);
      left -= part.byteLength;
      if (!response.write(part)) {
        response.once('drain', go);
        return;
      }
    }
    response.end();
  };
  go();
}

function events(response: ServerResponse, bytes: number): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const event = Buffer.from(`data: ${filler}\n\n`);
  let left = Math.ceil(bytes / event.byteLength);
  const go = (): void => {
    while (left > 0) {
      left--;
      if (!response.write(event)) {
        response.once('drain', go);
        return;
      }
    }
    response.end();
  };
  go();
}

function paced(response: ServerResponse, perSecond: number, events: number): void {
  const began = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    const due = Math.min(events, Math.floor(((performance.now() - began) / 1_000) * perSecond));
    for (; sent < due; sent++) response.write(`data: ${String(process.hrtime.bigint())} ${filler}\n\n`);
    if (sent < events) return;
    clearInterval(timer);
    response.end();
  }, 1);
  response.on('close', () => clearInterval(timer));
}

server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.once('disconnect', () => process.exit(0));
