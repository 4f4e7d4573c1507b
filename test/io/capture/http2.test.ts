import {
  createSecureServer,
  createServer,
  type Http2SecureServer,
  type Http2Server,
  type ServerHttp2Stream,
} from 'node:http2';
import type { IncomingHttpHeaders } from 'node:http2';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { capture } from './capturing.ts';
import { requestFor } from './recordingSink.ts';
import { trustedCertificate } from './testCertificates.ts';

type Answer = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;

async function withNode(scheme: 'http' | 'https', answer: Answer, use: (url: string) => Promise<void>): Promise<void> {
  const server: Http2Server | Http2SecureServer =
    scheme === 'http' ? createServer() : createSecureServer({ ...trustedCertificate, allowHTTP1: true });
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  server.on('sessionError', () => {});
  server.on('stream', (stream: ServerHttp2Stream, headers) => {
    stream.on('error', () => {});
    answer(stream, headers);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  try {
    await use(`${scheme}://127.0.0.1:${String(address.port)}/a/path?q=1`);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  }
}

const options = { caPem: trustedCertificate.cert, httpVersion: '2' } as const;

for (const scheme of ['http', 'https'] as const) {
  describe(`HTTP/2 over ${scheme}, with a server of another make`, () => {
    it('head, body, trailers and what was sent are told as they were', async () => {
      let seen: IncomingHttpHeaders = {};
      await withNode(
        scheme,
        (stream, headers) => {
          seen = headers;
          stream.additionalHeaders({ ':status': 103, link: '</a>' });
          stream.respond(
            {
              ':status': 200,
              'content-type': 'text/plain',
              'x-umlaut': 'gr\xc3\xbc\xc3\x9fe',
              'set-cookie': ['a=1', 'b=2'],
            },
            { waitForTrailers: true },
          );
          stream.on('wantTrailers', () => stream.sendTrailers({ 'x-count': '2' }));
          stream.write('hello ');
          stream.end('world');
        },
        async (url) => {
          const sink = await capture(requestFor(url, { headers: [['X-Own', 'yes']], options }));
          expect(sink.ending).toMatchObject({ kind: 'complete', code: 'end/complete' });
          expect(sink.responseHead).toMatchObject({ status: 200, statusText: '', httpVersion: '2' });
          expect(sink.responseHead?.headers.slice(0, 4)).toEqual([
            ['content-type', 'text/plain'],
            ['x-umlaut', 'grüße'],
            ['set-cookie', 'a=1'],
            ['set-cookie', 'b=2'],
          ]);
          expect(sink.bodyBytes.toString()).toBe('hello world');
          expect(sink.trailerLists).toEqual([[['x-count', '2']]]);
          expect(sink.sentHeaders).toEqual([
            [
              [':method', 'GET'],
              [':scheme', scheme],
              [':authority', new URL(url).host],
              [':path', '/a/path?q=1'],
              ['user-agent', 'streamscope/test'],
              ['accept', '*/*'],
              ['x-own', 'yes'],
            ],
          ]);
          expect(seen).toMatchObject({ ':path': '/a/path?q=1', 'x-own': 'yes' });
        },
      );
    });

    it('a request body larger than every window arrives whole', async () => {
      const body = Buffer.alloc(3_000_000, 'abcdefg');
      let got = Buffer.alloc(0);
      await withNode(
        scheme,
        (stream) => {
          const pieces: Buffer[] = [];
          stream.on('data', (piece: Buffer) => pieces.push(piece));
          stream.on('end', () => {
            got = Buffer.concat(pieces);
            stream.respond({ ':status': 200 });
            stream.end('ok');
          });
        },
        async (url) => {
          const sink = await capture(
            requestFor(url, { method: 'POST', body: { kind: 'bytes', bytes: body }, options }),
          );
          expect(sink.ending?.code).toBe('end/complete');
          expect(got.equals(body)).toBe(true);
          expect(sink.markNames).toContain('request-sent');
        },
      );
    });
  });
}
