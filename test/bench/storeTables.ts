import type { LiveMemory } from './liveMemoryRun.ts';
import type { KillLoss } from './measureKillLoss.ts';
import type { StoreComparison } from './measureStore.ts';
import { table } from './table.ts';

/** The store beside a bare append, as a person reads it. */
export function storeTable(compared: readonly StoreComparison[]): string {
  const head = ['', 'MB/s', '× append', 'one file after s', 'CPU s', 'written/wire', 'disk/wire', 'peak RSS MB'];
  const rows = compared.flatMap(({ chunkBytes, bytesPerSecond, append, store }) => {
    const rate = bytesPerSecond === 0 ? 'as fast as taken' : `${(bytesPerSecond / 1_048_576).toFixed(0)} MB/s`;
    const row = (name: string, run: typeof store): string[] => [
      name,
      (run.bytes / run.seconds / 1e6).toFixed(1),
      (append.seconds / run.seconds).toFixed(2),
      run.secondsToOneFile.toFixed(2),
      run.cpuSeconds.toFixed(2),
      (run.writtenBytes / run.bytes).toFixed(2),
      (run.bytesOnDisk / run.bytes).toFixed(3),
      (run.peakRssBytes / 1e6).toFixed(0),
    ];
    return [
      row(`${String(chunkBytes)} B chunks, ${rate}: append`, append),
      row(`${String(chunkBytes)} B chunks, ${rate}: store, until saved`, store),
    ];
  });
  return `\nThe store beside an append of the same bytes with as many flushes\n${table(head, rows)}`;
}

export function liveMemoryTable(measured: readonly LiveMemory[]): string {
  const rows = measured.map(({ streams, seconds, frames, idleRssBytes, liveRssBytes, bytesEach }) => [
    `${String(streams)} streams, ${String(seconds)} s`,
    String(frames),
    (idleRssBytes / 1e6).toFixed(0),
    (liveRssBytes / 1e6).toFixed(0),
    (bytesEach / 1e6).toFixed(2),
  ]);
  return `\nMemory of live recordings of 50 frames a second\n${table(['', 'frames', 'idle RSS MB', 'live RSS MB', 'MB each'], rows)}`;
}

export function killLossTable(measured: readonly KillLoss[]): string {
  const rows = measured.flatMap(({ framesPerSecond, kills, damaged, lost }) =>
    (['store', 'append'] as const).map((killed) => [
      `${String(framesPerSecond)} frames/s: ${killed}`,
      String(kills),
      killed === 'store' ? String(damaged) : '',
      ...[lost[killed].p50, lost[killed].p99, lost[killed].max].map((millis) => millis.toFixed(1)),
    ]),
  );
  return `\nLost by kill -9, in ms of the killed program's clock\n${table(['', 'kills', 'damaged', 'p50', 'p99', 'max'], rows)}`;
}
