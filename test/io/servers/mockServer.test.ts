import { once } from 'node:events';
import { Agent, get, type IncomingMessage, request as httpRequest } from 'node:http';
import { connect, createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  createMockServer,
  type MockServer,
  type MockServerOptions,
} from '../../../src/main/servers/mock/mockServer.ts';
import type { ScheduleClock } from '../../../src/main/servers/mock/scheduleClock.ts';

const closers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function started(options: MockServerOptions = {}): Promise<{ server: MockServer; url: string }> {
  const server = createMockServer({ port: 0, ...options });
  closers.push(() => server.stop());
  const { url } = await server.start();
  return { server, url };
}

/** A clock that stands still until it is moved. */
class HandClock implements ScheduleClock {
  private now = 0;
  private readonly sleepers = new Set<{ readonly deadline: number; readonly wake: () => void }>();
  readonly deadlines: number[] = [];

  nowMillis(): number {
    return this.now;
  }

  sleepUntil(deadline: number, signal: AbortSignal): Promise<void> {
    this.deadlines.push(deadline);
    return new Promise((resolve, reject) => {
      const sleeper = { deadline, wake: resolve };
      this.sleepers.add(sleeper);
      signal.addEventListener('abort', () => {
        this.sleepers.delete(sleeper);
        reject(new Error('aborted'));
      });
    });
  }

  get sleeping(): number {
    return this.sleepers.size;
  }

  moveTo(now: number): void {
    this.now = now;
    for (const sleeper of [...this.sleepers]) {
      if (sleeper.deadline > now) continue;
      this.sleepers.delete(sleeper);
      sleeper.wake();
    }
  }
}

describe('what it sends', () => {
  it.each([
    ['/v1/orders/stream', 'application/x-ndjson'],
    ['/v1/orders/events', 'text/event-stream'],
    ['/v1/orders/export', 'application/json'],
    ['/v1/chat/completions', 'text/event-stream'],
  ])('%s: the same bytes for the same seed, with an honest head', async (path, contentType) => {
    const { server, url } = await started();
    const body = async (seed: number): Promise<string> => {
      const response = await fetch(`${url}${path}?n=40&delayMs=0&seed=${seed}`);
      expect(response.status).toBe(200);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-type': contentType,
        'cache-control': 'no-cache',
        'x-accel-buffering': 'no',
        'x-content-type-options': 'nosniff',
        'transfer-encoding': 'chunked',
      });
      expect(response.headers.get('content-security-policy')).toMatch(/^sandbox;/);
      return response.text();
    };
    const first = await body(3);
    expect(first.length).toBeGreaterThan(1_000);
    expect(await body(3)).toBe(first);
    expect(await body(4)).not.toBe(first);
    await vi.waitFor(() => expect(server.status()).toMatchObject({ active: 0, served: 3, aborted: 0 }));
  });

  it('does not depend on the pace', async () => {
    const { url } = await started();
    const paced = await (await fetch(`${url}/v1/orders/events?n=25&delayMs=0.5`)).text();
    expect(await (await fetch(`${url}/v1/orders/events?n=25&delayMs=0`)).text()).toBe(paced);
  });

  it('answers HEAD with the head alone', async () => {
    const { server, url } = await started();
    const response = await fetch(`${url}/v1/orders/stream`, { method: 'HEAD' });
    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    expect(await response.text()).toBe('');
    expect(server.status()).toMatchObject({ active: 0, served: 0 });
  });

  it('lists what it has, as JSON or as a page without rights', async () => {
    const { url } = await started();
    const list = (await (await fetch(url)).json()) as { streams: { path: string; example: string; method: string }[] };
    expect(list.streams.map((stream) => stream.path)).toContain('/v1/orders/stream');
    const page = await fetch(url, { headers: { accept: 'text/html,*/*;q=0.8' } });
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/);
    expect(page.headers.get('vary')).toBe('Accept');
    const html = await page.text();
    for (const { path } of list.streams) expect(html).toContain(path);
    expect(html).not.toMatch(/<script|src=/);
    for (const { example, method } of list.streams) {
      const response = await fetch(`${url}${example}`, { method });
      expect(response.status).toBe(200);
      await response.body?.cancel();
    }
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ status: 'ok' });
  });

  it('continues after Last-Event-ID, and answers 204 when nothing is left', async () => {
    const { url } = await started();
    const target = `${url}/v1/orders/events?n=9&delayMs=0`;
    const read = async (lastEventId: string): Promise<Response> =>
      fetch(target, { headers: { 'last-event-id': lastEventId } });
    const whole = await (await fetch(target)).text();
    const ids = (text: string): string[] => text.match(/^id: .*$/gm) ?? [];
    const rest = await (await read('4')).text();
    expect(ids(rest)).toEqual(ids(whole).slice(4));
    expect((await read(String(ids(whole).length))).status).toBe(204);
    expect(await (await read('nonsense')).text()).toContain('starts over');
  });

  it('loses the connection without an end where it is told to, but not a client that resumes', async () => {
    const { url } = await started();
    const target = `${url}/v1/orders/events?n=9&delayMs=0&cutAt=3`;
    const cut = await fetch(target);
    await expect(cut.text()).rejects.toThrow();
    const rest = await (await fetch(target, { headers: { 'last-event-id': '2' } })).text();
    expect(rest).toContain('event: done');
  });

  it('answers a chat request in one piece when it asks for no stream', async () => {
    const { url } = await started();
    const post = async (body: string): Promise<Response> =>
      fetch(`${url}/v1/chat/completions?delayMs=0`, { method: 'POST', body });
    const messages = [{ role: 'user', content: 'Hi' }];
    const whole = await post(JSON.stringify({ messages, model: 'm' }));
    expect(whole.headers.get('content-type')).toBe('application/json');
    expect(await whole.json()).toMatchObject({ object: 'chat.completion', model: 'm' });
    const streamed = await post(JSON.stringify({ messages, stream: true }));
    expect(streamed.headers.get('content-type')).toBe('text/event-stream');
    expect(await streamed.text()).toMatch(/data: \[DONE\]\n\n$/);
    expect(await (await post('{"messages":')).json()).toMatchObject({ error: { code: 'bad-request' } });
    const large = await post(' '.repeat(1024 * 1024 + 1));
    expect(large.status).toBe(413);
    expect(await large.json()).toMatchObject({ error: { code: 'body-too-large' } });
  });
});

describe('what it refuses', () => {
  it.each([
    ['/v1/orders/stream?n=-1', 'n', '-1', 'a whole number from 0 to 10,000,000'],
    ['/v1/orders/events?delayMs=soon', 'delayMs', 'soon', 'a number from 0 to 60,000'],
    ['/v1/orders/export?error=none', 'error', 'none', 'n, delayMs, seed, auth'],
    ['/v1/chat/completions?stall=2', 'stall', '2', '0 or 1'],
  ])('%s with the knob, the value and what is allowed', async (path, knob, value, allowed) => {
    const { url } = await started();
    const response = await fetch(url + path);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: 'bad-knob', knob, value, allowed } });
  });

  it('a path that is not there, listing what is', async () => {
    const { url } = await started();
    for (const path of ['/v2/orders', '//', '/%', '/v1/orders/stream/']) {
      const response = await fetch(url + path);
      expect(response.status).toBe(404);
      const { error } = (await response.json()) as { error: { code: string; exists: string[] } };
      expect(error.code).toBe('not-found');
      expect(error.exists).toEqual(
        expect.arrayContaining(['GET /', 'GET /v1/orders/events', 'POST /v1/chat/completions']),
      );
    }
  });

  it('a method that a path does not take', async () => {
    const { url } = await started();
    const response = await fetch(`${url}/v1/chat/completions`, { method: 'DELETE' });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, POST');
  });

  it.each([undefined, 'Bearer', 'Bearer ', 'Basic YTpi', 'Bearer a b'])(
    'with auth=bearer the authorization %j',
    async (authorization) => {
      const { url } = await started();
      const response = await fetch(`${url}/v1/orders/stream?auth=bearer&n=1&delayMs=0`, {
        headers: authorization === undefined ? {} : { authorization },
      });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer realm=/);
      expect(await response.json()).toMatchObject({ error: { code: 'unauthorized' } });
    },
  );

  it('nobody with any bearer token', async () => {
    const { url } = await started();
    const response = await fetch(`${url}/v1/orders/stream?auth=bearer&n=1&delayMs=0`, {
      headers: { authorization: 'bearer sk-any.token_1==' },
    });
    expect(response.status).toBe(200);
    await response.text();
  });
});

describe('its pace', () => {
  it('sends each row when it is due, in order, on a schedule without drift', async () => {
    const clock = new HandClock();
    const { url } = await started({ clock });
    const chunks: string[] = [];
    const response = await opened(`${url}/v1/orders/stream?n=3&delayMs=100&error=none`);
    response.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
    const ended = once(response, 'end');

    const types = (): string[] => chunks.join('').match(/"type":"[a-z-]+"/g) ?? [];
    await vi.waitFor(() => expect(types()).toEqual(['"type":"metadata"']));
    await vi.waitFor(() => expect(clock.deadlines).toEqual([100]));
    clock.moveTo(99);
    expect(clock.sleeping).toBe(1);
    // The timer comes 37 ms late; the next row is due at 200 all the same.
    clock.moveTo(137);
    await vi.waitFor(() => expect(clock.deadlines).toEqual([100, 200]));
    await vi.waitFor(() => expect(types()).toHaveLength(2));
    // Two rows overdue follow at once, without another wait.
    clock.moveTo(450);
    await ended;
    expect(clock.deadlines).toEqual([100, 200]);
    expect(types().slice(1)).toEqual(['"type":"data"', '"type":"data"', '"type":"data"', '"type":"stream-end"']);
  });

  it('sends the head before the first wait', async () => {
    const clock = new HandClock();
    const { url } = await started({ clock });
    const response = await opened(`${url}/v1/chat/completions?n=5`);
    expect(response.statusCode).toBe(200);
    expect(clock.deadlines).toEqual([320]);
    response.destroy();
  });
});

describe('a client that leaves', () => {
  it('stops the work at once and is counted', async () => {
    const clock = new HandClock();
    const { server, url } = await started({ clock });
    const response = await opened(`${url}/v1/orders/stream?n=1000&delayMs=100`);
    await vi.waitFor(() => expect(clock.sleeping).toBe(1));
    expect(server.status()).toMatchObject({ active: 1, served: 0, aborted: 0 });
    response.destroy();
    await vi.waitFor(() => expect(server.status()).toMatchObject({ active: 0, served: 0, aborted: 1 }));
    expect(clock.sleeping).toBe(0);
  });

  it('also while the stream runs unpaced', async () => {
    const { server, url } = await started();
    const response = await opened(`${url}/v1/orders/export?n=10000000&delayMs=0`);
    await once(response, 'readable');
    response.destroy();
    await vi.waitFor(() => expect(server.status()).toMatchObject({ active: 0, paused: 0, aborted: 1 }));
    const { sentBytes } = server.status();
    await (await fetch(`${url}/health`)).text();
    expect(server.status().sentBytes).toBe(sentBytes);
  });
});

describe('a client that does not read', () => {
  it('pauses the producer with little in memory, and gets everything once it reads', async () => {
    const { server, url } = await started();
    const n = 60_000;
    const socket = await sentRaw(url, `GET /v1/orders/export?n=${n}&delayMs=0 HTTP/1.0\r\nHost: localhost\r\n\r\n`);
    await settledBytes(server);
    const { sentBytes } = server.status();
    // What the kernel's socket buffers took on either side; the whole body is over 30 MB.
    expect(sentBytes).toBeGreaterThan(0);
    expect(sentBytes).toBeLessThan(20_000_000);

    const pieces: Buffer[] = [];
    socket.on('data', (piece: Buffer) => pieces.push(piece)).resume();
    await once(socket, 'end');
    const text = Buffer.concat(pieces).toString('utf8');
    const orders = JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4)) as { number: number }[];
    expect(orders).toHaveLength(n);
    expect(orders.at(-1)?.number).toBe(n);
    expect(server.status()).toMatchObject({ active: 0, paused: 0, served: 1 });
  });

  it('does not hold up the others', async () => {
    const { server, url } = await started();
    const socket = await sentRaw(url, 'GET /v1/orders/export?n=10000000&delayMs=0 HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await vi.waitFor(() => expect(server.status().paused).toBe(1), 20_000);
    const other = await fetch(`${url}/v1/orders/stream?n=1000&delayMs=0`);
    expect((await other.text()).trimEnd().split('\n')).toHaveLength(1_003);
    socket.destroy();
    await vi.waitFor(() => expect(server.status()).toMatchObject({ active: 0, paused: 0, aborted: 1 }));
  });
});

describe('starting and stopping', () => {
  it('listens on another loopback host than the window where there is one', async () => {
    const { server, url } = await started();
    const address = server.status().address;
    expect(address?.host).toBe(process.platform === 'linux' ? '127.0.0.2' : 'localhost');
    expect(url).toBe(`http://${address?.host ?? ''}:${address?.port ?? 0}`);
  });

  it('takes the next port when the wanted one is in use, and says so', async () => {
    const blocker = createServer();
    await once(blocker.listen({ host: '127.0.0.1', port: 0 }), 'listening');
    const wantedPort = (blocker.address() as AddressInfo).port;
    closers.push(() => new Promise((resolve) => blocker.close(resolve)));
    const { server } = await started({ host: '127.0.0.1', port: wantedPort });
    const address = server.status().address;
    expect(address?.wantedPort).toBe(wantedPort);
    expect(address?.port).not.toBe(wantedPort);
  });

  it('falls back to localhost where the host cannot be bound', async () => {
    const { server, url } = await started({ host: '192.0.2.1' });
    expect(server.status().address?.host).toBe('localhost');
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });

  it('is started once, stopped with its streams, and starts again', async () => {
    const { server, url } = await started();
    expect(await server.start()).toEqual(server.status().address);
    const response = await opened(`${url}/v1/orders/stream?n=1000`);
    response.on('error', () => {});
    const gone = new Promise((resolve) => response.once('close', resolve));
    await server.stop();
    await gone;
    expect(response.complete).toBe(false);
    expect(server.status()).toMatchObject({ address: null, active: 0, aborted: 1 });
    await expect(fetch(url)).rejects.toThrow();
    await server.stop();
    const again = await server.start();
    expect((await fetch(`${again.url}/health`)).status).toBe(200);
  });

  it('gives up starting when told to', async () => {
    const server = createMockServer({ port: 0 });
    await expect(server.start(AbortSignal.abort())).rejects.toThrow();
    expect(server.status().address).toBeNull();
    const starting = server.start();
    const rejected = expect(starting).rejects.toThrow();
    await server.stop();
    await rejected;
    expect(server.status().address).toBeNull();
  });

  it('survives a client that breaks off in the middle of its request', async () => {
    const { server, url } = await started();
    const broken = httpRequest(`${url}/v1/chat/completions`, { method: 'POST', headers: { 'content-length': 100 } });
    broken.on('error', () => {});
    await new Promise((resolve) => broken.write('{"a', resolve));
    broken.destroy();
    expect((await fetch(`${url}/health`)).status).toBe(200);
    expect(server.status()).toMatchObject({ active: 0, served: 0 });
  });
});

/** A response whose body has not been read yet, on a connection of its own. */
function opened(url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(url, { agent: new Agent({ keepAlive: false }) }, resolve).on('error', reject);
  });
}

/** A socket that has sent a request and reads nothing. */
async function sentRaw(url: string, head: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.pause();
  await once(socket, 'connect');
  await new Promise((resolve) => socket.write(head, resolve));
  return socket;
}

/** Resolves when the producer waits and sends no more: the buffers between it and the client are full. */
async function settledBytes(server: MockServer): Promise<void> {
  let before = -1;
  await vi.waitFor(
    () => {
      const { paused, sentBytes } = server.status();
      const settled = paused === 1 && sentBytes === before;
      before = sentBytes;
      expect(settled).toBe(true);
    },
    { timeout: 20_000, interval: 100 },
  );
}
