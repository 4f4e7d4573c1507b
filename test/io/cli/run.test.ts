import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createMockServer, type MockServer } from '../../../src/main/servers/mock/mockServer.ts';
import { lines, runCli, type CliRun } from './runCli.ts';

let home = '';
let mock: MockServer;
let chat = '';
let server: Server;
let base = '';
let requests = 0;

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'streamscope-run-'));
  mock = createMockServer({ port: 0 });
  chat = `${(await mock.start()).url}/v1/chat/completions`;
  server = createServer((request, response) => {
    requests++;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    if (requests % 4 === 0) response.write('data: 1\n\n', () => request.socket.resetAndDestroy());
    else response.end('data: 1\n\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await mock.stop();
  await rm(home, { recursive: true, force: true });
});

const prompt = ['--json', '{"stream":true,"messages":[{"role":"user","content":"Streams?"}]}'];
const run = (words: readonly string[]): Promise<CliRun> => runCli(['run', ...words], { home });

const share = z.object({ count: z.number(), unknown: z.number(), share: z.number().nullable() });
const distribution = z.object({
  count: z.number(),
  unknown: z.number(),
  min: z.number().nullable(),
  p50: z.number().nullable(),
  p90: z.number().nullable(),
  p99: z.number().nullable(),
  max: z.number().nullable(),
  mean: z.number().nullable(),
  histogram: z.object({ edges: z.array(z.number()), counts: z.array(z.number()) }),
});
const figureNames = [
  'headersUs',
  'firstByteUs',
  'ttftUs',
  'ttfoUs',
  'lastContentUs',
  'endUs',
  'itlUs',
  'decodePerSecond',
  'endToEndPerSecond',
  'tokens',
] as const;
const runSet = z.object({
  format: z.literal('streamscope-runs'),
  version: z.literal(1),
  set: z.object({ id: z.string(), state: z.string(), count: z.number(), concurrency: z.number(), delayMs: z.number() }),
  summary: z.object({
    runs: z.number(),
    success: share,
    error: share,
    completion: share,
    reconnection: share,
    durationUs: z.number().nullable(),
    goodput: z.object({ good: z.number(), unknown: z.number(), perSecond: z.number().nullable() }).nullable(),
    figures: z.record(z.enum(figureNames), distribution),
  }),
  runs: z.array(z.looseObject({ n: z.number(), recording: z.string().nullable(), ending: z.string().nullable() })),
});
const comparison = z.object({
  format: z.literal('streamscope-run-comparison'),
  version: z.literal(1),
  a: runSet,
  b: runSet,
  medians: z.record(
    z.enum(figureNames),
    z.object({
      a: z.number().nullable(),
      b: z.number().nullable(),
      difference: z.number().nullable(),
      interval95: z.object({ low: z.number(), high: z.number() }).nullable(),
      verdict: z.enum(['better', 'worse', 'changed', 'within-noise', 'unknown']),
    }),
  ),
});

describe('run', () => {
  it('sends a request many times, tells how far it is on stderr and the figures on stdout', async () => {
    const { code, stdout, stderr } = await run([
      `${chat}?n=8&delayMs=1`,
      ...prompt,
      '-n',
      '5',
      '-c',
      '2',
      '--slo',
      'ttft=60s',
    ]);
    expect(code).toBe(0);
    expect(stderr).toContain('5 of 5 runs, 0 live');
    expect(stdout).toContain('success 100.0 %');
    expect(stdout).toMatch(/goodput [\d.]+\/s: 5 of 5 runs met every limit/);
    expect(stdout).toMatch(/\nttft +5 +0 +[\d.]+ ms/);
    expect(stdout).toMatch(/\nttft=60s +5 +0 +0 +0\n/);
    const { stdout: listed } = await runCli(['list', '--json'], { home });
    expect(lines(listed)).toHaveLength(5);
  });

  it('writes JSON of a stable form, and CSV with a line a run', async () => {
    const { stdout } = await run([`${chat}?n=8&delayMs=1`, ...prompt, '-n', '3', '--output', 'json']);
    const { set, summary, runs } = runSet.parse(JSON.parse(stdout));
    expect(set).toMatchObject({ state: 'over', count: 3, concurrency: 1, delayMs: 0 });
    expect(summary.success).toEqual({ count: 3, unknown: 0, share: 1 });
    expect(runs.map(({ n, ending }) => [n, ending])).toEqual([
      [1, 'complete'],
      [2, 'complete'],
      [3, 'complete'],
    ]);
    const csv = (await run([`${chat}?n=8&delayMs=1`, ...prompt, '-n', '3', '--output', 'csv'])).stdout.split('\r\n');
    expect(csv).toHaveLength(5);
    expect(csv[0]).toMatch(/^set,n,recording,startedUs,ending,/);
  });

  it('fails where a limit is missed, or too few runs end complete', async () => {
    expect((await run([`${chat}?n=8&delayMs=1`, ...prompt, '-n', '2', '--slo', 'tps>=1000000'])).code).toBe(1);
    requests = 0;
    const failing = await run([base, '-n', '8', '--min-success', '80%']);
    expect(failing.code).toBe(1);
    expect(failing.stdout).toContain('success 75.0 %');
    expect(failing.stdout).toMatch(/\nend\/\S+ +2\n/);
    requests = 0;
    expect((await run([base, '-n', '8', '--min-success', '75%'])).code).toBe(0);
  });

  it('takes what is not known for not met', async () => {
    requests = 0;
    const { code, stdout } = await run([base, '-n', '2', '--slo', 'ttft=60s']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/\nttft=60s +0 +0 +0 +2\n/);
  });

  it('compares two targets, and with an earlier set', async () => {
    const words = [...prompt, '-n', '7', '-c', '7', '--output', 'json'];
    const two = await run([`${chat}?n=8&delayMs=12`, '--vs', `${chat}?n=8&delayMs=1`, ...words]);
    const { a, medians } = comparison.parse(JSON.parse(two.stdout));
    const { difference, interval95, verdict } = medians.ttftUs;
    expect(interval95!.low).toBeLessThanOrEqual(difference!);
    expect(interval95!.high).toBeGreaterThanOrEqual(difference!);
    expect(verdict).toBe(interval95!.high < 0 ? 'better' : interval95!.low > 0 ? 'worse' : 'within-noise');
    expect(medians.tokens).toMatchObject({ difference: 0, verdict: 'within-noise' });
    const later = await run([`${chat}?n=8&delayMs=1`, '--compare', a.set.id, ...words]);
    expect(comparison.parse(JSON.parse(later.stdout)).a.set.id).toBe(a.set.id);
    const table = await run([`${chat}?n=8&delayMs=1`, '--compare', a.set.id, ...prompt, '-n', '7']);
    expect(table.stdout).toMatch(/\nttft .*(B is better|B is worse|within noise)\n/);
  });

  it.each([
    [['http://127.0.0.1:9/', '--slo', 'ttft=fast'], 2, 'run/invalid-objective|is no objective'],
    [['http://127.0.0.1:9/', '-n', '0'], 2, '--runs wants at least 1'],
    [['http://127.0.0.1:9/', '-c', '1000'], 2, '--concurrency takes at most 256'],
    [['http://127.0.0.1:9/', '--min-success', '101%'], 2, 'wants a share'],
    [['http://127.0.0.1:9/', '--compare', 'x', '--vs', 'http://a/'], 2, 'exclude each other'],
    [[], 2, 'wants the address'],
    [['nowhere at all'], 3, 'request/invalid-url'],
    [['http://127.0.0.1:9/', '--compare', '20200101-000000-abcdef'], 3, 'run/not-found'],
  ])('%j ends with %i and says why', async (words, code, sentence) => {
    const ended = await run(words);
    expect(ended.code).toBe(code);
    expect(ended.stderr).toMatch(new RegExp(sentence));
    expect(ended.stdout).toBe('');
  });
});
