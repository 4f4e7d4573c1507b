import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createInstrument, type Instrument } from '../../../src/main/instrument/createInstrument.ts';
import type { ExportFormat } from '../../../src/shared/export.ts';
import { FailureError } from '../../../src/shared/failure.ts';
import { defaultRequestOptions, type RequestSpec } from '../../../src/shared/request.ts';
import type { RecordingId } from '../../../src/shared/words.ts';
import { withServer } from '../capture/capturing.ts';
import { harFileSchema } from './harSchema.ts';

let home = '';
let instrument: Instrument;
const context = { signal: new AbortController().signal, session: 'test' };

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'streamscope-export-'));
  instrument = await createInstrument({
    host: 'memory',
    version: '1.2.3',
    folder: home,
    samplesFolder: null,
    startMock: false,
  });
});

afterEach(async () => {
  await instrument.close();
  await rm(home, { recursive: true, force: true });
});

const token = 'tok-4711-abcdefghijkl-0815';

async function record(
  pieces: readonly (string | Uint8Array)[],
  headers: string,
  change: Partial<RequestSpec> = {},
): Promise<RecordingId> {
  let id = '';
  await withServer(
    'http',
    async (peer) => {
      await peer.write(`HTTP/1.1 200 OK\r\n${headers}Connection: close\r\n\r\n`);
      for (const piece of pieces) await peer.write(piece);
      peer.close();
    },
    async (server) => {
      const request: RequestSpec = {
        method: 'GET',
        url: server.url,
        headers: [['Authorization', `Bearer ${token}`]],
        body: { kind: 'none' },
        auth: { kind: 'none' },
        options: { ...defaultRequestOptions },
        ...change,
      };
      ({ id } = await instrument.handlers['recording.open']({ request, framing: null }, context));
      await instrument.recordings.settled(id);
    },
  );
  return id;
}

/** The whole file, through the calls that a window makes. */
async function exported(id: RecordingId, format: ExportFormat, withSecrets = false): Promise<Buffer> {
  const { exportId } = await instrument.handlers['export.begin']({ id, format, withSecrets }, context);
  const pieces: Uint8Array[] = [];
  for (;;) {
    const { bytes, isLast } = await instrument.handlers['export.read']({ exportId }, context);
    pieces.push(bytes);
    if (isLast) return Buffer.concat(pieces);
  }
}

async function broughtIn(bytes: Uint8Array, name: string): Promise<readonly RecordingId[]> {
  const file = path.join(home, name);
  await writeFile(file, bytes);
  const ids = await instrument.importAll(file);
  for (const id of ids) await instrument.recordings.settled(id);
  return ids;
}

function wireDigest(id: RecordingId): string {
  const { reader } = instrument.recordings.get(id);
  return createHash('sha256')
    .update(reader.read('wire', 0, reader.byteLength('wire')))
    .digest('hex');
}

function chunksOf(id: RecordingId): readonly (readonly [number, number, boolean])[] {
  const found: (readonly [number, number, boolean])[] = [];
  const { chunks } = instrument.recordings.get(id);
  chunks.visit(0, chunks.count, (run, _first, from, to) => {
    for (let i = from; i < to; i++) {
      found.push([
        run.micros[i] as number,
        (run.offset[i + 1] as number) - (run.offset[i] as number),
        run.continues[i] === 1,
      ]);
    }
  });
  return found;
}

const events = ['data: {"n":1}\n\n', 'event: end\nid: 7\ndata: grü', 'ß\n\n', ': ping\n\n'];
const sse = 'Content-Type: text/event-stream\r\n';

describe('.stream.jsonl', () => {
  it('comes back as the same recording, byte for byte, time for time, and is written the same again', async () => {
    const id = await record([...events, new Uint8Array([0xff, 0xfe, 0])], sse);
    const first = await exported(id, 'jsonl', true);
    const [again] = await broughtIn(first, 'a.stream.jsonl');
    expect(wireDigest(again as string)).toBe(wireDigest(id));
    expect(chunksOf(again as string)).toEqual(chunksOf(id));
    const second = await exported(again as string, 'jsonl', true);
    expect(second.toString()).toBe(first.toString());
    expect(first.toString()).toContain(wireDigest(id));
  });

  it('keeps sizes, borders and times when secrets are hidden, also where one is split over chunks', async () => {
    const body = [`data: {"echo":"${token.slice(0, 9)}`, `${token.slice(9)}"}\n\n`, `data: ${btoa(token)}\n\n`];
    const id = await record(body, `${sse}Set-Cookie: sid=0123456789abcdef; Path=/\r\n`);
    const file = (await exported(id, 'jsonl')).toString();
    for (const secret of [token, btoa(token), '0123456789abcdef', token.slice(9)]) expect(file).not.toContain(secret);
    const [again] = await broughtIn(Buffer.from(file), 'b.stream.jsonl');
    expect(chunksOf(again as string)).toEqual(chunksOf(id));
    expect(instrument.recordings.get(again as string).facts().ending?.kind).toBe('complete');
    const header = JSON.parse(file.split('\n')[0] ?? '') as { readonly redactions: readonly unknown[] };
    const { hidden } = await instrument.handlers['export.preview']({ id }, context);
    expect(header.redactions).toEqual(hidden);
    expect(hidden.map(({ kind }) => kind)).toContain('header authorization');
  });

  it('has the decoded body where a coded one holds a secret, and the coded one where it does not', async () => {
    const coded = `${sse}Content-Encoding: gzip\r\n`;
    const secret = await record([gzipSync(`data: ${token}\n\ndata: x\n\n`)], coded);
    const file = await exported(secret, 'jsonl');
    expect(file.toString()).not.toContain(token);
    const [again] = await broughtIn(file, 'c.stream.jsonl');
    expect((await exported(again as string, 'raw')).toString()).toMatch(/^data: REDACTED1x+\n\ndata: x\n\n$/);
    const plain = await record([gzipSync('data: x\n\n')], coded);
    const [same] = await broughtIn(await exported(plain, 'jsonl'), 'd.stream.jsonl');
    expect(wireDigest(same as string)).toBe(wireDigest(plain));
  });
});

describe('HAR', () => {
  it('is HAR 1.2, and comes back with the same bytes at the same times', async () => {
    const id = await record(events, sse);
    const file = await exported(id, 'har');
    const har: unknown = JSON.parse(file.toString());
    expect(harFileSchema.safeParse(har).error).toBeUndefined();
    expect(file.toString()).not.toContain(token);
    expect(har).toMatchObject({
      log: { entries: [{ _eventSourceMessages: [{ eventName: 'message' }, { eventName: 'end', eventId: '7' }] }] },
    });
    const [again] = await broughtIn(file, 'a.har');
    expect(wireDigest(again as string)).toBe(wireDigest(id));
    const times = (of: string) => chunksOf(of).map(([micros, length]) => [micros, length]);
    expect(times(again as string)).toEqual(times(id));
  });

  it('holds bytes that are no text as base64', async () => {
    const id = await record([new Uint8Array([0xff, 1, 2]), new Uint8Array([3, 4])], 'Content-Type: audio/mpeg\r\n');
    const [again] = await broughtIn(await exported(id, 'har'), 'b.har');
    expect(wireDigest(again as string)).toBe(wireDigest(id));
  });

  it('of several exchanges becomes several recordings; times that are not told are unknown', async () => {
    const entry = (url: string, response: object, more: object = {}) => ({
      startedDateTime: '2026-11-21T09:00:00.000Z',
      time: 1_000,
      request: { method: 'GET', url, httpVersion: 'h2', headers: [{ name: ':method', value: 'GET' }], cookies: [] },
      response: {
        status: 200,
        httpVersion: 'h2',
        headers: [{ name: 'content-type', value: 'text/event-stream' }],
        ...response,
      },
      timings: { blocked: 1, dns: -1, connect: -1, send: 1, wait: 98, receive: 900 },
      ...more,
    });
    const started = Date.parse('2026-11-21T09:00:00.000Z') / 1_000;
    const entries = [
      // As Chrome writes event streams: without their text, with their messages.
      entry(
        'http://a.test/1',
        { content: { size: 0, mimeType: 'text/event-stream' } },
        {
          _eventSourceMessages: [
            { time: started + 0.5, eventName: 'message', eventId: '', data: 'one\ntwo' },
            { time: started + 0.75, eventName: 'done', eventId: '2', data: '{}' },
          ],
        },
      ),
      // As mitmproxy and Firefox write bodies: text alone.
      entry('http://a.test/2', { content: { size: 9, text: 'data: x\n\n' } }),
      // As HTTP Toolkit writes what broke off.
      entry('http://a.test/3', { status: 0, content: {}, _error: 'net::ERR_CONNECTION_RESET' }),
    ];
    const ids = await broughtIn(Buffer.from(JSON.stringify({ log: { version: '1.2', entries } }, null, 2)), 'c.har');
    expect(ids).toHaveLength(3);
    const [chrome, text, broken] = ids.map((id) => instrument.recordings.get(id));
    expect(chunksOf(ids[0] as string).map(([micros]) => micros)).toEqual([500_000, 750_000]);
    expect(Buffer.from(chrome?.reader.read('body', 0, 1_000) ?? []).toString()).toBe(
      'data: one\ndata: two\n\nevent: done\nid: 2\ndata: {}\n\n',
    );
    expect(chrome?.facts().timesKnown).toBe(true);
    expect(text?.facts()).toMatchObject({ timesKnown: false, head: { httpVersion: '2' } });
    expect(broken?.facts()).toMatchObject({ head: null, ending: { code: 'end/import-unfinished' } });
    expect(broken?.facts().ending?.message).toContain('net::ERR_CONNECTION_RESET');
  });

  it.each([
    [
      'Firefox',
      {
        pageref: 'page_1',
        startedDateTime: '2026-11-21T10:00:00.000+01:00',
        request: { bodySize: 0, method: 'GET', url: 'http://a.test/', httpVersion: 'HTTP/2', headers: [] },
        response: {
          status: 200,
          statusText: '',
          httpVersion: 'HTTP/2',
          headers: [{ name: 'content-encoding', value: 'br' }],
          content: { mimeType: 'audio/mpeg', size: 3, encoding: 'base64', text: '/wEC' },
          redirectURL: '',
        },
        cache: {},
        timings: { blocked: 0, dns: 0, connect: 0, ssl: 0, send: 0, wait: 80, receive: 0 },
        time: 80,
        _securityState: 'secure',
      },
      Buffer.of(0xff, 1, 2),
    ],
    [
      'mitmproxy',
      {
        startedDateTime: '2026-11-21T09:00:00.123456+00:00',
        time: 1,
        request: { method: 'POST', url: 'http://a.test/', httpVersion: 'HTTP/1.1', headers: [], postData: null },
        response: {
          status: 200,
          statusText: 'OK',
          httpVersion: 'HTTP/1.1',
          headers: [{ name: 'Content-Type', value: 'application/x-ndjson' }],
          content: { size: 8, compression: 0, mimeType: 'application/x-ndjson', text: '{"a":1}\n' },
        },
        cache: {},
        timings: { connect: -1, ssl: -1, send: 0.1, receive: 0.2, wait: 0.7 },
        serverIPAddress: '127.0.0.1',
      },
      Buffer.from('{"a":1}\n'),
    ],
    [
      'HTTP Toolkit',
      {
        startedDateTime: '2026-11-21T09:00:00.000Z',
        time: 12.5,
        request: { method: 'GET', url: 'http://a.test/', httpVersion: 'HTTP/1.1', headers: [], queryString: [] },
        response: {
          status: 200,
          statusText: 'OK',
          httpVersion: 'HTTP/1.1',
          headers: [{ name: 'content-type', value: 'text/event-stream' }],
          content: { mimeType: 'text/event-stream', size: 9, text: 'data: x\n\n' },
          headersSize: -1,
          bodySize: 9,
        },
        timings: { blocked: -1, dns: -1, connect: -1, ssl: -1, send: 1.25, wait: 10, receive: 1.25 },
        _pinned: true,
      },
      Buffer.from('data: x\n\n'),
    ],
  ])('of the shape of %s is read: its body as it was, its times unknown', async (_name, entry, body) => {
    const [id = ''] = await broughtIn(
      Buffer.from(JSON.stringify({ log: { version: '1.2', creator: { name: 'x', version: '1' }, entries: [entry] } })),
      'shape.har',
    );
    const recording = instrument.recordings.get(id);
    expect(Buffer.from(recording.reader.read('body', 0, 100))).toEqual(body);
    expect(recording.facts()).toMatchObject({
      timesKnown: false,
      startedAt: Math.floor(Date.parse(entry.startedDateTime)),
      head: { status: 200 },
      ending: { code: 'end/imported' },
    });
  });

  it.each([
    ['that is cut', '{"log":{"version":"1.2","entries":[{"request":'],
    ['without entries', '{"log":{"version":"1.2","entries":[]}}'],
    ['whose entries are none', '{"log":{"version":"1.2","entries":[7,{"request":{}}]}}'],
    ['with 1,000,000 levels', `{"log":{"entries":${'['.repeat(1_000_000)}`],
  ])('%s becomes a recording that says so, or is a body of JSON', async (_name, text) => {
    const [id] = await broughtIn(Buffer.from(text), 'bad.har');
    const { ending } = instrument.recordings.get(id as string).facts();
    expect(['end/import-unreadable', 'end/imported']).toContain(ending?.code);
    expect(ending?.message).not.toBe('');
  });
});

describe('other formats', () => {
  it('write body, frames and what the frames say', async () => {
    const id = await record(['{"a":1}\n{"a":"=2,\\"x\\""}\n'], 'Content-Type: application/x-ndjson\r\n');
    expect((await exported(id, 'raw')).toString()).toBe('{"a":1}\n{"a":"=2,\\"x\\""}\n');
    const [first, second] = (await exported(id, 'frames'))
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(first).toMatchObject({ n: 1, kind: 'record', offset: 0, data: '{"a":1}', json: 'valid' });
    expect(second).toMatchObject({ n: 2, offset: 8 });
    const csv = (await exported(id, 'csv')).toString().split('\r\n');
    expect(csv[0]).toBe('n,kind,type,id,tUs,gapUs,offset,length,chunk,data');
    expect(csv[2]).toContain('"{""a"":""=2,');
    expect((await exported(id, 'text')).toString()).toBe('{"a":1}\n{"a":"=2,\\"x\\""}\n');
  });

  it('write the request without its secrets, or with them', async () => {
    const id = await record(['x'], '', { method: 'POST', body: { kind: 'text', text: '{"q":"ü\u2028"}' } });
    for (const format of ['curl', 'fetch', 'python'] as const) {
      expect((await exported(id, format)).toString()).not.toContain(token);
      expect((await exported(id, format, true)).toString()).toContain(token);
    }
  });
});

describe('an export', () => {
  it('is over when it is ended, and says so', async () => {
    const id = await record(events, sse);
    const { exportId } = await instrument.handlers['export.begin']({ id, format: 'raw', withSecrets: true }, context);
    await instrument.handlers['export.end']({ exportId }, context);
    const failure = await Promise.resolve(instrument.handlers['export.read']({ exportId }, context)).catch(
      (error: unknown) => error,
    );
    expect(failure instanceof FailureError && failure.failure.code).toBe('export/not-open');
  });
});
