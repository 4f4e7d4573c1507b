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
import { begin, capture, signal, withServer } from './capturing.ts';
import { startHttp2FaultServer } from './http2FaultServer.ts';
import { data, endStream, goaway, headers, rst, settings } from './http2Frames.ts';
import { startRawServer } from './rawServer.ts';
import { RecordingSink, requestFor } from './recordingSink.ts';
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

describe('which version is spoken', () => {
  const both: Answer = (stream) => {
    stream.respond({ ':status': 200 });
    stream.end('h2');
  };
  const alpnOf = (sink: RecordingSink): string | undefined =>
    sink.marks.find(({ name }) => name === 'tls')?.facts?.alpn;

  it('is negotiated under TLS where nothing else is asked for', async () => {
    await withNode('https', both, async (url) => {
      const sink = await capture(requestFor(url, { options: { caPem: trustedCertificate.cert } }));
      expect(sink.responseHead?.httpVersion).toBe('2');
      expect(alpnOf(sink)).toBe('h2');
    });
    await withServer(
      'https',
      (peer) => peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'),
      async (server) => {
        const sink = await capture(requestFor(server.url, { options: { caPem: trustedCertificate.cert } }));
        expect(sink.responseHead?.httpVersion).toBe('1.1');
        expect(alpnOf(sink)).toBe('http/1.1');
      },
    );
  });

  it('is HTTP/1.1 where only that is asked for, of a server that knows both', async () => {
    const server = createSecureServer({ ...trustedCertificate, allowHTTP1: true }, (_request, response) => {
      response.end('one');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    try {
      const one = { caPem: trustedCertificate.cert, httpVersion: '1.1' } as const;
      const sink = await capture(requestFor(`https://127.0.0.1:${port}/`, { options: one }));
      expect(sink.responseHead?.httpVersion).toBe('1.1');
      expect(alpnOf(sink)).toBe('http/1.1');
    } finally {
      server.close();
    }
  });

  it('is refused where only HTTP/2 is asked for and the server does not take it', async () => {
    await withServer(
      'https',
      (peer) => peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'),
      async (server) => {
        const sink = await capture(requestFor(server.url, { options }));
        expect(sink.ending).toMatchObject({ kind: 'refused', code: 'end/http2-not-negotiated' });
        expect(sink.ending?.message).toContain('HTTP/1.1');
        expect(server.requests).toEqual([]);
      },
    );
  });

  it('is HTTP/1.1 without TLS unless HTTP/2 is asked for', async () => {
    await withServer(
      'http',
      (peer) => peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'),
      async (server) => {
        expect((await capture(requestFor(server.url))).responseHead?.httpVersion).toBe('1.1');
      },
    );
  });

  it('may change with a redirect', async () => {
    await withServer(
      'https',
      (peer) => peer.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhere'),
      async (second) => {
        const redirecting: Answer = (stream) => {
          stream.respond({ ':status': 307, location: second.url });
          stream.end('moved');
        };
        await withNode('https', redirecting, async (url) => {
          const sink = await capture(requestFor(url, { options: { caPem: trustedCertificate.cert } }));
          expect(sink.ending?.code).toBe('end/complete');
          expect(sink.bodyBytes.toString()).toBe('here');
          expect(sink.marks.filter(({ name }) => name === 'tls').map(({ facts }) => facts?.alpn)).toEqual([
            'h2',
            'http/1.1',
          ]);
        });
      },
    );
  });
});

describe('an HTTP/2 exchange', () => {
  it('tells where DATA frames begin and which reads go on with one', async () => {
    const second = signal();
    const server = await startHttp2FaultServer('http', async (peer) => {
      const split = data('split');
      await peer.write(
        Buffer.concat([settings(), headers([[':status', '200']]), data('one'), data('two'), split.subarray(0, 11)]),
      );
      await second.given;
      await peer.write(Buffer.concat([split.subarray(11), data('last', endStream)]));
    });
    try {
      const sink = new RecordingSink();
      sink.onChunk = () => {
        if (sink.chunks.length === 3) second.give();
      };
      await begin(requestFor(`${server.origin}/`, { options }), sink).done;
      expect(sink.chunks.map(({ bytes, continues }) => [bytes.toString(), continues])).toEqual([
        ['one', false],
        ['two', false],
        ['sp', false],
        ['lit', true],
        ['last', false],
      ]);
      const times = sink.chunks.map(({ atMicros }) => atMicros);
      expect(new Set(times.slice(0, 3)).size).toBe(1);
      expect(times[3]).toBeGreaterThan(times[2] ?? 0);
    } finally {
      await server.close();
    }
  });

  it('sends a Host header of its own as the authority, names in lower case and nothing of HTTP/1.1', async () => {
    await withNode(
      'http',
      (stream, seen) => {
        stream.respond({ ':status': 200 });
        stream.end(JSON.stringify(seen));
      },
      async (url) => {
        const own = [
          ['Host', 'elsewhere.test'],
          ['Connection', 'close'],
          ['Authorization', 'Bearer t'],
          ['X-Umlaut', 'ü'],
        ] as const;
        const sink = await capture(requestFor(url, { headers: own, options }));
        expect(JSON.parse(sink.bodyBytes.toString())).toMatchObject({
          ':authority': 'elsewhere.test',
          authorization: 'Bearer t',
        });
        const names = sink.sentHeaders[0]?.map(([name]) => name);
        expect(names).toContain('x-umlaut');
        expect(names).not.toContain('connection');
        expect(names).not.toContain('host');
        expect(sink.sentHeaders[0]?.find(([name]) => name === 'x-umlaut')?.[1]).toBe('ü');
      },
    );
  });

  it('is over when the answer is, although the request is still being sent', async () => {
    await withNode(
      'http',
      (stream) => {
        stream.respond({ ':status': 413 });
        stream.end('too much');
      },
      async (url) => {
        const body = { kind: 'bytes', bytes: Buffer.alloc(8_000_000) } as const;
        const sink = await capture(requestFor(url, { method: 'POST', body, options }));
        expect(sink.ending?.code).toBe('end/complete');
        expect(sink.responseHead?.status).toBe(413);
        expect(sink.bodyBytes.toString()).toBe('too much');
      },
    );
  });

  it.each(['http', 'https'] as const)('leaves no connection open over %s, and takes its leave', async (scheme) => {
    let said = Buffer.alloc(0);
    const left = signal();
    const server = await startRawServer(scheme, 'h2', (socket, peer) => {
      socket.on('data', (bytes: Buffer) => {
        said = Buffer.concat([said, bytes]);
        if (said.includes('/stream'))
          void peer.write(Buffer.concat([settings(), headers([[':status', '200']]), data('x')]));
      });
      void peer.gone.then(left.give);
    });
    try {
      const sink = new RecordingSink();
      const running = begin(requestFor(`${server.origin}/stream`, { options }), sink);
      sink.onChunk = () => running.stop({ by: 'user' });
      await running.done;
      await left.given;
      expect(sink.ending?.code).toBe('end/stopped');
      expect(server.openConnections).toBe(0);
      // RST_STREAM with CANCEL, then GOAWAY with NO_ERROR.
      const goodbye = Buffer.concat([rst(8), goaway(0, 0)]);
      expect(said.subarray(-goodbye.byteLength).equals(goodbye)).toBe(true);
    } finally {
      await server.close();
    }
  });

  it('keeps the head that was refused as the frames that came', async () => {
    const head = headers([
      [':status', '200'],
      ['x-bad', 'a\0b'],
    ]);
    const server = await startHttp2FaultServer('http', (peer) => peer.write(Buffer.concat([settings(), head])));
    try {
      const sink = await capture(requestFor(`${server.origin}/`, { options }));
      expect(sink.ending?.code).toBe('end/invalid-header');
      expect(sink.wireBytes.equals(head)).toBe(true);
    } finally {
      await server.close();
    }
  });

  it('keeps what came after the end for whoever wants to see it', async () => {
    const server = await startHttp2FaultServer('http', (peer) =>
      peer.write(Buffer.concat([settings(), headers([[':status', '200']]), data('all', endStream), data('EXTRA')])),
    );
    try {
      const sink = await capture(requestFor(`${server.origin}/`, { options }));
      expect(sink.diagnostics).toEqual([
        {
          code: 'end/extra-bytes',
          details: { bytes: 5, preview: 'EXTRA', base64: Buffer.from('EXTRA').toString('base64') },
        },
      ]);
    } finally {
      await server.close();
    }
  });
});
