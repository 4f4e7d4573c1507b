import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isDeep } from '../../unit/engine/framing/deepRun.ts';
import { withServer } from '../capture/capturing.ts';
import { cliEntry, lines, runCli } from './runCli.ts';

const peakMemory = new URL('peakMemory.ts', import.meta.url).href;
const mebibyte = 1_048_576;
/** What a long recording may take above a short one: the runtime's own slack, whatever the length. */
const slackBytes = 300 * mebibyte;
const longMebibytes = isDeep ? 1_024 : 32;
const secret = ['glpat', '0123456789abcdefXYZ'].join('-');

let home = '';
beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'streamscope-cli-export-'));
});
afterAll(async () => {
  await rm(home, { recursive: true, force: true });
});

async function broughtIn(name: string, contents: string): Promise<string> {
  const file = path.join(home, name);
  await writeFile(file, contents);
  const { stdout, code } = await runCli(['import', file], { home });
  expect(code).toBe(0);
  return stdout.trim();
}

describe('export', () => {
  it('writes a recording of the library without its secrets, says what it hid, and with them when asked', async () => {
    const id = await broughtIn('a.sse', `data: ${secret}\n\n`);
    const file = path.join(home, 'a.stream.jsonl');
    const run = await runCli(['export', id, '-o', file], { home });
    expect(run).toMatchObject({ code: 0, stdout: '' });
    expect(run.stderr).toContain('hidden: GitLab token ×1');
    expect(await readFile(file, 'utf8')).not.toContain(secret);
    const all = await runCli(['export', id, '--to', 'raw', '--with-secrets'], { home });
    expect(all).toMatchObject({ code: 0, stdout: `data: ${secret}\n\n`, stderr: '' });
  });

  it('takes a file, and an environment whose secret variables are hidden too', async () => {
    const file = path.join(home, 'b.ndjson');
    await writeFile(file, '{"echo":"correct horse"}\n');
    const env = path.join(home, 'local.env');
    await writeFile(env, 'API_TOKEN="correct horse"\n');
    const run = await runCli(['export', file, '--to', 'frames', '--env', env], { home });
    expect(lines(run.stdout)).toMatchObject([{ n: 1, data: '{"echo":"REDACTED1xxxx"}' }]);
  });

  it('leaves no file behind when it cannot be done', async () => {
    const id = await broughtIn('c.sse', 'data: x\n\n');
    const run = await runCli(['export', id, '--to', 'curl', '-o', path.join(home, 'c.sh')], { home });
    expect(run.code).toBe(3);
    expect(run.stderr).toContain('export/no-request');
    expect((await readdir(home)).filter((name) => name.startsWith('c.sh'))).toEqual([]);
    expect((await runCli(['export', id], { home })).code).toBe(2);
    expect((await runCli(['export', 'no-such.sse', '--to', 'raw'], { home })).code).toBe(3);
  });
});

describe('import', () => {
  it('says how many recordings came out of a HAR file, and that a broken one is none', async () => {
    const har = path.join(home, 'd.har');
    const exchange = {
      startedDateTime: '2026-11-21T09:00:00.000Z',
      request: { method: 'GET', url: 'http://a.test/', headers: [] },
      response: { status: 200, headers: [], content: { text: 'x' } },
    };
    await writeFile(har, JSON.stringify({ log: { version: '1.2', entries: [exchange, exchange] } }));
    const run = await runCli(['import', har], { home });
    expect(run.stdout.trim().split('\n')).toHaveLength(2);
    expect(run.stderr).toContain('2 recordings came out of it');
    await writeFile(har, JSON.stringify({ log: { version: '1.2', entries: [{ request: 7 }] } }));
    const broken = await runCli(['import', har], { home });
    expect(broken.code).toBe(1);
    expect(broken.stderr).toContain('Entry 1 is no entry of a HAR file: request');
  });
});

describe('record -o', () => {
  it('writes the recording without its secrets', async () => {
    const file = path.join(home, 'e.stream.jsonl');
    await withServer(
      'http',
      async (peer) => {
        await peer.write('HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{"ok":true}');
        peer.close();
      },
      async ({ url }) => {
        const words = ['record', url, '-H', `Authorization: Bearer ${secret}`, '-o', file];
        expect((await runCli(words, { home })).code).toBe(0);
      },
    );
    const written = await readFile(file, 'utf8');
    expect(written).not.toContain(secret);
    expect(written).toContain('{\\"ok\\":true}');
    expect(written).toContain(createHash('sha256').update('{"ok":true}').digest('hex'));
  });
});

describe('the memory of export', () => {
  async function peakOf(mebibytes: number): Promise<number> {
    const file = path.join(home, `${String(mebibytes)}.ndjson`);
    const record = `${JSON.stringify({ token: secret, text: 'x'.repeat(1_000) })}\n`;
    const block = Buffer.from(record.repeat(Math.floor(mebibyte / record.length)));
    const handle = await open(file, 'w');
    for (let i = 0; i < mebibytes; i++) await handle.write(block);
    await handle.close();
    const { size } = await stat(file);
    const id = (await runCli(['import', file], { home })).stdout.trim();
    const peakFile = path.join(home, 'peak');
    const child = spawn(process.execPath, ['--import', peakMemory, cliEntry, 'export', id, '--to', 'jsonl'], {
      env: { ...process.env, STREAMSCOPE_HOME: home, PEAK_MEMORY_FILE: peakFile },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let printed = 0;
    child.stdout.on('data', (bytes: Buffer) => (printed += bytes.length));
    const [code] = (await once(child, 'close')) as [number | null];
    expect(code).toBe(0);
    expect(printed).toBeGreaterThan(size);
    await rm(file);
    return Number(await readFile(peakFile, 'utf8')) * 1_024;
  }

  it(
    `does not grow with the recording: ${String(longMebibytes)} MiB full of secrets`,
    async () => {
      const short = await peakOf(1);
      const long = await peakOf(longMebibytes);
      expect(long - short).toBeLessThan(slackBytes);
    },
    isDeep ? 900_000 : 300_000,
  );
});
