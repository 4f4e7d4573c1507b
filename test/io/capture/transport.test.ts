import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCapture } from '../../../src/main/capture/openCapture.ts';
import { defaultLimits } from '../../../src/shared/limits.ts';
import type { Failure } from '../../../src/shared/failure.ts';
import type { RequestOptions } from '../../../src/shared/request.ts';
import { capture, withServer } from './capturing.ts';
import { RecordingSink, requestFor } from './recordingSink.ts';
import * as authority from './testAuthority.ts';
import { elsewhereCertificate } from './testCertificates.ts';

const chain = `${authority.serverCertificate}\n${authority.intermediateCertificate}`;
const client = { certificatePem: authority.clientCertificate, keyPem: authority.clientKey };

async function listening(server: Server, at: { port?: number; host?: string; path?: string }): Promise<number> {
  server.listen(at);
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** An HTTPS server that wants a client certificate of the tests' authority. */
async function withMutualTls(
  options: { readonly tls12?: boolean },
  listener: RequestListener,
  use: (url: string) => Promise<void>,
): Promise<void> {
  const server = createHttpsServer(
    {
      key: authority.serverKey,
      cert: chain,
      ca: authority.rootCertificate,
      requestCert: true,
      rejectUnauthorized: true,
      ...(options.tls12 === true ? { maxVersion: 'TLSv1.2' } : {}),
    },
    listener,
  );
  const sockets = new Set<Duplex>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const port = await listening(server, { port: 0, host: '127.0.0.1' });
  try {
    await use(`https://127.0.0.1:${String(port)}/`);
    await expect.poll(() => sockets.size).toBe(0);
  } finally {
    server.close();
  }
}

function failureOf(options: Partial<RequestOptions>): Failure {
  const opened = openCapture(requestFor('https://127.0.0.1:9/', { options }), new RecordingSink(), {
    limits: defaultLimits,
    environment: {},
  });
  if (opened.ok) throw new Error('the request was sent');
  return opened.failure;
}

describe('certificates of the server', () => {
  const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
  const certificate = { key: authority.serverKey, cert: chain };

  it('in a chain of three are verified and shown one by one', async () => {
    await withServer(
      'https',
      (peer) => peer.write(ok),
      async (server) => {
        const url = server.url.replace('127.0.0.1', 'localhost');
        const sink = await capture(requestFor(url, { options: { caPem: authority.rootCertificate } }));
        expect(sink.ending?.code).toBe('end/complete');
        const facts = sink.marks.find(({ name }) => name === 'tls')?.facts;
        expect(facts?.certificates?.map(({ subject }) => subject)).toEqual([
          'O=Streamscope tests, CN=localhost',
          'O=Streamscope tests, CN=Test intermediate',
          'O=Streamscope tests, CN=Test root',
        ]);
        expect(facts).toMatchObject({ tlsVersion: 'TLSv1.3', cipher: expect.stringMatching(/^TLS_/) as string });
        expect(facts?.reason).toBeUndefined();
      },
      { certificate },
    );
  });

  it.each([
    ['whose root is not trusted', chain, undefined, /issuer \(O=Streamscope tests, CN=Test intermediate\)/],
    ['without the intermediate', authority.serverCertificate, authority.rootCertificate, /not trusted or not sent/],
  ])('%s are refused by default, and nothing is sent', async (_name, cert, caPem, message) => {
    await withServer(
      'https',
      (peer) => peer.write(ok),
      async (server) => {
        const sink = await capture(requestFor(server.url, { options: caPem === undefined ? {} : { caPem } }));
        expect(sink.ending).toMatchObject({ kind: 'refused', code: 'end/tls-certificate' });
        expect(sink.ending?.message).toMatch(message);
        expect(server.requests).toEqual([]);
      },
      { certificate: { key: authority.serverKey, cert } },
    );
  });

  it('to be trusted that are none are a failure before anything is opened', () => {
    expect(failureOf({ caPem: 'not a certificate' })).toMatchObject({ code: 'request/invalid-certificate' });
    const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----';
    expect(failureOf({ caPem: broken }).message).toMatch(/cannot be read/);
  });
});

describe('a client certificate', () => {
  it.each([
    ['with TLS 1.3', {}, client],
    ['with TLS 1.2', { tls12: true }, client],
    [
      'with an encrypted key',
      {},
      { ...client, keyPem: authority.encryptedClientKey, passphrase: authority.clientPassphrase },
    ],
  ])('is shown to a server that asks for it, %s', async (_name, options, clientCertificate) => {
    await withMutualTls(
      options,
      (_request, response) => response.end('welcome'),
      async (url) => {
        const sink = await capture(
          requestFor(url, { options: { clientCertificate, caPem: authority.rootCertificate } }),
        );
        expect(sink.ending?.code).toBe('end/complete');
        expect(sink.bodyBytes.toString()).toBe('welcome');
      },
    );
  });

  it.each([
    ['with TLS 1.3', {}],
    ['with TLS 1.2', { tls12: true }],
  ])('that the server wants and does not get ends as refused and says so, %s', async (_name, options) => {
    await withMutualTls(
      options,
      (_request, response) => response.end('welcome'),
      async (url) => {
        const sink = await capture(requestFor(url, { options: { caPem: authority.rootCertificate } }));
        expect(sink.ending).toMatchObject({ kind: 'refused' });
        expect(sink.ending?.message).toMatch(/wants? a client certificate/);
      },
    );
  });

  it('does not go to another origin with a redirect', async () => {
    let seen: string | null = null;
    await withMutualTls(
      {},
      (_request, response) => {
        seen = 'reached';
        response.end();
      },
      async (elsewhere) => {
        await withMutualTls(
          {},
          (_request, response) => response.writeHead(302, { location: elsewhere }).end(),
          async (url) => {
            const options = { clientCertificate: client, caPem: authority.rootCertificate };
            const sink = await capture(requestFor(url, { options }));
            expect(sink.marks.filter(({ name }) => name === 'redirect')).toHaveLength(1);
            expect(sink.ending).toMatchObject({ kind: 'refused' });
            expect(seen).toBeNull();
          },
        );
      },
    );
  });

  it.each([
    ['a wrong passphrase', { keyPem: authority.encryptedClientKey, passphrase: 'guess' }, /passphrase does not open/],
    ['no passphrase', { keyPem: authority.encryptedClientKey }, /encrypted: its passphrase is needed/],
    ['the key of another', { keyPem: elsewhereCertificate.key }, /do not belong together/],
    ['a key that is none', { keyPem: 'hello' }, /PRIVATE KEY/],
    ['a certificate that is none', { certificatePem: 'hello' }, /BEGIN CERTIFICATE/],
  ])('with %s is a failure before anything is opened', (_name, change, message) => {
    const failure = failureOf({ clientCertificate: { ...client, ...change } });
    expect(failure.code).toBe('request/invalid-certificate');
    expect(failure.message).toMatch(message);
  });
});

describe('a Unix socket', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'streamscope-socket-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is connected to in place of the host, which still stands in the request', async () => {
    const path = join(folder, 'api.sock');
    const hosts: (string | undefined)[] = [];
    const server = createHttpServer((request, response) => {
      hosts.push(request.headers.host);
      response.end('local');
    });
    await listening(server, { path });
    const sink = await capture(requestFor('http://docker/v1/events', { options: { unixSocketPath: path } }));
    server.close();
    expect(sink.bodyBytes.toString()).toBe('local');
    expect(hosts).toEqual(['docker']);
    expect(sink.marks[0]).toMatchObject({ name: 'connect', facts: { unixSocketPath: path } });
  });

  it('that is missing, or no socket, or that nobody listens at, ends as what it is', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, 'x');
    const missing = await capture(requestFor('http://x/', { options: { unixSocketPath: join(folder, 'none') } }));
    expect(missing.ending).toMatchObject({ kind: 'refused', code: 'end/unix-socket' });
    expect(missing.ending?.message).toMatch(/There is no Unix socket/);
    const noSocket = await capture(requestFor('http://x/', { options: { unixSocketPath: file } }));
    expect(noSocket.ending).toMatchObject({ kind: 'refused', code: 'end/unix-socket' });
    expect(noSocket.ending?.message).toMatch(/no socket|no Unix socket/);
  });

  it('excludes a proxy', () => {
    const failure = failureOf({ unixSocketPath: '/x', proxy: { kind: 'url', url: 'http://p:1' } });
    expect(failure.code).toBe('request/invalid-proxy');
  });
});

describe('IPv6', () => {
  it('literals are connected to', async (context) => {
    const probe = createServer();
    const error = await new Promise<unknown>((resolve) => {
      probe.once('error', resolve);
      probe.listen(0, '::1', () => resolve(null));
    });
    probe.close();
    context.skip(error !== null, 'this machine has no IPv6 loopback');
    await withServer(
      'http',
      (peer) => peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'),
      async (server) => {
        const sink = await capture(requestFor(server.url));
        expect(sink.ending?.code).toBe('end/complete');
        expect(sink.marks[0]?.facts?.remote).toMatch(/^\[::1\]:\d+$/);
        expect(server.requests[0]).toMatch(/host: \[::1\]:\d+/i);
      },
      { host: '::1' },
    );
  });

  it('zones have no place in a URL, and the failure says so', () => {
    const opened = openCapture(requestFor('http://[fe80::1%25eth0]/'), new RecordingSink(), { limits: defaultLimits });
    expect(opened).toMatchObject({ ok: false, failure: { code: 'request/invalid-url' } });
    expect(opened.ok ? '' : opened.failure.message).toMatch(/zone/);
  });
});
