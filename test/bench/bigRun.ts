import { execFile } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { once } from 'node:events';
import path from 'node:path';
import { promisify } from 'node:util';
import { createInstrument, type Instrument } from '../../src/main/instrument/createInstrument.ts';
import { defaultReplayOptions } from '../../src/shared/replay.ts';
import { exportFormats, type ExportFormat } from '../../src/shared/export.ts';
import type { RecordingId } from '../../src/shared/words.ts';
import { bigLayouts, bigRecordingId, makeBigRecording } from './bigRecording.ts';
import { openAndSeek, type BigOpening } from './bigOpening.ts';

/**
 * One thing done with a big recording, in a process of its own so that its memory is its own:
 * `bigRun.ts make LAYOUT BYTES FOLDER`, `open FOLDER`, `export FORMAT redacted|plain FOLDER [FILE]`, `replay FOLDER`,
 * `import FILE FOLDER`.
 */
export interface BigRun {
  readonly seconds: number;
  /** Written by an export, received from a replay, read by an import. */
  readonly bytes: number;
  /** Of this process, the largest. */
  readonly peakRssBytes: number;
  readonly opening: BigOpening | null;
}

async function withInstrument<T>(folder: string, use: (instrument: Instrument) => Promise<T>): Promise<T> {
  const instrument = await createInstrument({
    host: 'memory',
    version: 'bench',
    folder,
    samplesFolder: null,
    startMock: false,
  });
  try {
    return await use(instrument);
  } finally {
    await instrument.close();
  }
}

async function exported(
  instrument: Instrument,
  format: ExportFormat,
  withSecrets: boolean,
  file: string | undefined,
): Promise<number> {
  const sink = file === undefined ? null : createWriteStream(file);
  const written = instrument.exports.write({ id: bigRecordingId, format, withSecrets }, new AbortController().signal);
  let bytes = 0;
  for await (const piece of written) {
    bytes += piece.bytes.length;
    if (sink !== null && !sink.write(piece.bytes)) await once(sink, 'drain');
  }
  if (sink !== null) await promisify(sink.end.bind(sink))();
  return bytes;
}

async function replayed(instrument: Instrument): Promise<number> {
  const { url, replayId } = await instrument.replays.start(
    { id: bigRecordingId, options: { ...defaultReplayOptions, speed: 'max' }, port: 0 },
    new AbortController().signal,
  );
  const script = 'let n=0;const r=await fetch(process.argv[1]);for await(const b of r.body)n+=b.length;console.log(n)';
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script, url]);
  await instrument.replays.stop(replayId);
  return Number(stdout);
}

async function imported(instrument: Instrument, file: string): Promise<number> {
  const id: RecordingId = await instrument.importPath(file);
  await instrument.recordings.settled(id);
  return instrument.recordings.get(id).chunks.wireBytes;
}

function peakRssBytes(): number {
  // What `getrusage` tells counts what the process was before it became this program.
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1_024;
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? NaN) * 1_024;
}

const [task = '', ...words] = process.argv.slice(2);
const start = performance.now();
let bytes = 0;
let opening: BigOpening | null = null;
const [first = '', second = '', third = '', fourth] = words;
switch (task) {
  case 'make': {
    const layout = bigLayouts.find((each) => each === first);
    if (layout === undefined) throw new Error(`no layout ${first}`);
    bytes = Number(second);
    await makeBigRecording(third, layout, bytes);
    break;
  }
  case 'open':
    opening = await withInstrument(first, (instrument) => openAndSeek(instrument, bigRecordingId));
    break;
  case 'export': {
    const format = exportFormats.find((each) => each === first);
    if (format === undefined) throw new Error(`no format ${first}`);
    bytes = await withInstrument(third, (instrument) => exported(instrument, format, second === 'plain', fourth));
    break;
  }
  case 'replay':
    bytes = await withInstrument(first, replayed);
    break;
  case 'import':
    bytes = await withInstrument(second, (instrument) => imported(instrument, path.resolve(first)));
    break;
  default:
    throw new Error(`no task ${task}`);
}
const run: BigRun = { seconds: (performance.now() - start) / 1_000, bytes, peakRssBytes: peakRssBytes(), opening };
process.stdout.write(`${JSON.stringify(run)}\n`);
