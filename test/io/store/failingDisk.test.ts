import { execFile, execFileSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { libraryIn, newId, patternBytes, temporaryFolder, value } from './sampleRecordings.ts';

const source = fileURLToPath(new URL('./powerCut/failWrites.c', import.meta.url));
const program = fileURLToPath(new URL('./powerCut/failingWriter.ts', import.meta.url));
const deep = process.env['STREAMSCOPE_DEEP'] === '1';
const intervals = deep ? Array.from({ length: 60 }, (_, i) => i + 1) : [1, 3, 17];
const told = z.object({
  handed: z.number(),
  committed: z.number(),
  code: z.string().nullable(),
  finished: z.boolean(),
  longestMillis: z.number(),
});

describe.each([
  ['EIO', 5, 'store/unwritable'],
  ['ENOSPC', 28, 'store/disk-full'],
] as const)('a disk on which every so manyth write fails with %s', (_, errno, code) => {
  it('is told within a second, damages nothing, and keeps what was committed', async (context) => {
    const work = temporaryFolder();
    context.skip(process.platform !== 'linux', 'writes are made to fail on Linux alone');
    const failing = path.join(work, 'fail.so');
    try {
      execFileSync('gcc', ['-shared', '-fPIC', '-o', failing, source, '-ldl'], { stdio: 'pipe' });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
      context.skip(true, 'there is no gcc here');
    }
    for (const every of intervals) {
      const folder = path.join(work, `every ${String(every)}`);
      const id = newId();
      const { stdout } = await promisify(execFile)(process.execPath, [program, folder, id, path.join(work, 'now')], {
        env: {
          ...process.env,
          LD_PRELOAD: failing,
          STREAMSCOPE_FAILING_FOLDER: folder,
          STREAMSCOPE_FAIL_EVERY: String(every),
          STREAMSCOPE_FAIL_WITH: String(errno),
          STREAMSCOPE_FAIL_WHILE: path.join(work, 'now'),
        },
      });
      const result = told.parse(JSON.parse(stdout));
      expect(result, `every ${String(every)}`).toMatchObject({ code });
      expect(result.longestMillis, `every ${String(every)}`).toBeLessThan(1_000);
      const library = libraryIn(folder);
      expect(library.notices).toEqual([]);
      expect(library.list()).toMatchObject([{ id }]);
      const reader = value(library.open(id));
      const kept = reader.byteLength('wire');
      expect(kept).toBeGreaterThanOrEqual(result.committed);
      expect(Buffer.compare(reader.read('wire', 0, kept), patternBytes(0, kept))).toBe(0);
      reader.close();
      await library.close();
    }
  }, 300_000);
});
