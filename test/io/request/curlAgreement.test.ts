import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
  /^(?:(?:host|content-length|connection|accept-encoding|expect):|user-agent: curl\/|accept: \*\/\*$)/i;

let server: Server;
let base: string;
const seen: Seen[] = [];

beforeAll(async () => {
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

afterAll(() => new Promise((resolve) => server.close(resolve)));

async function sentByCurl(command: string): Promise<Seen> {
  seen.length = 0;
  await run('bash', ['-c', command], { env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8', HOME: '/nowhere' } });
  const [first, ...more] = seen;
  if (first === undefined || more.length > 0) throw new Error(`curl sent ${seen.length} requests`);
  return first;
}

/** What a request says on the wire, apart from what every sender adds. */
function wire(request: RequestSpec): Seen {
  const { auth, body } = request;
  const basic = auth.kind === 'basic' ? Buffer.from(`${auth.username}:${auth.password}`).toString('base64') : '';
  const authorization =
    auth.kind === 'none' ? [] : [`Authorization: ${auth.kind === 'basic' ? `Basic ${basic}` : `Bearer ${auth.token}`}`];
  return {
    method: request.method,
    target: request.url.slice(base.length),
    headers: [...authorization, ...request.headers.map(([name, value]) => `${name}: ${value}`)],
    body:
      body.kind === 'text' ? Buffer.from(body.text) : body.kind === 'bytes' ? Buffer.from(body.bytes) : Buffer.alloc(0),
  };
}

/** Versions of curl differ in the case of percent escapes and in how they write a space in a form. */
function comparable({ method, target, headers, body }: Seen): object {
  const neutral = (text: string): string =>
    text.replace(/%[\da-f]{2}/gi, (escape) => (escape === '%20' ? '+' : escape.toUpperCase()));
  return {
    method,
    target: neutral(target),
    headers: headers.map((line) => line.trim()).sort(),
    body: neutral(body.toString('latin1')),
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
  ])('about %s', async (line) => {
    const command = `curl -s ${line.replaceAll('URL', base)}`;
    const parsed = parseCurl(command);
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
