import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openCapture } from '../../../src/main/capture/openCapture.ts';
import { defaultLimits } from '../../../src/shared/limits.ts';
import type { RequestBody } from '../../../src/shared/request.ts';
import { capture } from './capturing.ts';
import { RecordingSink, requestFor } from './recordingSink.ts';

interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const mebi = 1024 * 1024;
let folder: string;
let server: Server;
let base: string;
let received: Received[] = [];
/** Called with each piece of a request's body. */
let onPiece: (total: number, request: IncomingMessage) => void = () => {};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'streamscope-bodies-'));
  server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    let total = 0;
    request.on('error', () => {});
    request.on('data', (piece: Buffer) => {
      pieces.push(piece);
      total += piece.byteLength;
      onPiece(total, request);
    });
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      received.push({ method, url, headers, body: Buffer.concat(pieces) });
      const status = Number(/^\/redirect\/(\d+)/.exec(url)?.[1] ?? 200);
      if (status === 200) response.end('done');
      else response.writeHead(status, { location: '/target' }).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  base = `http://127.0.0.1:${typeof address === 'object' ? String(address?.port) : ''}`;
});

beforeEach(() => {
  received = [];
  onPiece = () => {};
});

afterAll(async () => {
  server.close();
  await once(server, 'close');
  rmSync(folder, { recursive: true });
});

const post = (body: RequestBody, path = '/'): ReturnType<typeof requestFor> =>
  requestFor(base + path, { method: 'POST', body });

/** Bytes that differ everywhere, so that nothing can go missing unseen. */
function unlike(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at + 4 <= length; at += 4) bytes.writeUInt32LE(Math.imul(at, 2_654_435_761) >>> 0, at);
  return bytes;
}

function fileOf(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

describe('a body from a file', () => {
  it.each([0, 1, 65_536, 5 * mebi + 3])('of %i bytes is sent with its length', async (length) => {
    const bytes = unlike(length);
    const sink = await capture(post({ kind: 'file', path: fileOf(`file-${String(length)}`, bytes) }));
    expect(sink.ending?.code).toBe('end/complete');
    expect(received[0]?.headers['content-length']).toBe(String(length));
    expect(received[0]?.headers['transfer-encoding']).toBeUndefined();
    expect(received[0]?.body.equals(bytes)).toBe(true);
    expect(sink.markNames.filter((name) => name === 'request-sent')).toHaveLength(1);
  });

  it.each([
    ['is not there', () => join(folder, 'none'), /There is no file/],
    ['is a folder', () => folder, /is a folder/],
  ])('that %s is a failure before anything is opened', (_name, path, message) => {
    const opened = openCapture(post({ kind: 'file', path: path() }), new RecordingSink(), {
      limits: defaultLimits,
      environment: {},
    });
    expect(opened).toMatchObject({ ok: false, failure: { code: 'request/unreadable-file' } });
    expect(opened.ok ? '' : opened.failure.message).toMatch(message);
  });

  // Larger than what sockets and streams hold on the way, so that a part of it is still to be read when it changes.
  const large = 64 * mebi;
  it.each<[string, (path: string) => void, RegExp]>([
    [
      'shrinks',
      (path) => truncateSync(path, mebi),
      /shrank from 67,108,864 bytes to [\d,]+ bytes while it was being sent/,
    ],
    ['grows', (path) => appendFileSync(path, 'more'), /grew beyond 67,108,864 bytes while it was being sent/],
  ])('that %s while it is sent ends the exchange, and the sentence says so', async (name, change, message) => {
    const path = fileOf(name, Buffer.alloc(large));
    let changed = false;
    onPiece = () => {
      if (!changed) change(path);
      changed = true;
    };
    const sink = await capture(post({ kind: 'file', path }));
    unlinkSync(path);
    expect(sink.ending).toMatchObject({ kind: 'failed-local', code: 'end/request-body' });
    expect(sink.ending?.message).toMatch(message);
    expect(received).toHaveLength(0);
    expect(sink.markNames).not.toContain('request-sent');
  });

  it('that vanishes before it is sent again for a redirect ends the exchange', async () => {
    const path = fileOf('vanishing', unlike(10));
    onPiece = () => unlinkSync(path);
    const sink = await capture(post({ kind: 'file', path }, '/redirect/307'));
    expect(sink.ending).toMatchObject({ kind: 'failed-local', code: 'end/request-body' });
    expect(sink.ending?.message).toMatch(/There is no file/);
  });

  it('is let go of when the exchange is stopped', async () => {
    const path = fileOf('stopped', Buffer.alloc(large));
    const sink = new RecordingSink();
    const opened = openCapture(post({ kind: 'file', path }), sink, { limits: defaultLimits, environment: {} });
    if (!opened.ok) throw new Error(opened.failure.message);
    onPiece = () => opened.value.stop({ by: 'user' });
    await opened.value.done;
    unlinkSync(path);
    expect(sink.ending?.code).toBe('end/stopped');
  });
});

describe('redirects', () => {
  it.each([307, 308])('with %i repeat the body', async (status) => {
    const path = fileOf('again', unlike(100_000));
    await capture(post({ kind: 'file', path }, `/redirect/${String(status)}`));
    expect(received.map(({ method, body }) => [method, body.byteLength])).toEqual([
      ['POST', 100_000],
      ['POST', 100_000],
    ]);
  });

  it('with 303 leave body and content type behind', async () => {
    const parts = [{ name: 'a', content: { kind: 'text', text: 'b' } }] as const;
    await capture(post({ kind: 'multipart', parts }, '/redirect/303'));
    expect(received[1]).toMatchObject({ method: 'GET', url: '/target' });
    expect(received[1]?.body.byteLength).toBe(0);
    expect(received[1]?.headers['content-type']).toBeUndefined();
  });
});

describe('a multipart body', () => {
  it('has its parts in order, with names that break out of nothing', async () => {
    const path = fileOf('données.txt', Buffer.from('from a file'));
    const body: RequestBody = {
      kind: 'multipart',
      parts: [
        { name: 'text', content: { kind: 'text', text: 'é' } },
        { name: 'a"b\r\nc', content: { kind: 'bytes', bytes: Uint8Array.of(0, 255) }, fileName: 'x"\n.bin' },
        { name: 'file', content: { kind: 'file', path } },
        { name: 'json', content: { kind: 'text', text: '{}' }, contentType: 'application/json' },
      ],
    };
    const sink = new RecordingSink();
    const opened = openCapture(post(body), sink, {
      limits: defaultLimits,
      environment: {},
      boundary: () => 'border',
    });
    if (!opened.ok) throw new Error(opened.failure.message);
    await opened.value.done;
    const [request] = received;
    expect(request?.headers['content-type']).toBe('multipart/form-data; boundary=border');
    expect(request?.headers['content-length']).toBe(String(request?.body.byteLength));
    expect(request?.body.toString('latin1')).toBe(
      [
        '--border\r\nContent-Disposition: form-data; name="text"\r\n\r\n\xc3\xa9\r\n',
        '--border\r\nContent-Disposition: form-data; name="a%22b%0D%0Ac"; filename="x%22%0A.bin"\r\n',
        'Content-Type: application/octet-stream\r\n\r\n\0\xff\r\n',
        '--border\r\nContent-Disposition: form-data; name="file"; filename="donn\xc3\xa9es.txt"\r\n',
        'Content-Type: application/octet-stream\r\n\r\nfrom a file\r\n',
        '--border\r\nContent-Disposition: form-data; name="json"\r\nContent-Type: application/json\r\n\r\n{}\r\n',
        '--border--\r\n',
      ].join(''),
    );
  });

  it('takes no content type that would break its head', () => {
    const parts = [{ name: 'a', content: { kind: 'text', text: 'b' }, contentType: 'a/b\r\nX: y' }] as const;
    const opened = openCapture(post({ kind: 'multipart', parts }), new RecordingSink(), { limits: defaultLimits });
    expect(opened).toMatchObject({ ok: false, failure: { code: 'request/invalid-header' } });
  });

  it('is byte for byte what curl sends', async (context) => {
    context.skip(spawnSync('curl', ['--version']).status !== 0, 'there is no curl here');
    const path = fileOf('q"é.bin', Uint8Array.of(1, 2, 0, 13, 10, 255));
    const quoted = path.replaceAll('"', '\\"');
    await promisify(execFile)('curl', [
      '-s',
      ...['-F', 'a=1', '-F', 'b=x;type=text/plain', '--form-string', 'c=@no;type=x'],
      ...['-F', `d=@"${quoted}";type=application/x-thing`, base],
    ]);
    await capture(
      post({
        kind: 'multipart',
        parts: [
          { name: 'a', content: { kind: 'text', text: '1' } },
          { name: 'b', content: { kind: 'text', text: 'x' }, contentType: 'text/plain' },
          { name: 'c', content: { kind: 'text', text: '@no;type=x' } },
          { name: 'd', content: { kind: 'file', path }, contentType: 'application/x-thing' },
        ],
      }),
    );
    const [theirs, ours] = received.map(({ headers, body }) => {
      const boundary = /boundary=(.+)$/.exec(headers['content-type'] ?? '')?.[1] ?? 'none';
      return body.toString('latin1').replaceAll(boundary, 'border');
    });
    expect(ours).toBe(theirs);
  });
});
