import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server whose streams the test moves by hand. */
export interface StreamServer {
  readonly url: string;
  /** Requests so far. */
  readonly requests: readonly IncomingMessage[];
  /** The answer to the newest request at `/live`, once it came. */
  live(): Promise<ServerResponse>;
  close(): Promise<void>;
}

export async function startStreamServer(): Promise<StreamServer> {
  const requests: IncomingMessage[] = [];
  const waiting: ((response: ServerResponse) => void)[] = [];
  const answers: ServerResponse[] = [];
  const server: Server = createServer((request, response) => {
    requests.push(request);
    const url = new URL(request.url ?? '/', 'http://x');
    if (url.pathname === '/live') {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
      response.flushHeaders();
      const next = waiting.shift();
      if (next === undefined) answers.push(response);
      else next(response);
      return;
    }
    if (url.pathname === '/many') {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
      const count = Number(url.searchParams.get('n'));
      let n = 0;
      const pump = (): void => {
        while (n < count) {
          let text = '';
          for (let i = 0; i < 200 && n < count; i++, n++) text += `event: ${n % 3 === 0 ? 'tick' : 'order'}\ndata: {"n":${String(n)},"text":"${'x'.repeat(n % 90)}"}\n\n`;
          if (!response.write(text)) {
            response.once('drain', pump);
            return;
          }
        }
        response.end();
      };
      pump();
      return;
    }
    if (url.pathname === '/bad') {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      response.end('{"type":"metadata"}\n{"type":"row","v":1}\n{"v": oops}\n{"type":"row","v":2}\n');
      return;
    }
    response.writeHead(404, { 'content-type': 'text/html' }).end('<!doctype html><title>No</title><h1>Nothing here</h1>\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    requests,
    live() {
      const ready = answers.shift();
      if (ready !== undefined) return Promise.resolve(ready);
      return new Promise((resolve) => waiting.push(resolve));
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
