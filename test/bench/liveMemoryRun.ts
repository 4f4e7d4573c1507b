import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInstrument } from '../../src/main/instrument/createInstrument.ts';
import { defaultRequestOptions } from '../../src/shared/request.ts';
import type { RecordingId } from '../../src/shared/words.ts';

/** In a process of its own, so that its memory is its own: `liveMemoryRun.ts URL STREAMS SECONDS`. */
export interface LiveMemory {
  readonly streams: number;
  readonly seconds: number;
  readonly frames: number;
  /** Of the engine's process with nothing live, after one recording had come and gone. */
  readonly idleRssBytes: number;
  readonly liveRssBytes: number;
  readonly bytesEach: number;
  readonly heapBytes: number;
  readonly arrayBufferBytes: number;
}

const [url = '', streamsText = '', secondsText = ''] = process.argv.slice(2);
const streams = Number(streamsText);
const seconds = Number(secondsText);
const folder = mkdtempSync(path.join(process.env['STREAMSCOPE_BENCH_FOLDER'] ?? tmpdir(), 'streamscope-bench-'));
const instrument = await createInstrument({
  host: 'memory',
  version: 'bench',
  folder,
  samplesFolder: null,
  startMock: false,
});
const wait = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis));
const open = (): RecordingId =>
  instrument.recordings.open(
    { method: 'GET', url, headers: [], body: { kind: 'none' }, auth: { kind: 'none' }, options: defaultRequestOptions },
    { framing: null },
  );
try {
  const first = open();
  await wait(1_000);
  await instrument.recordings.stop(first);
  globalThis.gc?.();
  const idleRssBytes = process.memoryUsage().rss;
  const ids = Array.from({ length: streams }, open);
  await wait(seconds * 1_000);
  globalThis.gc?.();
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  const measured: LiveMemory = {
    streams,
    seconds,
    frames: ids.reduce((sum, id) => sum + instrument.recordings.get(id).analysis.frames.count, 0),
    idleRssBytes,
    liveRssBytes: rss,
    bytesEach: (rss - idleRssBytes) / streams,
    heapBytes: heapUsed,
    arrayBufferBytes: arrayBuffers,
  };
  process.stdout.write(`${JSON.stringify(measured)}\n`);
} finally {
  await instrument.close();
  rmSync(folder, { recursive: true, force: true });
}
