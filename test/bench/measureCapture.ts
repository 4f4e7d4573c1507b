import { createWriteStream } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Client } from 'undici';
import { createInstrument } from '../../src/main/instrument/createInstrument.ts';
import { defaultRequestOptions } from '../../src/shared/request.ts';

/** One measurement in a process of its own, so that its memory is its own: `measureCapture.ts MODE URL`. */
export interface CaptureMeasurement {
  readonly bodyBytes: number;
  readonly chunks: number;
  readonly frames: number | null;
  readonly seconds: number;
  readonly peakRssBytes: number;
  readonly loopDelayP99Millis: number;
  /** Until the ending was on the disk; equal to `seconds` where nothing is kept. */
  readonly secondsToSaved: number;
  readonly diskBytesPerWireByte: number | null;
}

type Counted = Pick<CaptureMeasurement, 'bodyBytes' | 'chunks' | 'frames' | 'seconds' | 'diskBytesPerWireByte'>;

function dispatch(url: URL, take: (bytes: Buffer) => boolean, resumed: (resume: () => void) => void): Promise<Counted> {
  return new Promise((resolve, reject) => {
    const client = new Client(url.origin, { pipelining: 1, bodyTimeout: 0 });
    let bodyBytes = 0;
    let chunks = 0;
    const start = performance.now();
    client.dispatch(
      { method: 'GET', path: url.pathname },
      {
        onRequestStart: () => undefined,
        onResponseStart: () => undefined,
        onResponseData(controller, bytes) {
          bodyBytes += bytes.length;
          chunks++;
          if (take(bytes)) return;
          controller.pause();
          resumed(() => {
            controller.resume();
          });
        },
        onResponseEnd() {
          const seconds = (performance.now() - start) / 1000;
          void client.close().then(() => {
            resolve({ bodyBytes, chunks, frames: null, seconds, diskBytesPerWireByte: null });
          });
        },
        onResponseError(_controller, error) {
          reject(error);
        },
      },
    );
  });
}

async function appendToFile(url: URL, folder: string): Promise<Counted> {
  const file = createWriteStream(path.join(folder, 'body'), { highWaterMark: 8_388_608 });
  const counted = await dispatch(
    url,
    (bytes) => file.write(bytes),
    (resume) => file.once('drain', resume),
  );
  await new Promise((resolve) => file.end(resolve));
  return counted;
}

async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = entries.map(async (entry) =>
    entry.isFile() ? (await stat(path.join(entry.parentPath, entry.name))).size : 0,
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

async function record(url: URL, folder: string): Promise<Counted> {
  const instrument = await createInstrument({
    host: 'cli',
    version: 'bench',
    folder,
    samplesFolder: null,
    startMock: false,
  });
  const start = performance.now();
  const id = instrument.recordings.open(
    {
      method: 'GET',
      url: url.href,
      headers: [],
      body: { kind: 'none' },
      auth: { kind: 'none' },
      options: defaultRequestOptions,
    },
    { framing: null },
  );
  const live = instrument.recordings.live(id);
  if (live === undefined) throw new Error('the recording is not live');
  await live.closed();
  const seconds = (performance.now() - start) / 1000;
  await instrument.recordings.settled(id);
  const opened = instrument.recordings.get(id);
  const { ending } = opened.facts();
  if (ending?.kind !== 'complete')
    throw new Error(`the stream ended as ${ending?.code ?? 'nothing'}: ${ending?.message ?? ''}`);
  const counted = {
    bodyBytes: opened.analysis.bodyBytes,
    chunks: opened.chunks.count,
    frames: opened.analysis.frames.count,
    seconds,
  };
  await instrument.close();
  return { ...counted, diskBytesPerWireByte: (await folderBytes(folder)) / counted.bodyBytes };
}

const [mode = '', address = ''] = process.argv.slice(2);
const url = new URL(address);
const folder = await mkdtemp(path.join(process.env['STREAMSCOPE_BENCH_FOLDER'] ?? tmpdir(), 'streamscope-bench-'));
const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();
const start = performance.now();
try {
  const counted = await (mode === 'raw'
    ? dispatch(
        url,
        () => true,
        () => undefined,
      )
    : mode === 'append'
      ? appendToFile(url, folder)
      : record(url, folder));
  const measurement: CaptureMeasurement = {
    ...counted,
    secondsToSaved: (performance.now() - start) / 1000,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
    loopDelayP99Millis: Math.max(0, delay.percentile(99) / 1e6 - 5),
  };
  process.stdout.write(`${JSON.stringify(measurement)}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
