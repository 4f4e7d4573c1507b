import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awsMessage, event } from '../../unit/engine/framing/awsMessages.ts';
import { lines, runCli, type CliRun } from './runCli.ts';

let home = '';
let server: Server;
let base = '';

const sse =
  ': hello\n\nid: 1\nevent: order\ndata: {"a":1}\n\ndata: é漢😀\ndata: second\n\nretry: 2500\n\ndata: \u001b[31mred\u0007\n\ndata: [DONE]\n\ndata: cut off';

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'streamscope-cli-'));
  server = createServer((request, response) => {
    if (request.url === '/missing') {
      response.writeHead(404, { 'content-type': 'text/html' }).end('<!doctype html>\n<h1>Not here</h1>\n');
    } else if (request.url === '/empty') {
      response
        .writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache', 'content-length': '0' })
        .end();
    } else if (request.url === '/cut') {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
      response.write('data: 1\n\ndata: 2\n\nda', () => request.socket.resetAndDestroy());
    } else if (request.url === '/echo') {
      let body = '';
      request.on('data', (bytes: Buffer) => (body += bytes.toString()));
      request.on('end', () => {
        const { method, headers } = request;
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ method, headers, body }));
      });
    } else {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      let n = 0;
      const timer = setInterval(() => {
        response.write(`{"n":${String(++n)}}\n`);
        if (n === 5) {
          clearInterval(timer);
          response.end();
        }
      }, 5);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(home, { recursive: true, force: true });
});

const cli = (words: readonly string[], stdin?: string | Uint8Array): Promise<CliRun> =>
  runCli(words, stdin === undefined ? { home } : { home, stdin });

describe('inspect of a file', () => {
  it('prints the messages of an AWS event stream with their headers, damaged ones too', async () => {
    const damaged = awsMessage(Buffer.of(), 'x').fill(0, 12, 13);
    const body = Buffer.concat([event('chunk', '{"a":1}'), damaged, event('end', '{}')]);
    const run = await cli(['inspect', '-', '--output', 'frames'], body);
    expect(run.code).toBe(0);
    const headers = { ':event-type': 'chunk', ':content-type': 'application/json', ':message-type': 'event' };
    expect(lines(run.stdout)).toMatchObject([
      { n: 1, kind: 'message', data: '{"a":1}', json: 'valid', headers },
      { n: 2, kind: 'invalid', length: 17, diagnostics: ['aws/bad-message-crc'] },
      { n: 3, kind: 'message', data: '{}', json: 'valid' },
    ]);
  });

  it('prints the texts of a JSON text sequence', async () => {
    const run = await cli(['inspect', '-', '--output', 'frames'], '\u001e{"a":1}\n\u001e[2,\u001e3\n');
    expect(lines(run.stdout)).toMatchObject([
      { n: 1, kind: 'record', offset: 0, length: 9, data: '{"a":1}', json: 'valid' },
      { n: 2, kind: 'invalid', data: '[2,', json: 'invalid', diagnostics: ['json-seq/truncated-text'] },
      { n: 3, kind: 'record', data: '3', json: 'valid' },
    ]);
  });

  const words = ['inspect', '-', '--content-type', 'text/event-stream', '--output'];

  it('prints one JSON line a frame', async () => {
    const { code, stdout } = await cli([...words, 'frames'], sse);
    expect(code).toBe(0);
    const frames = lines(stdout);
    expect(frames.map(({ kind }) => kind)).toEqual([
      'comment',
      'event',
      'event',
      'event',
      'event',
      'terminator',
      'incomplete',
    ]);
    expect(frames[1]).toEqual({
      n: 2,
      kind: 'event',
      offset: 9,
      length: 34,
      chunk: 1,
      event: 'order',
      id: '1',
      data: '{"a":1}',
      dispatched: true,
      json: 'valid',
    });
    expect(frames[2]).toMatchObject({ event: 'message', id: '1', data: 'é漢😀\nsecond', dispatched: true });
    expect(frames[3]).toMatchObject({ retryMs: 2500, dispatched: false });
    expect(frames[6]).toMatchObject({ dispatched: false, diagnostics: ['sse/unterminated-event'] });
  });

  it('does not depend on how the bytes were split', async () => {
    const whole = await cli([...words, 'frames'], sse);
    const withoutChunk = (run: CliRun) => lines(run.stdout).map((frame) => ({ ...frame, chunk: 0 }));
    const runs = await Promise.all([
      cli([...words, 'frames', '--chunk-bytes', '1'], sse),
      cli([...words, 'frames', '--chunk-seed', '7'], sse),
      cli([...words, 'frames', '--chunk-bytes', '3'], sse),
    ]);
    for (const run of runs) expect(withoutChunk(run)).toEqual(withoutChunk(whole));
  });

  it('sums up in one object, with null for what is unknown', async () => {
    const { code, stdout } = await cli([...words, 'summary'], sse);
    expect(code).toBe(0);
    const [summary] = lines(stdout);
    expect(summary).toMatchObject({
      target: '-',
      status: null,
      httpVersion: null,
      contentType: 'text/event-stream',
      framing: 'sse',
      dialect: null,
      frames: 7,
      frameKinds: { event: 4, comment: 1, terminator: 1, incomplete: 1 },
      timing: null,
      ai: null,
    });
    expect(summary?.['bytes']).toEqual({ wire: Buffer.byteLength(sse), body: Buffer.byteLength(sse) });
  });

  it('gives the body back untouched', async () => {
    const { stdout } = await cli([...words, 'raw'], sse);
    expect(stdout).toBe(sse);
  });

  it('lets no control character of a stream through', async () => {
    for (const mode of ['pretty', 'frames']) {
      const { stdout } = await cli([...words, mode], sse);

      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    }
  });

  it('recognises a curl -i dump', async () => {
    const file = path.join(home, 'dump.txt');
    await writeFile(file, 'HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n\r\n{"a":1}\n{"a":2}\n');
    const { stdout } = await cli(['inspect', file, '--output', 'summary']);
    expect(lines(stdout)[0]).toMatchObject({ status: 200, framing: 'ndjson', frames: 2 });
  });
});

describe('inspect of a URL', () => {
  it('prints frames with times as they come', async () => {
    const { code, stdout } = await cli(['inspect', `${base}/stream`, '--output', 'frames']);
    expect(code).toBe(0);
    const frames = lines(stdout);
    expect(frames).toHaveLength(5);
    const times = frames.map(({ tUs }) => tUs as number);
    expect([...times].sort((a, b) => a - b)).toEqual(times);
    expect(times.every((time) => Number.isInteger(time) && time > 0)).toBe(true);
  });

  it('names the target of each line where there are several', async () => {
    const { stdout } = await cli(['inspect', `${base}/stream`, `${base}/empty`, '--output', 'summary']);
    expect(lines(stdout).map(({ target, frames }) => [target, frames])).toEqual([
      [`${base}/stream`, 5],
      [`${base}/empty`, 0],
    ]);
  });

  it('says a reset is a reset: exit 1, the frames before it kept', async () => {
    const { code, stdout } = await cli(['inspect', `${base}/cut`, '--output', 'summary']);
    expect(code).toBe(1);
    expect(lines(stdout)[0]).toMatchObject({ ending: { kind: 'cut' }, frameKinds: { event: 2, incomplete: 1 } });
  });

  it('shows the body of a 404, and says so', async () => {
    const { stdout } = await cli(['inspect', `${base}/missing`, '--output', 'summary']);
    const [summary] = lines(stdout);
    expect(summary).toMatchObject({ status: 404, framing: 'text', ending: { kind: 'complete' } });
    expect((summary?.['diagnostics'] as { code: string }[]).map(({ code }) => code)).toContain('http/status');
  });

  it('speaks curl', async () => {
    const { stdout } = await cli([
      'inspect',
      `${base}/echo`,
      '-X',
      'PUT',
      '-H',
      'X-Test: yes',
      '-d',
      'a=1',
      '-d',
      'b=2',
      '-u',
      'me:secret',
      '-A',
      'probe',
      '--output',
      'raw',
    ]);
    expect(JSON.parse(stdout)).toMatchObject({
      method: 'PUT',
      body: 'a=1&b=2',
      headers: {
        'x-test': 'yes',
        'user-agent': 'probe',
        authorization: `Basic ${Buffer.from('me:secret').toString('base64')}`,
      },
    });
  });

  it('takes a whole pasted command', async () => {
    const { stdout } = await cli([
      'inspect',
      '--curl',
      `curl '${base}/echo' -H 'X-Pasted: 1' --data-raw '{"x":2}'`,
      '--output',
      'raw',
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ method: 'POST', body: '{"x":2}', headers: { 'x-pasted': '1' } });
  });

  it('stops after the frames that were asked for, without calling it a fault', async () => {
    const { code, stdout, stderr } = await cli([
      'inspect',
      `${base}/stream`,
      '--max-frames',
      '2',
      '--output',
      'frames',
    ]);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(lines(stdout).length).toBeGreaterThanOrEqual(2);
    expect(lines(stdout).length).toBeLessThan(5);
  });
});

describe('what cannot be', () => {
  it('is exit 3 where nothing answers', async () => {
    const { code, stderr } = await cli(['inspect', 'http://127.0.0.1:1/x', '--output', 'frames']);
    expect(code).toBe(3);
    expect(stderr).toContain('127.0.0.1:1');
  });

  it.each([
    [['inspect', 'example.com/stream'], 3, 'https://example.com/stream'],
    [['inspect', '/no/such/file.sse'], 3, '/no/such/file.sse'],
    [['inspect'], 2, 'URL'],
    [['inspect', '-', '--outptu', 'frames'], 2, '--output'],
    [['inspekt', '-'], 2, 'inspect'],
    [['inspect', '-', '--output', 'xml'], 2, 'pretty'],
    [['inspect', '-', '--chunk-bytes', '0'], 2, 'at least 1'],
    [['inspect', '-', '--framing', 'protobuf'], 2, 'aws-eventstream'],
    [['inspect', 'http://x.invalid', '--dialect', 'openai-cat'], 2, 'Did you mean openai-chat'],
    [['inspect', '-', '--dialect', 'nothing-like-it'], 2, 'generic:<path>'],
    [['check', '-', '--dialect-is', 'anthropik'], 2, 'Did you mean anthropic'],
    [['record', 'http://x.invalid', '--dialect', 'gemni'], 2, 'Did you mean gemini'],
    [['inspect', 'http://x.invalid', '--http2', '--http1.1'], 2, 'exclude each other'],
    [['proxy', 'x'], 2, 'too many arguments'],
    [['proxy', '--rout', 'a=http://x.invalid'], 2, '--route'],
    [['inspect', 'http://127.0.0.1:1/', '-H', 'no colon'], 2, 'Name: value'],
    [['show', 'no-such-recording'], 3, 'recording/not-found'],
  ] as const)('%j is exit %i and says %s', async (words, code, said) => {
    const run = await cli(words);
    expect(run.code).toBe(code);
    expect(run.stderr).toContain(said);
  });

  it('prints help on everything', async () => {
    for (const words of [['--help'], ['inspect', '--help'], ['list', '--help'], []]) {
      const run = await cli(words);
      expect(run.code).toBe(0);
      expect(run.stdout).toContain('Usage: streamscope');
    }
  });
});

describe('secrets', () => {
  it('are masked wherever they are shown', async () => {
    const recorded = await cli([
      'record',
      `${base}/stream?api_key=key-in-the-query-0123`,
      '-u',
      'me:pass-in-the-auth',
      '-H',
      'X-Api-Key: key-in-a-header-0123',
    ]);
    const id = recorded.stdout.trim();
    for (const words of [['show', id, '--json'], ['show', id], ['list', '--json'], ['list']]) {
      const { stdout } = await cli(words);
      expect(stdout).toContain(id);
      const basic = Buffer.from('me:pass-in-the-auth').toString('base64');
      for (const secret of ['key-in-the-query-0123', 'pass-in-the-auth', 'key-in-a-header-0123', basic]) {
        expect(stdout).not.toContain(secret);
      }
    }
  });
});

describe('record, list and show', () => {
  it('keep a stream and find it again', async () => {
    const recorded = await cli(['record', `${base}/stream`]);
    expect(recorded.code).toBe(0);
    const id = recorded.stdout.trim();
    const listed = lines((await cli(['list', '--json'])).stdout);
    expect(listed.find((recording) => recording['id'] === id)).toMatchObject({
      state: 'ended',
      endingKind: 'complete',
      framing: 'ndjson',
      counts: { frames: 5 },
    });
    const shown = lines((await cli(['show', id, '--json'])).stdout)[0];
    expect(shown).toMatchObject({ verdict: { word: 'Complete' }, summary: { id } });
    const text = await cli(['show', id]);
    expect(lines(text.stdout)).toHaveLength(1);
  });
});
