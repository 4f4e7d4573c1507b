import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chatStream } from '../../src/engine/mock/chatCompletions.ts';
import { readChatRequest } from '../../src/engine/mock/chatRequest.ts';
import { nearestRank } from '../../src/engine/runs/distribution.ts';
import { createInstrument, type Instrument } from '../../src/main/instrument/createInstrument.ts';
import { defaultRequestOptions } from '../../src/shared/request.ts';
import type { FromTokenServer, KeptDeadline } from './tokenServer.ts';

const delayMillis = 10;
const body = '{"stream":true,"messages":[{"role":"user","content":"What makes a good stream?"}]}';

/** Distances between what was measured and what should have been, in microseconds. */
export interface Errors {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** Share within one millisecond. */
  readonly withinMilli: number;
}

export interface TokenMeasurement {
  readonly name: string;
  readonly streams: number;
  readonly tokensEach: number;
  /** Measured TTFT against t0 and the schedule. */
  readonly ttft: Errors;
  /** Each gap between frames against the schedule's. */
  readonly gaps: Errors;
  /** Each gap against the moments at which the server's waits really ended: what is the instrument's own. */
  readonly gapsFromSent: Errors;
  /** How late the server was on its own schedule. */
  readonly serverLateness: Errors;
  /** Largest delay of the event loop that the recordings tell. */
  readonly uncertaintyMicros: number | null;
}

interface Layout {
  readonly name: string;
  readonly streams: number;
  readonly atOnce: number;
  readonly tokens: number;
}

const layouts: readonly Layout[] = [
  { name: 'one stream after the other', streams: 3, atOnce: 1, tokens: 600 },
  { name: 'short answers, one after the other', streams: 60, atOnce: 1, tokens: 20 },
  { name: 'ten streams at a time', streams: 10, atOnce: 10, tokens: 600 },
];

interface MeasuredStream {
  /** t0 on the machine's monotonic clock. */
  readonly t0Micros: number;
  readonly ttftMicros: number;
  readonly frameMicros: readonly number[];
  readonly uncertaintyMicros: number | null;
}

/** TTFT and every gap of token streams of 100 tokens a second against the schedule that the mock server performs. */
export async function measureTokens(progress: (message: string) => void): Promise<readonly TokenMeasurement[]> {
  const server = fork(new URL('./tokenServer.ts', import.meta.url).pathname);
  const home = await mkdtemp(path.join(tmpdir(), 'streamscope-bench-'));
  let instrument: Instrument | undefined;
  try {
    const listening = await next(server);
    if (listening.type !== 'listening') throw new Error('the server did not say where it listens');
    const { url } = listening;
    instrument = await createInstrument({
      host: 'memory',
      version: '0',
      folder: home,
      samplesFolder: null,
      startMock: false,
    });
    // What runs for the first time is slower than ever after.
    await measureStream(instrument, url, 50, 1);
    await logOf(server);
    const measured: TokenMeasurement[] = [];
    for (const layout of layouts) {
      progress(`tokens: ${layout.name}`);
      measured.push(await measureLayout(instrument, server, url, layout));
    }
    return measured;
  } finally {
    await instrument?.close();
    server.disconnect();
    await rm(home, { recursive: true, force: true });
  }
}

async function next(server: ChildProcess): Promise<FromTokenServer> {
  const [message] = (await once(server, 'message')) as [FromTokenServer];
  return message;
}

async function logOf(server: ChildProcess): Promise<readonly (readonly KeptDeadline[])[]> {
  const answer = next(server);
  server.send('log');
  const log = await answer;
  if (log.type !== 'log') throw new Error('the server did not tell its log');
  return log.streams;
}

async function measureStream(
  instrument: Instrument,
  url: string,
  tokens: number,
  seed: number,
): Promise<MeasuredStream> {
  const { recordings } = instrument;
  const id = recordings.open(
    {
      method: 'POST',
      url: `${url}/v1/chat/completions?n=${String(tokens)}&delayMs=${String(delayMillis)}&seed=${String(seed)}`,
      headers: [['Content-Type', 'application/json']],
      body: { kind: 'text', text: body },
      auth: { kind: 'none' },
      options: defaultRequestOptions,
    },
    { framing: null },
  );
  const live = recordings.live(id);
  if (live === undefined) throw new Error('the recording ended before it began');
  const t0Micros = Number(process.hrtime.bigint()) / 1_000 - live.nowMicros();
  await recordings.settled(id);
  const { analysis } = live;
  const first = analysis.message?.firstContentFrame ?? -1;
  if (live.facts().ending?.kind !== 'complete' || first < 0) throw new Error('the stream did not come whole');
  return {
    t0Micros,
    ttftMicros: analysis.frames.microsOf(first),
    frameMicros: Array.from({ length: analysis.frames.count }, (_, n) => analysis.frames.microsOf(n)),
    uncertaintyMicros: live.facts().uncertaintyMicros,
  };
}

async function measureLayout(
  instrument: Instrument,
  server: ChildProcess,
  url: string,
  { name, streams, atOnce, tokens }: Layout,
): Promise<TokenMeasurement> {
  const measured: { readonly seed: number; readonly stream: MeasuredStream }[] = [];
  for (let from = 0; from < streams; from += atOnce) {
    const seeds = Array.from({ length: Math.min(atOnce, streams - from) }, (_, i) => from + i + 2);
    const batch = seeds.map(async (seed) => ({ seed, stream: await measureStream(instrument, url, tokens, seed) }));
    measured.push(...(await Promise.all(batch)));
  }
  const logs = await logOf(server);
  const ttft: number[] = [];
  const gaps: number[] = [];
  const gapsFromSent: number[] = [];
  const lateness: number[] = [];
  for (const { seed, stream } of measured) {
    const delays = scheduleOf(tokens, seed);
    const log = ownLog(logs, delays, stream);
    const due = dueTimes(delays, log[0] as KeptDeadline);
    const kept = new Map(matchesIn(log, due).map((frame, i) => [frame, (log[i] as KeptDeadline).keptMicros]));
    for (const { dueMicros, keptMicros } of log) lateness.push(keptMicros - dueMicros);
    // Frame 0 brings the role, frame 1 the first token.
    ttft.push(stream.t0Micros + stream.ttftMicros - (due[1] as number));
    for (let n = 1; n < delays.length; n++) {
      const gap = (stream.frameMicros[n] as number) - (stream.frameMicros[n - 1] as number);
      gaps.push(gap - ((due[n] as number) - (due[n - 1] as number)));
      const [before, after] = [kept.get(n - 1), kept.get(n)];
      if (before !== undefined && after !== undefined) gapsFromSent.push(gap - (after - before));
    }
  }
  const uncertainties = measured.map(({ stream }) => stream.uncertaintyMicros).filter((value) => value !== null);
  return {
    name,
    streams,
    tokensEach: tokens,
    ttft: errorsOf(ttft),
    gaps: errorsOf(gaps),
    gapsFromSent: errorsOf(gapsFromSent),
    serverLateness: errorsOf(lateness),
    uncertaintyMicros: uncertainties.length === 0 ? null : Math.max(...uncertainties),
  };
}

/** Milliseconds before each frame of the answer, as the mock server's script has them. */
function scheduleOf(tokens: number, seed: number): readonly number[] {
  const read = readChatRequest(body);
  if (!read.ok) throw new Error(read.message);
  const script = { n: tokens, delayMs: delayMillis, seed, stall: false, request: read.request };
  return [...chatStream(script)].map((step) => step.delayMillis);
}

/**
 * The log of the stream whose waits are those of a schedule, and that was performed while it was recorded. A wait that
 * was over before it began is not in a log.
 */
function ownLog(
  logs: readonly (readonly KeptDeadline[])[],
  delays: readonly number[],
  { t0Micros }: MeasuredStream,
): readonly KeptDeadline[] {
  const fitting = logs.filter((log) => {
    const first = log[0];
    if (first === undefined || first.dueMicros - (delays[0] as number) * 1_000 < t0Micros) return false;
    return matchesIn(log, dueTimes(delays, first)).length === log.length;
  });
  const [log] = fitting;
  if (log === undefined || fitting.length > 1) throw new Error(`${String(fitting.length)} logs fit one stream`);
  return log;
}

/** When each frame is due, told from the first wait. */
function dueTimes(delays: readonly number[], first: KeptDeadline): readonly number[] {
  let due = first.dueMicros - (delays[0] as number) * 1_000;
  return delays.map((delay) => (due += delay * 1_000));
}

/** The frames before which the waits of a log were, in order; fewer where a wait is none of the schedule's. */
function matchesIn(log: readonly KeptDeadline[], due: readonly number[]): readonly number[] {
  const frames: number[] = [];
  let frame = 0;
  for (const { dueMicros } of log) {
    while (frame < due.length && (due[frame] as number) < dueMicros - 1) frame++;
    if (frame === due.length || (due[frame] as number) > dueMicros + 1) break;
    frames.push(frame);
    frame++;
  }
  return frames;
}

function errorsOf(differences: readonly number[]): Errors {
  const sorted = differences.map(Math.abs).sort((a, b) => a - b);
  const at = (share: number): number => nearestRank(sorted, share) ?? NaN;
  const withinMilli = sorted.filter((error) => error <= 1_000).length / sorted.length;
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1), withinMilli };
}
