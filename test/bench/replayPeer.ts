import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * What this machine lets anybody keep: a bare server that writes equal chunks at the times of a file (JSON, microseconds
 * after the head) and blocks its process from two milliseconds before each. `/quick`: all at once. Its port is the first
 * message.
 */
const [file = ''] = process.argv.slice(2);
const times = JSON.parse(readFileSync(file, 'utf8')) as readonly number[];
const piece = Buffer.from(`data: ${'x'.repeat(232)}\n\n`);

function paced(response: ServerResponse): void {
  const began = performance.now();
  let n = 0;
  const go = (): void => {
    const at = times[n];
    if (at === undefined) {
      response.end();
      return;
    }
    const left = began + at / 1_000 - performance.now();
    if (left > 2) {
      setTimeout(go, left - 2);
      return;
    }
    while (performance.now() < began + at / 1_000);
    response.write(piece);
    n++;
    // What was written leaves with the turn of the loop.
    setImmediate(go);
  };
  go();
}

const server = createServer({ noDelay: true }, (request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
  if (request.url !== '/quick') {
    paced(response);
    return;
  }
  for (const _ of times) response.write(piece);
  response.end();
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.once('disconnect', () => process.exit(0));
