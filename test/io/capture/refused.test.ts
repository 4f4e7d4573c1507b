import { createServer } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { capture, withServer } from './capturing.ts';
import { requestFor } from './recordingSink.ts';
import { elsewhereCertificate, expiredCertificate, trustedCertificate } from './testCertificates.ts';

const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

describe('connections that do not come about', () => {
  it('name that does not exist', async () => {
    const sink = await capture(requestFor('http://no-such-host.invalid/'));
    expect(sink.ending).toMatchObject({ kind: 'refused', code: 'end/dns' });
    expect(sink.ending?.message).toContain('no-such-host.invalid');
    expect(sink.markNames).toEqual(['end']);
  });

  it('port without a listener', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    server.close();
    await once(server, 'close');
    const sink = await capture(requestFor(`http://localhost:${port}/`));
    expect(sink.ending).toMatchObject({ kind: 'refused', code: 'end/connect-refused' });
    expect(sink.ending?.message).toMatch(new RegExp(`localhost:${port} \\(.*127\\.0\\.0\\.1`));
  });

  it('TLS to a server that speaks HTTP, and HTTP to one that speaks TLS', async () => {
    await withServer(
      'http',
      (peer) => peer.write(answer),
      async (server) => {
        const sink = await capture(
          requestFor(server.url.replace('http:', 'https:'), { options: { connectTimeoutMillis: 400 } }),
        );
        // This server waits for the end of a request head that never comes, so the attempt ends by time.
        expect(sink.ending).toMatchObject({ kind: 'timeout', code: 'end/connect-timeout' });
      },
    );
    const eager = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    });
    eager.listen(0, '127.0.0.1');
    await once(eager, 'listening');
    const address = eager.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const sink = await capture(requestFor(`https://127.0.0.1:${port}/`));
    eager.close();
    expect(sink.ending).toMatchObject({ kind: 'refused', code: 'end/tls-handshake' });
    expect(sink.ending?.message).toContain('http://');

    await withServer(
      'https',
      (peer) => peer.write(answer),
      async (server) => {
        const plain = await capture(requestFor(server.url.replace('https:', 'http:')));
        expect(['end/not-http', 'end/closed-before-answer']).toContain(plain.ending?.code);
        if (plain.ending?.code === 'end/not-http') expect(plain.ending.message).toContain('https://');
      },
    );
  });

  it('peer that closes during the handshake', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.destroy());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const sink = await capture(requestFor(`https://127.0.0.1:${port}/`));
    server.close();
    expect(sink.ending).toMatchObject({ kind: 'refused', code: 'end/tls-handshake' });
  });
});

describe('certificates', () => {
  it.each([
    ['self-signed', trustedCertificate, undefined, /self-signed/, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['expired', expiredCertificate, expiredCertificate.cert, /expired on 2020-02-01/, 'CERT_HAS_EXPIRED'],
    [
      'for another name',
      elsewhereCertificate,
      elsewhereCertificate.cert,
      /made for DNS:elsewhere\.test, not for “127\.0\.0\.1”/,
      'ERR_TLS_CERT_ALTNAME_INVALID',
    ],
  ])('%s: refused, shown, and nothing was sent', async (_name, certificate, caPem, message, reason) => {
    await withServer(
      'https',
      (peer) => peer.write(answer),
      async (server) => {
        const sink = await capture(requestFor(server.url, { options: caPem === undefined ? {} : { caPem } }));
        expect(sink.ending).toMatchObject({ kind: 'refused', code: 'end/tls-certificate' });
        expect(sink.ending?.message).toMatch(message);
        const mark = sink.marks.find(({ name }) => name === 'tls');
        expect(mark?.facts?.reason).toBe(reason);
        expect(mark?.facts?.certificates?.[0]?.fingerprint256).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
        expect(sink.sentHeaders).toEqual([]);
        expect(server.requests).toEqual([]);
      },
      { certificate },
    );
  });

  it('that do not verify are accepted only when told to, and the mark says so', async () => {
    await withServer(
      'https',
      (peer) => peer.write(answer),
      async (server) => {
        const sink = await capture(requestFor(server.url, { options: { insecureTls: true } }));
        expect(sink.ending?.code).toBe('end/complete');
        expect(sink.marks.find(({ name }) => name === 'tls')?.facts?.reason).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
      },
    );
  });
});
