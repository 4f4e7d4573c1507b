import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest, Agent, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { startRawServer } from '../capture/rawServer.ts';
import { bodyOf, rawRequest, withOrigin, withProxy } from './proxying.ts';
import { kept } from './replaying.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const latin1 = (lines: readonly string[]): Buffer => Buffer.from(lines.join('\r\n'), 'latin1');

interface Seen {
  readonly line: string;
  readonly headers: readonly string[];
  readonly body: Buffer;
}

/** An upstream that answers with what it was asked, byte for byte. */
function echoing(seen: Seen[]) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    void bodyOf(request).then((body) => {
      seen.push({ line: `${request.method ?? ''} ${request.url ?? ''}`, headers: request.rawHeaders, body });
      response.writeHead(200, {
        'content-type': 'application/octet-stream',
        'content-length': String(body.byteLength),
      });
      response.end(request.method === 'HEAD' ? undefined : body);
    });
  };
}

describe('what passes the proxy', () => {
  it('is a stream handed on chunk for chunk, and recorded', async () => {
    await withOrigin(
      (request, response) => {
        void bodyOf(request).then((body) => {
          response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
          response.write(`data: ${body.toString()}\n\n`);
          setTimeout(() => response.end('data: two\n\n'), 10);
        });
      },
      (origin) =>
        withProxy({ everything: origin }, async ({ url, over, instrument }) => {
          const answer = await rawRequest(
            url,
            `POST /v1/chat?a=%20b HTTP/1.1\r\nHost: ${new URL(url).host}\r\nAuthorization: Bearer sk-test\r\nContent-Length: 5\r\n\r\nhello`,
            /\r\n0\r\n\r\n$/,
          );
          expect(answer.text).toContain('\r\n\r\nd\r\ndata: hello\n\n\r\nb\r\ndata: two\n\n\r\n0\r\n\r\n');
          const [line] = await over(1);
          const target = '/v1/chat?a=%20b';
          expect(line).toMatchObject({
            route: 'to',
            method: 'POST',
            target,
            status: 200,
            state: 'complete',
            bytes: 24,
          });
          const recording = await kept(instrument, line?.recordingId ?? '');
          expect(recording.facts).toMatchObject({
            source: 'proxy',
            request: { method: 'POST', url: `${origin}/v1/chat?a=%20b`, body: { kind: 'text', text: 'hello' } },
            ending: { kind: 'complete', code: 'end/complete' },
            proxied: { route: 'to', client: { address: '127.0.0.1', userAgent: null }, interventions: [] },
          });
          expect(recording.pieces.map(({ bytes }) => bytes)).toEqual([13, 11]);
        }),
    );
  });

  it('is a request as it came: method, odd path, headers in order, spelling and number, but for the connection’s own', async () => {
    const seen: Seen[] = [];
    await withOrigin(echoing(seen), (origin) =>
      withProxy({ everything: origin }, async ({ url, over }) => {
        const target = "/a//b/../c%2Fd;x=1/'%zz?q=%20+&q=2&é=%C3%A9".replace('é', 'e');
        const answer = await rawRequest(
          url,
          latin1([
            `PURGE ${target} HTTP/1.1`,
            `HOST: ${new URL(url).host}`,
            'x-Odd-Case: 1',
            'X-Twice: a',
            'Accept-Encoding: br;q=0.3, gzip',
            'X-Twice: b',
            `X-Bytes: ${Buffer.from('é', 'utf8').toString('latin1')}\xff`,
            'Connection: keep-alive, X-Hop',
            'X-Hop: gone',
            'Keep-Alive: timeout=5',
            'TE: trailers',
            'User-Agent: own/1',
            '',
            '',
          ]),
          /\r\n\r\n$/,
        );
        expect(answer.text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
        expect(seen[0]?.line).toBe(`PURGE ${target}`);
        expect(seen[0]?.headers).toEqual([
          'HOST',
          new URL(origin).host,
          'x-Odd-Case',
          '1',
          'X-Twice',
          'a',
          'Accept-Encoding',
          'br;q=0.3, gzip',
          'X-Twice',
          'b',
          'X-Bytes',
          `${Buffer.from('é', 'utf8').toString('latin1')}\xff`,
          'User-Agent',
          'own/1',
        ]);
        await over(1);
      }),
    );
  });

  it('is any body, of a length or in chunks, both ways with the same SHA-256, and says when a recording has a part of it', async () => {
    const seen: Seen[] = [];
    await withOrigin(echoing(seen), (origin) =>
      withProxy({ everything: origin }, async ({ url, over, instrument }) => {
        const { hostname, port } = new URL(url);
        for (const length of [0, 1, 70_000, 12_000_000, 50_000_000]) {
          const body = randomBytes(length);
          for (const chunked of length === 50_000_000 ? [false] : [false, true]) {
            const headers = chunked ? { 'transfer-encoding': 'chunked' } : { 'content-length': String(length) };
            const sent = httpRequest({ hostname, port, method: 'POST', path: '/up', headers });
            sent.end(body);
            const [response] = (await once(sent, 'response')) as [IncomingMessage];
            expect(sha256(await bodyOf(response))).toBe(sha256(body));
            expect(sha256(seen.at(-1)?.body ?? Buffer.alloc(0))).toBe(sha256(body));
            const [line] = await over(1);
            const { facts, sha256: recorded } = await kept(instrument, line?.recordingId ?? '');
            expect(recorded).toBe(sha256(body));
            const shortened = facts.proxied?.requestShortened;
            expect(shortened).toEqual(length > 8_388_608 ? { keptBytes: 8_388_608, bytes: length } : undefined);
            const found = (facts.transportFindings ?? []).map(({ code }) => code);
            expect(found).toEqual(length > 8_388_608 ? ['proxy/request-shortened'] : []);
          }
        }
      }),
    );
  }, 120_000);

  it('is an answer as it came: interim heads, spelling, trailers, coded bytes, chunk borders, chunk extensions', async () => {
    const coded = gzipSync('data: one\n\n'.repeat(50));
    const wire = [
      'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n',
      'HTTP/1.1 299 Quite Fine\r\nX-ODD: 1\r\nx-odd: 2\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\nKeep-Alive: timeout=9\r\n\r\n',
      `5;ext=1\r\n${coded.subarray(0, 5).toString('latin1')}\r\n`,
      `${(coded.byteLength - 5).toString(16)}\r\n${coded.subarray(5).toString('latin1')}\r\n`,
      '0\r\nX-Sum: abc\r\n\r\n',
    ];
    const server = await startRawServer('http', 'http/1.1', (peer) => {
      for (const piece of wire) void peer.write(Buffer.from(piece, 'latin1'));
    });
    try {
      await withProxy({ everything: server.origin }, async ({ url, over, instrument }) => {
        const answer = await rawRequest(url, 'GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n', /X-Sum: abc\r\n\r\n$/);
        expect(answer.text).toBe(wire.join('').replace('Keep-Alive: timeout=9\r\n', ''));
        const [line] = await over(1);
        const recording = await kept(instrument, line?.recordingId ?? '');
        expect(recording.pieces.map(({ bytes }) => bytes)).toEqual([5, coded.byteLength - 5]);
        expect(recording.sha256).toBe(sha256(coded));
        expect(recording.facts.trailers).toEqual([['X-Sum', 'abc']]);
      });
    } finally {
      await server.close();
    }
  });

  it('is an answer without a body where there is none: HEAD, 204, 304; the connection goes on', async () => {
    await withOrigin(
      (request, response) => {
        const status = Number(request.url?.slice(1));
        response.writeHead(status, status === 200 ? { 'content-length': '5' } : {});
        response.end();
      },
      (origin) =>
        withProxy({ everything: origin }, async ({ url, over }) => {
          const { text } = await rawRequest(
            url,
            ['HEAD /200', 'GET /204', 'GET /304', 'GET /205']
              .map((line) => `${line} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
              .join(''),
            /HTTP\/1\.1 205[^]*\r\n\r\n/,
          );
          expect(text.match(/HTTP\/1\.1 (\d+)/g)).toEqual([
            'HTTP/1.1 200',
            'HTTP/1.1 204',
            'HTTP/1.1 304',
            'HTTP/1.1 205',
          ]);
          const lines = await over(4);
          expect(lines.map(({ state }) => state)).toEqual(['complete', 'complete', 'complete', 'complete']);
        }),
    );
  });

  it('waits for a client that asks first (Expect: 100-continue), as the upstream does', async () => {
    await withOrigin(
      (request, response) => void bodyOf(request).then((body) => response.end(body)),
      (origin) =>
        withProxy({ everything: origin }, async ({ url }) => {
          const { hostname, port } = new URL(url);
          const sent = httpRequest({
            hostname,
            port,
            method: 'POST',
            headers: { expect: '100-continue', 'content-length': '3' },
          });
          sent.flushHeaders();
          await once(sent, 'continue');
          sent.end('abc');
          const [response] = (await once(sent, 'response')) as [IncomingMessage];
          expect((await bodyOf(response)).toString()).toBe('abc');
        }),
    );
  });

  it('is a hundred streams at once over connections that are used again', async () => {
    await withOrigin(
      (request, response) => {
        response.writeHead(200, { 'content-type': 'application/x-ndjson' });
        let n = 0;
        const timer = setInterval(() => {
          response.write(`{"path":"${request.url ?? ''}","n":${String(n)}}\n`);
          if (++n < 5) return;
          clearInterval(timer);
          response.end();
        }, 5);
      },
      (origin) =>
        withProxy({ everything: origin }, async ({ url, over, instrument }) => {
          const { hostname, port } = new URL(url);
          const agent = new Agent({ keepAlive: true, maxSockets: 25 });
          await Promise.all(
            Array.from({ length: 100 }, async (_, n) => {
              const sent = httpRequest({ hostname, port, path: `/s/${String(n)}`, agent }).end();
              const [response] = (await once(sent, 'response')) as [IncomingMessage];
              const wanted = Array.from({ length: 5 }, (_u, k) => `{"path":"/s/${String(n)}","n":${String(k)}}\n`).join(
                '',
              );
              expect((await bodyOf(response)).toString()).toBe(wanted);
            }),
          );
          agent.destroy();
          const lines = await over(100);
          expect(new Set(lines.map(({ recordingId }) => recordingId)).size).toBe(100);
          expect(instrument.recordings.list().filter(({ endingKind }) => endingKind === 'complete')).toHaveLength(100);
        }),
    );
  }, 60_000);
});

describe('a client of the proxy', () => {
  it('who leaves ends the upstream’s work at once, and that is no failure', async () => {
    let upstreamClosed = (): void => {};
    const closed = new Promise<void>((resolve) => (upstreamClosed = resolve));
    await withOrigin(
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write('data: 1\n\n');
        response.on('close', upstreamClosed);
      },
      (origin) =>
        withProxy({ everything: origin }, async ({ url, over, instrument }) => {
          await rawRequest(url, 'GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n', /data: 1/);
          await closed;
          const [line] = await over(1);
          expect(line?.state).toBe('client-left');
          const { facts } = await kept(instrument, line?.recordingId ?? '');
          const ending = { kind: 'stopped', code: 'end/stopped-by-client', message: 'Stopped by the client.' };
          expect(facts.ending).toMatchObject(ending);
          expect(instrument.verdict(facts.id).tone).toBe('neutral');
        }),
    );
  });

  it('who reads slowly holds the upstream back, with a mark, and gets every byte', async () => {
    const total = 40_000_000;
    const body = randomBytes(total);
    let written = 0;
    await withOrigin(
      (_request, response) => {
        response.writeHead(200, { 'content-length': String(total) });
        const go = (): void => {
          while (written < total) {
            const piece = body.subarray(written, written + 65_536);
            written += piece.byteLength;
            if (!response.write(piece)) {
              response.once('drain', go);
              return;
            }
          }
          response.end();
        };
        go();
      },
      (origin) =>
        withProxy({ everything: origin }, async ({ url, over, instrument }) => {
          const { hostname, port } = new URL(url);
          const socket = connect({ host: hostname, port: Number(port) });
          socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
          await once(socket, 'connect');
          const pieces: Buffer[] = [];
          // Nothing is read until what there is for it fills every buffer on the way.
          const isHeld = (): boolean => {
            const [live] = instrument.recordings.list();
            const marks = live === undefined ? [] : instrument.recordings.get(live.id).facts().marks;
            return marks.at(-1)?.name === 'paused';
          };
          while (!isHeld()) await new Promise((resolve) => setTimeout(resolve, 20));
          expect(written).toBeLessThan(total);
          for await (const piece of socket as AsyncIterable<Buffer>) pieces.push(piece);
          const answer = Buffer.concat(pieces);
          expect(sha256(answer.subarray(answer.indexOf('\r\n\r\n') + 4))).toBe(sha256(body));
          const [line] = await over(1);
          const { facts, sha256: recorded } = await kept(instrument, line?.recordingId ?? '');
          expect(recorded).toBe(sha256(body));
          const paused = facts.marks.filter(({ name }) => name === 'paused').map((mark) => mark.facts?.reason);
          expect(paused).toContain('the client reads slowly');
        }),
    );
  }, 60_000);
});

describe('what the proxy cannot carry', () => {
  async function refused(
    request: string,
    start: Parameters<typeof withProxy>[0],
    status: number,
    code: string,
  ): Promise<string> {
    return withProxy(start, async ({ url, over, instrument }) => {
      const answer = await rawRequest(url, request, /\}\s*$/);
      expect(answer.text).toMatch(new RegExp(`^HTTP/1\\.1 ${String(status)} `));
      expect(answer.text).toContain(`X-Streamscope-Error: ${code}`);
      const [line] = await over(1);
      const { facts } = await kept(instrument, line?.recordingId ?? '');
      expect(facts.ending).toMatchObject({ kind: 'refused', code });
      expect(facts.transportFindings).toEqual([{ code: 'proxy/answered-here', details: { status } }]);
      const body = JSON.parse(answer.text.slice(answer.text.indexOf('\r\n\r\n'))) as { error: { message: string } };
      return body.error.message;
    });
  }

  it('is told: nobody listens there', async () => {
    const gone = await startRawServer('http', 'http/1.1', () => {});
    await gone.close();
    const request = 'GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n';
    expect(await refused(request, { everything: gone.origin }, 502, 'end/connect-refused')).toContain('Give the route');
  });

  it('is told: no route, with those there are', async () => {
    const message = await refused('GET /opnai/v1 HTTP/1.1\r\nHost: localhost\r\n\r\n', {}, 404, 'end/no-route');
    expect(message).toContain('/openai');
  });

  it('is told: a WebSocket, a forward proxy', async () => {
    const upgrade = 'GET /openai/v1 HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
    expect(await refused(upgrade, {}, 501, 'end/upgrade-not-carried')).toContain('websocket');
    const forward = 'GET http://example.com/ HTTP/1.1\r\nHost: localhost\r\n\r\n';
    expect(await refused(forward, {}, 404, 'end/no-route')).toContain('HTTP_PROXY');
  });

  it('is told: itself, in every spelling', async () => {
    await withProxy({}, async ({ url, over, instrument, configure }) => {
      const { hostname, port } = new URL(url);
      const spellings = [hostname, `2130706434`, '127.2', '0x7f.0.0.2', '[::ffff:127.0.0.2]'];
      for (const [n, spelling] of spellings.entries()) {
        configure([{ name: 'me', upstream: `http://${spelling}:${port}` }]);
        const answer = await rawRequest(url, 'GET /me/me/me HTTP/1.1\r\nHost: localhost\r\n\r\n', /\}\s*$/);
        expect(`${spelling}: ${answer.text.slice(0, 12)}`).toBe(`${spelling}: HTTP/1.1 508`);
        await over(1);
        expect(instrument.proxy.describe().exchanges).toBe(n + 1);
      }
    });
  });

  it('is answered without a recording: another host’s name, and what is no request', async () => {
    await withProxy({}, async ({ url, instrument }) => {
      const foreign = await rawRequest(url, 'GET /openai/v1 HTTP/1.1\r\nHost: evil.example\r\n\r\n', /\}\s*$/);
      expect(foreign.text).toMatch(/^HTTP\/1\.1 421 /);
      for (const bad of [
        'GET /openai HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
        'GET /openai HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
        'GET /openai HTTP/1.1\nHost: localhost\n\n',
        'GET /openai HTTP/1.1\r\nHost: localhost\r\n folded: 1\r\n\r\n',
        '\x16\x03\x01\x02\x00\x01\r\n\r\n',
      ]) {
        const answer = await rawRequest(url, Buffer.from(bad, 'latin1'));
        expect(answer.text).toMatch(/^HTTP\/1\.1 400 /);
        expect(answer.end).toBe('closed');
      }
      expect(instrument.recordings.list()).toEqual([]);
    });
  });
});
