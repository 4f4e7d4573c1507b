import { closeSync, fsync, fsyncSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, write } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openLibrary } from '../../src/main/store/library.ts';
import { recordingSizeOnDisk } from '../../src/main/store/recordingFiles.ts';
import { ending, factsOf, summaryOf } from '../io/store/sampleFacts.ts';

/**
 * One measurement of the store in a process of its own: `storeRun.ts store|append CHUNK_BYTES BYTES BYTES_PER_SECOND`.
 * `append` writes the same bytes in blocks of 256 KB to one file and flushes it as often as the store does: once a
 * second and at the end. A rate of 0 is as fast as it takes them.
 */
export interface StoreRun {
  readonly bytes: number;
  /** Until the last byte and the ending were safe from a power cut. */
  readonly seconds: number;
  /** Until one file was left. */
  readonly secondsToOneFile: number;
  readonly cpuSeconds: number;
  /** Bytes that were handed to the system for the disk (Linux; else 0). */
  readonly writtenBytes: number;
  readonly bytesOnDisk: number;
  readonly peakRssBytes: number;
}

type Taken = Pick<StoreRun, 'seconds' | 'secondsToOneFile' | 'bytesOnDisk'>;

const blockBytes = 262_144;
const flushMillis = 1_000;
/** Blocks that wait in the process, as many bytes as the store lets wait. */
const waitingBlocks = 32;
const turnMillis = 4;

const [mode = '', chunkText = '', bytesText = '', rateText = ''] = process.argv.slice(2);
const chunkBytes = Number(chunkText);
const totalBytes = Math.floor(Number(bytesText) / chunkBytes) * chunkBytes;
const bytesPerMilli = Number(rateText) / 1_000;

const pattern = new Uint8Array(16 * 1_048_576 + chunkBytes);
for (let i = 0; i < pattern.length; i++) pattern[i] = (i * 2_654_435_761) >>> 24;

/** Where a stream's bytes go: false asks to wait for `drained`. */
interface Receiver {
  take(micros: number, bytes: Uint8Array): boolean;
  drained(resume: () => void): void;
}

/** Hands over all chunks, at the rate or as fast as they are taken. */
function feed(receiver: Receiver): Promise<void> {
  const start = performance.now();
  let given = 0;
  return new Promise((resolve) => {
    const go = (): void => {
      const turnEnd = performance.now() + turnMillis;
      const due = bytesPerMilli === 0 ? totalBytes : Math.min(totalBytes, (turnEnd - start) * bytesPerMilli);
      while (given + chunkBytes <= due) {
        const at = given % 16_777_216;
        const mayGoOn = receiver.take(
          Math.floor((performance.now() - start) * 1_000),
          pattern.subarray(at, at + chunkBytes),
        );
        given += chunkBytes;
        if (!mayGoOn) return;
        if (performance.now() > turnEnd) break;
      }
      if (given >= totalBytes) resolve();
      else if (bytesPerMilli === 0) setImmediate(go);
      else setTimeout(go, turnMillis);
    };
    receiver.drained(() => {
      if (given >= totalBytes) resolve();
      else setImmediate(go);
    });
    go();
  });
}

async function store(folder: string): Promise<Taken> {
  const opened = openLibrary(folder);
  if (!opened.ok) throw new Error(opened.failure.message);
  await opened.value.prepareToWrite();
  const facts = factsOf('20261121-090000-bench1');
  const created = opened.value.create(facts, summaryOf(facts));
  if (!created.ok) throw new Error(created.failure.message);
  const writer = created.value;
  const start = performance.now();
  await feed({
    take: (micros, bytes) => writer.chunk(micros, bytes, false),
    drained: (resume) => writer.onDrain(resume),
  });
  const ended = { ...facts, ending };
  const finished = await writer.finish(ended, summaryOf(ended));
  if (!finished.ok) throw new Error(finished.failure.message);
  const seconds = (performance.now() - start) / 1_000;
  writer.close();
  await opened.value.close();
  const secondsToOneFile = (performance.now() - start) / 1_000;
  return { seconds, secondsToOneFile, bytesOnDisk: recordingSizeOnDisk(path.join(folder, `${facts.id}.sqlite`)) };
}

async function append(folder: string): Promise<Taken> {
  const file = path.join(folder, 'bytes');
  const handle = openSync(file, 'w');
  const start = performance.now();
  const waiting: Uint8Array[] = [];
  const free: Uint8Array[] = [];
  let block: Uint8Array = new Uint8Array(blockBytes);
  let filled = 0;
  let isWriting = false;
  let resume = (): void => undefined;
  let idle: (() => void) | undefined;
  const flushes = setInterval(() => fsync(handle, () => undefined), flushMillis);
  const next = (): void => {
    const first = waiting.shift();
    isWriting = first !== undefined;
    if (first === undefined) {
      idle?.();
      return;
    }
    write(handle, first, 0, first.length, null, (error) => {
      if (error !== null) throw error;
      if (first.length === blockBytes) free.push(first);
      if (waiting.length === waitingBlocks / 2) resume();
      next();
    });
  };
  const handOver = (bytes: Uint8Array): void => {
    waiting.push(bytes);
    if (!isWriting) next();
  };
  await feed({
    take: (_micros, bytes) => {
      for (let from = 0; from < bytes.length;) {
        const piece = bytes.subarray(from, from + blockBytes - filled);
        block.set(piece, filled);
        filled += piece.length;
        from += piece.length;
        if (filled < blockBytes) break;
        handOver(block);
        block = free.pop() ?? new Uint8Array(blockBytes);
        filled = 0;
      }
      return waiting.length < waitingBlocks;
    },
    drained: (go) => {
      resume = go;
    },
  });
  if (filled > 0) handOver(block.subarray(0, filled));
  await new Promise<void>((resolve) => {
    if (isWriting) idle = resolve;
    else resolve();
  });
  clearInterval(flushes);
  fsyncSync(handle);
  const seconds = (performance.now() - start) / 1_000;
  closeSync(handle);
  return { seconds, secondsToOneFile: seconds, bytesOnDisk: statSync(file).size };
}

function bytesWritten(): number {
  if (process.platform !== 'linux') return 0;
  return Number(/write_bytes: (\d+)/.exec(readFileSync('/proc/self/io', 'utf8'))?.[1] ?? 0);
}

const folder = mkdtempSync(path.join(process.env['STREAMSCOPE_BENCH_FOLDER'] ?? tmpdir(), 'streamscope-bench-'));
try {
  const before = process.cpuUsage();
  const taken = await (mode === 'append' ? append(folder) : store(folder));
  const { user, system } = process.cpuUsage(before);
  const run: StoreRun = {
    ...taken,
    bytes: totalBytes,
    cpuSeconds: (user + system) / 1e6,
    writtenBytes: bytesWritten(),
    peakRssBytes: process.resourceUsage().maxRSS * 1_024,
  };
  process.stdout.write(`${JSON.stringify(run)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
