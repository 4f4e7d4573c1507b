import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openLibrary } from '../../src/main/store/library.ts';

const frameBytes = 240;
const recorder = fileURLToPath(new URL('../io/store/killedWriter.ts', import.meta.url));
const control = fileURLToPath(new URL('./killedAppender.ts', import.meta.url));
const id = '20261121-090000-killed';

/** What kills cost at one rate, in milliseconds of the killed program's own clock. */
export interface KillLoss {
  readonly framesPerSecond: number;
  readonly kills: number;
  /** `store`: bytes that it had been handed and that were not found afterwards. `append`: the same of a bare append. */
  readonly lost: Readonly<Record<Killed, Distribution>>;
  /** Recordings that did not open, or lacked something that had been told to be committed. */
  readonly damaged: number;
}
interface Distribution {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}
type Killed = 'store' | 'append';

interface LogLine {
  readonly atMillis: number;
  readonly handed: number;
  readonly committed: number;
}

function logLines(file: string): readonly LogLine[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => {
    const [atMillis = 0, handed = 0, committed = 0] = line.split(' ').map(Number);
    return { atMillis, handed, committed };
  });
}

/** Runs one of the programs for a while and kills it. Resolves with what was lost, and whether anything was damaged. */
async function killOnce(killed: Killed, framesPerSecond: number, untilMillis: number) {
  const folder = mkdtempSync(path.join(process.env['STREAMSCOPE_BENCH_FOLDER'] ?? tmpdir(), 'streamscope-kill-'));
  try {
    const logFile = path.join(folder, 'handed.log');
    const bytesPerMilli = (framesPerSecond * frameBytes) / 1_000;
    const program = killed === 'store' ? recorder : control;
    const child = spawn(process.execPath, [program, folder, logFile, id, String(bytesPerMilli), String(frameBytes)], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const exited = once(child, 'exit');
    while (child.exitCode === null && (logLines(logFile).at(-1)?.handed ?? 0) < bytesPerMilli * untilMillis) {
      await new Promise((resolve) => setTimeout(resolve, 4));
    }
    child.kill('SIGKILL');
    await exited;
    const lines = logLines(logFile);
    const last = lines.at(-1);
    if (last === undefined) throw new Error(`${program} told nothing`);
    const kept = killed === 'store' ? await keptBytes(folder) : statSync(path.join(folder, 'bytes')).size;
    const firstLost = lines.find(({ handed }) => handed > (kept ?? 0));
    return {
      lostMillis: firstLost === undefined ? 0 : last.atMillis - firstLost.atMillis,
      isDamaged: kept === undefined || kept < last.committed,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Bytes that the killed recording holds; undefined when it does not open. */
async function keptBytes(folder: string): Promise<number | undefined> {
  const opened = openLibrary(folder);
  if (!opened.ok) return undefined;
  try {
    const reader = opened.value.open(id);
    if (!reader.ok) return undefined;
    const kept = reader.value.byteLength('wire');
    const { length } = reader.value.read('wire', 0, kept);
    reader.value.close();
    return length;
  } finally {
    await opened.value.close();
  }
}

function distribution(values: readonly number[]): Distribution {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

/** Kills recorders and, beside each, a bare program that appends the same bytes, at different moments. */
export async function measureKillLoss(
  kills: number,
  progress: (message: string) => void,
): Promise<readonly KillLoss[]> {
  const measured: KillLoss[] = [];
  for (const framesPerSecond of [1, 1_000, 100_000]) {
    const lost: Record<Killed, number[]> = { store: [], append: [] };
    let damaged = 0;
    for (let n = 0; n < kills; n++) {
      progress(`${String(framesPerSecond)} frames/s, kill ${String(n + 1)} of ${String(kills)}`);
      // At one frame a second the first is waited for; at the others a moment that differs each time.
      const untilMillis = framesPerSecond === 1 ? 1_000 + (n % 7) : 20 + ((n * 37) % 400);
      for (const killed of ['store', 'append'] as const) {
        const { lostMillis, isDamaged } = await killOnce(killed, framesPerSecond, untilMillis);
        lost[killed].push(lostMillis);
        if (isDamaged) damaged++;
      }
    }
    measured.push({
      framesPerSecond,
      kills,
      damaged,
      lost: { store: distribution(lost.store), append: distribution(lost.append) },
    });
  }
  return measured;
}
