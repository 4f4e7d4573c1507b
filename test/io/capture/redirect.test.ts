import { describe, expect, it } from 'vitest';
import { capture, withServer } from './capturing.ts';
import { requestFor } from './recordingSink.ts';

const arrived = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhere';
const to = (status: number, location: string): string =>
  `HTTP/1.1 ${String(status)} Elsewhere\r\nLocation: ${location}\r\nContent-Length: 6\r\n\r\nmoved.`;

describe('redirects', () => {
  it('are followed with a mark each; only the last answer is the recording’s', async () => {
    await withServer(
      'http',
      (peer) => peer.write(peer.request.startsWith('GET /stream') ? to(302, '/next?x=1') : arrived),
      async (server) => {
        const sink = await capture(requestFor(server.url));
        expect(sink.ending?.code).toBe('end/complete');
        expect(sink.bodyBytes.toString()).toBe('here');
        expect(sink.responseHead?.status).toBe(200);
        expect(sink.markNames).toEqual([
          'connect',
          'request-sent',
          'redirect',
          'connect',
          'request-sent',
          'headers',
          'first-byte',
          'end',
        ]);
        const target = server.url.replace('/stream', '/next?x=1');
        const headers = [
          ['Location', '/next?x=1'],
          ['Content-Length', '6'],
        ];
        expect(sink.marks[2]?.facts).toEqual({ status: 302, from: server.url, to: target, headers });
        expect(sink.sentHeaders).toHaveLength(2);
      },
    );
  });

  it('are not followed unless asked', async () => {
    await withServer(
      'http',
      (peer) => peer.write(to(302, '/next')),
      async (server) => {
        const sink = await capture(requestFor(server.url, { options: { followRedirects: false } }));
        expect(sink.responseHead?.status).toBe(302);
        expect(sink.bodyBytes.toString()).toBe('moved.');
        expect(server.requests).toHaveLength(1);
      },
    );
  });

  it.each([
    [301, 'POST', 'GET', ''],
    [302, 'POST', 'GET', ''],
    [303, 'POST', 'GET', ''],
    [303, 'PUT', 'GET', ''],
    [301, 'PUT', 'PUT', 'data'],
    [307, 'POST', 'POST', 'data'],
    [308, 'POST', 'POST', 'data'],
    [303, 'HEAD', 'HEAD', ''],
  ])('%i after %s asks with %s', async (status, method, then, body) => {
    await withServer(
      'http',
      (peer) => peer.write(peer.request.includes(' /stream ') ? to(status, '/next') : arrived),
      async (server) => {
        const headers = [['Content-Type', 'text/plain']] as const;
        const hasBody = method !== 'HEAD';
        await capture(
          requestFor(server.url, {
            method,
            headers: hasBody ? headers : [],
            body: hasBody ? { kind: 'text', text: 'data' } : { kind: 'none' },
          }),
        );
        const second = server.requests[1] ?? '';
        expect(second.startsWith(`${then} /next `)).toBe(true);
        expect(second.endsWith(`\r\n\r\n${body}`)).toBe(true);
        expect(/content-type/i.test(second)).toBe(body !== '');
      },
    );
  });

  it('keep credentials within an origin and drop them, whatever their name, at its border', async () => {
    await withServer(
      'http',
      (peer) => peer.write(arrived),
      async (other) => {
        await withServer(
          'http',
          (peer) => peer.write(peer.request.includes(' /stream ') ? to(307, '/own') : to(307, other.url)),
          async (server) => {
            const headers = [
              ['Cookie', 'c=1'],
              ['X-Api-Key', 'k'],
              ['x-goog-api-key', 'k'],
              ['X-Auth-Token', 't'],
              ['X-Trace', 'kept'],
              ['Host', 'alias.test'],
            ] as const;
            await capture(requestFor(server.url, { headers, auth: { kind: 'bearer', token: 'b' } }));
            const secrets = /authorization|cookie|x-api-key|x-goog-api-key|x-auth-token/gi;
            expect(server.requests[1]?.match(secrets)).toHaveLength(5);
            expect(other.requests[0]?.match(secrets)).toBeNull();
            expect(other.requests[0]).toMatch(/X-Trace: kept/);
            expect(other.requests[0]).not.toMatch(/alias\.test/);
          },
        );
      },
    );
  });

  it('end at ten, with the limit named', async () => {
    await withServer(
      'http',
      (peer) => peer.write(to(302, '/stream')),
      async (server) => {
        const sink = await capture(requestFor(server.url));
        expect(server.requests).toHaveLength(11);
        expect(sink.ending).toMatchObject({ kind: 'stopped', code: 'end/redirect-limit' });
        expect(sink.ending?.message).toMatch(/10 redirects/);
        expect(sink.responseHead?.status).toBe(302);
      },
    );
  });

  it('without a usable target are shown as they are', async () => {
    for (const location of ['', 'ftp://example.test/', 'http://']) {
      await withServer(
        'http',
        (peer) => peer.write(location === '' ? to(302, '').replace('Location: \r\n', '') : to(302, location)),
        async (server) => {
          const sink = await capture(requestFor(server.url));
          expect(sink.responseHead?.status).toBe(302);
          expect(sink.ending?.code).toBe('end/complete');
        },
      );
    }
  });

  it('to an unreachable place end refused', async () => {
    await withServer(
      'http',
      (peer) => peer.write(to(302, 'http://127.0.0.1:1/')),
      async (server) => {
        const sink = await capture(requestFor(server.url));
        expect(sink.ending).toMatchObject({ kind: 'refused', code: 'end/connect-refused' });
        expect(sink.markNames).toContain('redirect');
      },
    );
  });

  it.each([
    ['relative to the scheme', (host: string) => `//${host}/next`, '/next'],
    ['relative to the path', () => '../next?x=1', '/next?x=1'],
    ['with a fragment, which stays here', () => '/next#part', '/next'],
    [
      'with credentials, which are the server’s word and not the user’s',
      (host: string) => `http://a:b@${host}/next`,
      '/next',
    ],
  ])('that are %s lead on', async (_name, location, path) => {
    await withServer(
      'http',
      (peer) => {
        const host = /^host: *(\S+)/im.exec(peer.request)?.[1] ?? '';
        return peer.write(peer.request.startsWith('GET /stream') ? to(302, location(host)) : arrived);
      },
      async (server) => {
        const sink = await capture(requestFor(server.url));
        expect(sink.ending?.code).toBe('end/complete');
        expect(server.requests[1]).toMatch(new RegExp(`^GET ${path.replace('?', '\\?')} HTTP`));
        expect(server.requests[1]).not.toMatch(/^authorization:/im);
      },
    );
  });

  it.each(['http://[broken', 'ftp://files.test/', 'javascript:alert(1)', 'http://a b/'])(
    'to what can be no address (%s) are the answer themselves',
    async (location) => {
      await withServer(
        'http',
        (peer) => peer.write(to(302, location)),
        async (server) => {
          const sink = await capture(requestFor(server.url));
          expect(sink.responseHead?.status).toBe(302);
          expect(sink.bodyBytes.toString()).toBe('moved.');
          expect(sink.ending?.code).toBe('end/complete');
          expect(server.requests).toHaveLength(1);
        },
      );
    },
  );

  it('from https to http are followed without what proves who asks, and the chain shows both', async () => {
    await withServer(
      'http',
      (peer) => peer.write(arrived),
      async (plain) => {
        await withServer(
          'https',
          (peer) => peer.write(to(301, plain.url)),
          async (secure) => {
            const auth = { kind: 'bearer', token: 'secret' } as const;
            const sink = await capture({ ...requestFor(secure.url, { options: { insecureTls: true } }), auth });
            expect(sink.ending?.code).toBe('end/complete');
            expect(secure.requests[0]).toContain('secret');
            expect(plain.requests[0]).not.toContain('secret');
            const mark = sink.marks.find(({ name }) => name === 'redirect');
            expect(mark?.facts).toMatchObject({ status: 301, from: secure.url, to: plain.url });
          },
        );
      },
    );
  });
});
