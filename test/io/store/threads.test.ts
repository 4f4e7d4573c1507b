import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './sampleRecordings.ts';

const program = fileURLToPath(new URL('./secondProcess.ts', import.meta.url));

describe('the writer thread', () => {
  it('is gone when the library is closed, with its locks and its log: the process ends by itself', async () => {
    const folder = temporaryFolder();
    const child = spawn(process.execPath, [program, folder, '3'], { stdio: ['ignore', 'ignore', 'inherit'] });
    expect(await once(child, 'exit')).toEqual([0, null]);
    const names = readdirSync(folder);
    expect(names).toHaveLength(4);
    expect(names.filter((name) => !/^(library|\d{8}-\d{6}-[0-9a-f]{6})\.sqlite$/.test(name))).toEqual([]);
  });
});
