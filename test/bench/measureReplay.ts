import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { seededRandom } from '../../src/engine/mock/random.ts';
import { encodeEventLine, encodeHeaderLine } from '../../src/engine/recording/streamJsonl.ts';
import { createInstrument } from '../../src/main/instrument/createInstrument.ts';
import { defaultReplayOptions } from '../../src/shared/replay.ts';
import type { ReplayReceived } from './replayClient.ts';

export interface ReplayMeasurement {
  readonly chunksPerSecond: number;
  /** `peer`: a bare server that blocks its process until each chunk's time. */
  readonly by: 'replay' | 'peer';
  readonly chunks: number;
  /**
   * How far the chunks as a whole were from their times after the head, by the median: the lateness of the one event
   * that the head is, and of nothing else.
   */
  readonly headMicros: number;
  /** How far from its recorded time among the others each chunk came, without sign, in microseconds. */
  readonly errorMicros: { readonly p50: number; readonly p90: number; readonly p99: number; readonly max: number };
  /** Load of the machine before: work beside the measurement makes the errors its own. */
  readonly load: number;
}

/** Chunks a second; times between chunks vary from a fifth to nine fifths of the mean. */
const rates = [10, 50, 200, 1_000];
const headMicros = 20_000;

/** Recordings with known times, replayed at × 1 and captured in another process over the loopback. */
export async function measureReplays(seconds: number, progress: (text: string) => void): Promise<ReplayMeasurement[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'streamscope-bench-'));
  const instrument = await createInstrument({
    host: 'cli',
    version: '0',
    folder,
    samplesFolder: null,
    startMock: false,
  });
  const measured: ReplayMeasurement[] = [];
  try {
    for (const chunksPerSecond of rates) {
      progress(`replay, ${String(chunksPerSecond)} chunks a second`);
      const file = path.join(folder, `${String(chunksPerSecond)}.stream.jsonl`);
      const times = await writeRecording(file, chunksPerSecond, seconds);
      const id = await instrument.importPath(file);
      await instrument.recordings.settled(id);
      const [load = NaN] = loadavg();
      const signal = new AbortController().signal;
      const quick = { ...defaultReplayOptions, speed: 'max' } as const;
      const warmUp = await instrument.replays.start({ id, options: quick, port: 0 }, signal);
      const { url, replayId } = await instrument.replays.start({ id, options: defaultReplayOptions, port: 0 }, signal);
      measured.push({ chunksPerSecond, by: 'replay', load, ...errorsOf(times, await received(warmUp.url, url)) });
      await instrument.replays.stop(warmUp.replayId);
      await instrument.replays.stop(replayId);
      measured.push({ chunksPerSecond, by: 'peer', load, ...(await peerErrors(folder, times)) });
    }
  } finally {
    await instrument.close();
    await rm(folder, { recursive: true, force: true });
  }
  return measured;
}

async function received(quickUrl: string, url: string): Promise<ReplayReceived> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [path.join(import.meta.dirname, 'replayClient.ts'), quickUrl, url],
    { maxBuffer: 1 << 28 },
  );
  return JSON.parse(stdout) as ReplayReceived;
}

async function peerErrors(folder: string, times: readonly number[]): Promise<Errors> {
  const file = path.join(folder, 'times.json');
  await writeFile(file, JSON.stringify(times));
  const peer = fork(path.join(import.meta.dirname, 'replayPeer.ts'), [file]);
  try {
    const [port] = (await once(peer, 'message')) as [number];
    const url = `http://127.0.0.1:${String(port)}`;
    return errorsOf(times, await received(`${url}/quick`, url));
  } finally {
    peer.disconnect();
  }
}

type Errors = Pick<ReplayMeasurement, 'chunks' | 'headMicros' | 'errorMicros'>;

function errorsOf(times: readonly number[], { sinceHeadMicros, endingCode }: ReplayReceived): Errors {
  if (sinceHeadMicros.length !== times.length || endingCode !== 'end/complete') {
    throw new Error(`${String(sinceHeadMicros.length)} of ${String(times.length)} chunks came: ${endingCode}`);
  }
  const signed = times.map((at, n) => (sinceHeadMicros[n] ?? NaN) - at);
  const shift = signed.toSorted((a, b) => a - b)[Math.floor(signed.length / 2)] ?? NaN;
  const errors = signed.map((error) => Math.abs(error - shift)).toSorted((a, b) => a - b);
  const percentile = (share: number): number => errors[Math.max(0, Math.ceil(share * errors.length) - 1)] ?? NaN;
  return {
    chunks: errors.length,
    headMicros: Math.abs(shift),
    errorMicros: { p50: percentile(0.5), p90: percentile(0.9), p99: percentile(0.99), max: percentile(1) },
  };
}

/** Answers with when each chunk came after the head. */
async function writeRecording(file: string, chunksPerSecond: number, seconds: number): Promise<readonly number[]> {
  const random = seededRandom(chunksPerSecond);
  const head = {
    status: 200,
    statusText: 'OK',
    httpVersion: '1.1',
    headers: [
      ['content-type', 'text/event-stream'],
      ['transfer-encoding', 'chunked'],
    ] as const,
    atMicros: headMicros,
  };
  const lines = [
    encodeHeaderLine({
      startedAt: 0,
      source: 'request',
      request: null,
      timesKnown: true,
      bordersKnown: true,
      redactions: [],
    }),
    encodeEventLine({ kind: 'head', head }),
  ];
  const times: number[] = [];
  let at = 0;
  const bytes = new TextEncoder().encode(`data: ${'x'.repeat(232)}\n\n`);
  for (let n = 0; n < chunksPerSecond * seconds; n++) {
    at += Math.round((0.2 + 1.6 * random.fraction()) * (1e6 / chunksPerSecond));
    times.push(at);
    lines.push(encodeEventLine({ kind: 'chunk', atMicros: headMicros + at, bytes, continues: false }));
  }
  const ending = {
    kind: 'complete',
    code: 'end/complete',
    message: '',
    offset: null,
    atMicros: headMicros + at,
  } as const;
  lines.push(encodeEventLine({ kind: 'end', end: { ending, wireBytes: null, chunks: null, sha256: null } }));
  await writeFile(file, lines.join(''));
  return times;
}
