import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultRequestOptions } from '../../src/shared/request.ts';
import type { FromEngine, ToEngine } from '../../src/shared/envelope.ts';
import type { Events } from '../../src/shared/events.ts';
import { FailureError, type Failure } from '../../src/shared/failure.ts';
import { defaultReplayOptions, type ReplayOptions } from '../../src/shared/replay.ts';
import {
  behaviours,
  bigBytes,
  createContractService,
  exampleRows,
  secretDetail,
  type ContractService,
} from './contractService.ts';
import { hosts, type ContractConnection } from './hosts.ts';

const rowsInput = { id: 'r', from: 0, count: 6, filterId: null, foldHeartbeats: false };

async function failureOf(call: Promise<unknown>): Promise<Failure> {
  try {
    await call;
  } catch (error) {
    expect(error).toBeInstanceOf(FailureError);
    return (error as FailureError).failure;
  }
  throw new Error('the call succeeded');
}

function advanced(id: string, revision: number): Events['recording.advanced'] {
  const counts = {
    chunks: revision,
    frames: revision,
    wireBytes: 0,
    bodyBytes: 0,
    diagnostics: { error: 0, warning: 0, info: 0 },
    stalls: 0,
    heartbeats: 0,
  };
  return {
    id,
    counts,
    lastChunkMicros: null,
    nowMicros: revision,
    live: true,
    analysisProgress: null,
    progress: null,
    revision,
  };
}

/** Plain arrays nested 10,000 levels deep. */
function nested(): unknown {
  let value: unknown = [];
  for (let level = 0; level < 10_000; level++) value = [value];
  return value;
}

describe.each(hosts)('the contract over $name', (host) => {
  let service: ContractService;
  let connection: ContractConnection;

  beforeEach(async () => {
    service = createContractService();
    connection = await host.connect(service);
  });
  afterEach(async () => {
    connection.client.close();
    await connection.dispose();
  });

  describe('calls', () => {
    it('answer with their result', async () => {
      const description = await connection.client.call('engine.describe', {});
      expect(description).toMatchObject({ version: '1.2.3', decodes: ['gzip'], notices: [] });
    });

    it('bring typed arrays with their types, values and no more than their own bytes', async () => {
      const rows = await connection.client.call('recording.rows', rowsInput);
      const expected = exampleRows();
      expect(Object.keys(rows)).toEqual(Object.keys(expected));
      for (const [name, column] of Object.entries(rows)) {
        const original: unknown = expected[name as keyof typeof expected];
        if (!ArrayBuffer.isView(original)) continue;
        expect(Object.getPrototypeOf(column), name).toBe(Object.getPrototypeOf(original));
        expect([...(column as Float64Array)], name).toEqual([...(original as Float64Array)]);
      }
      expect(rows.n.buffer.byteLength).toBe(rows.n.byteLength);
      expect(rows.kind.buffer).toBeInstanceOf(ArrayBuffer);
      expect(rows.type).toEqual(expected.type);
      expect(rows.preview[5]).toBe(expected.preview[5]);
    });

    it('bring a comparison, where one side has no frame included', async () => {
      const frames = await connection.client.call('compare.frames', {
        left: 'a',
        right: 'b',
        criterion: 'json',
        ignore: ['id', 'created'],
        onlyDifferent: true,
        from: 7,
        count: 10,
      });
      expect(frames).toMatchObject({ from: 7, rightFrames: 2, first: { bytes: { left: 0, right: null }, json: null } });
      expect([[...frames.left], [...frames.right], [...frames.relation]]).toEqual([
        [0, 1, 2],
        [0, 1, -1],
        [0, 1, 2],
      ]);
    });

    it('bring an export piece by piece, and refuse formats there are not', async () => {
      const { client } = connection;
      expect(await client.call('export.preview', { id: 'r' })).toEqual({
        hidden: [{ kind: 'header authorization', count: 2 }],
        isDecoded: false,
      });
      const { exportId } = await client.call('export.begin', { id: 'r', format: 'har', withSecrets: false });
      const piece = await client.call('export.read', { exportId });
      expect(piece).toEqual({ bytes: new Uint8Array(Buffer.from('piece')), share: 0.5, isLast: false });
      expect(await client.call('export.end', { exportId })).toEqual({});
      const wrong = { id: 'r', format: 'exe' as 'har', withSecrets: false };
      expect((await failureOf(client.call('export.begin', wrong))).code).toBe('call/invalid-input');
    });

    it('are refused where they ask to compare by what there is not', async () => {
      const sides = { left: 'a', right: 'b' };
      const refused = await Promise.all([
        failureOf(connection.client.call('compare.open', { ...sides, align: 'end' as 'start' })),
        failureOf(connection.client.call('compare.open', { left: '../a', right: 'b', align: 'start' })),
        failureOf(connection.client.call('compare.message', { ...sides, text: -1, fromRun: 0 })),
      ]);
      expect(refused.map(({ code }) => code)).toEqual(refused.map(() => 'call/invalid-input'));
    });

    it('start a replay with the options as they were given, step it, and refuse options there are not', async () => {
      const { client } = connection;
      const options: ReplayOptions = {
        ...defaultReplayOptions,
        speed: 'step',
        passes: null,
        faults: [{ kind: 'stall', afterFrames: 0, micros: 1 }],
      };
      const started = await client.call('replay.start', { id: 'r', options, port: 0 });
      expect(started).toMatchObject({ recordingId: 'r', name: 'port 0', options, log: [] });
      expect(await client.call('replay.step', { replayId: started.replayId })).toEqual({ clients: 2 });
      const wrong: readonly Partial<Record<keyof ReplayOptions, unknown>>[] = [
        { speed: 0 },
        { speed: 'slow' },
        { passes: 0 },
        { seed: 0.5 },
        { faults: [{ kind: 'explode' }] },
        { faults: [{ kind: 'coalesce', chunks: 1 }] },
      ];
      for (const change of wrong) {
        const input = { id: 'r', options: { ...defaultReplayOptions, ...change } as ReplayOptions };
        expect((await failureOf(client.call('replay.start', input))).code).toBe('call/invalid-input');
      }
    });

    it('carry bytes to the engine', async () => {
      const pool = new Uint8Array(1_000).map((_, index) => index);
      const answer = await connection.client.call('import.append', { importId: 'i', bytes: pool.subarray(3, 700) });
      expect(answer).toEqual({ receivedBytes: 697 });
      expect([...service.receivedPieces[0]!]).toEqual([...pool.subarray(3, 700)]);
    });

    it('refuse a run set that asks for more than there may be, and name the field', async () => {
      const { client } = connection;
      const plan = {
        request: {
          method: 'GET',
          url: 'http://127.0.0.1/',
          headers: [],
          body: { kind: 'none' },
          auth: { kind: 'none' },
          options: defaultRequestOptions,
        },
        framing: null,
        label: '',
        count: 3,
        concurrency: 2,
        delayMillis: 0,
        objectives: 'ttft=800ms',
      } as const;
      expect(await client.call('run.start', plan)).toEqual({ id: '3 ttft=800ms' });
      expect(await failureOf(client.call('run.start', { ...plan, count: 10_001 }))).toMatchObject({
        code: 'call/invalid-input',
        data: { field: 'count' },
      });
      expect((await failureOf(client.call('run.start', { ...plan, concurrency: 0 }))).data?.['field']).toBe(
        'concurrency',
      );
    });

    it('carry 32 MB', async () => {
      const { bytes } = await connection.client.call('recording.bytes', {
        id: 'r',
        space: 'wire',
        offset: 0,
        length: 1,
      });
      expect(bytes.length).toBe(bigBytes);
      expect([bytes[0], bytes[bigBytes / 2], bytes[bigBytes - 1]]).toEqual([171, 171, 171]);
    });

    it('carry a request as it is', async () => {
      const { id } = await connection.client.call('recording.open', {
        framing: null,
        request: {
          method: 'POST',
          url: 'http://127.0.0.1/',
          headers: [
            ['accept', '*/*'],
            ['x-a', 'b'],
          ],
          body: { kind: 'bytes', bytes: new Uint8Array([0, 255]) },
          auth: { kind: 'none' },
          options: defaultRequestOptions,
        },
      });
      expect(id).toBe('bytes-2');
    });

    it('are answered in the order in which they are done', async () => {
      const first = connection.client.call('recording.read', { id: behaviours.held });
      const held = await service.nextHeld();
      const second = await connection.client.call('recording.stop', { id: 'r' });
      expect(second).toEqual({ stopped: true });
      held.release();
      expect((await failureOf(first)).code).toBe('call/internal');
    });

    it('run side by side, each with its own answer', async () => {
      const lengths = Array.from({ length: 40 }, (_, index) => index);
      const answers = await Promise.all(
        lengths.map((length) =>
          connection.client.call('import.append', { importId: 'i', bytes: new Uint8Array(length) }),
        ),
      );
      expect(answers.map((answer) => answer.receivedBytes)).toEqual(lengths);
    });
  });

  describe('failures', () => {
    it('pass as the data they are', async () => {
      const failure = await failureOf(connection.client.call('recording.read', { id: behaviours.missing }));
      expect(failure).toEqual({
        code: 'recording/not-found',
        message: 'There is no recording with this id.',
        data: { id: 'missing', tried: 2, deep: true },
        retry: false,
      });
    });

    it('of our own are logged with their stack and do not leak', async () => {
      const failure = await failureOf(connection.client.call('recording.read', { id: behaviours.bug }));
      expect(failure.code).toBe('call/internal');
      expect(JSON.stringify(failure)).not.toContain(secretDetail);
      expect(connection.log.join('\n')).toContain(secretDetail);
      expect(connection.log.join('\n')).toMatch(/contractService/);
    });

    it('tell of an unknown call', async () => {
      const failure = await failureOf(connection.client.call('recording.destroy' as 'recording.read', { id: 'r' }));
      expect(failure.code).toBe('call/unknown');
      expect(failure.message).toContain('recording.destroy');
    });

    it.each(['__proto__', 'constructor', 'toString'])('do not take %s for a call', async (name) => {
      const failure = await failureOf(connection.client.call(name as 'recording.read', { id: 'r' }));
      expect(failure.code).toBe('call/unknown');
    });

    it.each<[string, unknown]>([
      ['count', { ...rowsInput, count: 1_001 }],
      ['from', { ...rowsInput, from: -1 }],
      ['id', { ...rowsInput, id: '../../etc/passwd' }],
      ['foldHeartbeats', { ...rowsInput, foldHeartbeats: 'yes' }],
    ])('name the field that does not fit: %s', async (field, input) => {
      const failure = await failureOf(connection.client.call('recording.rows', input as typeof rowsInput));
      expect(failure.code).toBe('call/invalid-input');
      expect(failure.data).toEqual({ field });
      expect(failure.message).toContain(field);
    });

    it.each<[string, unknown]>([
      ['nothing', undefined],
      ['null', null],
      ['a string', 'r'],
      ['a function', () => 1],
      ['10,000 levels of nesting', nested()],
    ])('meet %s as input, and the engine goes on', async (_, input) => {
      const failure = await failureOf(connection.client.call('recording.stop', input as { id: string }));
      expect(failure.code).toBe('call/invalid-input');
      expect(await connection.client.call('recording.stop', { id: 'r' })).toEqual({ stopped: true });
    });

    it('meet an answer that cannot be carried', async () => {
      const failure = await failureOf(connection.client.call('recording.read', { id: behaviours.uncloneable }));
      expect(failure.code).toBe('call/internal');
    });
  });

  describe('cancelling', () => {
    it('aborts the handler and rejects the call', async () => {
      const controller = new AbortController();
      const call = connection.client.call('recording.read', { id: behaviours.held }, controller.signal);
      const { context } = await service.nextHeld();
      expect(context.signal.aborted).toBe(false);
      controller.abort();
      expect((await failureOf(call)).code).toBe('call/cancelled');
      await service.until(() => context.signal.aborted);
      expect(connection.log).toEqual([]);
    });

    it('does not wait for a handler that does not listen', async () => {
      const controller = new AbortController();
      const call = connection.client.call('recording.read', { id: behaviours.deaf }, controller.signal);
      const { context } = await service.nextHeld();
      controller.abort();
      expect((await failureOf(call)).code).toBe('call/cancelled');
      await service.until(() => context.signal.aborted);
    });

    it('before the call sends nothing', async () => {
      const call = connection.client.call('recording.stop', { id: 'r' }, AbortSignal.abort());
      expect((await failureOf(call)).code).toBe('call/cancelled');
      await connection.client.call('recording.stop', { id: 'r' });
      expect(service.answeredCalls).toBe(1);
    });

    it('after the answer changes nothing', async () => {
      const controller = new AbortController();
      const answer = await connection.client.call('recording.stop', { id: 'r' }, controller.signal);
      controller.abort();
      expect(answer).toEqual({ stopped: true });
    });
  });

  describe('events', () => {
    it('arrive at every listener until it leaves', async () => {
      const seen: string[] = [];
      const last = new Promise<void>((resolve) => {
        connection.client.subscribe('mock.changed', ({ url }) => {
          seen.push(`b ${url ?? ''}`);
          if (url === 'two') resolve();
        });
      });
      const leave = connection.client.subscribe('mock.changed', ({ url }) => seen.push(`a ${url ?? ''}`));
      await service.until(() => service.listenerCount('mock.changed') === 1);
      const first = new Promise<void>((resolve) => {
        const stop = connection.client.subscribe('mock.changed', () => {
          stop();
          resolve();
        });
      });
      service.emit('mock.changed', { running: true, url: 'one' });
      await first;
      leave();
      service.emit('mock.changed', { running: true, url: 'two' });
      await last;
      expect(seen).toEqual(['b one', 'a one', 'b two']);
    });

    it('tell where a run set stands, the newest last, and that it went', async () => {
      const line = {
        id: 'set',
        startedAt: 1,
        state: 'running',
        label: '',
        method: 'GET',
        url: 'http://127.0.0.1/',
        count: 500,
        concurrency: 2,
        delayMillis: 0,
        objectives: [{ figure: 'ttft', bound: 'at-most', value: 800_000 }],
        startedRuns: 2,
        endedRuns: 0,
      } as const;
      const seen: Events['run.advanced'][] = [];
      const gone = new Promise<void>((resolve) => {
        connection.client.subscribe('run.advanced', (payload) => {
          seen.push(payload);
          if (payload.line === null) resolve();
        });
      });
      await service.until(() => service.listenerCount('run.advanced') === 1);
      for (let endedRuns = 0; endedRuns < 500; endedRuns++)
        service.emit('run.advanced', { id: 'set', line: { ...line, endedRuns } });
      service.emit('run.advanced', { id: 'set', line: null });
      await gone;
      expect(seen[0]).toEqual({ id: 'set', line });
      expect(seen.at(-1)).toEqual({ id: 'set', line: null });
      expect(seen.length).toBeLessThan(100);
    });

    it('stop at the engine when the last listener leaves', async () => {
      const leaveA = connection.client.subscribe('library.changed', () => {});
      const leaveB = connection.client.subscribe('library.changed', () => {});
      await service.until(() => service.listenerCount('library.changed') === 1);
      leaveA();
      leaveB();
      leaveB();
      await service.until(() => service.listenerCount('library.changed') === 0);
      expect(service.listenerCount('library.changed')).toBe(0);
    });

    it('are coalesced: the last value of each recording arrives, a flood does not', async () => {
      const seen: Events['recording.advanced'][] = [];
      const both = new Promise<void>((resolve) => {
        connection.client.subscribe('recording.advanced', (payload) => {
          seen.push(payload);
          const done = (id: string) => seen.some((event) => event.id === id && event.revision === 2_000);
          if (done('a') && done('b')) resolve();
        });
      });
      await service.until(() => service.listenerCount('recording.advanced') === 1);
      for (let revision = 1; revision <= 2_000; revision++) {
        service.emit('recording.advanced', advanced('a', revision));
        service.emit('recording.advanced', advanced('b', revision));
      }
      await both;
      for (const id of ['a', 'b']) {
        const revisions = seen.filter((event) => event.id === id).map((event) => event.revision);
        expect(revisions).toEqual([1, 2_000]);
      }
    });
  });

  describe('the end', () => {
    it('fails what is under way and what comes later with engine/gone', async () => {
      const pending = connection.client.call('recording.read', { id: behaviours.held });
      const { context } = await service.nextHeld();
      connection.client.close();
      expect((await failureOf(pending)).code).toBe('engine/gone');
      expect((await failureOf(connection.client.call('engine.describe', {}))).code).toBe('engine/gone');
      await service.until(() => context.signal.aborted && service.endedSessions.includes(context.session));
    });

    it('releases the session and its subscriptions once', async () => {
      connection.client.subscribe('mock.changed', () => {});
      await service.until(() => service.listenerCount('mock.changed') === 1);
      connection.client.close();
      connection.client.close();
      await service.until(() => service.listenerCount('mock.changed') === 0);
      await service.until(() => service.endedSessions.length > 0);
      expect(service.endedSessions).toHaveLength(1);
    });
  });

  describe('a window that does not keep to the contract', () => {
    it('gets one answer for one id, and is not worth a crash', async () => {
      const port = await connection.rawPort();
      const received: FromEngine[] = [];
      const answered = new Promise<void>((resolve) => {
        port.listen({
          received(message) {
            received.push(message);
            if (message.type === 'result' && message.id === 9) resolve();
          },
          lost() {},
          renewed() {},
        });
      });
      const send = (message: unknown) => {
        port.send(message as ToEngine);
      };
      send({ type: 'call', id: 1, name: 'recording.read', input: { id: behaviours.held } });
      const held = await service.nextHeld();
      send({ type: 'cancel', id: 77 });
      send({ type: 'cancel', id: 1 });
      send({ type: 'cancel', id: 1 });
      await service.until(() => held.context.signal.aborted);
      send({ type: 'call', id: 9, name: 'recording.stop', input: { id: 'r' } });
      await answered;
      expect(received.filter((message) => message.type !== 'event' && message.id === 1)).toHaveLength(1);
      port.close();
    });
  });
});
