import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { cliEntry, runCli } from './runCli.ts';

let home = '';

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'streamscope-cli-mock-'));
});

afterAll(async () => {
  await rm(home, { recursive: true, force: true });
});

it('says where a scenario is wrong, and exits 2', async () => {
  const file = path.join(home, 'bad.yaml');
  await writeFile(file, 'steps:\n  - sned: x\n');
  const { code, stdout, stderr } = await runCli(['mock', '--port', '0', '--scenario', file], { home });
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain(`${file}:2:5: A step says one of`);
  expect(stderr).toContain('Did you mean send?');
});

it('performs a scenario, tells of requests, takes changes, and goes on with the old one after a bad change', async () => {
  const file = path.join(home, 'one.yaml');
  await writeFile(file, 'steps: [{ send: first }]\n');
  const child = spawn(process.execPath, [cliEntry, 'mock', '--port', '0', '--scenario', file], {
    env: { ...process.env, STREAMSCOPE_HOME: home, NO_COLOR: '1' },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  try {
    await vi.waitFor(() => expect(stderr).toContain('GET /scenarios/one: Answers 200 text/plain'), 20_000);
    const [, url = ''] = stdout.split('\n');
    const body = async (): Promise<string> => (await fetch(url)).text();
    expect(await body()).toBe('first');
    await vi.waitFor(
      () => expect(stderr).toMatch(/#1 GET \/scenarios\/one \(HTTP\/1\.1\)\n#1 200, 5 bytes in \d+ ms\n/),
      10_000,
    );
    await writeFile(file, 'steps: [{ send: second }]\n');
    await vi.waitFor(async () => expect(await body()).toBe('second'), 10_000);
    await writeFile(file, 'steps: x\n');
    await vi.waitFor(() => expect(stderr).toContain(`${file}:1:8: steps is a list`), 10_000);
    expect(stderr).toContain('the version before goes on');
    expect(await body()).toBe('second');
  } finally {
    child.kill('SIGINT');
  }
  const [code] = (await once(child, 'close')) as [number | null];
  expect(code).toBe(0);
});
