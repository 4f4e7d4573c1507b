import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startRawServer } from '../capture/rawServer.ts';
import { trustedCertificate } from '../capture/testCertificates.ts';
import { libraryIn, value } from '../store/sampleRecordings.ts';
import { cliEntry, lines, runCli } from './runCli.ts';

let home = '';
const children = new Set<ChildProcess>();

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'streamscope-cli-proxy-'));
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
  await rm(home, { recursive: true, force: true });
});

interface RunningProxy {
  readonly child: ChildProcess;
  readonly url: string;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Ends it, and tells with which code. */
  readonly end: (signal: NodeJS.Signals) => Promise<number | null>;
}

/** `streamscope proxy` as a process, when it says where it listens. */
async function startProxy(words: readonly string[]): Promise<RunningProxy> {
  const child = spawn(process.execPath, [cliEntry, 'proxy', '--port', '0', ...words], {
    env: { ...process.env, STREAMSCOPE_HOME: home, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  await vi.waitFor(() => expect(stdout, stderr).toMatch(/^http:\/\/\S+\n/), 20_000);
  return {
    child,
    url: stdout.split('\n')[0] ?? '',
    stdout: () => stdout,
    stderr: () => stderr,
    end: async (signal) => {
      const closed = once(child, 'close');
      child.kill(signal);
      const [code] = (await closed) as [number | null];
      children.delete(child);
      return code;
    },
  };
}

/** An upstream that hands out its open answers. */
async function withUpstream<T>(use: (origin: string, answers: ServerResponse[]) => Promise<T>): Promise<T> {
  const answers: ServerResponse[] = [];
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    answers.push(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, answers);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

it('says where it listens and what programs are told, records what passes, and ends by Ctrl-C with 0', async () => {
  await withUpstream(async (origin, answers) => {
    const proxy = await startProxy(['--route', `mine=${origin}`]);
    await vi.waitFor(() => expect(proxy.stdout()).toContain('\n# azure: '), 10_000);
    const said = proxy.stdout().split('\n');
    expect(said).toContain(`OPENAI_BASE_URL=${proxy.url}/openai/v1`);
    expect(said).toContain(`ANTHROPIC_BASE_URL=${proxy.url}/anthropic`);
    expect(said).toContain(`# openrouter: OPENAI_BASE_URL=${proxy.url}/openrouter/api/v1`);
    expect(said).toContain(`# mistral, Mistral’s client: new Mistral({ serverURL: "${proxy.url}/mistral" })`);
    expect(said).toContain(`# mine: ${proxy.url}/mine`);
    expect(proxy.stdout()).not.toContain('AZURE_OPENAI_ENDPOINT');

    const answered = fetch(`${proxy.url}/mine/events?n=2`, { headers: { 'user-agent': 'my-program/1.0' } });
    await vi.waitFor(() => expect(answers).toHaveLength(1), 10_000);
    expect(proxy.stderr()).toMatch(/#1 GET \/mine\/events\?n=2 from \S/);
    answers[0]?.end('data: one\n\ndata: two\n\n');
    expect(await (await answered).text()).toBe('data: one\n\ndata: two\n\n');
    await vi.waitFor(() => expect(proxy.stderr()).toMatch(/#1 200, 22 bytes\. Complete.*\[\S+\]/), 10_000);
    expect(await proxy.end('SIGINT')).toBe(0);
  });
  const { stdout } = await runCli(['list', '--json'], { home });
  expect(lines(stdout)).toMatchObject([{ source: 'proxy', endingKind: 'complete' }]);
});

it('killed in the midst of an exchange leaves a recording that opens as interrupted and has what was carried', async () => {
  await withUpstream(async (origin, answers) => {
    const proxy = await startProxy(['--to', origin]);
    const answer = await fetchHead(proxy.url, answers);
    const reader = answer.body?.getReader();
    let sent = '';
    let seen = '';
    for (let n = 0; n < 30; n++) {
      const event = `data: ${String(n)} ${'x'.repeat(40)}\n\n`;
      sent += event;
      answers[0]?.write(event);
      while (seen.length < sent.length) {
        const piece = await reader?.read();
        seen += Buffer.from(piece?.value ?? []).toString();
      }
    }
    expect(seen).toBe(sent);
    // Announced as saved by the process that writes, and read by another: that much must still be there after the kill.
    const saved = await vi.waitFor(() => {
      const bytes = savedBytes();
      expect(bytes).toBeGreaterThan(0);
      return bytes;
    }, 10_000);
    answers[0]?.write('data: last\n\n');
    expect(await proxy.end('SIGKILL')).toBeNull();
    await expect(reader?.read().then(() => reader.read())).rejects.toThrow();

    const library = libraryIn(home);
    const [line, ...others] = library.list();
    expect(others).toEqual([]);
    expect(line).toMatchObject({ source: 'proxy', state: 'interrupted', endingKind: null });
    const recording = value(library.open(line?.id ?? ''));
    const kept = recording.byteLength('wire');
    expect(kept).toBeGreaterThanOrEqual(saved);
    expect(`${sent}data: last\n\n`.startsWith(Buffer.from(recording.read('wire', 0, kept)).toString())).toBe(true);
    expect(recording.facts()).toMatchObject({ ending: null, proxied: { route: 'to' } });
  });

  async function fetchHead(url: string, answers: ServerResponse[]): Promise<Response> {
    const answered = fetch(`${url}/events`);
    await vi.waitFor(() => expect(answers).toHaveLength(1), 10_000);
    return answered;
  }

  /** What another process sees of the one recording; 0: nothing yet. */
  function savedBytes(): number {
    const library = libraryIn(home);
    const [line] = library.list();
    const opened = line === undefined ? null : library.open(line.id);
    return opened?.ok === true ? opened.value.byteLength('wire') : 0;
  }
});

it('trusts a private authority that it is given, or whoever it is told to take', async () => {
  const upstream = await startRawServer('https', 'http/1.1', (socket, peer) => {
    socket.once(
      'data',
      () => void peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok').then(() => peer.close()),
    );
  });
  try {
    const file = path.join(home, 'authority.pem');
    await writeFile(file, trustedCertificate.cert);
    for (const [words, status] of [
      [[], 502],
      [['--cacert', file], 200],
      [['-k'], 200],
    ] as const) {
      const proxy = await startProxy(['--quiet', '--to', upstream.origin, ...words]);
      const answer = await fetch(`${proxy.url}/x`);
      expect(`${words.join(' ')}: ${String(answer.status)}`).toBe(`${words.join(' ')}: ${String(status)}`);
      await answer.arrayBuffer();
      expect(proxy.stderr()).toBe('');
      expect(await proxy.end('SIGTERM')).toBe(0);
    }
    await writeFile(file, 'no certificate');
    const bad = await runCli(['proxy', '--port', '0', '--cacert', file], { home });
    expect(bad.code).toBe(2);
    expect(bad.stderr).toContain('BEGIN CERTIFICATE');
  } finally {
    await upstream.close();
  }
});

it('wants routes that lead somewhere', async () => {
  for (const [words, sentence] of [
    [['--route', 'x'], '--route wants a name and an address'],
    [['--route', 'x=ftp://y'], 'no address of a server'],
    [['--to', 'api.example.com'], 'no address of a server'],
    [['--cacert', path.join(home, 'absent.pem')], '--cacert cannot read'],
  ] as const) {
    const { code, stdout, stderr } = await runCli(['proxy', '--port', '0', ...words], { home });
    expect({ words, code, stdout }).toEqual({ words, code: 2, stdout: '' });
    expect(stderr).toContain(sentence);
  }
});
