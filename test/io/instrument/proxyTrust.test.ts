import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ProxyStart } from '../../../src/main/instrument/proxy/proxyPanel.ts';
import { FailureError } from '../../../src/shared/failure.ts';
import { startRawServer } from '../capture/rawServer.ts';
import { elsewhereCertificate, trustedCertificate, type TestCertificate } from '../capture/testCertificates.ts';
import { rawRequest, withProxy, type ProxyUnderTest } from './proxying.ts';
import { caller, kept } from './replaying.ts';

const request = 'GET /up/x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

/** An upstream over TLS, whose certificate the system does not know, for the time of `use`. */
async function withSecureUpstream<T>(certificate: TestCertificate, use: (origin: string) => Promise<T>): Promise<T> {
  const server = await startRawServer(
    'https',
    'http/1.1',
    (socket, peer) => void socket.once('data', () => void peer.write(answer).then(() => peer.close())),
    { certificate },
  );
  try {
    return await use(server.origin);
  } finally {
    await server.close();
  }
}

async function asked({ url, over, instrument }: ProxyUnderTest): Promise<{ text: string; code: string | undefined }> {
  const { text } = await rawRequest(url, request);
  const [line] = await over(1);
  const { facts } = await kept(instrument, line?.recordingId ?? '');
  return { text, code: facts.ending?.code };
}

describe('an upstream of a private authority', () => {
  it('is refused with the way out, and passes once its route trusts it', async () => {
    await withSecureUpstream(trustedCertificate, (upstream) =>
      withProxy({}, async (proxy) => {
        proxy.configure([{ name: 'up', upstream }]);
        const refused = await asked(proxy);
        expect(refused.text).toMatch(/^HTTP\/1\.1 502 /);
        expect(refused.text).toContain('--cacert FILE');
        expect(refused.code).toBe('end/tls-certificate');

        proxy.configure([{ name: 'up', upstream, caPem: trustedCertificate.cert }]);
        const passed = await asked(proxy);
        expect(passed.text).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*ok$/);
        expect(passed.code).toBe('end/complete');
        expect(proxy.instrument.proxy.describe().routes.find(({ name }) => name === 'up')).toMatchObject({
          caPem: trustedCertificate.cert,
          isBuiltIn: false,
        });
      }),
    );
  });

  it('passes where every route trusts it, beside what a route trusts for itself', async () => {
    const start: ProxyStart = { transport: { caPem: trustedCertificate.cert } };
    await withSecureUpstream(trustedCertificate, (upstream) =>
      withProxy(start, async (proxy) => {
        proxy.configure([{ name: 'up', upstream, caPem: elsewhereCertificate.cert }]);
        expect((await asked(proxy)).text).toMatch(/^HTTP\/1\.1 200 /);
      }),
    );
  });

  it('with a certificate for another name passes where any is taken, on that route alone', async () => {
    await withSecureUpstream(elsewhereCertificate, (upstream) =>
      withProxy({}, async (proxy) => {
        proxy.configure([{ name: 'up', upstream, caPem: elsewhereCertificate.cert }]);
        expect((await asked(proxy)).code).toBe('end/tls-certificate');
        proxy.configure([{ name: 'up', upstream, insecureTls: true }]);
        expect((await asked(proxy)).text).toMatch(/^HTTP\/1\.1 200 /);
      }),
    );
  });

  it('is not trusted by what is no certificate: that is said before anything is changed', async () => {
    expect(new X509Certificate(trustedCertificate.cert).subject).toContain('localhost');
    await withProxy({}, ({ instrument, configure }) => {
      const bad = { name: 'up', upstream: 'https://127.0.0.1:1', caPem: 'not PEM' };
      expect(() => configure([bad])).toThrow(FailureError);
      expect(() => configure([bad])).toThrow(/BEGIN CERTIFICATE/);
      expect(instrument.proxy.describe().routes.some(({ name }) => name === 'up')).toBe(false);
      return Promise.resolve();
    });
    await expect(withProxy({ transport: { caPem: 'not PEM' } }, () => Promise.resolve())).rejects.toThrow(FailureError);
  });
});

describe('a route without an address', () => {
  it('says what to give, as JSON and on the recording', async () => {
    await withProxy({}, async ({ url, over, instrument }) => {
      const { text } = await rawRequest(
        url,
        'POST /azure/openai/deployments/x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
      );
      expect(text).toMatch(/^HTTP\/1\.1 404 /);
      const { error } = JSON.parse(text.slice(text.indexOf('\r\n\r\n'))) as {
        error: { code: string; message: string };
      };
      expect(error.code).toBe('end/no-route');
      expect(error.message).toContain('/azure leads nowhere yet');
      expect(error.message).toContain('--route azure=https://');
      const [line] = await over(1);
      const { facts } = await kept(instrument, line?.recordingId ?? '');
      expect(facts.ending).toMatchObject({ kind: 'refused', code: 'end/no-route' });
      const azure = instrument.proxy.describe().routes.find(({ name }) => name === 'azure');
      expect(azure).toMatchObject({ baseUrl: null, environment: [] });
      expect(azure?.missing).toContain('address of its own');
    });
  });
});

describe('a server of this program as upstream', () => {
  it('is refused as a loop where it would trust whoever asks, before it gets a byte', async () => {
    let connections = 0;
    const own = await startRawServer('http', 'http/1.1', (socket) => {
      socket.on('data', () => connections++);
    });
    try {
      await withProxy({}, async (proxy) => {
        const { hostname, port } = new URL(own.origin);
        const forget = proxy.instrument.ownListeners.add({ address: hostname, port: Number(port) });
        proxy.configure([{ name: 'up', upstream: own.origin.replace(hostname, 'localhost') }]);
        const refused = await asked(proxy);
        expect(refused.text).toMatch(/^HTTP\/1\.1 508 /);
        expect(refused.text).toContain('X-Streamscope-Error: end/proxy-loop');
        expect(refused.code).toBe('end/proxy-loop');
        expect(connections).toBe(0);
        forget();
      });
    } finally {
      await own.close();
    }
  });

  it('is asked where it is the mock server, which asks nobody else', async () => {
    await withProxy({}, async (proxy) => {
      const { url } = await caller(() => proxy.instrument)('mock.start', { port: 0 });
      proxy.configure([{ name: 'up', upstream: url ?? '' }]);
      const { text } = await rawRequest(
        proxy.url,
        'GET /up/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
      );
      expect(text).toMatch(/^HTTP\/1\.1 200 /);
      await proxy.over(1);
    });
  });
});
