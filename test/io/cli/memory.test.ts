import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isDeep } from '../../unit/engine/framing/deepRun.ts';
import { cliEntry } from './runCli.ts';

const peakMemory = new URL('peakMemory.ts', import.meta.url).href;
const mebibyte = 1_048_576;
/** What a long stream may take above a short one: the runtime's own slack, whatever the length. */
const slackBytes = 400 * mebibyte;
const longMebibytes = isDeep ? 1_024 : 100;

let home = '';
beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'streamscope-memory-'));
});
afterAll(async () => {
  await rm(home, { recursive: true, force: true });
});

async function fileOf(mebibytes: number): Promise<{ readonly file: string; readonly records: number }> {
  const record = `${JSON.stringify({ type: 'data', text: 'x'.repeat(100) })}\n`;
  const perBlock = Math.floor(mebibyte / record.length);
  const block = Buffer.from(record.repeat(perBlock));
  const file = path.join(home, `${String(mebibytes)}.ndjson`);
  const handle = await open(file, 'w');
  for (let i = 0; i < mebibytes; i++) await handle.write(block);
  await handle.close();
  return { file, records: perBlock * mebibytes };
}

/** Inspects a file, reading what is printed in sips: the program is always ahead of its reader. */
async function peakOf(mebibytes: number): Promise<{ readonly peak: number; readonly isWhole: boolean }> {
  const { file, records } = await fileOf(mebibytes);
  const peakFile = path.join(home, 'peak');
  const child = spawn(process.execPath, ['--import', peakMemory, cliEntry, 'inspect', file, '--output', 'frames'], {
    env: { ...process.env, STREAMSCOPE_HOME: home, PEAK_MEMORY_FILE: peakFile },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = 0;
  child.stdout.on('data', (bytes: Buffer) => {
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) printed++;
    child.stdout.pause();
    setImmediate(() => child.stdout.resume());
  });
  const [code] = (await once(child, 'close')) as [number | null];
  await rm(file);
  return { peak: Number(await readFile(peakFile, 'utf8')) * 1_024, isWhole: code === 0 && printed === records };
}

describe('the memory of inspect', () => {
  it(
    `does not grow with the stream: ${String(longMebibytes)} MiB of frames through a slow pipe`,
    async () => {
      const short = await peakOf(1);
      const long = await peakOf(longMebibytes);
      expect([short.isWhole, long.isWhole]).toEqual([true, true]);
      expect(long.peak).toBeLessThan(short.peak + slackBytes);
    },
    isDeep ? 600_000 : 120_000,
  );
});
