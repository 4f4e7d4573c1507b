import { createHash } from 'node:crypto';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, get, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createInstrument, type Instrument } from '../../../src/main/instrument/createInstrument.ts';
import { createMockServer } from '../../../src/main/servers/mock/mockServer.ts';
import { FailureError } from '../../../src/shared/failure.ts';
import { defaultReplayOptions, type ReplayFault } from '../../../src/shared/replay.ts';
import { caller, kept, recorded, replayed, withReplay, type Kept } from './replaying.ts';

const run = promisify(execFile);
let home = '';
let instrument: Instrument;
const call = caller(() => instrument);
const cleanups: (() => Promise<void>)[] = [];

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'streamscope-replay-'));
  instrument = await createInstrument({
    host: 'memory',
    version: '0',
    folder: home,
    samplesFolder: null,
    startMock: false,
  });
});

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

afterAll(async () => {
  await instrument.close();
  await rm(home, { recursive: true, force: true });
});

/** A server for the time of one test. */
async function serving(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/stream`;
}

const turn = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis));

/** One HTTP chunk after another, with the waits between them. */
async function write(
  response: ServerResponse,
  pieces: readonly (readonly [millis: number, bytes: string])[],
): Promise<void> {
  for (const [millis, bytes] of pieces) {
    if (millis > 0) await turn(millis);
    response.write(bytes);
  }
}

const events = Array.from({ length: 12 }, (_, n) => `id: ${String(n + 1)}\ndata: {"n":${String(n + 1)}}\n\n`);
const sse = { 'content-type': 'text/event-stream', 'x-kept': 'as it was' };

function eventServer(): Promise<string> {
  return serving((_request, response) => {
    response.writeHead(200, { ...sse, trailer: 'x-sum' });
    const pieces = events.map((text, n) => [n % 3 === 0 ? 12 : 4, text] as const);
    void write(response, pieces).then(() => {
      response.addTrailers({ 'x-sum': '12' });
      response.end();
    });
  });
}

const text = (recording: Kept): string => Buffer.from(recording.wire).toString();
const lengths = (recording: Kept): readonly number[] => recording.pieces.map(({ bytes }) => bytes);

describe('a recording replayed and recorded again', () => {
  it('has the same bytes, head, chunk borders, trailers and ending, and its times to a few milliseconds', async () => {
    const original = await recorded(instrument, await eventServer());
    const again = await replayed(instrument, original.id);
    expect(again.sha256).toBe(original.sha256);
    expect(again.facts.source).toBe('replay');
    expect(again.facts.head?.headers).toEqual(original.facts.head?.headers);
    expect(again.facts.trailers).toEqual([['x-sum', '12']]);
    expect(lengths(again)).toEqual(events.map(({ length }) => length));
    expect(again.facts.ending).toMatchObject({ code: 'end/complete' });
    const errors = again.pieces.map(({ sinceHeadMicros }, n) =>
      Math.abs(sinceHeadMicros - (original.pieces[n]?.sinceHeadMicros ?? NaN)),
    );
    // Generous: other work shares the processor with this test. The bench says how exact it is on a quiet machine.
    expect(errors.toSorted((a, b) => a - b)[Math.floor(errors.length / 2)]).toBeLessThan(50_000);
    const third = await replayed(instrument, again.id, { speed: 'max' });
    expect(third.sha256).toBe(original.sha256);
    expect(lengths(third)).toEqual(lengths(original));
  });

  it('has the bytes of a compressed body as they were on the wire', async () => {
    const zipped = gzipSync(events.join(''));
    const url = await serving((_request, response) => {
      response.writeHead(200, { ...sse, 'content-encoding': 'gzip' });
      response.write(zipped.subarray(0, 30));
      response.end(zipped.subarray(30));
    });
    const original = await recorded(instrument, url);
    const again = await replayed(instrument, original.id);
    expect(Buffer.from(again.wire).equals(zipped)).toBe(true);
    expect(again.facts.head?.headers).toContainEqual(['content-encoding', 'gzip']);
    expect(instrument.recordings.get(again.id).analysis.frames.count).toBe(12);
    const failure = await call('replay.start', {
      id: original.id,
      options: { ...defaultReplayOptions, faults: [{ kind: 'drop', frame: 0 }] },
    }).catch((error: unknown) => (error instanceof FailureError ? error.failure : error));
    expect(failure).toMatchObject({ code: 'replay/fault-impossible' });
  });

  it('keeps the borders of an HTTP chunk that came in several reads', async () => {
    const long = 'x'.repeat(300_000);
    const url = await serving((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      response.write('short');
      response.write(long);
      response.end('end');
    });
    const original = await recorded(instrument, url);
    const again = await replayed(instrument, original.id);
    expect(lengths(again)).toEqual([5, 300_000, 3]);
    expect(again.sha256).toBe(createHash('sha256').update(`short${long}end`).digest('hex'));
  });

  it('was recorded over HTTP/2 and is served over HTTP/1.1, each DATA frame a chunk', async () => {
    const server = createHttp2Server();
    server.on('stream', (stream) => {
      stream.respond({ ':status': 200, 'content-type': 'text/event-stream' });
      stream.write('data: 1\n\n');
      setTimeout(() => stream.end('data: 2\n\ndata: 3\n\n'), 20);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    cleanups.push(() => new Promise((resolve) => server.close(() => resolve())));
    const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
    const original = await recorded(instrument, url, { options: { httpVersion: '2' } });
    expect(original.facts.head?.httpVersion).toBe('2');
    await withReplay(instrument, original.id, {}, async ({ notes, replayId }) => {
      expect(notes.join()).toContain('each DATA frame is a chunk');
      const again = await kept(instrument, instrument.replays.open(replayId));
      expect(again.facts.head?.httpVersion).toBe('1.1');
      expect(again.sha256).toBe(original.sha256);
      expect(lengths(again).slice(0, 2)).toEqual([9, 18]);
    });
  });
});

describe('faults as our own capture sees them', () => {
  let original: Kept;
  beforeAll(async () => {
    const url = await eventServer();
    original = await recorded(instrument, url);
    for (const cleanup of cleanups.splice(0)) await cleanup();
  });
  const with_ = (...faults: ReplayFault[]): Promise<Kept> =>
    replayed(instrument, original.id, { speed: 'max', faults });
  const before = (frames: number): string => events.slice(0, frames).join('');

  it('cut: the connection is closed after the frame', async () => {
    const seen = await with_({ kind: 'cut', afterFrames: 5 });
    expect(text(seen)).toBe(before(5));
    expect(seen.facts.ending).toMatchObject({ kind: 'cut', code: 'end/no-last-chunk' });
  });

  it('reset: the connection is reset after the frame', async () => {
    const seen = await with_({ kind: 'reset', afterFrames: 5 });
    expect(text(seen)).toBe(before(5));
    expect(seen.facts.ending?.message).toContain('reset');
  });

  it('stall: silence after the frame, then everything', async () => {
    const seen = await with_({ kind: 'stall', afterFrames: 4, micros: 300_000 });
    expect(seen.sha256).toBe(original.sha256);
    const gaps = seen.pieces
      .slice(1)
      .map(({ sinceHeadMicros }, n) => sinceHeadMicros - (seen.pieces[n]?.sinceHeadMicros ?? 0));
    expect(gaps.indexOf(Math.max(...gaps))).toBe(3);
    expect(gaps[3]).toBeGreaterThan(290_000);
  });

  it('drop and duplicate: one frame fewer, one more', async () => {
    expect(text(await with_({ kind: 'drop', frame: 2 }))).toBe(events.toSpliced(2, 1).join(''));
    expect(text(await with_({ kind: 'duplicate', frame: 2 }))).toBe(events.toSpliced(2, 0, events[2] ?? '').join(''));
  });

  it('corrupt: one byte is another', async () => {
    const seen = await with_({ kind: 'corrupt', offset: 7 });
    const differing = [...seen.wire].flatMap((byte, at) => (byte === original.wire[at] ? [] : [at]));
    expect(differing).toEqual([7]);
    expect(
      instrument.recordings
        .get(seen.id)
        .analysis.diagnostics.page(0, 10)
        .map(({ code }) => code),
    ).toContain('utf8/invalid');
  });

  it('split and coalesce: other chunks, the same bytes', async () => {
    const split = await with_({ kind: 'split', bytes: 7 });
    expect(split.sha256).toBe(original.sha256);
    expect(Math.max(...lengths(split))).toBe(7);
    const joined = await with_({ kind: 'coalesce', chunks: 5 });
    expect(joined.sha256).toBe(original.sha256);
    expect(lengths(joined)).toEqual([0, 5, 10].map((n) => events.slice(n, n + 5).join('').length));
  });

  it('slow: as long as its rate makes it', async () => {
    const seen = await with_({ kind: 'slow', bytesPerSecond: 1_000 });
    expect(seen.sha256).toBe(original.sha256);
    const lastMicros = seen.facts.ending?.atMicros ?? 0;
    expect(lastMicros - (seen.facts.head?.atMicros ?? 0)).toBeGreaterThan(seen.wire.length * 1_000 * 0.95);
  });

  it('a frame that is not there is a failure with the count', async () => {
    const failure = await with_({ kind: 'cut', afterFrames: 13 }).catch(
      (error: unknown) => (error as FailureError).failure,
    );
    expect(failure).toEqual({
      code: 'replay/fault-impossible',
      message: 'There is no frame 13: the recording has 12 frames.',
    });
  });
});

describe('clients of a replay', () => {
  it('is one body after another where it is repeated, and one chunk a step where it is stepped', async () => {
    const original = await recorded(instrument, await eventServer());
    expect(text(await replayed(instrument, original.id, { speed: 'max', passes: 3 }))).toBe(events.join('').repeat(3));
    await withReplay(instrument, original.id, { speed: 'step' }, async ({ replayId, url }) => {
      const response = await new Promise<IncomingMessage>((resolve) => get(url, resolve));
      let seen = '';
      response.setEncoding('utf8').on('data', (piece: string) => (seen += piece));
      for (const [n] of events.entries()) {
        await expect.poll(() => instrument.replays.step(replayId)).toBe(1);
        await expect.poll(() => seen).toBe(events.slice(0, n + 1).join(''));
      }
      await expect.poll(() => instrument.replays.step(replayId)).toBe(1);
      await once(response, 'end');
      expect(response.trailers).toEqual({ 'x-sum': '12' });
    });
  });

  it('a request that resumes as the recorded one did gets what that got', async () => {
    const url = await serving((request, response) => {
      response.writeHead(200, sse);
      const from = Number(request.headers['last-event-id'] ?? '0');
      response.write(`retry: 10\n\n${events.slice(from, from + 3).join('')}`);
      // Long enough for the bytes to have been read before the connection is lost.
      setTimeout(() => response.destroy(), 60);
    });
    const original = await recorded(instrument, url, { options: { reconnect: { kind: 'sse', attempts: 1 } } });
    expect(original.facts.reconnections).toHaveLength(1);
    await withReplay(instrument, original.id, {}, async (replay) => {
      const answered = async (...words: string[]): Promise<string> =>
        run('curl', ['-sS', '-N', ...words, replay.url]).then(
          () => 'complete',
          (error: unknown) => (error as { readonly stdout: string }).stdout,
        );
      expect(await answered()).toContain(events.slice(0, 3).join(''));
      const resumed = await answered('-H', 'Last-Event-ID: 3');
      expect(resumed).toContain(events.slice(3, 6).join(''));
      expect(resumed).not.toContain(events[0]);
      expect(replay.notes.join()).toContain('2 connections');
    });
  });

  it('curl gets the recorded bytes', async () => {
    const original = await recorded(instrument, await eventServer());
    await withReplay(instrument, original.id, { speed: 10 }, async ({ url }) => {
      const file = path.join(home, 'curl.out');
      const { stdout } = await run('curl', [
        '-sS',
        '-N',
        '-X',
        'POST',
        '-d',
        'x',
        '-o',
        file,
        '-w',
        '%{http_code}',
        url,
      ]);
      expect(stdout).toBe('200');
      expect(
        createHash('sha256')
          .update(await readFile(file))
          .digest('hex'),
      ).toBe(original.sha256);
    });
  });

  it('a client that does not read delays nobody else, and it is said that it was slow', async () => {
    const piece = 'x'.repeat(65_536);
    const url = await serving((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      void write(
        response,
        Array.from({ length: 300 }, () => [0, piece] as const),
      ).then(() => response.end());
    });
    const original = await recorded(instrument, url);
    await withReplay(instrument, original.id, {}, async (replay) => {
      const { port } = new URL(replay.url);
      const sleeper = connect(Number(port), new URL(replay.url).hostname);
      sleeper.pause();
      sleeper.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
      const status = () => instrument.replays.list().find(({ replayId }) => replayId === replay.replayId);
      await expect.poll(() => status()?.activeClients).toBe(1);
      const other = await kept(instrument, instrument.replays.open(replay.replayId));
      expect(other.sha256).toBe(original.sha256);
      expect(status()?.activeClients).toBe(1);
      sleeper.resume();
      await expect.poll(() => status()?.served, { timeout: 10_000 }).toBe(2);
      expect(status()?.log.some(({ client, message }) => client === 1 && message.includes('reads slowly'))).toBe(true);
      sleeper.destroy();
    });
  });

  it('a client that leaves is let go of, with its timers', async () => {
    const original = await recorded(instrument, await eventServer());
    await withReplay(
      instrument,
      original.id,
      { faults: [{ kind: 'stall', afterFrames: 1, micros: 3_600_000_000 }] },
      async (replay) => {
        const left = new AbortController();
        const response = await fetch(replay.url, { signal: left.signal });
        expect(response.status).toBe(200);
        left.abort();
        const status = () => instrument.replays.list().find(({ replayId }) => replayId === replay.replayId);
        await expect.poll(() => status()?.left).toBe(1);
        expect(status()?.activeClients).toBe(0);
      },
    );
  });

  it('a page of another site gets nothing by pointing its name here', async () => {
    const original = await recorded(instrument, await eventServer());
    await withReplay(instrument, original.id, {}, async ({ url }) => {
      const { stdout } = await run('curl', [
        '-sS',
        '-w',
        '%{http_code}',
        '-o',
        '/dev/null',
        '-H',
        'Host: evil.test',
        url,
      ]);
      expect(stdout).toBe('421');
    });
  });

  it('says what there is to say of a recording that is live, gone or has no answer', async () => {
    const url = await serving((_request, response) => void response.writeHead(200, sse).write('data: 1\n\n'));
    const failureOf = (id: string): Promise<unknown> =>
      call('replay.start', { id, options: defaultReplayOptions }).then(
        () => null,
        (error: unknown) => (error as FailureError).failure.code,
      );
    const { id } = await call('recording.open', {
      request: {
        method: 'GET',
        url,
        headers: [],
        body: { kind: 'none' },
        auth: { kind: 'none' },
        options: { followRedirects: true, insecureTls: false, compressed: false, connectTimeoutMillis: 1_000 },
      },
      framing: null,
    });
    await expect.poll(() => instrument.recordings.get(id).chunks.count).toBe(1);
    expect(await failureOf(id)).toBe('recording/still-live');
    await call('recording.stop', { id });
    expect(await failureOf(id)).toBeNull();
    expect(await failureOf('20200101-000000-abcdef')).toBe('recording/not-found');
    const refused = await recorded(instrument, 'http://127.0.0.1:1/');
    expect(await failureOf(refused.id)).toBe('replay/no-answer');
    for (const { replayId } of instrument.replays.list()) await call('replay.stop', { replayId });
    expect(await call('replay.list', {})).toEqual({ replays: [] });
  });
});

describe('official SDKs', () => {
  it('OpenAI’s reads a replayed answer as it read the original', async () => {
    const mock = createMockServer({ port: 0 });
    const { url } = await mock.start();
    cleanups.push(() => mock.stop());
    const original = await recorded(instrument, `${url}/v1/chat/completions?delayMs=1`, {
      method: 'POST',
      headers: [['content-type', 'application/json']],
      body: {
        kind: 'text',
        text: JSON.stringify({ model: 'mock', stream: true, messages: [{ role: 'user', content: 'Hi' }] }),
      },
    });
    const answer = async (origin: string): Promise<string> => {
      const client = new OpenAI({ apiKey: 'none', baseURL: `${origin}/v1`, maxRetries: 0 });
      const stream = await client.chat.completions.create({
        model: 'mock',
        stream: true,
        messages: [{ role: 'user', content: 'Hi' }],
      });
      let said = '';
      for await (const chunk of stream) said += chunk.choices[0]?.delta.content ?? '';
      return said;
    };
    await withReplay(instrument, original.id, { speed: 2 }, async (replay) => {
      const said = await answer(new URL(replay.url).origin);
      expect(said.length).toBeGreaterThan(20);
      expect(replay.url.endsWith('/v1/chat/completions')).toBe(true);
      // Twice over the SDK's pooled connection.
      expect(await answer(new URL(replay.url).origin)).toBe(said);
    });
    await withReplay(
      instrument,
      original.id,
      { speed: 'max', faults: [{ kind: 'cut', afterFrames: 3 }] },
      async (replay) => {
        await expect(answer(new URL(replay.url).origin)).rejects.toThrow();
      },
    );
  });

  it('Anthropic’s reads a replayed message', async () => {
    const said = ['Streams ', 'are ', 'rivers.'];
    const of = (type: string, rest: object): string => `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`;
    const url = await serving((_request, response) => {
      response.writeHead(200, sse);
      const message = {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        model: 'mock',
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { input_tokens: 5, output_tokens: 1 },
      };
      void write(response, [
        [0, of('message_start', { message })],
        [0, of('content_block_start', { index: 0, content_block: { type: 'text', text: '' } })],
        ...said.map(
          (part) => [3, of('content_block_delta', { index: 0, delta: { type: 'text_delta', text: part } })] as const,
        ),
        [0, of('content_block_stop', { index: 0 })],
        [
          0,
          of('message_delta', { delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 9 } }),
        ],
        [0, of('message_stop', {})],
      ]).then(() => response.end());
    });
    const original = await recorded(instrument, url, { method: 'POST' });
    await withReplay(instrument, original.id, {}, async (replay) => {
      const client = new Anthropic({ apiKey: 'none', baseURL: new URL(replay.url).origin, maxRetries: 0 });
      const message = await client.messages
        .stream({ model: 'mock', max_tokens: 20, messages: [{ role: 'user', content: 'Hi' }] })
        .finalMessage();
      expect(message.content).toMatchObject([{ type: 'text', text: said.join('') }]);
      expect(message.stop_reason).toBe('end_turn');
      expect(message.usage.output_tokens).toBe(9);
    });
  });
});
