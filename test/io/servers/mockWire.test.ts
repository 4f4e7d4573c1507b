import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type StreamAnswer, streamAnswer } from '../../../src/engine/mock/answer.ts';
import { authKnob, defineEndpoint } from '../../../src/engine/mock/endpoint.ts';
import { textStep } from '../../../src/engine/mock/step.ts';
import { createMockServer, type MockServer } from '../../../src/main/servers/mock/mockServer.ts';

const closers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A server whose `/own` answers so. */
async function serving(answer: Partial<StreamAnswer>): Promise<{ readonly server: MockServer; readonly url: string }> {
  const endpoint = defineEndpoint({
    method: 'GET',
    group: 'Test',
    path: '/own',
    title: 'A test.',
    example: '/own',
    knobs: { auth: authKnob },
    answer: () => ({
      ...streamAnswer('text/plain', [textStep(0, 'abc'), textStep(0, ''), textStep(0, 'defgh')]),
      ...answer,
    }),
  });
  const server = createMockServer({ port: 0, endpoints: () => [endpoint] });
  closers.push(() => server.stop());
  return { server, url: (await server.start()).url };
}

/** Everything that comes for bytes that are sent as they are, until the server closes. */
async function raw(url: string, sent: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  let received = '';
  socket.on('data', (bytes: Buffer) => {
    received += bytes.toString('latin1');
  });
  socket.on('end', () => socket.destroy());
  socket.write(sent);
  await once(socket, 'close');
  return received;
}

const get = (path: string, more = ''): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`;
const close = 'Connection: close\r\n';
const bodyOf = (received: string): string => received.slice(received.indexOf('\r\n\r\n') + 4);

describe('answers in HTTP/1.1', () => {
  it('have a chunk a step, trailers behind them, and no empty chunk in between', async () => {
    const { url } = await serving({ trailers: [['X-Sum', '8']] });
    const received = await raw(url, get('/own', close));
    expect(bodyOf(received)).toBe('3\r\nabc\r\n5\r\ndefgh\r\n0\r\nX-Sum: 8\r\n\r\n');
    expect(received).toMatch(/\r\nTrailer: X-Sum\r\n/);
  });

  it('have a Content-Length where the endpoint knows it, and end by closing for HTTP/1.0', async () => {
    const { url } = await serving({ length: 8 });
    const received = await raw(url, get('/own', close));
    expect(received).toMatch(/\r\nContent-Length: 8\r\n/);
    expect(bodyOf(received)).toBe('abcdefgh');
    const old = await raw((await serving({})).url, 'GET /own HTTP/1.0\r\n\r\n');
    expect(old).not.toMatch(/Transfer-Encoding|Content-Length/);
    expect(bodyOf(old)).toBe('abcdefgh');
  });

  it('come one after another on one connection, also where the requests did not wait', async () => {
    const { server, url } = await serving({});
    const post = 'POST /own HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n';
    const received = await raw(url, get('/own') + post + get('/own', close));
    expect(received.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 405', 'HTTP/1.1 200']);
    expect(received.endsWith('0\r\n\r\n')).toBe(true);
    expect(server.requests(9).map(({ method, status, state }) => [method, status, state])).toEqual([
      ['GET', 200, 'served'],
      ['POST', 405, 'served'],
      ['GET', 200, 'served'],
    ]);
  });

  it('do not come to what is no request, or for another host', async () => {
    const { url } = await serving({});
    expect(await raw(url, 'nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect(await raw(url, `GET /own HTTP/1.1\r\nHost: evil.example\r\n${close}\r\n`)).toMatch(/^HTTP\/1\.1 421 /);
  });

  it('are coded on their way, with a flush a step or when the coder has enough', async () => {
    const chunks = async (flushes: boolean): Promise<readonly Buffer[]> => {
      const { url } = await serving({ coding: { name: 'gzip', flushes } });
      const body = Buffer.from(bodyOf(await raw(url, get('/own', close))), 'latin1');
      const found: Buffer[] = [];
      for (let at = 0; ;) {
        const lineEnd = body.indexOf('\r\n', at);
        const size = Number.parseInt(body.toString('latin1', at, lineEnd), 16);
        if (!(size > 0)) return found;
        found.push(body.subarray(lineEnd + 2, lineEnd + 2 + size));
        at = lineEnd + 4 + size;
      }
    };
    const flushed = await chunks(true);
    const held = await chunks(false);
    for (const each of [flushed, held]) expect(gunzipSync(Buffer.concat(each)).toString()).toBe('abcdefgh');
    expect(flushed.length).toBeGreaterThan(held.length);
  });
});

describe('answers in HTTP/2', () => {
  it('come to a client of Node that lets little through at once, several at a time', async () => {
    const text = 'x'.repeat(300_000);
    const { server, url } = await serving({
      steps: [textStep(0, text), textStep(0, 'end')],
      trailers: [['x-sum', '1']],
    });
    const session = connectHttp2(url, { settings: { initialWindowSize: 20_000 } });
    closers.unshift(() => Promise.resolve(session.destroy()));
    const read = async (): Promise<string> => {
      const stream = session.request({ ':path': '/own' });
      let body = '';
      let trailers: unknown;
      stream.on('trailers', (headers: Record<string, unknown>) => {
        trailers = headers['x-sum'];
      });
      stream.setEncoding('utf8').on('data', (piece: string) => (body += piece));
      await once(stream, 'end');
      expect(trailers).toBe('1');
      return body;
    };
    expect(await Promise.all([read(), read(), read()])).toEqual([`${text}end`, `${text}end`, `${text}end`]);
    expect(server.requests(1)).toMatchObject([{ protocol: 'HTTP/2', secure: false, state: 'served' }]);
  });

  it('stop with a stream that the client resets; the connection goes on', async () => {
    const { server, url } = await serving({ steps: [textStep(0, 'begun'), textStep(3_600_000, 'never')] });
    const session = connectHttp2(url);
    closers.unshift(() => Promise.resolve(session.destroy()));
    const stream = session.request({ ':path': '/own' });
    await once(stream.setEncoding('utf8'), 'data');
    expect(server.status().active).toBe(1);
    stream.close();
    await vi.waitFor(() => expect(server.status()).toMatchObject({ active: 0, aborted: 1 }));
    const health = session.request({ ':path': '/health' });
    const [headers] = (await once(health, 'response')) as [Record<string, unknown>];
    expect(headers[':status']).toBe(200);
    health.close();
  });
});

describe('faults on request', () => {
  it('are taken from a header as well, and logged as they were written', async () => {
    const { server, url } = await serving({});
    const response = await fetch(`${url}/own?token=very-secret-token`, {
      headers: { 'x-mock-fault': 'rate-limit:7', 'user-agent': 'test/1' },
    });
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('7');
    const [line] = server.requests(1);
    expect(line).toMatchObject({ fault: 'rate-limit:7', client: 'test/1', status: 429, secure: false });
    expect(line?.target).not.toContain('very-secret-token');
  });

  it('that nobody knows are answered with what exists', async () => {
    const { url } = await serving({});
    const response = await fetch(`${url}/own?fault=rest@frame:1`);
    expect(response.status).toBe(400);
    const { error } = (await response.json()) as { error: { suggestion: string; faults: { name: string }[] } };
    expect(error.suggestion).toBe('reset');
    expect(error.faults.map(({ name }) => name)).toContain('tls-cut');
  });
});
