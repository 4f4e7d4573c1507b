import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createInstrument, type Instrument } from '../../../src/main/instrument/createInstrument.ts';
import type { CallName, Input, Results } from '../../../src/shared/calls.ts';
import { FailureError, type Failure } from '../../../src/shared/failure.ts';
import { defaultRequestOptions } from '../../../src/shared/request.ts';

const readyMade = fileURLToPath(new URL('../../../resources/mock', import.meta.url));
const records = (word: string): string =>
  `pace: 1ms\nsteps:\n  - repeat: 3\n    steps: [{ template: { ndjson: { ${word}: "{{i}}" } } }]\n`;

let home = '';
let instrument: Instrument;
let base = '';

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'streamscope-scenarios-'));
  instrument = await createInstrument({
    host: 'memory',
    version: '0.0.0',
    folder: home,
    samplesFolder: null,
    startMock: true,
    mockPort: 0,
  });
  base = (await call('mock.describe', {})).url ?? '';
});

afterEach(async () => {
  await instrument.close();
  await rm(home, { recursive: true, force: true });
});

async function call<Name extends CallName>(name: Name, input: Input<Name>): Promise<Results[Name]> {
  return instrument.handlers[name](input, { signal: new AbortController().signal, session: 'test' });
}

async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const outcome: unknown = await promise.then(
    () => 'it succeeded',
    (error: unknown) => error,
  );
  if (!(outcome instanceof FailureError)) throw new Error(`no failure but ${String(outcome)}`);
  return outcome.failure;
}

const bodyOf = async (target: string): Promise<string> => (await fetch(base + target)).text();

describe('saved scenarios', () => {
  it('are performed, listed, read and removed', async () => {
    const line = await call('scenario.save', { name: 'three', text: records('a') });
    expect(line).toMatchObject({ name: 'three', method: 'GET', path: '/scenarios/three', problem: null });
    expect(line.explanation).toBe('Answers 200 application/x-ndjson: 3 records 1 ms apart, then ends.');
    const answer = await fetch(`${base}/scenarios/three`);
    expect(answer.headers.get('content-type')).toBe('application/x-ndjson');
    expect(await answer.text()).toBe('{"a":1}\n{"a":2}\n{"a":3}\n');
    expect(await bodyOf('/')).toContain('/scenarios/three');
    expect((await call('mock.describe', {})).scenarios).toHaveLength(1);
    expect(await call('scenario.read', { name: 'three' })).toEqual({ text: records('a') });
    expect(await readdir(path.join(home, 'scenarios'))).toEqual(['three.yaml']);
    await call('scenario.remove', { name: 'three' });
    expect((await fetch(`${base}/scenarios/three`)).status).toBe(404);
    expect((await failureOf(call('scenario.read', { name: 'three' }))).code).toBe('scenario/not-found');
  });

  it('a bad one is refused with line and suggestion, and the old one goes on', async () => {
    await call('scenario.save', { name: 'three', text: records('a') });
    const failure = await failureOf(call('scenario.save', { name: 'three', text: 'steps:\n  - sned: x\n' }));
    expect(failure).toMatchObject({ code: 'scenario/invalid', data: { line: 2, column: 5, suggestion: 'send' } });
    expect(await bodyOf('/scenarios/three')).toContain('{"a":3}');
  });

  it('cannot take the place of what is built in, or of another', async () => {
    const at = (where: string): string => `path: ${where}\n${records('a')}`;
    for (const where of ['/', '/health', '/v1/orders/stream']) {
      const failure = await failureOf(call('scenario.save', { name: 'mine', text: at(where) }));
      expect(failure).toMatchObject({ code: 'scenario/invalid', data: { line: 1 } });
    }
    await call('scenario.save', { name: 'mine', text: at('/mine') });
    expect((await failureOf(call('scenario.save', { name: 'other', text: at('/mine') }))).code).toBe(
      'scenario/invalid',
    );
    expect(await bodyOf('/mine')).toContain('{"a":3}');
  });

  it('notices files changed by hand; one that is broken says so, and the version before goes on', async () => {
    await call('scenario.save', { name: 'three', text: records('a') });
    const file = path.join(home, 'scenarios', 'three.yaml');
    await writeFile(file, records('b'));
    await vi.waitFor(async () => expect(await bodyOf('/scenarios/three')).toContain('{"b":1}'), 10_000);
    await writeFile(file, 'steps: x\n');
    await vi.waitFor(async () => {
      const [line] = (await call('mock.describe', {})).scenarios;
      expect(line?.problem).toBe('line 1, column 8: steps is a list, not "x".');
    }, 10_000);
    expect(await bodyOf('/scenarios/three')).toContain('{"b":1}');
  });

  it('a running stream finishes as it began', async () => {
    const slow = records('a').replace('1ms', '100ms');
    await call('scenario.save', { name: 'slow', text: slow });
    const answer = await fetch(`${base}/scenarios/slow`);
    await call('scenario.save', { name: 'slow', text: records('b') });
    expect(await answer.text()).toBe('{"a":1}\n{"a":2}\n{"a":3}\n');
    expect(await bodyOf('/scenarios/slow')).toContain('{"b":1}');
  });

  it('takes knobs from the query, refuses unknown ones, and faults on top', async () => {
    const text = 'knobs: { n: 2 }\nsteps:\n  - repeat: "{{n}}"\n    steps: [{ template: { ndjson: "{{i}}" } }]\n';
    await call('scenario.save', { name: 'knobs', text });
    expect(await bodyOf('/scenarios/knobs?n=4')).toBe('1\n2\n3\n4\n');
    expect((await fetch(`${base}/scenarios/knobs?m=4`)).status).toBe(400);
    await expect(bodyOf('/scenarios/knobs?n=4&fault=reset@frame:2')).rejects.toThrow();
  });

  it('the ready-made ones are performed', async () => {
    const files = (await readdir(readyMade)).filter((file) => file.endsWith('.yaml'));
    expect(files.length).toBeGreaterThanOrEqual(5);
    for (const file of files) {
      const text = await readFile(path.join(readyMade, file), 'utf8');
      const check = await call('scenario.check', { text });
      expect(check.problems).toEqual([]);
      const line = await call('scenario.save', { name: path.basename(file, '.yaml'), text });
      const left = new AbortController();
      const answer = await fetch(base + line.path, { method: line.method, signal: left.signal });
      expect(answer.status).toBe(200);
      left.abort();
    }
  });
});

it('a recording becomes a scenario that ends in a recording of the same bytes and the same kind of ending', async () => {
  const record = async (target: string) => {
    const { id } = await call('recording.open', {
      request: {
        method: 'GET',
        url: base + target,
        headers: [],
        body: { kind: 'none' },
        auth: { kind: 'none' },
        options: defaultRequestOptions,
      },
      framing: null,
    });
    await instrument.recordings.settled(id);
    const { ending } = instrument.recordings.get(id).facts();
    const { bytes } = await call('recording.bytes', { id, space: 'wire', offset: 0, length: 1_000_000 });
    return { id, ending, body: Buffer.from(bytes).toString('latin1') };
  };
  const first = await record('/v1/orders/events?n=6&delayMs=5&fault=reset@frame:4');
  expect(first.body.length).toBeGreaterThan(100);
  const written = await call('scenario.fromRecording', { id: first.id });
  await call('scenario.save', { name: 'again', text: written.text });
  const second = await record('/scenarios/again');
  expect(second.body).toBe(first.body);
  expect(second.ending).toMatchObject({ kind: first.ending?.kind, code: first.ending?.code });
});
