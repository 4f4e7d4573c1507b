import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lines, runCli } from './runCli.ts';

const entry = fileURLToPath(new URL('../../../src/main/cli.ts', import.meta.url));
const asTerminal = new URL('asTerminal.ts', import.meta.url).href;
const mebibytes = 48;
const interrupted = 130;

let home = '';
let file = '';
beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'streamscope-cli-progress-'));
  file = path.join(home, 'long.ndjson');
  const record = `${JSON.stringify({ words: 'the quick brown fox '.repeat(50) })}\n`;
  const block = record.repeat(Math.floor(1_048_576 / record.length));
  const handle = await open(file, 'w');
  for (let i = 0; i < mebibytes; i++) await handle.writeFile(block);
  await handle.close();
});
afterAll(async () => {
  await rm(home, { recursive: true, force: true });
});

interface Watched {
  readonly child: ChildProcess;
  /** Resolves once stderr tells a share of so much or more, in percent. */
  reached(percent: number): Promise<void>;
  readonly over: Promise<{ readonly code: number | null; readonly stdout: string; readonly shares: readonly number[] }>;
}

/** Runs the program as in a terminal, and follows how far it says that it is. */
function watch(words: readonly string[]): Watched {
  const child = spawn(process.execPath, ['--import', asTerminal, entry, ...words], {
    env: { ...process.env, STREAMSCOPE_HOME: home, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const shares = (): readonly number[] =>
    [...stderr.matchAll(/\r\u001b\[K[a-z ]+: (\d+) %, Ctrl\+C stops it/g)].map(([, share]) => Number(share));
  return {
    child,
    async reached(percent) {
      while (!shares().some((share) => share >= percent)) await once(child.stderr, 'data');
    },
    over: once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, shares: shares() })),
  };
}

function expectRising(shares: readonly number[]): void {
  expect(shares.length).toBeGreaterThan(1);
  expect([...shares].sort((a, b) => a - b)).toEqual(shares);
  for (const share of shares) expect(share).toBeLessThanOrEqual(100);
}

const exportsLeft = async (): Promise<readonly string[]> =>
  (await readdir(home)).filter((name) => name.startsWith('out'));

describe('how far an import and an export are', () => {
  it('is told on a terminal, and the line is taken away at the end', { timeout: 120_000 }, async () => {
    const bringing = watch(['import', file]);
    const brought = await bringing.over;
    expect(brought.code).toBe(0);
    expectRising(brought.shares);
    const id = brought.stdout.trim();
    const written = await watch(['export', id, '--to', 'raw', '-o', path.join(home, 'out.ndjson')]).over;
    expect(written.code).toBe(0);
    expectRising(written.shares);
    expect((await readFile(path.join(home, 'out.ndjson'))).equals(await readFile(file))).toBe(true);
    await rm(path.join(home, 'out.ndjson'));
  });

  it('is not told where stderr is no terminal', { timeout: 120_000 }, async () => {
    const small = path.join(home, 'small.ndjson');
    await writeFile(small, '{"a":1}\n');
    expect((await runCli(['import', small], { home })).stderr).toBe('');
  });
});

describe('Ctrl+C', () => {
  it('ends an export and leaves neither a file nor a part of one', { timeout: 120_000 }, async () => {
    const id = (await runCli(['import', file], { home })).stdout.trim();
    const out = path.join(home, 'out.stream.jsonl');
    await writeFile(out, 'what was there before');
    const writing = watch(['export', id, '-o', out]);
    await writing.reached(1);
    writing.child.kill('SIGINT');
    expect(await writing.over).toMatchObject({ code: interrupted, stdout: '' });
    expect(await exportsLeft()).toEqual(['out.stream.jsonl']);
    expect(await readFile(out, 'utf8')).toBe('what was there before');
    await rm(out);
  });

  it('ends an import; what was read is kept, as stopped', { timeout: 120_000 }, async () => {
    const bringing = watch(['import', file]);
    await bringing.reached(1);
    bringing.child.kill('SIGINT');
    const { code, stdout } = await bringing.over;
    expect(code).toBe(interrupted);
    const list = lines((await runCli(['list'], { home })).stdout);
    const kept = list.find(({ id }) => id === stdout.trim());
    expect(kept).toMatchObject({ endingKind: 'stopped' });
  });

  it('ends the export of a file before it is a recording, and leaves nothing', { timeout: 120_000 }, async () => {
    const before = (await readdir(tmpdir())).filter((name) => name.startsWith('streamscope-exported-file-'));
    const writing = watch(['export', file, '--to', 'csv', '-o', path.join(home, 'out.csv')]);
    await writing.reached(1);
    writing.child.kill('SIGINT');
    expect((await writing.over).code).toBe(interrupted);
    expect(await exportsLeft()).toEqual([]);
    const after = (await readdir(tmpdir())).filter((name) => name.startsWith('streamscope-exported-file-'));
    expect(after.filter((name) => !before.includes(name))).toEqual([]);
  });
});
