import { once } from 'node:events';
import { createSecureServer, createServer as createHttp2Server, type Http2Server } from 'node:http2';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { openCapture } from '../../../src/main/capture/openCapture.ts';
import { defaultLimits } from '../../../src/shared/limits.ts';
import type { RequestOptions } from '../../../src/shared/request.ts';
import { capture, withServer } from './capturing.ts';
import { startForwardProxy, type ForwardProxy, type ForwardProxyOptions } from './forwardProxy.ts';
import { RecordingSink, requestFor } from './recordingSink.ts';
import { expiredCertificate, trustedCertificate } from './testCertificates.ts';

const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

async function withProxy(options: ForwardProxyOptions, use: (proxy: ForwardProxy) => Promise<void>): Promise<void> {
  const proxy = await startForwardProxy(options);
  try {
    await use(proxy);
    await expect.poll(() => proxy.openConnections).toBe(0);
  } finally {
    await proxy.close();
  }
}

const through = (url: string, more: Partial<RequestOptions> = {}) => ({
  options: { proxy: { kind: 'url', url } as const, ...more },
});
const trusting = { caPem: trustedCertificate.cert };

describe('an http URL', () => {
  it('goes through the proxy in absolute form, with its credentials for the proxy alone', async () => {
    await withProxy({ credentials: 'ann:p@ss' }, (proxy) =>
      withServer(
        'http',
        (peer) => peer.write(answer),
        async (server) => {
          const url = proxy.url.replace('//', '//ann:p%40ss@');
          const sink = await capture({
            ...requestFor(`${server.url}?a=1`, through(url)),
            auth: { kind: 'bearer', token: 'origin-secret' },
          });
          expect(sink.ending?.code).toBe('end/complete');
          expect(sink.bodyBytes.toString()).toBe('ok');
          expect(proxy.requests[0]).toMatch(new RegExp(`^GET ${server.url}\\?a=1 HTTP/1\\.1`));
          expect(server.requests[0]).not.toMatch(/proxy-authorization/i);
          expect(server.requests[0]).toContain('Bearer origin-secret');
          expect(sink.marks.find(({ name }) => name === 'connect')?.facts).toMatchObject({
            remote: proxy.address,
            proxy: proxy.url,
          });
          expect(JSON.stringify(sink.marks)).not.toContain('p%40ss');
        },
      ),
    );
  });

  it('shows the proxy’s own refusal as the answer it is', async () => {
    await withProxy({ credentials: 'ann:right' }, async (proxy) => {
      const sink = await capture(requestFor('http://server.invalid/', through(proxy.url)));
      expect(sink.responseHead?.status).toBe(407);
      expect(sink.ending?.code).toBe('end/complete');
    });
  });

  it('goes through a tunnel when HTTP/2 is known to be spoken, and never resolves the name here', async () => {
    await withProxy({ tunnel: { kind: 'say', bytes: 'HTTP/1.1 502 Bad Gateway\r\n\r\n' } }, async (proxy) => {
      const sink = await capture(requestFor('http://server.invalid/', through(proxy.url, { httpVersion: '2' })));
      expect(proxy.requests[0]).toMatch(/^CONNECT server\.invalid:80 /);
      expect(sink.ending).toMatchObject({ kind: 'refused', code: 'end/proxy-connect' });
      expect(sink.markNames).not.toContain('dns');
    });
  });
});

describe('an https URL', () => {
  it.each<[string, ForwardProxyOptions]>([
    ['an http:// proxy', {}],
    ['an https:// proxy', { certificate: trustedCertificate }],
  ])('goes through a tunnel of %s: the proxy sees neither request nor credentials', async (_name, options) => {
    await withProxy(options, (proxy) =>
      withServer(
        'https',
        (peer) => peer.write(answer),
        async (server) => {
          const sink = await capture({
            ...requestFor(server.url, through(proxy.url.replace('//', '//ann:secret@'), trusting)),
            auth: { kind: 'basic', username: 'origin', password: 'origin' },
          });
          expect(sink.ending?.code).toBe('end/complete');
          expect(proxy.requests).toHaveLength(1);
          expect(proxy.requests[0]).toMatch(/^CONNECT 127\.0\.0\.1:\d+ HTTP\/1\.1\r\nHost: /);
          expect(proxy.requests[0]).not.toMatch(/\r\nauthorization:/i);
          expect(server.requests[0]).toMatch(/^GET \/stream HTTP/);
          expect(server.requests[0]).not.toMatch(/proxy-/i);
          const secureProxy = options.certificate !== undefined;
          const marks = ['connect', ...(secureProxy ? ['tls'] : []), 'tunnel', 'tls', 'request-sent'];
          expect(sink.markNames.slice(0, marks.length)).toEqual(marks);
          expect(sink.marks.find(({ name }) => name === 'tunnel')?.facts).toEqual({ proxy: proxy.url });
        },
      ),
    );
  });

  it.each([
    ['negotiated under TLS', true],
    ['known beforehand', false],
  ])('speaks HTTP/2 through the tunnel, %s', async (_name, secure) => {
    const server: Http2Server = secure
      ? createSecureServer({ key: trustedCertificate.key, cert: trustedCertificate.cert })
      : createHttp2Server();
    server.on('stream', (stream) => {
      stream.respond({ ':status': 200 });
      stream.end('two');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    await withProxy({}, async (proxy) => {
      const url = `${secure ? 'https' : 'http'}://127.0.0.1:${port}/`;
      const options = through(proxy.url, { ...trusting, httpVersion: secure ? 'auto' : '2' });
      const sink = await capture(requestFor(url, options));
      expect(sink.ending?.code).toBe('end/complete');
      expect(sink.responseHead?.httpVersion).toBe('2');
      expect(sink.bodyBytes.toString()).toBe('two');
      expect(proxy.requests).toHaveLength(1);
    });
    server.close();
  });

  it('keeps bytes that come in one piece with the proxy’s answer', async () => {
    // What speaks first here is no TLS, so the handshake fails by what it says instead of waiting for ever.
    await withProxy({ bytesAfterAnswer: 'HTTP/1.1 400 no TLS here\r\n\r\n' }, (proxy) =>
      withServer(
        'http',
        () => {},
        async (server) => {
          const sink = await capture(requestFor(server.url.replace('http:', 'https:'), through(proxy.url)));
          expect(sink.ending).toMatchObject({ code: 'end/tls-handshake' });
        },
      ),
    );
  });
});

describe('a proxy that fails', () => {
  const say = (bytes: string, stays = false): ForwardProxyOptions => ({ tunnel: { kind: 'say', bytes, stays } });
  it.each<[string, ForwardProxyOptions, string, RegExp]>([
    ['wants credentials', { credentials: 'ann:secret' }, 'end/proxy-auth', /asks who you are \(407\).*user:password@/],
    [
      'wants an authentication that is not spoken',
      say('HTTP/1.1 407 No\r\nProxy-Authenticate: NTLM\r\nProxy-Authenticate: Negotiate\r\n\r\n'),
      'end/proxy-auth',
      /wants NTLM or Negotiate/,
    ],
    ['refuses the tunnel', say('HTTP/1.1 502 Bad Gateway\r\n\r\n'), 'end/proxy-connect', /answered 502 Bad Gateway/],
    ['says nothing and closes', say(''), 'end/proxy-connect', /closed by the proxy before an answer/],
    ['closes in its answer', say('HTTP/1.1 200 O'), 'end/proxy-connect', /in the middle of its answer/],
    ['resets', { tunnel: { kind: 'reset' } }, 'end/proxy-connect', /ECONNRESET\) before an answer/],
    ['is none', say('220 mail.test ESMTP\r\n', true), 'end/proxy-connect', /no HTTP proxy: it began with “220 mail/],
    [
      'never stops answering',
      say(`HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(20_000)}`, true),
      'end/proxy-connect',
      /no HTTP proxy/,
    ],
  ])('and %s ends as what it is', async (_name, options, code, message) => {
    await withProxy(options, async (proxy) => {
      const sink = await capture(requestFor('https://server.invalid/', through(proxy.url)));
      expect(sink.ending).toMatchObject({ kind: 'refused', code });
      expect(sink.ending?.message).toMatch(message);
      expect(sink.ending?.message).toContain(proxy.url);
      expect(sink.sentHeaders).toEqual([]);
    });
  });

  it('and does not take the credentials it is given is told apart from one that asks for them', async () => {
    await withProxy({ credentials: 'ann:right' }, async (proxy) => {
      const url = proxy.url.replace('//', '//ann:wrong@');
      const sink = await capture(requestFor('https://server.invalid/', through(url)));
      expect(sink.ending).toMatchObject({ code: 'end/proxy-auth' });
      expect(sink.ending?.message).toMatch(/does not take the user and password/);
      expect(sink.ending?.message).not.toContain('wrong');
    });
  });

  it('by keeping silent is given up in time', async () => {
    await withProxy(say('', true), async (proxy) => {
      const options = through(proxy.url, { connectTimeoutMillis: 50 });
      const sink = await capture(requestFor('https://server.invalid/', options));
      expect(sink.ending).toMatchObject({ kind: 'timeout', code: 'end/connect-timeout' });
      expect(sink.ending?.message).toContain(`through the proxy ${proxy.url}`);
    });
  });

  it('by not being there', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    server.close();
    await once(server, 'close');
    const sink = await capture(requestFor('http://server.invalid/', through(`http://127.0.0.1:${port}`)));
    expect(sink.ending).toMatchObject({ kind: 'refused', code: 'end/proxy-refused' });
    expect(sink.ending?.message).toMatch(/^The proxy http:\/\/127\.0\.0\.1:\d+ cannot be reached\. Nothing accepts/);
  });

  it('over TLS whose certificate does not verify is refused, even where the server’s need not verify', async () => {
    await withProxy({ certificate: expiredCertificate }, async (proxy) => {
      const options = through(proxy.url, { insecureTls: true });
      const sink = await capture(requestFor('http://server.invalid/', options));
      expect(sink.ending).toMatchObject({ kind: 'refused', code: 'end/proxy-tls' });
      expect(proxy.requests).toEqual([]);
    });
  });
});

describe('the environment', () => {
  it('decides for each hop of a redirect anew', async () => {
    await withProxy({}, (proxy) =>
      withServer(
        'http',
        (peer) =>
          peer.write(
            peer.request.startsWith('GET /stream')
              ? `HTTP/1.1 302 Found\r\nLocation: ${peer.request.includes('127.0.0.1') ? 'http://localhost' : ''}:${/host: [^:]*:(\d+)/i.exec(peer.request)?.[1] ?? ''}/next\r\nContent-Length: 0\r\n\r\n`
              : answer,
          ),
        async (server) => {
          const sink = new RecordingSink();
          const environment = { http_proxy: proxy.url, no_proxy: 'localhost' };
          const opened = openCapture(requestFor(server.url), sink, { limits: defaultLimits, environment });
          if (!opened.ok) throw new Error(opened.failure.message);
          await opened.value.done;
          expect(sink.ending?.code).toBe('end/complete');
          expect(proxy.requests).toHaveLength(1);
          expect(server.requests).toHaveLength(2);
        },
      ),
    );
  });

  it('that names no usable proxy is a failure before anything is opened', () => {
    const opened = openCapture(requestFor('http://127.0.0.1:9/'), new RecordingSink(), {
      limits: defaultLimits,
      environment: { ALL_PROXY: 'socks5://user:secret@127.0.0.1:1080' },
    });
    expect(opened).toMatchObject({ ok: false, failure: { code: 'request/invalid-proxy' } });
    expect(JSON.stringify(opened)).toMatch(/ALL_PROXY/);
    expect(JSON.stringify(opened)).not.toContain('secret');
  });
});
