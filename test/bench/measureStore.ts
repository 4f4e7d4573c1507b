import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { buildMeasurement } from './buildMeasurement.ts';
import type { StoreRun } from './storeRun.ts';

export interface StoreComparison {
  readonly chunkBytes: number;
  /** Bytes a second that came; 0: as fast as they were taken. */
  readonly bytesPerSecond: number;
  readonly append: StoreRun;
  readonly store: StoreRun;
}

const mebi = 1_048_576;
const pacedSeconds = 5;

/**
 * The store beside a bare append of the same bytes with as many flushes: as fast as they take them, and at rates. Both in
 * turns, the quickest of each counts.
 */
export async function measureStore(
  bytes: number,
  rounds: number,
  progress: (message: string) => void,
): Promise<readonly StoreComparison[]> {
  const script = await buildMeasurement('storeRun');
  const once = async (mode: 'append' | 'store', layout: readonly number[]): Promise<StoreRun> => {
    const { stdout } = await promisify(execFile)(process.execPath, [script, mode, ...layout.map(String)]);
    return JSON.parse(stdout) as StoreRun;
  };
  const compared: StoreComparison[] = [];
  for (const chunkBytes of [240, 16_384]) {
    for (const bytesPerSecond of [0, mebi, 16 * mebi]) {
      const total = bytesPerSecond === 0 ? bytes : bytesPerSecond * pacedSeconds;
      const runs: Record<'append' | 'store', StoreRun[]> = { append: [], store: [] };
      for (let round = 0; round < (bytesPerSecond === 0 ? rounds : 1); round++) {
        for (const mode of ['append', 'store'] as const) {
          progress(`${mode}, chunks of ${String(chunkBytes)} bytes, ${String(bytesPerSecond / mebi)} MB/s`);
          runs[mode].push(await once(mode, [chunkBytes, total, bytesPerSecond]));
        }
      }
      compared.push({ chunkBytes, bytesPerSecond, append: quickest(runs.append), store: quickest(runs.store) });
    }
  }
  return compared;
}

function quickest(runs: readonly StoreRun[]): StoreRun {
  return runs.reduce((best, run) => (run.seconds < best.seconds ? run : best));
}
