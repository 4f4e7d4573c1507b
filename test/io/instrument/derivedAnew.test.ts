import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createInstrument, type Instrument } from '../../../src/main/instrument/createInstrument.ts';
import { tellRecording } from '../../../src/main/instrument/tellRecording.ts';
import type { ImportOrigin, ImportSink } from '../../../src/main/capture/sink.ts';
import { defaultLimits } from '../../../src/shared/limits.ts';
import { openDatabase } from '../../../src/main/store/sqlite.ts';
import type { Diagnostic } from '../../../src/shared/diagnostic.ts';
import { defaultRequestOptions } from '../../../src/shared/request.ts';
import { frameFlag, type RecordingId } from '../../../src/shared/words.ts';
import { withServer } from '../capture/capturing.ts';
import { RecordingSink } from '../capture/recordingSink.ts';

let home = '';
let instrument: Instrument;
const context = { signal: new AbortController().signal, session: 'test' };

const start = (): Promise<Instrument> =>
  createInstrument({ host: 'memory', version: '0.0.0', folder: home, samplesFolder: null, startMock: false });

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'streamscope-derived-'));
  instrument = await start();
});

afterEach(async () => {
  await instrument.close();
  await rm(home, { recursive: true, force: true });
});

async function record(answer: string | Uint8Array): Promise<RecordingId> {
  let id = '';
  await withServer(
    'http',
    async (peer) => {
      await peer.write(answer);
      peer.close();
    },
    async (server) => {
      const request = {
        method: 'GET',
        url: server.url,
        headers: [],
        body: { kind: 'none' },
        auth: { kind: 'none' },
        options: { ...defaultRequestOptions },
      } as const;
      ({ id } = await instrument.handlers['recording.open']({ request, framing: null }, context));
      await instrument.recordings.settled(id);
    },
  );
  return id;
}

/** Resolves when no analysis over stored bytes runs. */
async function analysed(id: RecordingId): Promise<void> {
  const moved = new Promise<void>((resolve) => {
    const end = instrument.subscribe('recording.advanced', (advanced) => {
      if (advanced.id !== id || advanced.analysisProgress !== null) return;
      end();
      resolve();
    });
  });
  const { analysisProgress } = await instrument.handlers['recording.read']({ id }, context);
  if (analysisProgress !== null) await moved;
}

async function diagnosticsOf(id: RecordingId): Promise<readonly Diagnostic[]> {
  return (await instrument.handlers['recording.diagnostics']({ id, from: 0, count: 1_000 }, context)).items;
}

class ToldSink extends RecordingSink implements ImportSink {
  readonly origins: ImportOrigin[] = [];

  origin(origin: ImportOrigin): void {
    this.origins.push(origin);
  }
}

/** Everything that a stored recording tells of itself. */
async function toldBy(id: RecordingId): Promise<ToldSink> {
  const sink = new ToldSink();
  await tellRecording(instrument.recordings.get(id).reader, sink, defaultLimits, () => Promise.resolve(true));
  return sink;
}

/** As if another version had made what is derived. */
async function forgetDerived(id: RecordingId): Promise<void> {
  await instrument.close();
  const database = openDatabase(path.join(home, `${id}.sqlite`), { mode: 'write' });
  database.exec('DELETE FROM derived');
  database.close();
  instrument = await start();
}

describe('a recording that is derived anew', () => {
  it.each([
    [
      'end/extra-bytes',
      'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: 9\r\n\r\ndata: 1\n\nmore',
    ],
    [
      'head/unknown-coding',
      'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-encoding: lzw\r\ncontent-length: 9\r\n\r\ndata: 1\n\n',
    ],
    [
      'http/chunk-extension',
      'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n9;a=b\r\ndata: 1\n\n\r\n0\r\n\r\n',
    ],
  ])('keeps %s, which no bytes can tell again', async (code, answer) => {
    const id = await record(answer);
    const before = await diagnosticsOf(id);
    expect(before.filter((diagnostic) => diagnostic.code === code)).toHaveLength(1);
    await instrument.handlers['recording.reframe']({ id, framing: 'text' }, context);
    await analysed(id);
    await instrument.handlers['recording.reframe']({ id, framing: null }, context);
    await analysed(id);
    const again = await diagnosticsOf(id);
    expect(again.map((diagnostic) => diagnostic.message).sort()).toEqual(
      before.map((diagnostic) => diagnostic.message).sort(),
    );
    await forgetDerived(id);
    await analysed(id);
    expect((await diagnosticsOf(id)).filter((diagnostic) => diagnostic.code === code)).toHaveLength(1);
  });

  it('gives the same flags to frames of which something was found out later, also when it is opened again', async () => {
    const event = (choice: object): string =>
      `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', choices: [{ index: 0, ...choice }] })}\n\n`;
    const call = { index: 0, id: 'call', type: 'function', function: { name: 'f', arguments: '{"a":' } };
    const body = [
      event({ delta: { role: 'assistant', tool_calls: [call] }, finish_reason: null }),
      ': wait\n\n'.repeat(5_000),
      event({ delta: {}, finish_reason: 'length' }),
      'data: [DONE]\n\n',
    ].join('');
    const id = await record(
      `HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: ${String(body.length)}\r\n\r\n${body}`,
    );
    const errors = async (): Promise<number[]> => {
      const { frames } = instrument.recordings.get(id).analysis;
      const found: number[] = [];
      for (let n = frames.seekFlag(-1, 'next', frameFlag.hasError); n !== null;) {
        found.push(n);
        n = frames.seekFlag(n, 'next', frameFlag.hasError);
      }
      const input = { id, from: 0, count: 1, filterId: null, foldHeartbeats: false };
      const { flags } = await instrument.handlers['recording.rows'](input, context);
      expect(((flags[0] ?? 0) & frameFlag.hasError) !== 0).toBe(found.includes(0));
      return found;
    };
    const live = await errors();
    const pointedAt = (await diagnosticsOf(id))
      .filter(({ severity }) => severity === 'error')
      .map(({ frame }) => frame);
    expect(live).toEqual([...new Set(pointedAt)]);
    expect(live).not.toEqual([]);
    await instrument.close();
    instrument = await start();
    expect(await errors()).toEqual(live);
    await forgetDerived(id);
    await analysed(id);
    expect(await errors()).toEqual(live);
  });

  it('takes a coded body as it was decoded when it was recorded, with the chunk of each frame', async () => {
    const body = Array.from({ length: 3_000 }, (_, n) => `data: ${String(n)} ${'x'.repeat(n % 90)}\n\n`).join('');
    const coded = gzipSync(body);
    const pieces: string[] = [];
    for (let at = 0; at < coded.length; at += 500) {
      const piece = coded.subarray(at, at + 500);
      pieces.push(`${piece.length.toString(16)}\r\n${piece.toString('latin1')}\r\n`);
    }
    const head =
      'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-encoding: gzip\r\ntransfer-encoding: chunked\r\n\r\n';
    const id = await record(Buffer.from(`${head}${pieces.join('')}0\r\n\r\n`, 'latin1'));
    const rows = { id, from: 0, count: 1_000, filterId: null, foldHeartbeats: false };
    const before = await instrument.handlers['recording.rows'](rows, context);
    expect(before.total).toBe(3_000);
    // Only what is kept can give the same again when the wire bytes say something else.
    await instrument.close();
    const database = openDatabase(path.join(home, `${id}.sqlite`), { mode: 'write' });
    database.exec(
      'DELETE FROM derived; UPDATE bytes SET data = zeroblob(length(data)) WHERE position < 4503599627370496',
    );
    database.close();
    instrument = await start();
    await analysed(id);
    const again = await instrument.handlers['recording.rows'](rows, context);
    expect(again.total).toBe(3_000);
    expect([...again.chunk]).toEqual([...before.chunk]);
    expect([...again.micros]).toEqual([...before.micros]);

    const told = await toldBy(id);
    expect(told.bodyBytes.toString()).toBe(body);
    expect(told.chunks.map(({ atMicros }) => atMicros)).toContain(before.micros[0]);
    expect(told.ending?.code).toBe('end/complete');
    expect(told.diagnostics).toEqual([]);
  });

  it('tells whether the borders of its chunks are known', async () => {
    const chunked = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n';
    const known = await toldBy(await record(chunked));
    expect(known.origins).toMatchObject([{ timesKnown: true }]);
    expect(known.origins[0]?.bordersKnown).not.toBe(false);
    expect(known.chunks.map(({ bytes, continues }) => [bytes.toString(), continues])).toEqual([
      ['abc', false],
      ['def', false],
    ]);
    const file = path.join(home, 'without borders.stream.jsonl');
    const header = { format: 'streamscope', version: 1, startedAt: '2026-11-21T09:00:00.000Z', source: 'request' };
    await writeFile(file, `${JSON.stringify({ ...header, redactions: [] })}\n[5,"c","abc"]\n`);
    const unknown = await toldBy(await instrument.importPath(file));
    expect(unknown.origins).toMatchObject([{ bordersKnown: false }]);
  });

  it('and cannot be read to its end says so', async () => {
    const frames = Array.from({ length: 40_000 }, (_, n) => `data: ${String(n)} ${'x'.repeat(60)}\n\n`).join('');
    const head = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n';
    const id = await record(`${head}content-length: ${String(frames.length)}\r\n\r\n${frames}`);
    await instrument.close();
    const database = openDatabase(path.join(home, `${id}.sqlite`), { mode: 'write' });
    database.exec('DELETE FROM derived; DELETE FROM bytes WHERE position > 1000000');
    database.close();
    instrument = await start();
    await analysed(id);
    const damage = (await diagnosticsOf(id)).filter(({ code }) => code === 'recording/damaged-file');
    expect(damage).toMatchObject([{ severity: 'error' }]);
    expect(damage[0]?.message).toContain('missing');
    const detail = await instrument.handlers['recording.read']({ id }, context);
    expect(detail.summary.counts.frames).toBeGreaterThan(10_000);
    expect(detail.summary.counts.frames).toBeLessThan(40_000);
  });
});

describe('a long file that is opened', () => {
  it('says how much of it was read, and is stopped as any stream', async () => {
    const file = path.join(home, 'long.ndjson');
    await writeFile(file, '{"n":1}\n'.repeat(4_000_000));
    const half = new Promise<RecordingId>((resolve) => {
      const end = instrument.subscribe('recording.advanced', ({ id, analysisProgress, live }) => {
        if (!live || analysisProgress === null || analysisProgress === 0) return;
        end();
        resolve(id);
      });
    });
    const opened = instrument.importPath(file);
    const id = await half;
    expect(await instrument.recordings.stop(id)).toBe(true);
    expect(await opened).toBe(id);
    const detail = await instrument.handlers['recording.read']({ id }, context);
    expect(detail.exchange.ending?.code).toBe('end/stopped');
    expect(detail.analysisProgress).toBeNull();
    expect(detail.summary.counts.wireBytes).toBeLessThan(32_000_000);
  });
});
