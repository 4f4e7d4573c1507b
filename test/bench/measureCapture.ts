import { createWriteStream } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { connect } from 'node:http2';
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

const http2WindowBytes = 16 * 1024 * 1024;

type Counted = Pick<CaptureMeasurement, 'bodyBytes' | 'chunks' | 'frames' | 'seconds' | 'diskBytesPerWireByte'>;

/** As `dispatch`, over cleartext HTTP/2 with windows as wide as ours. */
function request(url: URL, take: (bytes: Buffer) => boolean, resumed: (resume: () => void) => void): Promise<Counted> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const session = connect(url.origin, { settings: { initialWindowSize: http2WindowBytes, enablePush: false } });
    session.once('connect', () => session.setLocalWindowSize(http2WindowBytes));
    session.on('error', reject);
    const stream = session.request({ ':path': url.pathname });
    let bodyBytes = 0;
    let chunks = 0;
    stream.on('error', reject);
    stream.on('data', (bytes: Buffer) => {
      bodyBytes += bytes.length;
      chunks++;
      if (take(bytes)) return;
      stream.pause();
      resumed(() => stream.resume());
    });
    stream.on('end', () => {
      const seconds = (performance.now() - start) / 1000;
      session.close(() => resolve({ bodyBytes, chunks, frames: null, seconds, diskBytesPerWireByte: null }));
    });
  });
}

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

const [mode = '', address = ''] = process.argv.slice(2);
const url = new URL(address);
/** The server says how it sends in the path. */
const isHttp2 = url.pathname.startsWith('/http2/');
const read = isHttp2 ? request : dispatch;

async function appendToFile(url: URL, folder: string): Promise<Counted> {
  const file = createWriteStream(path.join(folder, 'body'), { highWaterMark: 8_388_608 });
  const counted = await read(
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
      options: isHttp2 ? { ...defaultRequestOptions, httpVersion: '2' } : defaultRequestOptions,
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

const folder = await mkdtemp(path.join(process.env['STREAMSCOPE_BENCH_FOLDER'] ?? tmpdir(), 'streamscope-bench-'));
const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();
const start = performance.now();
try {
  const counted = await (mode === 'raw'
    ? read(
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
