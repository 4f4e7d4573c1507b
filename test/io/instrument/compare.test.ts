import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createInstrument, type Instrument } from '../../../src/main/instrument/createInstrument.ts';
import { createMockServer, type MockServer } from '../../../src/main/servers/mock/mockServer.ts';
import type { CallName, Input, Results } from '../../../src/shared/calls.ts';
import { frameRelation, usuallyIgnoredKeys, type ComparedFigureName } from '../../../src/shared/compare.ts';
import { defaultRequestOptions } from '../../../src/shared/request.ts';

let home = '';
let base = '';
let server: MockServer;
let instrument: Instrument;

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'streamscope-compare-'));
  instrument = await createInstrument({
    host: 'memory',
    version: '0.0.0',
    folder: home,
    samplesFolder: null,
    startMock: false,
  });
  server = createMockServer({ port: 0 });
  base = (await server.start()).url.replace(/\/$/, '');
});

afterEach(async () => {
  await instrument.close();
  await server.stop();
  await rm(home, { recursive: true, force: true });
});

async function call<Name extends CallName>(
  name: Name,
  input: Input<Name>,
  signal = new AbortController().signal,
): Promise<Results[Name]> {
  return instrument.handlers[name](input, { signal, session: 'test' });
}

async function record(where: string): Promise<string> {
  const { id } = await call('recording.open', {
    request: {
      method: 'GET',
      url: `${base}${where}`,
      headers: [],
      body: { kind: 'none' },
      auth: { kind: 'none' },
      options: { ...defaultRequestOptions },
    },
    framing: null,
  });
  await instrument.recordings.settled(id);
  return id;
}

const rows = { criterion: 'json', ignore: [], onlyDifferent: false, from: 0, count: 100 } as const;

async function figure(left: string, right: string, name: ComparedFigureName, align: 'start' | 'first-byte' = 'start') {
  const { figures } = await call('compare.open', { left, right, align });
  const found = figures.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no figure ${name}`);
  return found;
}

describe('two recordings of the same bytes, buffered and streamed', () => {
  it('differ in the first byte and not in their frames', async () => {
    const left = await record('/demo/comparison/buffered?n=10&delayMs=20');
    const right = await record('/demo/comparison/streamed?n=10&delayMs=20');
    const firstByte = await figure(left, right, 'first-byte');
    expect(firstByte.difference).toBeLessThan(0);
    expect(firstByte.relative).toBeLessThan(0);
    expect(await figure(left, right, 'wire-bytes')).toMatchObject({ difference: 0, better: null });
    expect(await figure(left, right, 'ttft')).toMatchObject({ left: null, right: null, difference: null });
    const frames = await call('compare.frames', { left, right, ...rows });
    expect(frames).toMatchObject({
      first: { bytes: null, payload: null, json: null },
      leftFrames: 12,
      same: 12,
      changed: 0,
      total: 12,
    });
    expect([...frames.left]).toEqual([...frames.right]);
  });

  it('count moments from the first byte where they are aligned by it', async () => {
    const left = await record('/demo/comparison/buffered?n=4&delayMs=10');
    const right = await record('/demo/comparison/streamed?n=4&delayMs=10');
    expect(await figure(left, right, 'first-byte', 'first-byte')).toMatchObject({ left: 0, right: 0, better: 'same' });
    expect((await figure(left, right, 'end', 'first-byte')).difference).toBeGreaterThan(0);
    const { left: side } = await call('compare.open', { left, right, align: 'frame', frames: [2, 3] });
    expect(side.originMicros).toBeGreaterThan(0);
    const beyond = await call('compare.open', { left, right, align: 'frame', frames: [99, 0] });
    expect(beyond.left.originMicros).toBeNull();
    expect(beyond.figures.find(({ name }) => name === 'end')).toMatchObject({ left: null, difference: null });
  });
});

describe('two recordings of different orders', () => {
  it('part at the first order, and the frames say where', async () => {
    const left = await record('/v1/orders/stream?n=6&delayMs=0&seed=1&error=none');
    const right = await record('/v1/orders/stream?n=8&delayMs=0&seed=2&error=none');
    const frames = await call('compare.frames', {
      left,
      right,
      ...rows,
      onlyDifferent: true,
      ignore: ['seed', 'totalRecords'],
    });
    expect(frames.first.json).toEqual({ left: 1, right: 1 });
    expect(frames.same).toBe(1);
    expect(frames.total).toBe(frames.changed + frames.leftOnly + frames.rightOnly);
    expect([frames.left[0], frames.right[0], frames.relation[0]]).toEqual([1, 1, frameRelation.changed]);
    expect(frames.leftPreview[0]).not.toBe(frames.rightPreview[0]);
    const { note, differences } = await call('compare.json', { left, right, leftFrame: 1, rightFrame: 1, ignore: [] });
    expect(note).toBeNull();
    expect(differences.length).toBeGreaterThan(0);
    expect(differences.every(({ path: place }) => place.startsWith('/data/'))).toBe(true);
    const { total } = await call('compare.json', { left, right, leftFrame: 1, rightFrame: 1, ignore: ['data'] });
    expect(total).toBe(0);
  });

  it('give up when the caller does', async () => {
    const left = await record('/v1/orders/stream?n=20&delayMs=0');
    const controller = new AbortController();
    const asked = call('compare.frames', { left, right: left, ...rows }, controller.signal);
    controller.abort();
    await expect(asked).rejects.toThrow();
    expect(await call('compare.frames', { left, right: left, ...rows })).toMatchObject({ changed: 0 });
  });
});

describe('two token streams', () => {
  const chat = (prompt: string): string => `/v1/chat/completions?n=30&delayMs=0&prompt=${encodeURIComponent(prompt)}`;

  it('are compared word by word, with the runs pulled in parts', async () => {
    const left = await record(chat('What makes a good stream?'));
    const right = await record(chat('What makes a bad stream?'));
    const message = await call('compare.message', { left, right, text: 0, fromRun: 0 });
    expect(message).toMatchObject({ hasLeft: true, hasRight: true, beyond: 0 });
    const text = message.texts[0];
    expect(text).toMatchObject({ part: 'text', isSame: false, granularity: 'words' });
    expect(message.runs).toHaveLength(text?.runs ?? -1);
    const rest = await call('compare.message', { left, right, text: 0, fromRun: 1 });
    expect(rest.runs).toEqual(message.runs.slice(1));
    expect((await figure(left, right, 'tokens')).left).toBeGreaterThan(1);
  });

  it('have no difference when they are one recording', async () => {
    const id = await record(chat('What makes a good stream?'));
    const { texts } = await call('compare.message', { left: id, right: id, text: 0, fromRun: 0 });
    expect(texts.every(({ isSame }) => isSame)).toBe(true);
    const { figures, head } = await call('compare.open', { left: id, right: id, align: 'start' });
    expect(figures.every(({ difference }) => difference === null || difference === 0)).toBe(true);
    expect(head.headers).toEqual([]);
    const frames = await call('compare.frames', { left: id, right: id, ...rows, ignore: usuallyIgnoredKeys });
    expect(frames.first).toEqual({ bytes: null, payload: null, json: null });
  });

  it('say that there is no message where one is none', async () => {
    const left = await record(chat('Hello?'));
    const right = await record('/v1/orders/stream?n=2&delayMs=0');
    const message = await call('compare.message', { left, right, text: 0, fromRun: 0 });
    expect(message).toMatchObject({ hasLeft: true, hasRight: false });
    expect(message.texts[0]?.rightLength).toBeNull();
  });
});
