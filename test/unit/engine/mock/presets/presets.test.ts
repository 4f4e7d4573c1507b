import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findEndpoint, mockEndpoints } from '../../../../../src/engine/mock/endpoints.ts';
import { providerEndpoints } from '../../../../../src/engine/mock/providers/providerEndpoints.ts';
import { createMockMemory } from '../../../../../src/engine/mock/memory.ts';
import { headerValue } from '../../../../../src/shared/headerValue.ts';
import { ask, chunksOf, seen, type Seen, textOf } from './presetEyes.ts';

const stage = (framing: string, kinds: Seen['kinds'], bad: readonly string[] = [], dialect: string | null = null) => ({
  framing,
  kinds,
  bad,
  dialect,
});
const orderEvents = { event: 62, comment: 5 };
const reported = ['app/error-in-stream'];

/** Knobs beside those of the example, where that is larger than a test needs. */
const smaller: Readonly<Record<string, string>> = {
  '/download/large-file': 'n=1',
  '/demo/backpressured': 'n=50',
};

/** Every preset with its example's knobs, as it has to look. */
const healthy: Readonly<Record<string, ReturnType<typeof stage>>> = {
  'GET /v1/orders/stream': stage('ndjson', { record: 53 }, reported),
  'GET /v1/orders/events': stage('sse', orderEvents, reported),
  'GET /v1/orders/export': stage('json', { element: 50 }),
  'GET /stream/data': stage('ndjson', { record: 60 }),
  'GET /stream/events': stage('sse', { event: 41 }),
  'GET /stream/stock-ticker': stage('sse', { event: 60, comment: 2 }),
  'GET /stream/live-logs': stage('sse', { event: 50, comment: 1 }),
  'GET /stream/large-array': stage('json', { element: 200 }),
  'GET /stream/json-seq': stage('json-seq', { record: 60 }),
  'GET /stream/snapshots': stage('multipart', { part: 24, terminator: 1 }),
  'GET /stream/users': stage('ndjson', { record: 13 }),
  'GET /stream/database-results': stage('ndjson', { record: 134 }),
  'GET /download/large-file': stage('text', { text: 16_384 }),
  'GET /stream/file/{name}': stage('ndjson', { record: 2_000 }),
  'GET /export/users/csv': stage('text', { text: 201 }),
  'GET /export/data/jsonl': stage('ndjson', { record: 200 }),
  'GET /process/long-task': stage('ndjson', { record: 42 }),
  'POST /api/generate': stage('sse', { event: 78 }),
  'GET /ai/chat-stream': stage('text', { text: 1 }),
  'GET /ai/chat-stream-sse': stage('sse', { event: 112 }),
  'POST /api/stream-chat': stage('sse', { event: 125, terminator: 1 }),
  'POST /api/chat/openai': stage('sse', { event: 111 }),
  'POST /api/chat/anthropic': stage('sse', { event: 111 }),
  'GET /v1/chat/completions': stage('sse', { event: 113, terminator: 1 }, [], 'openai-chat'),
  'POST /v1/chat/completions': stage('sse', { event: 113, terminator: 1 }, [], 'openai-chat'),
  'GET /demo/comparison/streamed': stage('ndjson', { record: 52 }),
  'GET /demo/comparison/buffered': stage('ndjson', { record: 52 }),
  'GET /demo/rate-limited': stage('ndjson', { record: 20 }),
  'GET /demo/compressed': stage('ndjson', { record: 60 }),
  'GET /demo/backpressured': stage('ndjson', { record: 50 }),
  'GET /demo/backpressured/status': stage('json', { element: 1 }),
  'GET /demo/cancellable': stage('ndjson', { record: 200 }),
  'GET /demo/cancellable/status': stage('json', { element: 1 }),
  'GET /demo/reconnecting': stage('sse', { event: 8 }),
  'GET /demo/malformed': stage('ndjson', { record: 18, invalid: 1 }, ['ndjson/invalid-json']),
  'GET /demo/trailers': stage('ndjson', { record: 60 }),
};

const presets = mockEndpoints.filter((endpoint) => !providerEndpoints.includes(endpoint));
const named = presets.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const);

function withKnobs({ example, method, path }: (typeof presets)[number], ...knobs: string[]): string {
  const all = [smaller[path] ?? [], knobs].flat();
  return `${method} ${example}${all.map((knob, i) => `${i > 0 || example.includes('?') ? '&' : '?'}${knob}`).join('')}`;
}

describe('a preset in the product’s own eyes', () => {
  it('is named in the table of how they have to look', () => {
    expect(Object.keys(healthy).sort()).toEqual(named.map(([name]) => name).sort());
  });

  it.each(named)('%s is what it says', { timeout: 60_000 }, (name, endpoint) => {
    const answer = ask(withKnobs(endpoint), { body: endpoint.exampleBody ?? '' });
    expect(answer.status).toBe(200);
    expect(seen(answer)).toEqual(healthy[name]);
  });

  it.each(named.filter(([, { knobs }]) => knobs.some(({ name }) => name === 'error')))(
    '%s reports an error half-way where it is asked to, and nothing else is wrong',
    (_name, endpoint) => {
      const answer = ask(withKnobs(endpoint, 'error=middle'), { body: endpoint.exampleBody ?? '' });
      if (endpoint.path === '/ai/chat-stream') {
        expect(answer.kind === 'stream' && [...answer.steps].at(-1)?.isLast).toBe('cut');
      } else {
        expect(seen(answer).bad).toEqual(reported);
      }
    },
  );

  it.each([
    ['ndjson-line', ['ndjson/invalid-json']],
    ['ndjson-tail', ['json/truncated']],
    ['json-truncated', ['json/truncated']],
    ['json-comma', ['json/trailing-comma']],
    ['sse-unterminated', ['sse/unterminated-event']],
    ['sse-html', ['sse/foreign-text']],
    ['utf8', ['utf8/invalid']],
  ])('a body malformed as %s is found out by its code', (what, codes) => {
    expect(seen(ask(`GET /demo/malformed?what=${what}`)).bad).toEqual(codes);
  });

  it.each(['orders.ndjson', 'users.csv', 'catalogue.json', 'access.log', 'chart.svg'])(
    'the file %s is sound',
    (file) => {
      const answer = ask(`GET /stream/file/${file}?n=300`);
      const chunks = chunksOf(answer);
      expect(seen(answer, chunks).bad).toEqual([]);
      const length = chunks.reduce((sum, bytes) => sum + bytes.length, 0);
      expect(answer.kind === 'stream' && answer.length).toBe(length);
    },
  );

  it('looks the same however its bytes are split', { timeout: 60_000 }, () => {
    const paths = ['/stream/data', '/stream/stock-ticker', '/stream/users', '/stream/snapshots', '/stream/large-array'];
    fc.assert(
      fc.property(
        fc.constantFrom(...paths),
        fc.integer({ min: 1, max: 200 }),
        fc.nat({ max: 1_000 }),
        (path, size, seed) => {
          const plain = ask(`GET ${path}?n=12&seed=${String(seed)}`);
          const split = ask(`GET ${path}?n=12&seed=${String(seed)}&chunkSize=${String(size)}`);
          const chunks = chunksOf(split);
          expect(chunks.slice(0, -1).every(({ length }) => length === size)).toBe(true);
          expect(seen(split, chunks)).toEqual(seen(plain));
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('a preset', () => {
  it.each(named.filter(([, { knobs }]) => knobs.some(({ name }) => name === 'seed')))(
    '%s sends the same for the same seed, and something else for another',
    (_name, endpoint) => {
      const body = endpoint.exampleBody ?? '';
      const of = (seed: number) => textOf(ask(withKnobs(endpoint, `seed=${String(seed)}`), { body }));
      expect(of(5)).toBe(of(5));
      expect(of(5)).not.toBe(of(6));
    },
  );

  it.each(
    named.filter(([, { path, knobs }]) => knobs.some(({ name }) => name === 'n') && !path.includes('comparison')),
  )('%s refuses a wrong knob in a sentence', (_name, endpoint) => {
    const answer = ask(withKnobs(endpoint, 'n=-1'), { body: endpoint.exampleBody ?? '' });
    expect(answer.status).toBe(400);
    expect(textOf(answer)).toContain('"n\\" takes a whole number from ');
  });

  it.each([
    '/stream/data',
    '/stream/large-array',
    '/stream/live-logs',
    '/export/users/csv',
    '/download/large-file',
    '/demo/backpressured',
  ])('%s begins ten million records at once', (path) => {
    const answer = ask(`GET ${path}?n=${path.startsWith('/download') ? '1048576' : '10000000'}`);
    if (answer.kind !== 'stream') throw new Error('no stream');
    const steps = answer.steps[Symbol.iterator]();
    expect(steps.next().done).toBe(false);
    expect(steps.next().done).toBe(false);
    steps.return?.();
  });

  it('has one place for each method and path', () => {
    const all = mockEndpoints.map(({ method, path }) => `${method} ${path}`);
    expect(new Set(all).size).toBe(all.length);
    expect(findEndpoint('HEAD', '/stream/data')?.endpoint.path).toBe('/stream/data');
  });
});

describe('knobs in a body', () => {
  const post = (path: string, body: unknown) => ask(`POST ${path}`, { body: JSON.stringify(body) });
  const chunkSizes = { message: 'Hi', streamOptions: { chunkSize: 3, delay: 0, includeMetadata: false } };

  it('count as those of a query do, and go before them', () => {
    const inBody = textOf(post('/api/stream-chat?chunkSize=9', chunkSizes));
    expect(inBody).toBe(textOf(ask('POST /api/stream-chat?message=Hi&chunkSize=3&delayMs=0&includeMetadata=false')));
    expect(inBody).toMatch(/^data: \{"content":"You"\}\n\n[^]*data: \[DONE\]\n\n$/);
  });

  it.each([
    [{ ...chunkSizes, streamOptions: { chunkSize: '3' } }, '"streamOptions.chunkSize" takes a whole number'],
    [{ ...chunkSizes, streamOptions: { dealy: 3 } }, 'There is no knob "streamOptions.dealy" here'],
    [{ ...chunkSizes, streamOptions: { includeMetadata: 1 } }, '"streamOptions.includeMetadata" takes true or false'],
    [{ message: 7 }, '"message" takes text of at most 4,000 characters, not "7"'],
    [{ nn: 7 }, 'There is no knob "nn" here. The knobs are: message, n, '],
  ])('%j is refused: %s', (body, sentence) => {
    const answer = post('/api/stream-chat', body);
    expect(answer.status).toBe(400);
    const { error } = JSON.parse(textOf(answer)) as { error: { code: string; message: string } };
    expect(error.code).toBe('bad-knob');
    expect(error.message).toContain(sentence);
  });

  it.each(['{', '[1]', '"n"'])('a body %s is refused', (body) => {
    const answer = ask('POST /api/generate', { body });
    expect(answer.status).toBe(400);
    expect(JSON.parse(textOf(answer))).toMatchObject({ error: { code: 'bad-request' } });
  });

  it('beside what a client of a provider sends are taken, and the rest is left alone', () => {
    const messages = [{ role: 'user', content: 'Wo ist Zürich?' }];
    const answer = post('/api/chat/openai', { messages, temperature: 0.3, delayMs: 0, n: 4 });
    expect(textOf(answer).match(/"type":"text"/g)).toHaveLength(4);
    expect(textOf(post('/api/chat/anthropic', { messages, n: 4 }))).toContain('"finishReason":"max_tokens"');
  });
});

describe('resuming', () => {
  it.each(['/stream/stock-ticker', '/stream/live-logs', '/stream/events', '/demo/reconnecting'])(
    '%s goes on behind any event, and answers 204 behind the last',
    (path) => {
      const one = path === '/demo/reconnecting' ? '&perConnection=100' : '';
      const target = `GET ${path}?n=7${one}`;
      const ids = (text: string) => text.match(/^(id|data): .*$/gm) ?? [];
      const all = ids(textOf(ask(target)));
      const count = all.length / 2;
      for (let id = 1; id < count; id++) {
        expect(ids(textOf(ask(target, { lastEventId: String(id) })))).toEqual(all.slice(2 * id));
      }
      expect(ask(target, { lastEventId: String(count) }).status).toBe(204);
      expect(textOf(ask(target, { lastEventId: 'x' }))).toContain(': the Last-Event-ID is not one of this stream');
    },
  );

  it.each(['/stream/users', '/stream/database-results'])('%s goes on behind each cursor', (path) => {
    const records = (text: string) => text.match(/"(email|id)":"[^"]+"/g) ?? [];
    const whole = textOf(ask(`GET ${path}?n=23&batchSize=5`));
    const cursors = whole.match(/cur_[0-9a-z]+_[0-9a-z]+(?=","next")/g) ?? [];
    expect(cursors).toHaveLength(5);
    cursors.forEach((cursor, i) => {
      const rest = textOf(ask(`GET ${path}?n=23&batchSize=5&cursor=${cursor}`));
      expect(records(rest)).toEqual(records(whole).slice(Math.min(23, 5 * (i + 1))));
    });
    const foreign = ask(`GET ${path}?n=23&seed=2&cursor=${cursors[0] ?? ''}`);
    expect(JSON.parse(textOf(foreign))).toMatchObject({ error: { code: 'bad-cursor' } });
  });

  it.each([
    ['bytes=0-', 206, 0, 1_048_576],
    ['bytes=100-199', 206, 100, 200],
    ['bytes=65530-65550', 206, 65_530, 65_551],
    ['bytes=-1', 206, 1_048_575, 1_048_576],
    ['bytes=1048570-9999999', 206, 1_048_570, 1_048_576],
    ['bytes=5-4', 200, 0, 1_048_576],
    ['bytes=0-1,5-6', 200, 0, 1_048_576],
    ['lines=1-2', 200, 0, 1_048_576],
  ])('a large file answers %s with %i', (range, status, from, to) => {
    const whole = Buffer.concat(chunksOf(ask('GET /download/large-file?n=1')));
    const answer = ask('GET /download/large-file?n=1', { headers: { range } });
    expect(answer.status).toBe(status);
    expect(answer.kind === 'stream' && answer.length).toBe(to - from);
    expect(Buffer.concat(chunksOf(answer)).equals(whole.subarray(from, to))).toBe(true);
    const contentRange = status === 206 ? `bytes ${String(from)}-${String(to - 1)}/1048576` : null;
    expect(headerValue(answer.headers, 'content-range')).toBe(contentRange);
  });

  it('outside of a file is refused, and a tag of other bytes gets the whole', () => {
    const target = 'GET /download/large-file?n=1';
    const refused = ask(target, { headers: { range: 'bytes=1048576-' } });
    expect(refused.status).toBe(416);
    expect(headerValue(refused.headers, 'content-range')).toBe('bytes */1048576');
    const tag = headerValue(ask(target).headers, 'etag') ?? '';
    const range = 'bytes=9-';
    expect(ask(target, { headers: { range, 'if-range': tag } }).status).toBe(206);
    expect(ask(`${target}&seed=2`, { headers: { range, 'if-range': tag } }).status).toBe(200);
    expect(ask(target, { headers: { 'if-none-match': tag } }).status).toBe(304);
  });
});

describe('what the server remembers', () => {
  it('limits a window and tells when the next one begins', () => {
    let now = 0;
    const memory = createMockMemory(() => now);
    const request = (client: string) =>
      ask(`GET /demo/rate-limited?limit=2&windowMs=4000&client=${client}`, { memory });
    expect([1, 2, 3].map(() => request('a').status)).toEqual([200, 200, 429]);
    now = 2_500;
    const refused = request('a');
    expect(headerValue(refused.headers, 'retry-after')).toBe('2');
    expect(headerValue(refused.headers, 'ratelimit')).toBe('"mock";r=0;t=2');
    expect(request('b').status).toBe(200);
    now = 4_000;
    expect(request('a').status).toBe(200);
  });

  it('counts work that was finished and work that was given up', () => {
    const memory = createMockMemory(() => 0);
    const work = () => {
      const answer = ask('GET /demo/cancellable?n=5', { memory });
      if (answer.kind !== 'stream') throw new Error('no stream');
      return answer.steps;
    };
    expect([...work()]).toHaveLength(5);
    let taken = 0;
    for (const _step of work()) if (++taken === 2) break;
    const status = JSON.parse(textOf(ask('GET /demo/cancellable/status', { memory }))) as object;
    expect(status).toMatchObject({
      running: 0,
      finished: 1,
      cancelled: 1,
      latest: [
        { run: 2, state: 'cancelled', stepsDone: 2, stepsPlanned: 5 },
        { run: 1, state: 'finished', stepsDone: 5 },
      ],
    });
  });
});

describe('a compressed answer', () => {
  it.each([
    ['gzip, deflate, br', 'br'],
    ['gzip;q=1, br;q=0.5', 'gzip'],
    ['deflate', 'deflate'],
    ['*', 'br'],
    ['br;q=0, *', 'gzip'],
    ['', undefined],
    ['identity', undefined],
  ])('for Accept-Encoding “%s” is in %s', (accepted, coding) => {
    const answer = ask('GET /demo/compressed', { headers: { 'accept-encoding': accepted } });
    expect(answer.kind === 'stream' && answer.coding?.name).toBe(coding);
    expect(headerValue(answer.headers, 'vary')).toBe('Accept-Encoding');
  });
});
