import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { bigLayouts, type BigLayout } from './bigRecording.ts';
import type { BigRun } from './bigRun.ts';
import { buildMeasurement } from './buildMeasurement.ts';

export interface BigMeasurement {
  readonly layout: BigLayout;
  readonly bytes: number;
  readonly load: number;
  readonly made: BigRun;
  /** Opened for the first time: everything is derived. */
  readonly anew: BigRun;
  /** Opened again, with what was derived. */
  readonly again: BigRun;
  /** Exports, a replay as fast as it goes and an import, by name. */
  readonly passes: ReadonlyMap<string, BigRun>;
}

const formats = ['raw', 'jsonl', 'frames', 'csv', 'har'] as const;

export interface BigWish {
  readonly bytes: number;
  readonly layouts: readonly string[];
  /** Open it only: what writes it whole takes minutes for 10 GB. */
  readonly opensOnly: boolean;
}

/**
 * Makes a recording of so many bytes, opens it, goes everywhere in it, and writes it out in every form; each in a process
 * of its own. Takes three times its size on the disk.
 */
export async function measureBig(
  { bytes, layouts, opensOnly }: BigWish,
  progress: (message: string) => void,
): Promise<readonly BigMeasurement[]> {
  const script = await buildMeasurement('bigRun');
  const run = async (words: readonly string[]): Promise<BigRun> => {
    progress(`big: ${words.join(' ')}`);
    const { stdout } = await promisify(execFile)(process.execPath, [script, ...words]);
    return JSON.parse(stdout) as BigRun;
  };
  const measured: BigMeasurement[] = [];
  for (const layout of bigLayouts.filter((each) => layouts.includes(each))) {
    const folder = await mkdtemp(path.join(process.env['STREAMSCOPE_BENCH_FOLDER'] ?? tmpdir(), 'streamscope-big-'));
    try {
      const [load = NaN] = loadavg();
      const library = path.join(folder, 'library');
      const made = await run(['make', layout, String(bytes), library]);
      const anew = await run(['open', library]);
      const again = await run(['open', library]);
      const passes = new Map<string, BigRun>();
      if (!opensOnly) {
        for (const kept of ['plain', 'redacted'] as const) {
          for (const format of formats) {
            passes.set(`${format}, ${kept}`, await run(['export', format, kept, library]));
          }
        }
        passes.set('replay', await run(['replay', library]));
        const file = path.join(folder, 'big.stream.jsonl');
        await run(['export', 'jsonl', 'plain', library, file]);
        await rm(library, { recursive: true });
        const imported = await run(['import', file, path.join(folder, 'other')]);
        const { size } = await stat(file);
        if (imported.bytes !== bytes) throw new Error(`${String(imported.bytes)} of ${String(bytes)} came back`);
        passes.set('import of jsonl', { ...imported, bytes: size });
      }
      measured.push({ layout, bytes, load, made, anew, again, passes });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  return measured;
}
