import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { Agent, get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createMockServer } from '../../../src/main/servers/mock/mockServer.ts';
import { isDeep } from '../../unit/engine/framing/deepRun.ts';

const closers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function started(): Promise<string> {
  const server = createMockServer({ port: 0 });
  closers.push(() => server.stop());
  return (await server.start()).url;
}

/** A response whose body has not been read yet, on a connection of its own, its coding left alone. */
function opened(url: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(url, { agent: new Agent({ keepAlive: false }), headers }, resolve).on('error', reject);
  });
}

async function bodyOf(response: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of response as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces);
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

interface Status {
  readonly running: number;
  readonly finished: number;
  readonly cancelled: number;
  readonly latest: readonly { readonly state: string; readonly stepsDone: number; readonly bytes: number }[];
}

async function statusOf(url: string, kind: string): Promise<Status> {
  return (await (await fetch(`${url}/demo/${kind}/status`)).json()) as Status;
}

describe('a download', () => {
  const target = '/download/large-file?n=3&delayMs=0';

  it('has a length, and parts that put together are the whole', async () => {
    const url = await started();
    const whole = await fetch(url + target);
    expect(whole.headers.get('content-length')).toBe(String(3 * 1_048_576));
    const bytes = Buffer.from(await whole.arrayBuffer());
    const tag = whole.headers.get('etag') ?? '';
    // The client lost the connection somewhere and asks for the rest.
    for (const at of [1, 65_537, 2_000_000]) {
      const rest = await fetch(url + target, { headers: { range: `bytes=${String(at)}-`, 'if-range': tag } });
      expect(rest.status).toBe(206);
      const joined = Buffer.concat([bytes.subarray(0, at), Buffer.from(await rest.arrayBuffer())]);
      expect(sha256(joined)).toBe(sha256(bytes));
    }
    const refused = await fetch(url + target, { headers: { range: 'bytes=3145728-' } });
    expect(refused.status).toBe(416);
    expect(refused.headers.get('content-range')).toBe('bytes */3145728');
  });

  it('says its length to HEAD, and nothing where the client has it', async () => {
    const url = await started();
    const head = await fetch(url + target, { method: 'HEAD' });
    expect(head.headers.get('content-length')).toBe(String(3 * 1_048_576));
    const known = await fetch(url + target, { headers: { 'if-none-match': head.headers.get('etag') ?? '' } });
    expect(known.status).toBe(304);
    expect(await known.text()).toBe('');
  });

  it.each(['orders.ndjson', 'users.csv', 'catalogue.json', 'access.log', 'chart.svg'])(
    'of %s brings as many bytes as it announces',
    async (file) => {
      const url = await started();
      const response = await fetch(`${url}/stream/file/${file}?n=500&delayMs=0`);
      const bytes = await response.arrayBuffer();
      expect(response.headers.get('content-length')).toBe(String(bytes.byteLength));
    },
  );

  const mebibytes = isDeep ? 16_384 : 512;
  it(`of ${String(mebibytes)} MiB needs no more memory than one of 16 MiB`, { timeout: 600_000 }, async () => {
    const small = await peakWhileServing(16);
    const large = await peakWhileServing(mebibytes);
    process.stdout.write(
      `peak RSS of the server: ${small.mebibytes} MiB for 16 MiB, ${large.mebibytes} MiB for ${mebibytes} MiB\n`,
    );
    expect(large.received).toBe(mebibytes * 1_048_576);
    expect(large.mebibytes).toBeLessThan(small.mebibytes + 100);
  });
});

/** A server of its own serves one file; its peak of memory. */
async function peakWhileServing(n: number): Promise<{ readonly mebibytes: number; readonly received: number }> {
  const home = await mkdtemp(path.join(tmpdir(), 'streamscope-mock-'));
  closers.push(() => rm(home, { recursive: true, force: true }));
  const peakFile = path.join(home, 'peak');
  const entry = fileURLToPath(new URL('mockServing.ts', import.meta.url));
  const peakMemory = new URL('../cli/peakMemory.ts', import.meta.url).href;
  const child = spawn(process.execPath, ['--import', peakMemory, entry], {
    env: { ...process.env, PEAK_MEMORY_FILE: peakFile },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
  const response = await opened(`${url}/download/large-file?n=${String(n)}&delayMs=0`);
  let received = 0;
  for await (const piece of response as AsyncIterable<Buffer>) received += piece.length;
  child.stdin.end();
  await ended;
  return { mebibytes: Math.round(Number(await readFile(peakFile, 'utf8')) / 1_024), received };
}

describe('a client that leaves', () => {
  it('cancels the work behind its stream, and that is seen', async () => {
    const url = await started();
    await (await fetch(`${url}/demo/cancellable?n=5&delayMs=0`)).text();
    const leaving = await opened(`${url}/demo/cancellable?n=100000&delayMs=5`);
    await once(leaving, 'data');
    expect(await statusOf(url, 'cancellable')).toMatchObject({ running: 1, finished: 1, cancelled: 0 });
    leaving.destroy();
    await vi.waitFor(async () =>
      expect(await statusOf(url, 'cancellable')).toMatchObject({ running: 0, finished: 1, cancelled: 1 }),
    );
    const stopped = (await statusOf(url, 'cancellable')).latest[0];
    expect(stopped?.stepsDone).toBeLessThan(100_000);
    expect((await statusOf(url, 'cancellable')).latest[0]).toEqual(stopped);
  });

  it('by fetch with an AbortSignal does so as well', async () => {
    const url = await started();
    const leave = new AbortController();
    const response = await fetch(`${url}/demo/cancellable?n=100000&delayMs=5`, { signal: leave.signal });
    await response.body?.getReader().read();
    leave.abort();
    await vi.waitFor(async () =>
      expect(await statusOf(url, 'cancellable')).toMatchObject({ running: 0, cancelled: 1 }),
    );
  });
});

describe('a client that does not read', () => {
  it('holds the producer, which goes on when it does', { timeout: 60_000 }, async () => {
    const url = await started();
    const response = await opened(`${url}/demo/backpressured?n=4000`);
    let before = -1;
    await vi.waitFor(
      async () => {
        const now = (await statusOf(url, 'backpressured')).latest[0]?.bytes ?? 0;
        const stands = now > 0 && now === before;
        before = now;
        expect(stands).toBe(true);
      },
      { timeout: 20_000, interval: 100 },
    );
    expect(await statusOf(url, 'backpressured')).toMatchObject({ running: 1, finished: 0 });
    const body = await bodyOf(response);
    expect(before).toBeLessThan(body.length);
    await vi.waitFor(async () => expect(await statusOf(url, 'backpressured')).toMatchObject({ finished: 1 }));
  });
});

describe('a list in batches', () => {
  it.each(['/stream/users', '/stream/database-results'])('%s is whole after a cut', async (list) => {
    const url = await started();
    const knobs = 'n=57&batchSize=10&delayMs=0&includeMetadata=false';
    const lines = (text: string): string[] =>
      text.split('\n').filter((line) => line.includes('"cursor"') || line.includes('"row"'));
    const whole = lines(await (await fetch(`${url}${list}?${knobs}`)).text());

    const cut = await fetch(`${url}${list}?${knobs}&cutAt=33`);
    const decoder = new TextDecoder();
    let text = '';
    await expect(
      (async () => {
        for await (const piece of cut.body ?? []) text += decoder.decode(piece, { stream: true });
      })(),
    ).rejects.toThrow();
    // What came is whole up to the last cursor; from there it goes on.
    const came = lines(text);
    const last = came.findLastIndex((line) => line.includes('"cursor"') && line.endsWith('}'));
    const { next } = JSON.parse(came[last] ?? '') as { next: string };
    const rest = lines(await (await fetch(`${url}${next}&includeMetadata=false`)).text());
    expect([...came.slice(0, last + 1), ...rest]).toEqual(whole);
  });
});

describe('what a server does to streams', () => {
  it('limits requests', async () => {
    const url = await started();
    const ask = () => fetch(`${url}/demo/rate-limited?limit=2&windowMs=3600000&n=1&delayMs=0`);
    for (const remaining of ['1', '0']) {
      const response = await ask();
      expect(response.status).toBe(200);
      expect(response.headers.get('ratelimit-remaining')).toBe(remaining);
      await response.text();
    }
    const refused = await ask();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3_000);
    expect(await refused.json()).toMatchObject({ error: { code: 'rate-limited' } });
  });

  it.each([
    ['gzip', gunzipSync],
    ['br', brotliDecompressSync],
  ] as const)(
    'compresses with %s: with a flush each the records come apart, without they come at once',
    async (coding, decode) => {
      const url = await started();
      const plain = await (
        await fetch(`${url}/demo/compressed?n=40&delayMs=0`, { headers: { 'accept-encoding': '' } })
      ).text();
      const chunks = async (flush: string): Promise<number> => {
        const response = await opened(`${url}/demo/compressed?n=40&delayMs=4&flush=${flush}`, {
          'accept-encoding': coding,
        });
        expect(response.headers['content-encoding']).toBe(coding);
        const pieces: Buffer[] = [];
        for await (const piece of response as AsyncIterable<Buffer>) pieces.push(piece);
        expect(decode(Buffer.concat(pieces)).toString('utf8')).toBe(plain);
        return pieces.length;
      };
      expect(await chunks('none')).toBeLessThan(10);
      expect(await chunks('each')).toBeGreaterThan(20);
    },
  );

  it('sends trailers that count and check what came', async () => {
    const url = await started();
    const response = await opened(`${url}/demo/trailers?n=9&delayMs=0`);
    await bodyOf(response);
    expect(response.trailers['x-record-count']).toBe('9');
    expect(response.trailers['x-content-crc32']).toMatch(/^[0-9a-f]{8}$/);
  });

  it('ends its connections and is asked again until nothing is left', async () => {
    const url = await started();
    const ids: string[] = [];
    let status = 200;
    while (status === 200) {
      const headers = ids.length === 0 ? {} : { 'last-event-id': ids.at(-1) ?? '' };
      const response = await fetch(`${url}/demo/reconnecting?n=20&perConnection=8&delayMs=0`, { headers });
      status = response.status;
      ids.push(...((await response.text()).match(/(?<=^id: ).*$/gm) ?? []));
    }
    expect(status).toBe(204);
    expect(ids).toEqual(Array.from({ length: 20 }, (_, i) => String(i + 1)));
  });
});
