import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Streams that the window is measured with, in a process of their own:
 *
 * - `/numbered/1000000`: so many events of 100–240 bytes, numbered from 0, as fast as they are taken.
 * - `/paced/1000/8`: so many events a second, as evenly as timers allow, for so many seconds. When it has ended, the
 *   parent process is told when each event was written.
 */
export function numberedEvent(n: number): string {
  return `event: ${n % 3 === 0 ? 'tick' : 'order'}\ndata: {"n":${n},"text":"${'x'.repeat(60 + ((n * 7_919) % 141))}"}\n\n`;
}

/** Messages to the parent process. */
export type WindowServerMessage =
  | { readonly type: 'listening'; readonly port: number }
  /** Wall clock, milliseconds, by event. */
  | { readonly type: 'written'; readonly atMillis: readonly number[] };

const eventsPerWrite = 200;

function sendNumbered(response: ServerResponse, count: number): void {
  let n = 0;
  const go = (): void => {
    while (n < count && !response.destroyed) {
      let piece = '';
      for (const end = Math.min(count, n + eventsPerWrite); n < end; n++) piece += numberedEvent(n);
      if (!response.write(piece)) {
        response.once('drain', go);
        return;
      }
    }
    response.end();
  };
  go();
}

function sendPaced(response: ServerResponse, perSecond: number, seconds: number): void {
  const start = performance.now();
  const count = perSecond * seconds;
  const atMillis: number[] = [];
  const timer = setInterval(() => {
    const due = Math.min(count, Math.floor(((performance.now() - start) * perSecond) / 1_000));
    for (let n = atMillis.length; n < due; n++) {
      atMillis.push(Date.now());
      response.write(numberedEvent(n));
    }
    if (due < count && !response.destroyed) return;
    clearInterval(timer);
    response.end();
    process.send?.({ type: 'written', atMillis } satisfies WindowServerMessage);
  }, 1);
}

if (process.send !== undefined) {
  const server = createServer((request, response) => {
    const [, name, first, second] = (request.url ?? '').split('/');
    response.socket?.setNoDelay(true);
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    if (name === 'paced') sendPaced(response, Number(first), Number(second));
    else sendNumbered(response, Number(first));
  });
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    process.send?.({ type: 'listening', port } satisfies WindowServerMessage);
  });
  process.once('disconnect', () => process.exit(0));
}
