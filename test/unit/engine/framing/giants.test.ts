import { execFile } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { deep, isDeep } from './deepRun.ts';
import { giants } from './giants.ts';

const program = fileURLToPath(new URL('giantBody.ts', import.meta.url));
const mebi = 1_048_576;
/** At least twice the limit for JSON, so that what is bounded by it has long reached its bound. */
const megabytes = deep(1_024, 17);

const toldSchema = z.object({
  grownBytes: z.number(),
  rssBytes: z.number(),
  firstHalfMillis: z.number(),
  lastHalfMillis: z.number(),
  frames: z.number(),
  diagnostics: z.number(),
  codes: z.array(z.string()),
});

async function feed(name: string) {
  const words = ['--expose-gc', '--no-warnings', program, name, String(megabytes)];
  const { stdout } = await promisify(execFile)(process.execPath, words, { timeout: 600_000 });
  return toldSchema.parse(JSON.parse(stdout));
}

describe(`a body of ${String(megabytes)} MB that never lets go`, () => {
  it.each(giants)(
    '$name: memory is bounded, and what was too much is named',
    async ({ name, codes }) => {
      const told = await feed(name);
      expect(told.codes.sort()).toEqual([...codes].sort());
      expect(told.grownBytes).toBeLessThan(32 * mebi);
      // Garbage that was not collected yet is in it, and what the runtime keeps for itself.
      expect(told.rssBytes).toBeLessThan(256 * mebi);
      // It costs the same however long it goes on; the rest is for what else the machine does.
      if (isDeep) expect(told.lastHalfMillis).toBeLessThan(told.firstHalfMillis * 3 + 50);
    },
    600_000,
  );
});
