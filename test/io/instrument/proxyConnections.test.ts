import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { createSecureServer } from 'node:http2';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Mark } from '../../../src/shared/recording.ts';
import { trustedCertificate } from '../capture/testCertificates.ts';
import { bodyOf, withProxy, type ProxyUnderTest } from './proxying.ts';
import { kept } from './replaying.ts';

interface RawOrigin {
  readonly origin: string;
  /** Every connection so far, in order. */
  readonly connections: readonly Socket[];
  /** Resolves when so many connections are closed. */
  readonly closed: (count: number) => Promise<void>;
}

/** An upstream that answers each request with the bytes given; null: it closes the connection. */
async function withRawOrigin(
  answer: (request: number) => string | null,
  use: (origin: RawOrigin) => Promise<void>,
): Promise<void> {
  const connections: Socket[] = [];
  let requests = 0;
  let closedCount = 0;
  let wake = (): void => {};
  const server = createServer((socket) => {
    connections.push(socket);
    let text = '';
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      while (text.includes('\r\n\r\n')) {
        text = text.slice(text.indexOf('\r\n\r\n') + 4);
        const said = answer(++requests);
        if (said === null) socket.destroy();
        else socket.write(said);
      }
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      closedCount++;
      wake();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await use({
      origin: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
      connections,
      closed: async (count) => {
        while (closedCount < count) await new Promise<void>((resolve) => (wake = resolve));
      },
    });
  } finally {
    for (const socket of connections) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}

const plain = (headers = ''): string => `HTTP/1.1 200 OK\r\n${headers}Content-Length: 2\r\n\r\nok`;

async function ask(url: string, agent: Agent, method = 'GET'): Promise<string> {
  const sent = httpRequest(`${url}/a`, { method, agent }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return (await bodyOf(response)).toString();
}

/** The marks of the exchanges that were over, oldest first. */
async function marksOf({ instrument, over }: ProxyUnderTest, count: number): Promise<readonly (readonly Mark[])[]> {
  const lines = await over(count);
  return Promise.all(lines.map(async ({ recordingId }) => (await kept(instrument, recordingId ?? '')).facts.marks));
}

const connecting = (marks: readonly Mark[] | undefined): readonly string[] =>
  (marks ?? []).map(({ name }) => name).filter((name) => name === 'connect' || name === 'reuse');

describe('the upstream’s connection', () => {
  it('goes on as the client’s does, and a recording says that it was used again', async () => {
    await withRawOrigin(
      () => plain(),
      ({ origin, connections, closed }) =>
        withProxy({ everything: origin }, async (proxy) => {
          const one = new Agent({ keepAlive: true, maxSockets: 1 });
          const other = new Agent({ keepAlive: true, maxSockets: 1 });
          for (const agent of [one, one, one, other]) expect(await ask(proxy.url, agent)).toBe('ok');
          expect(connections).toHaveLength(2);
          const marks = await marksOf(proxy, 4);
          expect(marks.map(connecting)).toEqual([['connect'], ['reuse'], ['reuse'], ['connect']]);
          expect(marks[1]?.[0]?.facts?.remote).toBe(new URL(origin).host);
          one.destroy();
          await closed(1);
          expect(connections.map(({ destroyed }) => destroyed)).toEqual([true, false]);
          other.destroy();
          await closed(2);
        }),
    );
  });

  it('is another one where the server closed it, said more on it, or does not wait', async () => {
    for (const said of [plain('Connection: close\r\n'), `${plain()}more`, plain('Keep-Alive: timeout=1\r\n')]) {
      await withRawOrigin(
        () => said,
        ({ origin, connections }) =>
          withProxy({ everything: origin }, async (proxy) => {
            const agent = new Agent({ keepAlive: true, maxSockets: 1 });
            expect(await ask(proxy.url, agent)).toBe('ok');
            await proxy.over(1);
            expect(await ask(proxy.url, agent)).toBe('ok');
            expect(connections).toHaveLength(2);
            await proxy.over(1);
            agent.destroy();
          }),
      );
    }
  });

  it('speaks HTTP/1.1 as the client does, once agreed on over TLS, and HTTP/2 where the server speaks nothing else', async () => {
    for (const allowHTTP1 of [true, false]) {
      const server = createSecureServer({ ...trustedCertificate, allowHTTP1 }, (request, response) => {
        response.end(request.httpVersion);
      });
      await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
      const origin = `https://localhost:${String((server.address() as AddressInfo).port)}`;
      await withProxy({ everything: origin, transport: { caPem: trustedCertificate.cert } }, async (proxy) => {
        const agent = new Agent({ keepAlive: true, maxSockets: 1 });
        for (let n = 0; n < 2; n++) expect(await ask(proxy.url, agent)).toBe(allowHTTP1 ? '1.1' : '2.0');
        const [first, second] = await marksOf(proxy, 2);
        const steps = (marks: readonly Mark[] | undefined): readonly string[] =>
          (marks ?? []).map(({ name }) => name).filter((name) => /^(?:connect|tls|reuse)$/.test(name));
        expect(steps(first)).toEqual(allowHTTP1 ? ['connect', 'tls'] : ['connect', 'connect', 'tls']);
        expect(steps(second)).toEqual(allowHTTP1 ? ['reuse'] : ['connect', 'tls']);
        agent.destroy();
      });
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('that is lost under a request is made again for one that may be repeated, once, and for no other', async () => {
    for (const { method, asked } of [
      { method: 'GET', asked: 3 },
      { method: 'POST', asked: 2 },
    ]) {
      let requests = 0;
      await withRawOrigin(
        (request) => {
          requests = request;
          return request === 2 ? null : plain();
        },
        ({ origin }) =>
          withProxy({ everything: origin }, async (proxy) => {
            const agent = new Agent({ keepAlive: true, maxSockets: 1 });
            expect(await ask(proxy.url, agent)).toBe('ok');
            const again = await ask(proxy.url, agent, method).catch((error: unknown) => String(error));
            const [, line] = await proxy.over(2);
            expect(requests).toBe(asked);
            if (method === 'GET') {
              expect(again).toBe('ok');
              expect(line).toMatchObject({ state: 'complete', status: 200 });
            } else {
              expect(again).toContain('end/');
              expect(line?.state).toBe('failed');
            }
            agent.destroy();
          }),
      );
    }
  });
});
