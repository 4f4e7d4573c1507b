import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeEventLine, encodeHeaderLine } from '../../../src/engine/recording/streamJsonl.ts';
import { cliEntry, runCli } from './runCli.ts';

const pieces = ['data: 1\n\n', 'data: 2\n\n', 'data: 3\n\n'];
let home = '';
let file = '';

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'streamscope-cli-replay-'));
  file = path.join(home, 'three.stream.jsonl');
  const headers = [
    ['content-type', 'text/event-stream'],
    ['transfer-encoding', 'chunked'],
  ] as const;
  const ending = { kind: 'complete', code: 'end/complete', message: '', offset: null, atMicros: 40_000 } as const;
  const lines = [
    encodeHeaderLine({
      startedAt: 0,
      source: 'request',
      request: null,
      timesKnown: true,
      bordersKnown: true,
      redactions: [],
    }),
    encodeEventLine({
      kind: 'head',
      head: { status: 200, statusText: 'OK', httpVersion: '1.1', headers, atMicros: 10 },
    }),
    ...pieces.map((text, n) =>
      encodeEventLine({ kind: 'chunk', atMicros: 1_000 * n + 20, bytes: Buffer.from(text), continues: false }),
    ),
    encodeEventLine({ kind: 'end', end: { ending, wireBytes: null, chunks: null, sha256: null } }),
  ];
  await writeFile(file, lines.join(''));
});

afterAll(async () => {
  await rm(home, { recursive: true, force: true });
});

/** The program while it serves; `use` gets its address. */
async function replaying(
  words: readonly string[],
  use: (url: string, child: ChildProcessWithoutNullStreams) => Promise<void>,
): Promise<{ readonly code: number | null; readonly stderr: string }> {
  const child = spawn(process.execPath, [cliEntry, 'replay', file, '--port', '0', ...words], {
    env: { ...process.env, STREAMSCOPE_HOME: home, NO_COLOR: '1' },
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [address] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  try {
    await use(address.trim(), child);
  } finally {
    child.kill('SIGINT');
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stderr };
}

describe('replay', () => {
  it('serves a file until it is interrupted, and leaves nothing behind', async () => {
    const { code, stderr } = await replaying(['--fault', 'cut:2'], async (url) => {
      await expect(fetch(url).then((response) => response.text())).rejects.toThrow();
      const whole = await fetch(url).then((response) => response.body?.getReader().read());
      expect(Buffer.from(whole?.value ?? []).toString()).toContain('data: 1');
    });
    expect(code).toBe(0);
    expect(stderr).toContain('client 1: GET /');
    expect((await readdir(tmpdir())).filter((name) => name.startsWith('streamscope-replay-file-'))).toEqual([]);
  });

  it('sends a chunk for each line on stdin', async () => {
    await replaying(['--speed', 'step'], async (url, child) => {
      const response = await new Promise<IncomingMessage>((resolve) => get(url, resolve));
      let seen = '';
      response.setEncoding('utf8').on('data', (text: string) => (seen += text));
      for (const [n] of pieces.entries()) {
        // A line that comes before the client waits is told and sends nothing.
        await expect
          .poll(() => {
            if (seen !== pieces.slice(0, n + 1).join('')) child.stdin.write('\n');
            return seen;
          })
          .toContain(pieces.slice(0, n + 1).join(''));
      }
      response.destroy();
    });
  });

  it('says what is wrong with the target, a fault and an option', async () => {
    const gone = await runCli(['replay', '20200101-000000-abcdef'], { home });
    expect([gone.code, gone.stderr]).toEqual([3, expect.stringContaining('recording/not-found')]);
    const beyond = await runCli(['replay', file, '--fault', 'drop:9'], { home });
    expect([beyond.code, beyond.stderr]).toEqual([3, expect.stringContaining('There is no frame 9')]);
    const wrong = await runCli(['replay', file, '--speed', 'soon'], { home });
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('--speed wants')]);
  });
});
