import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createInstrument, type Instrument } from '../../../src/main/instrument/createInstrument.ts';
import { openDatabase } from '../../../src/main/store/sqlite.ts';
import type { RecordingDetail } from '../../../src/shared/recording.ts';
import { defaultRequestOptions, type RequestOptions } from '../../../src/shared/request.ts';
import { frameKinds, type RecordingId } from '../../../src/shared/words.ts';
import { withServer } from '../capture/capturing.ts';
import type { Peer } from '../capture/faultServer.ts';

let home = '';
let instrument: Instrument;
const context = { signal: new AbortController().signal, session: 'test' };

const start = (): Promise<Instrument> =>
  createInstrument({ host: 'memory', version: '0.0.0', folder: home, samplesFolder: null, startMock: false });

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'streamscope-reconnect-'));
  instrument = await start();
});

afterEach(async () => {
  await instrument.close();
  await rm(home, { recursive: true, force: true });
});

type Act = (peer: Peer) => Promise<void> | void;

const sseHead = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n';
/** A body until the connection's end. */
const until = (body: string): Act => say(`${sseHead}\r\n${body}`);
const noContent: Act = (peer) => peer.write('HTTP/1.1 204 No Content\r\n\r\n');
const say =
  (...pieces: readonly (string | Uint8Array)[]): Act =>
  async (peer) => {
    for (const piece of pieces) await peer.write(piece);
    peer.close();
  };
const compressed = (body: string): Act => {
  const bytes = gzipSync(body);
  return say(`${sseHead}Content-Encoding: gzip\r\nContent-Length: ${String(bytes.byteLength)}\r\n\r\n`, bytes);
};

/** Records over the connections that `acts` perform, the last again for all that follow; `during` runs meanwhile. */
async function record(
  acts: readonly Act[],
  options: Partial<RequestOptions>,
  during: (id: RecordingId) => Promise<void> = () => Promise.resolve(),
): Promise<RecordingId> {
  let id = '';
  let connections = 0;
  await withServer(
    'http',
    (peer) => acts[Math.min(connections++, acts.length - 1)]?.(peer),
    async (server) => {
      const request = {
        method: 'GET',
        url: server.url,
        headers: [],
        body: { kind: 'none' },
        auth: { kind: 'none' },
        options: { ...defaultRequestOptions, ...options },
      } as const;
      ({ id } = await instrument.handlers['recording.open']({ request, framing: null }, context));
      await during(id);
      await instrument.recordings.settled(id);
    },
  );
  return id;
}

const detailOf = async (id: RecordingId): Promise<RecordingDetail> =>
  instrument.handlers['recording.read']({ id }, context);

/** Everything that is derived from the bytes, as questions are answered with it. */
async function derived(id: RecordingId) {
  const rows = await instrument.handlers['recording.rows'](
    { id, from: 0, count: 100, filterId: null, foldHeartbeats: false },
    context,
  );
  const { items } = await instrument.handlers['recording.diagnostics']({ id, from: 0, count: 100 }, context);
  const { summary, reconnectionFrames, types, framing } = await detailOf(id);
  return {
    frames: [...rows.n].map((_n, i) => ({
      kind: frameKinds[rows.kind[i] ?? 0],
      offset: rows.offset[i],
      length: rows.length[i],
      flags: rows.flags[i],
      chunk: rows.chunk[i],
      micros: rows.micros[i],
      preview: rows.preview[i],
    })),
    diagnostics: items.map(({ code, frame, offset, message }) => ({ code, frame, offset, message })).sort(bySentence),
    counts: summary.counts,
    reconnectionFrames,
    types,
    framing,
  };
}

function bySentence(a: { readonly message: string }, b: { readonly message: string }): number {
  return a.message < b.message ? -1 : 1;
}

/** The same again, derived anew from the stored bytes by a new start. */
async function derivedAnew(id: RecordingId) {
  await instrument.close();
  const database = openDatabase(path.join(home, `${id}.sqlite`), { mode: 'write' });
  database.exec('DELETE FROM derived');
  database.close();
  instrument = await start();
  const done = new Promise<void>((resolve) => {
    const end = instrument.subscribe('recording.advanced', (advanced) => {
      if (advanced.id !== id || advanced.analysisProgress !== null) return;
      end();
      resolve();
    });
  });
  if ((await detailOf(id)).analysisProgress !== null) await done;
  return derived(id);
}

const sse: Partial<RequestOptions> = { reconnect: { kind: 'sse', attempts: 5, waitMillis: 1 } };
const event = (id: number, data = `number ${String(id)}`): string => `id: ${String(id)}\ndata: ${data}\n\n`;
const events = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, n) => event(from + n)).join('');

describe('a recording of several connections', () => {
  it.each([
    [
      'cut in the middle of an event',
      [until(`\ufeff${events(1, 3)}id: 4\ndata: cu`), until(`\ufeff${events(4, 6)}`), noContent],
    ],
    ['with repeated events', [until(events(1, 3)), until(events(2, 5)), noContent]],
    ['with a hole', [until(events(1, 3)), until(events(7, 9)), noContent]],
    ['that starts over', [until(events(1, 3)), until(events(1, 4)), noContent]],
    ['compressed', [compressed(events(1, 3)), compressed(events(4, 6)), noContent]],
    ['compressed from the second connection on', [until(events(1, 3)), compressed(events(4, 6)), noContent]],
    ['compressed at first', [compressed(events(1, 3)), until(events(4, 6)), noContent]],
    ['with an empty connection between', [until(events(1, 3)), until(''), until(events(4, 6)), noContent]],
    [
      'first refused',
      [
        (peer: Peer) => {
          peer.close();
        },
        until(events(1, 3)),
        noContent,
      ],
    ],
  ])('%s is the same live and derived again', async (_name, acts) => {
    const id = await record(acts, sse);
    const live = await derived(id);
    expect(live.frames.length).toBeGreaterThan(2);
    expect(await derivedAnew(id)).toEqual(live);
  });

  it('numbers frames on, appends bytes, and says where each connection began', async () => {
    const id = await record([until(events(1, 3)), until(events(4, 6)), noContent], sse);
    const { frames, reconnectionFrames, counts, diagnostics } = await derived(id);
    expect(frames.map(({ preview }) => preview)).toEqual([1, 2, 3, 4, 5, 6].map((n) => `number ${String(n)}`));
    expect(reconnectionFrames).toEqual([3, 6]);
    expect(counts.bodyBytes).toBe(events(1, 6).length);
    expect(diagnostics.map(({ code }) => code)).toContain('reconnect/resumed');
    const { exchange, verdict } = await detailOf(id);
    expect(exchange.reconnections).toMatchObject([
      { resumedFrom: '3', head: { status: 200 } },
      { resumedFrom: '6', head: { status: 204 } },
    ]);
    expect(exchange.marks.filter(({ name }) => name === 'reconnect').map(({ atMicros }) => atMicros)).toEqual(
      exchange.reconnections?.map(({ atMicros }) => atMicros),
    );
    expect(verdict).toMatchObject({ word: 'Complete' });
    expect(verdict.sentence).toContain('Connected again 2 times.');
  });

  it('does not count the wait as a gap or a stall of the stream', async () => {
    const once = { reconnect: { kind: 'sse', attempts: 1, waitMillis: 1_300 } } as const;
    const id = await record([until(events(1, 3)), until(events(4, 6))], once);
    const { summary } = await detailOf(id);
    expect(summary.counts.stalls).toBe(0);
    const timing = await instrument.handlers['recording.timing']({ id }, context);
    expect(timing.frameGaps.count).toBe(4);
    expect(timing.frameGaps.max).toBeLessThan(1_300_000);
  });

  it('is framed anew with its connections', async () => {
    const id = await record([until(events(1, 3)), until(events(4, 6)), noContent], sse);
    const before = await derived(id);
    await instrument.handlers['recording.reframe']({ id, framing: 'text' }, context);
    await instrument.handlers['recording.reframe']({ id, framing: null }, context);
    expect(await derivedAnew(id)).toEqual(before);
  });

  it('ends at once when it is stopped while it waits', async () => {
    const waiting = { reconnect: { kind: 'sse', attempts: 5, waitMillis: 3_600_000 } } as const;
    const id = await record([until(events(1, 3))], waiting, async (live) => {
      await new Promise<void>((resolve) => {
        const look = async (): Promise<void> => {
          const { exchange } = await detailOf(live);
          if (exchange.reconnections !== undefined) {
            end();
            resolve();
          }
        };
        const end = instrument.subscribe('recording.advanced', () => void look());
        void look();
      });
      expect((await detailOf(live)).verdict.sentence).toBe('Waiting to connect again.');
      await instrument.handlers['recording.stop']({ id: live }, context);
    });
    const { exchange, verdict } = await detailOf(id);
    expect(exchange.ending?.code).toBe('end/stopped');
    expect(verdict.sentence).toContain('Stopped while waiting to connect again.');
  });
});

describe('limits of frames', () => {
  it('cut the first connection after exactly so many frames, and keep all bytes of the read', async () => {
    const options = { ...sse, cutAfterFrames: 2 };
    const id = await record([until(events(1, 5)), until(events(3, 5))], options);
    const live = await derived(id);
    expect(live.frames.map(({ preview }) => preview)).toEqual([1, 2, 3, 4, 5].map((n) => `number ${String(n)}`));
    expect(live.counts.bodyBytes).toBe(events(1, 5).length + events(3, 5).length);
    const { exchange, verdict } = await detailOf(id);
    expect(verdict.sentence).toContain('The server resumed: it went on after the cut.');
    expect(exchange.reconnections).toHaveLength(1);
    expect(exchange.reconnections?.[0]).toMatchObject({
      after: { kind: 'stopped', code: 'end/lab-cut' },
      resumedFrom: '2',
    });
    expect(await derivedAnew(id)).toEqual(live);
  });

  it('stop after exactly so many frames', async () => {
    const id = await record([until(events(1, 5))], { maxFrames: 2 });
    const live = await derived(id);
    expect(live.counts.frames).toBe(2);
    expect((await detailOf(id)).exchange.ending?.code).toBe('end/limit');
    expect(await derivedAnew(id)).toEqual(live);
  });
});
