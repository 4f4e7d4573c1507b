import { execFileSync, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cliEntry, lines, runCli } from './runCli.ts';

let home = '';
let server: Server;
let base = '';
const requests: { readonly url: string; readonly headers: string; readonly body: string }[] = [];

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'streamscope-targets-'));
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (bytes: Buffer) => (body += bytes.toString()));
    request.on('end', () => {
      requests.push({ url: request.url ?? '', headers: JSON.stringify(request.rawHeaders), body });
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
      response.write('id: 1\ndata: one\n\n');
      if (request.url !== '/endless') response.end('data: two\n\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(home, { recursive: true, force: true });
});

function started(words: readonly string[]): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [cliEntry, ...words], {
    env: { ...process.env, STREAMSCOPE_HOME: home, NO_COLOR: '1' },
  });
}

/** Resolves when the output holds a text. */
async function untilPrinted(child: ChildProcessWithoutNullStreams, text: string): Promise<void> {
  let printed = '';
  for await (const piece of child.stdout.iterator({ destroyOnReturn: false })) {
    printed += String(piece);
    if (printed.includes(text)) return;
  }
}

function restOf(child: ChildProcessWithoutNullStreams): Promise<{ code: number | null; stdout: string }> {
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  return once(child, 'close').then(([code]) => ({ code: code as number | null, stdout }));
}

describe('what a target may be', () => {
  it.skipIf(process.platform === 'win32')('a named pipe is read as it is written, with times', async () => {
    const pipe = path.join(home, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const child = started(['inspect', pipe, '--output', 'frames', '--content-type', 'text/event-stream']);
    const writer = await open(pipe, 'w');
    await writer.write('data: one\n\n');
    await untilPrinted(child, '"n":1');
    await writer.write('data: two\n\n');
    const rest = restOf(child);
    await writer.close();
    const { code, stdout } = await rest;
    expect(code).toBe(0);
    const [second] = lines(stdout);
    expect(second).toMatchObject({ n: 2, data: 'two' });
    expect(second?.['tUs']).toBeGreaterThan(0);
  });

  it.skipIf(process.platform === 'win32')('a shell’s <(…) and /dev/stdin are pipes with times', async () => {
    const script = `cat <<<'{"a":1}' | "$0" "$1" inspect /dev/stdin <(echo '{"b":2}') --output summary`;
    const child = spawn('bash', ['-c', script, process.execPath, cliEntry], {
      env: { ...process.env, STREAMSCOPE_HOME: home },
    });
    const { code, stdout } = await restOf(child);
    expect(code).toBe(0);
    const [first, second] = lines(stdout);
    expect([first?.['frames'], second?.['frames']]).toEqual([1, 1]);
    expect([first?.['timing'], second?.['timing']]).not.toContain(null);
  });

  it('standard input has times where they are asked for', async () => {
    const timed = await runCli(['inspect', '-', '--timed', '--output', 'summary'], { home, stdin: '{"a":1}\n' });
    expect(lines(timed.stdout)[0]?.['timing']).not.toBeNull();
  });

  it('a kept recording, by its id: the same as when it came', async () => {
    const id = (await runCli(['record', `${base}/two`], { home })).stdout.trim();
    const inspected = await runCli(['inspect', id, '--output', 'summary'], { home });
    expect(inspected.code).toBe(0);
    expect(lines(inspected.stdout)[0]).toMatchObject({
      target: id,
      status: 200,
      frames: 2,
      ending: { kind: 'complete' },
    });
    const checked = await runCli(['check', id, '--frames', '2', '--max-duration', '60s'], { home });
    expect(checked.code).toBe(0);
    const missing = await runCli(['inspect', '20200101-000000-abcdef'], { home });
    expect(missing.code).toBe(3);
  });

  it('a recording written as a file tells the same as the recording', async () => {
    const file = path.join(home, 'kept.stream.jsonl');
    const redacted = await runCli(
      ['record', `${base}/two`, '-H', 'Authorization: Bearer tok-abcdefgh12345', '-o', file],
      {
        home,
      },
    );
    expect(redacted.code).toBe(0);
    const shared = await readFile(file, 'utf8');
    expect(shared).toContain('"redactions":[{');
    expect(shared).not.toContain('tok-abcdefgh12345');
    const { stdout } = await runCli(['record', `${base}/two`, '-o', file, '--with-secrets'], { home });
    const [byId, byFile] = await Promise.all(
      [stdout.trim(), file].map(
        async (target) => lines((await runCli(['inspect', target, '--output', 'summary'], { home })).stdout)[0],
      ),
    );
    expect({ ...byFile, target: '' }).toEqual({ ...byId, target: '' });
  });

  it('a HAR file, a folder and what is not there are refused with a sentence each', async () => {
    const har = path.join(home, 'page.har');
    await writeFile(har, '{"log":{"version":"1.2","entries":[]}}');
    await mkdir(path.join(home, 'folder'));
    const run = await runCli(['inspect', har, path.join(home, 'folder'), path.join(home, 'none.sse')], { home });
    expect(run.code).toBe(3);
    expect(run.stderr).toContain('is a HAR file');
    expect(run.stderr).toContain('is a folder');
    expect(run.stderr).toContain('There is no file');
    const asJson = await runCli(['inspect', har, '--framing', 'json', '--output', 'summary'], { home });
    expect(lines(asJson.stdout)[0]).toMatchObject({ frames: 1 });
  });
});

describe('an interrupt', () => {
  it('ends a stream with its summary so far and exit 130', async () => {
    const child = started(['inspect', `${base}/endless`, '--output', 'summary']);
    const asked = requests.length;
    const rest = restOf(child);
    await expect.poll(() => requests.length, { timeout: 20_000 }).toBeGreaterThan(asked);
    // The frame has come when the answer was asked for and a round trip is over.
    await fetch(`${base}/two`).then((answer) => answer.text());
    child.kill('SIGINT');
    const { code, stdout } = await rest;
    expect(code).toBe(130);
    expect(lines(stdout)[0]).toMatchObject({ ending: { kind: 'stopped', code: 'end/stopped' } });
  });

  it('ends silent standard input as well', async () => {
    const child = started(['inspect', '-', '--timed', '--output', 'frames', '--content-type', 'application/x-ndjson']);
    child.stdin.write('{"a":1}\n{"a":2}\n');
    await untilPrinted(child, '"n":2');
    const rest = restOf(child);
    child.kill('SIGINT');
    expect((await rest).code).toBe(130);
  });

  it.skipIf(process.platform === 'win32')(
    'ends a named pipe whose writer is silent, with its frames so far',
    async () => {
      const pipe = path.join(home, 'silent');
      execFileSync('mkfifo', [pipe]);
      const child = started(['inspect', pipe, '--output', 'pretty', '--content-type', 'application/x-ndjson']);
      const writer = await open(pipe, 'w');
      await writer.write('{"a":1}\n{"a":2}\n');
      await untilPrinted(child, '{"a":2}');
      const rest = restOf(child);
      child.kill('SIGINT');
      const { code, stdout } = await rest;
      await writer.close();
      expect(code).toBe(130);
      expect(stdout).toContain('Stopped: ');
      expect(stdout).toContain('2 frames');
    },
  );

  it.skipIf(process.platform === 'win32')('ends the wait for somebody to write to a named pipe', async () => {
    const pipe = path.join(home, 'waiting');
    execFileSync('mkfifo', [pipe]);
    const before = path.join(home, 'before.ndjson');
    await writeFile(before, '{"a":1}\n');
    const child = started(['inspect', before, pipe, '--output', 'frames']);
    await untilPrinted(child, '"n":1');
    const rest = restOf(child);
    child.kill('SIGINT');
    expect((await rest).code).toBe(130);
  });
});

describe('a reader of the output', () => {
  it('that goes away ends the program quietly', async () => {
    const file = path.join(home, 'long.ndjson');
    await writeFile(file, '{"n":1}\n'.repeat(200_000));
    const child = started(['inspect', file, '--output', 'frames']);
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    await untilPrinted(child, '"n":1');
    child.stdout.destroy();
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(0);
    expect(stderr).toBe('');
  });
});

describe('secret variables', () => {
  it('are sent, and reach neither the recording nor what is printed of it', async () => {
    const secret = 'sup3r secret/värde+1';
    const env = path.join(home, 'env.json');
    await writeFile(env, JSON.stringify({ base, API_KEY: secret, password: 'pass wörd', model: 'small' }));
    const words = ['{{base}}/two?key={{API_KEY}}', '-H', 'X-Key: k-{{password}}', '-u', 'me:{{password}}'];
    const library = path.join(home, 'secrets');
    const run = await runCli(['record', ...words, '-d', '{"k":"{{API_KEY}}","m":"{{model}}"}', '--env', env], {
      home: library,
    });
    expect(run.code).toBe(0);
    const received = requests.at(-1);
    expect(received?.body).toBe(`{"k":"${secret}","m":"small"}`);
    expect(received?.headers).toContain(Buffer.from('me:pass wörd').toString('base64'));
    const shown = await runCli(['show', run.stdout.trim(), '--json'], { home: library });
    expect(shown.stdout).toContain('small');
    const spellings = [
      secret,
      'sup3r',
      'pass w',
      encodeURIComponent(secret),
      Buffer.from('me:pass wörd').toString('base64'),
    ];
    const files = (await readdir(library, { recursive: true, withFileTypes: true })).filter((item) => item.isFile());
    expect(files.length).toBeGreaterThan(0);
    const everything = [
      run.stdout + run.stderr + shown.stdout,
      ...(await Promise.all(files.map((item) => readFile(path.join(item.parentPath, item.name), 'utf8')))),
    ].join('\n');
    expect(everything).toContain('{{API_KEY}}');
    for (const spelling of spellings) expect(everything).not.toContain(spelling);
  });
});
