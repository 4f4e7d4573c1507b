import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { multipartBody } from '../../../src/main/capture/multipartBody.ts';
import { parseCurl } from '../../../src/engine/request/curl.ts';
import { toCurl } from '../../../src/engine/request/toCurl.ts';
import { defaultRequestOptions, type RequestSpec } from '../../../src/shared/request.ts';

const run = promisify(execFile);
const tools = ['bash', 'curl'].filter((tool) => spawnSync(tool, ['--version']).status !== 0);

interface Seen {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly string[];
  readonly body: Buffer;
}

/** Headers that belong to the program that sends, not to the request. */
const ofTheSender =
  /^(?:(?:host|content-length|connection|accept-encoding|expect|transfer-encoding):|user-agent: curl\/|accept: \*\/\*$)/i;

let server: Server;
let base: string;
let folder: string;
const seen: Seen[] = [];

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'streamscope-curl-'));
  writeFileSync(path.join(folder, 'a b.txt'), 'in a file; é\n');
  writeFileSync(path.join(folder, 'raw.bin'), Uint8Array.of(0, 1, 10, 13, 255));
  writeFileSync(path.join(folder, 'lines.txt'), 'one=1\r\n&two=2\n');
  writeFileSync(path.join(folder, 'headers.txt'), 'X-One: 1\nX-Two: 2\n');
  server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const raw = request.rawHeaders;
      const headers = raw.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${raw[index + 1] ?? ''}`] : []));
      seen.push({
        method: request.method ?? '',
        target: request.url ?? '',
        headers: headers.filter((line) => !ofTheSender.test(line)),
        body: Buffer.concat(pieces),
      });
      response.end();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  rmSync(folder, { recursive: true });
  return new Promise((resolve) => server.close(resolve));
});

async function sentByCurl(command: string): Promise<Seen> {
  seen.length = 0;
  await run('bash', ['-c', command], { env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8', HOME: '/nowhere' } });
  const [first, ...more] = seen;
  if (first === undefined || more.length > 0) throw new Error(`curl sent ${seen.length} requests`);
  return first;
}

/** The body as it goes out, and the content type that goes with it. */
function sentBody(body: RequestSpec['body']): { readonly bytes: Buffer; readonly contentType: string | null } {
  switch (body.kind) {
    case 'none':
      return { bytes: Buffer.alloc(0), contentType: null };
    case 'text':
      return { bytes: Buffer.from(body.text), contentType: null };
    case 'bytes':
      return { bytes: Buffer.from(body.bytes), contentType: null };
    case 'file':
      return { bytes: readFileSync(body.path), contentType: null };
    case 'multipart': {
      const parts = body.parts.map((part) =>
        part.content.kind === 'file'
          ? { ...part, content: { kind: 'bytes', bytes: readFileSync(part.content.path) } as const }
          : part,
      );
      const planned = multipartBody(parts, 'border');
      if ('problem' in planned || planned.bytes === null) throw new Error('the body is not in memory');
      return { bytes: Buffer.from(planned.bytes), contentType: 'multipart/form-data; boundary=border' };
    }
  }
}

/** What a request says on the wire, apart from what every sender adds. */
function wire(request: RequestSpec): Seen {
  const { auth, body } = request;
  const basic = auth.kind === 'basic' ? Buffer.from(`${auth.username}:${auth.password}`).toString('base64') : '';
  const authorization =
    auth.kind === 'none' ? [] : [`Authorization: ${auth.kind === 'basic' ? `Basic ${basic}` : `Bearer ${auth.token}`}`];
  const { bytes, contentType } = sentBody(body);
  return {
    method: request.method,
    target: request.url.slice(base.length),
    headers: [
      ...authorization,
      ...request.headers.map(([name, value]) => `${name}: ${value}`),
      ...(contentType === null ? [] : [`Content-Type: ${contentType}`]),
    ],
    body: bytes,
  };
}

/** Versions of curl differ in the case of percent escapes and in how they write a space in a form. */
function comparable({ method, target, headers, body }: Seen): object {
  const neutral = (text: string): string =>
    text.replace(/%[\da-f]{2}/gi, (escape) => (escape === '%20' ? '+' : escape.toUpperCase()));
  // Each sender of a form makes up its own boundary.
  const boundary = headers.map((line) => /boundary=(.+)$/.exec(line)?.[1]).find((found) => found !== undefined);
  const bordered = (text: string): string => (boundary === undefined ? text : text.replaceAll(boundary, 'border'));
  return {
    method,
    target: neutral(target),
    headers: headers.map((line) => bordered(line.trim())).sort(),
    body: neutral(bordered(body.toString('latin1'))),
  };
}

describe.skipIf(tools.length > 0)(`curl agrees (skipped without ${tools.join(' and ') || 'bash and curl'})`, () => {
  it.each([
    ['URL/a?b=1'],
    [`URL/a -H 'X-One: 1' -H"x-two:2" -H 'X-Empty;' -H 'Accept:'`],
    [`URL/a -d a=1 -d 'b= 2&' --data-raw @c`],
    [`URL/a --data-binary $'one\\ntwo\\x09\\303\\xa9\\u00e9\\'' -H 'Content-Type: text/plain'`],
    [`URL/a --json '{"a":1}' --json ' '`],
    [`URL/a --json '{}' -H 'accept: text/event-stream' -XPATCH`],
    [`URL/a --data-urlencode 'q=a b&é' --data-urlencode 'x y' --data-urlencode '=1+1'`],
    [`-G URL/a?x=1 -d a=1 --data-urlencode 'q=é/~'`],
    [`-sSNu 'ann:se:cret' URL/a`],
    [`--oauth2-bearer tok URL/a`],
    [`URL/a -A 'me/1.0 (x)' -e http://from.example -b 'a=1; b="2"' -r 5-`],
    [`-I URL/a`],
    [`-X DELETE --url URL/a -- `],
    [`URL/a \\\n  -H "X-Quoted: \\"q\\" \\$5 \\\\ \\n" \\\n  -d "it's"`],
    [`--url-query 'q=a b' URL/a?x`],
    [`URL/a -H 'Content-Type:' -d x`],
    [`URL/a -d ''`],
    [`URL/a -F a=1 -F 'b= x;type=text/plain' --form-string 'c=@no;type=x' -F 'd="q;\\"q";filename="f;g\\".csv"'`],
    [
      `URL/a -F 'up=@FOLDER/a b.txt' -F 'up=@FOLDER/raw.bin;type=application/x-thing;filename=other' -F 'in=<FOLDER/a b.txt'`,
    ],
    [`URL/a -d @FOLDER/lines.txt -d x=1`],
    [`URL/a --data-binary @FOLDER/raw.bin`],
    [`URL/a --data-urlencode 'q@FOLDER/lines.txt' -H @FOLDER/headers.txt`],
    [`URL/a -T FOLDER/raw.bin`],
    [`URL/a -b '' -H 'X: y' --http1.1 --noproxy '*'`],
  ])('about %s', async (line) => {
    const command = `curl -s ${line.replaceAll('URL', base).replaceAll('FOLDER', folder)}`;
    const parsed = parseCurl(command, { read: (name) => readFileSync(name), pathOf: (name) => name });
    if (!parsed.ok) throw new Error(parsed.failure.message);
    expect(parsed.notes).toEqual([]);
    expect(comparable(wire(parsed.request))).toEqual(comparable(await sentByCurl(command)));
  });

  it.each<[string, Partial<RequestSpec>]>([
    ['nothing special', {}],
    ['text', { method: 'POST', body: { kind: 'text', text: `it's "é" $HOME \`x\` !1 \\n\n\u001b[0m👩‍👩‍👧` } }],
    ['bytes', { method: 'PUT', body: { kind: 'bytes', bytes: Uint8Array.of(0, 1, 128, 255, 37, 92, 10) } }],
    ['a body with GET', { body: { kind: 'text', text: '@notafile' }, headers: [['Content-Type', 'text/x']] }],
    [
      'headers',
      {
        headers: [
          ['X-A', `it's "x"; $(id)`],
          ['X-Empty', ''],
        ],
      },
    ],
    ['basic auth', { auth: { kind: 'basic', username: 'ann', password: "p'w:d" } }],
    ['bearer auth', { auth: { kind: 'bearer', token: 'a.b-c' } }],
    ['HEAD', { method: 'HEAD' }],
    [
      'a form',
      {
        method: 'POST',
        body: {
          kind: 'multipart',
          parts: [
            { name: 'a', content: { kind: 'text', text: `it's; "q" \\ é` } },
            { name: 'b', content: { kind: 'text', text: '{"k":1}' }, contentType: 'application/json' },
            { name: 'c', content: { kind: 'bytes', bytes: Uint8Array.of(0, 255, 13, 10) }, fileName: 'x";y.bin' },
            { name: 'd', content: { kind: 'bytes', bytes: Uint8Array.of(254, 0) }, fileName: 'z', contentType: 'a/b' },
            { name: 'e', content: { kind: 'text', text: '@x' }, fileName: 'é.txt', contentType: 'text/plain' },
          ],
        },
      },
    ],
  ])('about the command for %s', async (_name, part) => {
    const request: RequestSpec = {
      method: 'GET',
      url: `${base}/v1?a=[1-2]&b={c,d}`,
      headers: [],
      body: { kind: 'none' },
      auth: { kind: 'none' },
      options: defaultRequestOptions,
      ...part,
    };
    expect(comparable(await sentByCurl(toCurl(request)))).toEqual(comparable(wire(request)));
  });
});
