import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createInstrument, type Instrument } from '../../../src/main/instrument/createInstrument.ts';
import { createMockServer, type MockServer } from '../../../src/main/servers/mock/mockServer.ts';
import type { CallName, Input, Results } from '../../../src/shared/calls.ts';
import { FailureError } from '../../../src/shared/failure.ts';
import { defaultRequestOptions, type RequestSpec } from '../../../src/shared/request.ts';
import type { RunSetLine } from '../../../src/shared/runs.ts';

let mock: MockServer;
let chat = '';
let server: Server;
let base = '';
let requests = 0;
let most = 0;
let open = 0;
/** Answers that wait for the test. */
const held: ServerResponse[] = [];
let onHeld = (): void => undefined;
let home = '';
let instrument: Instrument;

beforeAll(async () => {
  mock = createMockServer({ port: 0 });
  chat = `${(await mock.start()).url}/v1/chat/completions`;
  server = createServer((request, response) => {
    requests++;
    open++;
    most = Math.max(most, open);
    response.on('close', () => open--);
    if (request.url?.startsWith('/json') === true) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(request.url === '/json' ? '[{"a":1},{"a":2}]' : '[{"a":1},{"a"');
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    if (request.url === '/mixed' && requests % 3 === 0) {
      response.write('data: 1\n\n', () => request.socket.resetAndDestroy());
    } else if (request.url === '/held') {
      response.flushHeaders();
      held.push(response);
      onHeld();
    } else {
      response.end('data: 1\n\n');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await mock.stop();
});

const startInstrument = (): Promise<Instrument> =>
  createInstrument({ host: 'memory', version: '0', folder: home, samplesFolder: null, startMock: false });

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'streamscope-runs-'));
  requests = 0;
  most = 0;
  held.length = 0;
  instrument = await startInstrument();
});

afterEach(async () => {
  for (const response of held) response.destroy();
  await instrument.close();
  await rm(home, { recursive: true, force: true });
});

const call = async <Name extends CallName>(name: Name, input: Input<Name>): Promise<Results[Name]> =>
  instrument.handlers[name](input, { signal: new AbortController().signal, session: 'test' });

const get = (url: string): RequestSpec => ({
  method: 'GET',
  url,
  headers: [],
  body: { kind: 'none' },
  auth: { kind: 'none' },
  options: defaultRequestOptions,
});

const chatRequest = (knobs: string): RequestSpec => ({
  ...get(`${chat}?${knobs}`),
  method: 'POST',
  headers: [['Content-Type', 'application/json']],
  body: { kind: 'text', text: '{"stream":true,"messages":[{"role":"user","content":"Streams?"}]}' },
});

const plan = (request: RequestSpec, more: Partial<Input<'run.start'>> = {}): Input<'run.start'> => ({
  request,
  framing: null,
  label: '',
  count: 6,
  concurrency: 2,
  delayMillis: 0,
  objectives: '',
  ...more,
});

const heldAtLeast = (count: number): Promise<void> =>
  new Promise((resolve) => {
    onHeld = () => {
      if (held.length >= count) resolve();
    };
    onHeld();
  });

const failureOf = async (pending: Promise<unknown>): Promise<string> => {
  try {
    await pending;
  } catch (error) {
    if (error instanceof FailureError) return error.failure.code;
    throw error;
  }
  return 'none';
};

describe('a run set', () => {
  it('sends one request many times, and measures each token stream', async () => {
    const { id } = await call(
      'run.start',
      plan(chatRequest('n=20&delayMs=25&seed=7'), { objectives: 'ttft=60s,tps>=1' }),
    );
    await instrument.runSets.settled(id);
    const { line, summary, runs } = await call('run.read', { id, from: 0, count: 100 });
    expect(line).toMatchObject({ state: 'over', count: 6, startedRuns: 6, endedRuns: 6, method: 'POST' });
    expect(runs.map(({ n }) => n)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(new Set(runs.map(({ recordingId }) => recordingId)).size).toBe(6);
    for (const run of runs) {
      expect(run).toMatchObject({
        ending: { kind: 'complete', code: 'end/complete' },
        status: 200,
        framing: 'sse',
        dialect: 'openai-chat',
        streamErrors: 0,
        isTerminated: true,
        reconnections: 0,
        tokens: { source: 'usage' },
      });
      const { headers, ttft, lastContent, e2e, itl, tps, tokens } = run.figures;
      expect(headers!).toBeLessThanOrEqual(ttft!);
      expect(ttft!).toBeLessThan(lastContent!);
      expect(lastContent!).toBeLessThanOrEqual(e2e!);
      expect(itl!).toBeCloseTo((lastContent! - ttft!) / (tokens! - 1), 6);
      expect(tps!).toBeCloseTo(1e6 / itl!, 6);
      const { metrics } = (await call('recording.message', { id: run.recordingId!, have: null })).message!;
      expect([ttft, lastContent, itl, tokens]).toEqual([
        metrics.ttftMicros,
        metrics.lastContentMicros,
        metrics.itlMicros,
        metrics.tokens?.count,
      ]);
      expect((await call('recording.read', { id: run.recordingId! })).exchange.runSet).toEqual({ id, n: run.n });
    }
    expect(summary).toMatchObject({
      runs: 6,
      success: { count: 6, share: 1 },
      error: { count: 0 },
      completion: { count: 6 },
      goodput: { good: 6, unknown: 0 },
      figures: { ttft: { count: 6, unknown: 0 } },
    });
    expect(summary.goodput?.perSecond).toBeCloseTo((6 * 1e6) / summary.durationMicros!, 9);
  });

  it('never has more runs under way than it was told', async () => {
    const { id } = await call('run.start', plan(get(`${base}/held`), { count: 7, concurrency: 3 }));
    for (let answered = 0; answered < 7; answered++) {
      await heldAtLeast(answered + 1);
      held[answered]?.end('data: 1\n\n');
    }
    await instrument.runSets.settled(id);
    expect(most).toBeLessThanOrEqual(3);
    expect(requests).toBe(7);
  });

  it('goes on when runs fail, and tells how each ended', async () => {
    const { id } = await call('run.start', plan(get(`${base}/mixed`), { count: 9, concurrency: 1 }));
    await instrument.runSets.settled(id);
    const { summary, runs } = await call('run.read', { id, from: 0, count: 100 });
    expect(runs.map(({ ending }) => ending?.kind)).toEqual([
      'complete',
      'complete',
      'cut',
      'complete',
      'complete',
      'cut',
      'complete',
      'complete',
      'cut',
    ]);
    expect(summary).toMatchObject({
      success: { count: 6 },
      error: { count: 3 },
      completion: { share: null, unknown: 9 },
    });
    expect(summary.figures.ttft).toMatchObject({ count: 0, unknown: 9, p50: null });
  });

  it('knows that JSON came to its end, or did not', async () => {
    const completions = async (url: string): Promise<readonly (boolean | null)[]> => {
      const { id } = await call('run.start', plan(get(url), { count: 2, concurrency: 1 }));
      await instrument.runSets.settled(id);
      return (await call('run.read', { id, from: 0, count: 2 })).runs.map(({ isTerminated }) => isTerminated);
    };
    expect(await completions(`${base}/json`)).toEqual([true, true]);
    expect(await completions(`${base}/json-cut`)).toEqual([false, false]);
  });

  it('stops at once: nothing more is sent, and what is live ends as stopped', async () => {
    const seen: RunSetLine[] = [];
    instrument.subscribe('run.advanced', ({ line }) => {
      if (line !== null) seen.push(line);
    });
    const { id } = await call('run.start', plan(get(`${base}/held`), { count: 100, concurrency: 2 }));
    await heldAtLeast(2);
    const during = await call('run.read', { id, from: 0, count: 100 });
    expect(during.line.state).toBe('running');
    expect(during.runs.map(({ ending }) => ending)).toEqual([null, null]);
    expect(during.summary).toMatchObject({ runs: 0, success: { share: null } });
    expect(await failureOf(call('run.remove', { id }))).toBe('run/still-running');
    expect(await call('run.stop', { id })).toEqual({ stopped: true });
    const { line, runs } = await call('run.read', { id, from: 0, count: 100 });
    expect(line).toMatchObject({ state: 'stopped', startedRuns: 2, endedRuns: 2 });
    expect(runs.map(({ ending }) => ending?.kind)).toEqual(['stopped', 'stopped']);
    expect(requests).toBe(2);
    expect(seen.at(-1)?.state).toBe('stopped');
    expect(await call('run.stop', { id })).toEqual({ stopped: false });
  });

  it('leaves nothing when the request cannot be sent, or its limits cannot be read', async () => {
    expect(await failureOf(call('run.start', plan(get('nowhere'))))).toBe('request/invalid-url');
    expect(await failureOf(call('run.start', plan(get(base), { objectives: 'ttft=fast' })))).toBe(
      'run/invalid-objective',
    );
    expect(await call('run.list', {})).toEqual({ sets: [] });
    expect(await readdir(home)).not.toContain('run-sets');
  });

  it('is listed again after a restart, with the same figures', async () => {
    const { id } = await call('run.start', plan(chatRequest('n=5&delayMs=0'), { label: 'before' }));
    await instrument.runSets.settled(id);
    const before = await call('run.read', { id, from: 0, count: 100 });
    await instrument.close();
    instrument = await startInstrument();
    expect((await call('run.list', {})).sets).toEqual([before.line]);
    expect(await call('run.read', { id, from: 0, count: 100 })).toEqual(before);
    expect((await call('run.read', { id, from: 4, count: 100 })).runs.map(({ n }) => n)).toEqual([4, 5]);
    await call('run.remove', { id });
    expect((await call('run.list', {})).sets).toEqual([]);
    expect(await failureOf(call('run.read', { id, from: 0, count: 1 }))).toBe('run/not-found');
    expect((await call('library.list', {})).recordings).toHaveLength(6);
  });

  it('is interrupted where the program was killed: what it kept is told, half a line is passed over', async () => {
    const { id } = await call('run.start', plan(chatRequest('n=5&delayMs=0'), { count: 3, concurrency: 1 }));
    await instrument.runSets.settled(id);
    await instrument.close();
    const file = path.join(home, 'run-sets', `${id}.jsonl`);
    const [set = '', first = '', second = '', third = ''] = (await readFile(file, 'utf8')).split('\n');
    const running = set.replace('"state":"over"', '"state":"running"').replace('"count":3', '"count":5');
    const begun = third.replace(/"ending":\{[^}]*\}/, '"ending":null');
    await writeFile(file, [running, first, second, begun, third.slice(0, 30)].join('\n'));
    instrument = await startInstrument();
    const { line, summary, runs } = await call('run.read', { id, from: 0, count: 100 });
    expect(line).toMatchObject({ state: 'interrupted', count: 5, startedRuns: 3, endedRuns: 2 });
    expect(runs.map(({ ending }) => ending?.kind ?? null)).toEqual(['complete', 'complete', null]);
    expect(summary).toMatchObject({ runs: 3, success: { count: 2, unknown: 1 }, unknownEndings: 1 });
    await writeFile(file, 'nonsense\n');
    await instrument.close();
    instrument = await startInstrument();
    expect((await call('run.list', {})).sets).toEqual([]);
    expect(await failureOf(call('run.read', { id, from: 0, count: 1 }))).toBe('recording/damaged');
  });

  it('can be compared with another, and exported', async () => {
    const start = async (knobs: string): Promise<string> => {
      const { id } = await call('run.start', plan(chatRequest(knobs), { count: 8, concurrency: 4 }));
      await instrument.runSets.settled(id);
      return id;
    };
    const [slow, fast] = [await start('n=12&delayMs=12'), await start('n=12&delayMs=1')];
    const { a, b, figures } = await call('run.compare', { a: slow, b: fast });
    expect([a.line.id, b.line.id]).toEqual([slow, fast]);
    const ttft = figures.find(({ figure }) => figure === 'ttft')!;
    const { low, high } = ttft.interval!;
    expect(ttft.verdict).toBe(high < 0 ? 'better' : low > 0 ? 'worse' : 'within-noise');
    expect([ttft.a.count, ttft.b.count]).toEqual([8, 8]);
    expect(figures.find(({ figure }) => figure === 'tokens')?.verdict).toBe('within-noise');
    const csv = (await call('run.export', { id: slow, form: 'csv' })).text;
    expect(csv.split('\r\n')).toHaveLength(10);
    const json: unknown = JSON.parse((await call('run.export', { id: slow, form: 'json' })).text);
    expect(json).toMatchObject({ format: 'streamscope-runs', set: { id: slow }, summary: { runs: 8 } });
  });

  it('is stopped and kept when the program ends', async () => {
    const { id } = await call('run.start', plan(get(`${base}/held`), { count: 50, concurrency: 2 }));
    await heldAtLeast(2);
    await instrument.close();
    instrument = await startInstrument();
    expect((await call('run.list', {})).sets).toMatchObject([{ id, state: 'stopped', startedRuns: 2, endedRuns: 2 }]);
  });
});
