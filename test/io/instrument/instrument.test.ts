import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createInstrument, type Instrument } from '../../../src/main/instrument/createInstrument.ts';
import type { CallName, Input, Results } from '../../../src/shared/calls.ts';
import type { EventName, Events } from '../../../src/shared/events.ts';
import { FailureError, type FailureCode } from '../../../src/shared/failure.ts';
import { defaultRequestOptions, type RequestSpec } from '../../../src/shared/request.ts';
import { frameKinds } from '../../../src/shared/words.ts';

const events =
  ': hi\n\nid: 1\nevent: order\ndata: {"a":1}\n\ndata: two\n\n: ping\n\nid: 2\nevent: order\ndata: {"a":2}\n\nnonsense\n\ndata: end\n\n';
const gzipped = gzipSync(events);

let server: Server;
let base = '';
let live: ServerResponse[] = [];
let home = '';
let instrument: Instrument;

beforeAll(async () => {
  server = createServer((request, response) => {
    const sse = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' };
    if (request.url === '/events') {
      response.writeHead(200, sse);
      const parts = events.split(/(?<=\n\n)/);
      const timer = setInterval(() => {
        const next = parts.shift();
        if (next !== undefined) response.write(next);
        else {
          clearInterval(timer);
          response.end();
        }
      }, 3);
    } else if (request.url === '/gzip') {
      response.writeHead(200, { ...sse, 'content-encoding': 'gzip' });
      response.write(gzipped.subarray(0, 40));
      setTimeout(() => response.end(gzipped.subarray(40)), 20);
    } else if (request.url === '/cacheable') {
      request.socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(150));
      response.writeHead(200, { 'content-type': 'text/event-stream', 'content-length': '9' });
      response.end('data: 1\n\n');
    } else if (request.url === '/pages') {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"pages":[{"rows":[{"a":1},{"a":2}]},{"rows":[{"a":3}]}]}');
    } else if (request.url === '/long') {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      response.end(`{"a":"${'x'.repeat(200_000)} needle"}\n{"a":"${'x'.repeat(9_000_000)} needle"}\n`);
    } else if (request.url === '/lines') {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      response.end(Array.from({ length: 20_000 }, (_, n) => `{"type":"row","n":${String(n)}}\n`).join(''));
    } else {
      response.writeHead(200, sse);
      response.flushHeaders();
      live.push(response);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const start = (): Promise<Instrument> =>
  createInstrument({ host: 'memory', version: '0.0.0', folder: home, samplesFolder: null, startMock: false });

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'streamscope-instrument-'));
  live = [];
  instrument = await start();
});

afterEach(async () => {
  await instrument.close();
  await rm(home, { recursive: true, force: true });
});

async function restart(): Promise<void> {
  await instrument.close();
  instrument = await start();
}

const session = 'test';
async function call<Name extends CallName>(name: Name, input: Input<Name>): Promise<Results[Name]> {
  return instrument.handlers[name](input, { signal: new AbortController().signal, session });
}

async function failureOf(promise: Promise<unknown>): Promise<FailureCode> {
  const outcome: unknown = await promise.then(
    () => 'it succeeded',
    (error: unknown) => error,
  );
  if (!(outcome instanceof FailureError)) throw new Error(`no failure but ${String(outcome)}`);
  return outcome.failure.code;
}

/** The first event that fits. */
function event<Name extends EventName>(name: Name, fits: (payload: Events[Name]) => boolean): Promise<Events[Name]> {
  return new Promise((resolve) => {
    const unsubscribe = instrument.subscribe(name, (payload) => {
      if (!fits(payload)) return;
      unsubscribe();
      resolve(payload);
    });
  });
}

function open(url: string): Promise<{ readonly id: string }> {
  return call('recording.open', {
    request: {
      method: 'GET',
      url,
      headers: [],
      body: { kind: 'none' },
      auth: { kind: 'none' },
      options: { ...defaultRequestOptions },
    },
    framing: null,
  });
}

async function record(url: string): Promise<string> {
  const { id } = await open(url);
  await instrument.recordings.settled(id);
  return id;
}

const all = { filterId: null, foldHeartbeats: false };

async function table(id: string, over: Partial<Input<'recording.rows'>> = {}) {
  const rows = await call('recording.rows', { id, from: 0, count: 100, ...all, ...over });
  return rows.preview.map((preview, i) => `${frameKinds[rows.kind[i] ?? 0] ?? ''} ${rows.type[i] ?? ''}|${preview}`);
}

async function analysed(id: string): Promise<void> {
  const { analysisProgress } = await call('recording.read', { id });
  if (analysisProgress !== null)
    await event('recording.advanced', (moved) => moved.id === id && moved.analysisProgress === null);
}

const expectedTable = [
  'comment |hi',
  'event order|{"a":1}',
  'event |two',
  'comment |ping',
  'event order|{"a":2}',
  'invalid |nonsense',
  'event |end',
];

describe('a stream that was recorded', () => {
  it('answers every question about it, now and after a restart', async () => {
    const id = await record(`${base}/events`);
    for (const round of ['at once', 'after a restart']) {
      expect(await table(id), round).toEqual(expectedTable);
      const detail = await call('recording.read', { id });
      expect(detail).toMatchObject({
        summary: { state: 'ended', framing: 'sse', endingKind: 'complete', counts: { frames: 7, heartbeats: 2 } },
        framing: { by: 'content-type' },
        verdict: { word: 'Complete' },
        analysisProgress: null,
      });
      expect(detail.types).toContainEqual({ kind: 'event', type: 'order', count: 2 });
      expect(await table(id, { foldHeartbeats: true })).toEqual(
        expectedTable.filter((row) => !row.startsWith('comment')),
      );
      const frame = await call('recording.frame', { id, frame: 2 });
      expect(frame).toMatchObject({
        text: 'two',
        fields: { data: 'two', lastEventId: '1', dispatched: true },
        json: 'none',
      });
      const rows = await call('recording.rows', { id, from: 1, count: 1, ...all });
      expect(rows.id).toEqual(['1']);
      const timeline = await call('recording.timeline', { id, fromMicros: 0, toMicros: 1e9, columns: 50 });
      expect(timeline.frameCount.reduce((sum, count) => sum + count, 0)).toBe(7);
      const span = await call('recording.span', { id, fromMicros: 0, toMicros: 1e9 });
      expect(span).toMatchObject({ frames: 7, wireBytes: events.length });
      const timing = await call('recording.timing', { id });
      expect(timing.frameGaps.count).toBe(6);
      const micros = rows.micros[0] ?? 0;
      expect(await call('recording.frameAt', { id, micros })).toEqual({ frame: 1 });
      expect(await call('recording.frameAtOffset', { id, offset: 8 })).toEqual({ frame: 1 });
      expect(await call('recording.seek', { id, from: -1, to: 'diagnostic', direction: 'next' })).toEqual({ frame: 5 });
      expect(await call('recording.seek', { id, from: 0, to: 'stall', direction: 'next' })).toEqual({ frame: null });
      const { bytes } = await call('recording.bytes', { id, space: 'body', offset: 0, length: 10_000 });
      expect(Buffer.from(bytes).toString()).toBe(events);
      const chunks = await call('recording.chunks', { id, offset: 0, length: 10_000 });
      expect(chunks.offset[0]).toBe(0);
      expect(chunks.offset.length).toBe(detail.summary.counts.chunks);
      expect((await call('recording.diagnostics', { id, from: 0, count: 10 })).items.map(({ code }) => code)).toEqual([
        'sse/foreign-text',
      ]);
      if (round === 'at once') await restart();
    }
  });

  it('has each finding of its head once, those from before the head too', async () => {
    const id = await record(`${base}/cacheable`);
    const codes = async () =>
      (await call('recording.diagnostics', { id, from: 0, count: 10 })).items.map(({ code }) => code);
    expect((await codes()).sort()).toEqual([
      'end/many-informational',
      'head/content-length-on-stream',
      'head/sse-cacheable',
    ]);
  });

  it('is taken apart the same when its content was coded', async () => {
    const id = await record(`${base}/gzip`);
    expect(await table(id)).toEqual(expectedTable);
    const { summary } = await call('recording.read', { id });
    expect(summary.counts).toMatchObject({ wireBytes: gzipped.length, bodyBytes: events.length });
    const before = await call('recording.rows', { id, from: 0, count: 10, ...all });
    await restart();
    await call('recording.reframe', { id, framing: null });
    await analysed(id);
    expect(await table(id)).toEqual(expectedTable);
    expect((await call('recording.rows', { id, from: 0, count: 10, ...all })).micros).toEqual(before.micros);
  });

  it('is framed anew in the user’s framing, and remembers it', async () => {
    const id = await record(`${base}/events`);
    await call('recording.reframe', { id, framing: 'text' });
    await analysed(id);
    expect((await table(id))[0]).toBe('text |: hi');
    await restart();
    expect((await call('recording.read', { id })).framing).toMatchObject({ framing: 'text', by: 'user' });
    expect((await table(id)).length).toBeGreaterThan(7);
    await call('recording.reframe', { id, framing: null });
    await analysed(id);
    expect(await table(id)).toEqual(expectedTable);
  });

  it('has its JSON elements where the user says they are, and remembers it', async () => {
    const id = await record(`${base}/pages`);
    const detected = await table(id);
    expect(detected).toHaveLength(4);
    await call('recording.reframe', { id, framing: 'json', jsonPath: ' pages[*].rows ' });
    await analysed(id);
    const elements = async () => (await table(id)).filter((row) => row.startsWith('element'));
    expect(await elements()).toEqual(['element |{"a":1}', 'element |{"a":2}', 'element |{"a":3}']);
    await restart();
    const { framing, exchange } = await call('recording.read', { id });
    expect([framing?.shape, exchange.jsonPathOverride]).toEqual(['path', 'pages[*].rows']);
    expect(await elements()).toHaveLength(3);
    expect(await failureOf(call('recording.reframe', { id, framing: 'json', jsonPath: 'a[1]' }))).toBe(
      'request/invalid-json-path',
    );
    await call('recording.reframe', { id, framing: null });
    await analysed(id);
    expect(await table(id)).toEqual(detected);
  });

  it('is filtered through all of a long frame, and says of which only the beginning was searched', async () => {
    const id = await record(`${base}/long`);
    const done = event('filter.advanced', ({ done: isDone }) => isDone);
    await call('filter.open', { id, expression: 'needle' });
    expect(await done).toMatchObject({ matches: 1, scannedFrames: 2, partlySearched: 1 });
  });

  it('is filtered, over columns and text', async () => {
    const id = await record(`${base}/lines`);
    const done = event('filter.advanced', ({ done: isDone }) => isDone);
    const { filterId } = await call('filter.open', { id, expression: 'type:row size>10 /"n":19\\d\\d\\d/' });
    expect(await done).toMatchObject({ filterId, matches: 1_000, scannedFrames: 20_000 });
    const rows = await call('recording.rows', { id, from: 998, count: 100, filterId, foldHeartbeats: false });
    expect([...rows.n]).toEqual([19_998, 19_999]);
    expect(await call('recording.rowOfFrame', { id, frame: 19_500, filterId, foldHeartbeats: false })).toEqual({
      row: 500,
    });
    expect(await failureOf(call('filter.open', { id, expression: '/(/' }))).toBe('filter/invalid');
    instrument.sessionEnded(session);
    expect(await failureOf(call('recording.rows', { id, from: 0, count: 1, filterId, foldHeartbeats: false }))).toBe(
      'call/invalid-input',
    );
  });
});

describe('a live stream', () => {
  it('is there before its first byte, grows, is followed by filters, and stops when told', async () => {
    const listed = event('library.changed', ({ summary }) => summary?.state === 'live');
    const { id } = await open(`${base}/live`);
    expect((await listed).id).toBe(id);
    await event('recording.advanced', (moved) => moved.id === id && live.length > 0);
    const { filterId } = await call('filter.open', { id, expression: 'wanted' });
    const advanced = event('recording.advanced', ({ counts }) => counts.frames === 2);
    live[0]?.write('data: first\n\ndata: wanted 1\n\n');
    expect((await advanced).live).toBe(true);
    const found = event('filter.advanced', ({ matches }) => matches === 2);
    live[0]?.write('data: wanted 2\n\n');
    await found;
    expect(await table(id, { filterId })).toEqual(['event |wanted 1', 'event |wanted 2']);
    await call('recording.reframe', { id, framing: 'text' });
    expect((await table(id))[0]).toBe('text |data: first');
    const more = event('recording.advanced', ({ counts }) => counts.frames === 8);
    live[0]?.write('data: third\n\n');
    await more;
    expect(await call('recording.stop', { id })).toEqual({ stopped: true });
    expect(await call('recording.stop', { id })).toEqual({ stopped: false });
    expect((await call('recording.read', { id })).summary).toMatchObject({ state: 'ended', endingKind: 'stopped' });
  });

  it('is ended and kept when the engine is closed', async () => {
    const { id } = await open(`${base}/live`);
    await event('recording.advanced', (moved) => moved.id === id && live.length > 0);
    const advanced = event('recording.advanced', ({ counts }) => counts.frames === 1);
    live[0]?.write('data: kept\n\n');
    await advanced;
    await restart();
    expect(await table(id)).toEqual(['event |kept']);
    expect((await call('recording.read', { id })).exchange.ending?.kind).toBe('stopped');
  });
});

describe('what cannot be opened', () => {
  it('leaves nothing behind where the request is none at all', async () => {
    const malformed = {
      method: 'GET',
      url: `${base}/events`,
      headers: [['x-count', 5]],
      body: { kind: 'none' },
      auth: { kind: 'none' },
      options: defaultRequestOptions,
    } as unknown as RequestSpec;
    expect(() => instrument.recordings.open(malformed, { framing: null })).toThrow(TypeError);
    expect(instrument.recordings.liveCount).toBe(0);
    expect(await call('library.list', {})).toMatchObject({ recordings: [] });
    await instrument.close();
  });

  it('is a failure that leaves nothing behind where the request is wrong', async () => {
    expect(await failureOf(open('example.com/x'))).toBe('request/invalid-url');
    expect((await call('library.list', {})).recordings).toEqual([]);
    expect(await failureOf(call('recording.read', { id: '20260101-000000-abcdef' }))).toBe('recording/not-found');
  });

  it('is a recording that says why where the network is', async () => {
    const id = await record('http://127.0.0.1:1/');
    const { verdict, exchange } = await call('recording.read', { id });
    expect(exchange.ending).toMatchObject({ kind: 'refused' });
    expect(verdict).toMatchObject({ tone: 'bad', word: 'Refused' });
    expect(verdict.sentence).toContain('127.0.0.1:1');
  });
});

describe('a file', () => {
  it('comes in by pieces, is sniffed, and has no times', async () => {
    const { importId } = await call('import.begin', { name: 'dump.sse', size: events.length, contentType: null });
    for (let at = 0; at < events.length; at += 7) {
      await call('import.append', { importId, bytes: Buffer.from(events.slice(at, at + 7)) });
    }
    const { id } = await call('import.finish', { importId });
    expect(await table(id)).toEqual(expectedTable);
    const detail = await call('recording.read', { id });
    expect(detail.timing.firstByteMicros).toBeNull();
    expect(detail.summary).toMatchObject({ source: 'import', name: 'dump.sse', durationMicros: null });
    expect(await failureOf(call('import.finish', { importId }))).toBe('import/not-open');
  });

  it('that is given up ends as stopped', async () => {
    const { importId } = await call('import.begin', { name: 'x.ndjson', size: 100, contentType: null });
    await call('import.append', { importId, bytes: Buffer.from('{"a":1}\n') });
    const ended = event('library.changed', ({ summary }) => summary?.state === 'ended');
    await call('import.abort', { importId });
    expect((await ended).summary?.endingKind).toBe('stopped');
  });
});

describe('settings', () => {
  it('are kept one by one, and survive a restart', async () => {
    expect((await call('settings.read', {})).theme).toBe('system');
    await call('settings.write', { patch: { theme: 'dark' } });
    await call('settings.write', { patch: { panes: { library: 220 } } });
    await restart();
    expect(await call('settings.read', {})).toMatchObject({ theme: 'dark', panes: { library: 220 } });
  });
});
