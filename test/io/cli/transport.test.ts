import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import {
  createSecureServer,
  createServer as createHttp2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TLSSocket } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startForwardProxy, type ForwardProxy } from '../capture/forwardProxy.ts';
import * as authority from '../capture/testAuthority.ts';
import { lines, runCli, type CliRun } from './runCli.ts';

interface Told {
  readonly method: string;
  readonly version: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly client: string | null;
}

let home = '';
let proxy: ForwardProxy;
const servers: Server[] = [];
const sockets = new Set<Socket>();
const addresses = { plain: '', http2: '', tls: '', socket: '' };

/** Tells a request back as JSON; `/events` and `/records` are streams that can be resumed. */
function answer(request: IncomingMessage | Http2ServerRequest, given: ServerResponse | Http2ServerResponse): void {
  // Both have the methods used here; their declared types share no signature.
  const response = given as ServerResponse;
  const pieces: Buffer[] = [];
  request.on('data', (bytes: Buffer) => pieces.push(bytes));
  request.on('end', () => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const { headers } = request;
    if (url.pathname === '/events') {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
      const from = Number(headers['last-event-id'] ?? 0);
      for (let n = from + 1; n <= 4; n++) response.write(`id: ${String(n)}\ndata: ${String(n)}\n\n`);
      response.end('data: [DONE]\n\n');
    } else if (url.pathname === '/records') {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      const after = Number(url.searchParams.get('after') ?? 0);
      for (let n = after + 1; n <= 4; n++) response.write(`{"seq":${String(n)}}\n`);
      if (after === 0) response.write('{"se', () => request.socket.destroy());
      else response.end();
    } else if (url.pathname === '/coded') {
      const isAsked = (headers['accept-encoding'] ?? '').includes('gzip');
      response.writeHead(200, {
        'content-type': 'application/x-ndjson',
        ...(isAsked ? { 'content-encoding': 'gzip' } : {}),
      });
      const body = '{"n":1}\n'.repeat(500);
      response.end(isAsked ? gzipSync(body) : body);
    } else {
      const peer = (request.socket as Partial<TLSSocket>).getPeerCertificate?.().subject.CN;
      const told = {
        method: request.method,
        version: request.httpVersion,
        headers,
        body: Buffer.concat(pieces).toString('latin1'),
        client: peer ?? null,
      };
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(told));
    }
  });
}

async function listening(server: Server, at: { port: number; host: string } | { path: string }): Promise<string> {
  servers.push(server);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
  });
  server.listen(at);
  await once(server, 'listening');
  return 'path' in at ? at.path : `127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

const file = (name: string): string => path.join(home, name);

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'streamscope-transport-'));
  const plain: HttpServer = createHttpServer(answer);
  addresses.plain = `http://${await listening(plain, { port: 0, host: '127.0.0.1' })}`;
  addresses.http2 = `http://${await listening(createHttp2Server(answer), { port: 0, host: '127.0.0.1' })}`;
  const tls = createSecureServer(
    {
      allowHTTP1: true,
      key: authority.serverKey,
      cert: `${authority.serverCertificate}\n${authority.intermediateCertificate}`,
      ca: authority.rootCertificate,
      requestCert: true,
      rejectUnauthorized: true,
    },
    answer,
  );
  addresses.tls = `https://${await listening(tls, { port: 0, host: '127.0.0.1' })}`;
  if (process.platform !== 'win32') addresses.socket = await listening(createHttpServer(answer), { path: file('s') });
  proxy = await startForwardProxy();
  await writeFile(file('root.pem'), authority.rootCertificate);
  await writeFile(file('client.pem'), authority.clientCertificate);
  await writeFile(file('client.key'), authority.clientKey);
  await writeFile(file('encrypted.key'), authority.encryptedClientKey);
  await writeFile(file('both.pem'), `${authority.clientCertificate}\n${authority.clientKey}`);
});

afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers) await new Promise((resolve) => server.close(resolve));
  await proxy.close();
  await rm(home, { recursive: true, force: true });
});

const cli = (words: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<CliRun> =>
  runCli(words, { home, environment });

async function told(words: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Told> {
  const run = await cli(['inspect', ...words, '--output', 'raw'], environment);
  expect(run).toMatchObject({ code: 0, stderr: '' });
  return JSON.parse(run.stdout) as Told;
}

describe('versions of HTTP', () => {
  it('--http2 negotiates over TLS and is known beforehand without', async () => {
    const tls = ['--cacert', file('root.pem'), '--cert', file('both.pem')];
    expect((await told([addresses.tls, '--http2', ...tls])).version).toBe('2.0');
    expect((await told([addresses.tls, '--http1.1', ...tls])).version).toBe('1.1');
    expect((await told([addresses.http2, '--http2'])).version).toBe('2.0');
    expect((await told([addresses.plain])).version).toBe('1.1');
    const { stdout } = await cli(['inspect', addresses.http2, '--http2', '--output', 'summary']);
    expect(lines(stdout)[0]).toMatchObject({ httpVersion: '2', status: 200, ending: { kind: 'complete' } });
  });
});

describe('certificates', () => {
  const root = (): readonly string[] => [addresses.tls, '--cacert', file('root.pem')];

  it('of a client are given as one file, as two, and with a pass phrase', async () => {
    expect((await told([...root(), '--cert', file('both.pem')])).client).toBe('Ann');
    expect((await told([...root(), '--cert', file('client.pem'), '--key', file('client.key')])).client).toBe('Ann');
    const encrypted = ['--key', file('encrypted.key')];
    const spelled = [`${file('client.pem')}:${authority.clientPassphrase}`, ...encrypted];
    expect((await told([...root(), '--cert', ...spelled])).client).toBe('Ann');
    const apart = [file('client.pem'), ...encrypted, '--pass', authority.clientPassphrase];
    expect((await told([...root(), '--cert', ...apart])).client).toBe('Ann');
  });

  it('that are missing or not trusted are exit 3 with a sentence', async () => {
    const none = await cli(['inspect', ...root(), '--output', 'frames']);
    expect(none.code).toBe(3);
    expect(none.stderr).toContain('certificate');
    const untrusted = await cli(['inspect', addresses.tls, '--cert', file('both.pem'), '--output', 'frames']);
    expect(untrusted).toMatchObject({ code: 3 });
    expect((await told([addresses.tls, '-k', '--cert', file('both.pem')])).client).toBe('Ann');
    expect((await cli(['inspect', addresses.tls, '--cert', file('nowhere.pem')])).code).toBe(2);
  });
});

describe('ways to the server', () => {
  it('-x and the environment lead over a proxy, --noproxy around it', async () => {
    const count = (): number => proxy.requests.length;
    let before = count();
    await told([addresses.plain, '-x', proxy.address]);
    expect(count()).toBe(before + 1);
    await told([addresses.plain], { http_proxy: proxy.url });
    expect(count()).toBe(before + 2);
    before = count();
    await told([addresses.plain, '-x', proxy.address, '--noproxy', '127.0.0.1']);
    await told([addresses.plain], { http_proxy: proxy.url, no_proxy: '127.0.0.1' });
    await told([addresses.plain, '-x', ''], { http_proxy: proxy.url });
    expect(count()).toBe(before);
    const tls = ['-k', '--cert', file('both.pem'), '-x', proxy.url, '-U', 'me:pässword'];
    expect((await told([addresses.tls, ...tls])).client).toBe('Ann');
    expect(proxy.requests.at(-1)).toMatch(/^CONNECT /);
    expect(proxy.requests.at(-1)?.toLowerCase()).toContain('proxy-authorization: basic');
  });

  it.skipIf(process.platform === 'win32')('--unix-socket connects to a socket', async () => {
    const { headers } = await told(['http://stream.test/x', '--unix-socket', addresses.socket]);
    expect(headers['host']).toBe('stream.test');
  });
});

describe('what is sent', () => {
  it('-F makes a form of fields and files', async () => {
    await writeFile(file('notes ü.txt'), 'notes');
    const words = ['-F', 'a=1', '-F', `f=@${file('notes ü.txt')};type=text/plain`, '--form-string', 's=@x'];
    const { method, headers, body } = await told([addresses.plain, ...words]);
    expect([method, headers['content-type']?.split(';')[0]]).toEqual(['POST', 'multipart/form-data']);
    for (const part of ['name="a"\r\n\r\n1\r\n', 'Content-Type: text/plain\r\n\r\nnotes\r\n', 'name="s"\r\n\r\n@x\r\n'])
      expect(body).toContain(part);
  });

  it('-d @file leaves line ends out, --data-binary does not, however large the file', async () => {
    await writeFile(file('small.bin'), Buffer.from([1, 10, 13, 0, 255]));
    expect((await told([addresses.plain, '-d', `@${file('small.bin')}`])).body).toBe('\u0001ÿ');
    expect((await told([addresses.plain, '--data-binary', `@${file('small.bin')}`])).body).toBe('\u0001\n\r\u0000ÿ');
    await writeFile(file('large.bin'), Buffer.alloc(9 * 1024 * 1024, 'ab'));
    const { body, headers } = await told([addresses.plain, '--data-binary', `@${file('large.bin')}`]);
    expect([body.length, headers['content-length']]).toEqual([9 * 1024 * 1024, String(9 * 1024 * 1024)]);
  });

  it('-b sends cookies of a file only where they belong', async () => {
    const line = (host: string, name: string): string => `${host}\tFALSE\t/\tFALSE\t0\t${name}\t1\n`;
    await writeFile(
      file('jar.txt'),
      `# Netscape HTTP Cookie File\n${line('127.0.0.1', 'here')}${line('x.test', 'there')}`,
    );
    expect((await told([addresses.plain, '-b', file('jar.txt')])).headers['cookie']).toBe('here=1');
    expect((await told([addresses.plain, '-b', 'a=1; b=2'])).headers['cookie']).toBe('a=1; b=2');
  });

  it('-H without a value leaves a header out that is otherwise sent', async () => {
    expect((await told([addresses.plain])).headers).toMatchObject({ accept: '*/*' });
    for (const words of [
      ['-H', 'Accept:', '-H', 'User-Agent:'],
      ['--curl', `curl ${addresses.plain} -H Accept: -H User-Agent:`],
    ]) {
      const target = words[0] === '--curl' ? [] : [addresses.plain];
      const { headers } = await told([...target, ...words]);
      expect(headers).not.toHaveProperty('accept');
      expect(headers).not.toHaveProperty('user-agent');
    }
  });
});

describe('streams that are followed', () => {
  it('--reconnect and --cut-after go on after the last event, in one count of frames', async () => {
    const words = ['--cut-after', '2', '--reconnect-wait', '1ms', '--reconnect-attempts', '1'];
    const run = await cli(['inspect', `${addresses.plain}/events`, ...words, '--output', 'frames']);
    expect(lines(run.stdout).map(({ id }) => id)).toEqual(['1', '2', '3', '4', '4']);
  });

  it('the verdict tells how often it was connected again, and of no waiting that was over', async () => {
    const words = ['--resume-field', 'seq', '--resume-query', 'after', '--reconnect-wait', '1ms'];
    const run = await cli(['inspect', `${addresses.plain}/records`, ...words, '--output', 'pretty']);
    expect(run.stdout).toContain('Connected again once after 1 lost connection.');
    expect(run.stdout).not.toContain('waiting to connect again');
  });

  it('a resume recipe asks for what follows the last record', async () => {
    const words = ['--resume-field', 'seq', '--resume-query', 'after', '--reconnect-wait', '1ms'];
    const run = await cli(['inspect', `${addresses.plain}/records`, ...words, '--output', 'summary']);
    expect(run.code).toBe(0);
    const [summary] = lines(run.stdout);
    expect(summary).toMatchObject({ frameKinds: { record: 4, incomplete: 1 }, ending: { kind: 'complete' } });
    expect(summary?.['connections']).toMatchObject([{ ending: { kind: 'cut' } }, { resumedFrom: '4', status: 200 }]);
  });

  it.each([
    ['that reconnected', ['/events', '--cut-after', '2', '--reconnect-wait', '1ms', '--reconnect-attempts', '1']],
    ['that is coded', ['/coded', '--compressed']],
    [
      'of records that was resumed',
      ['/records', '--resume-field', 'seq', '--resume-query', 'after', '--reconnect-wait', '1ms'],
    ],
  ])('a recording %s tells the same again', async (_name, [at = '', ...words]) => {
    const url = `${addresses.plain}${at}`;
    const recorded = await cli(['record', url, ...words]);
    const id = recorded.stdout.trim();
    const summaryOf = async (target: readonly string[]): Promise<Readonly<Record<string, unknown>>> => {
      const [summary = {}] = lines((await cli(['inspect', ...target, '--output', 'summary'])).stdout);
      return summary;
    };
    const [live, again] = [await summaryOf([url, ...words]), await summaryOf([id])];
    const steady = ({
      timing: _t,
      target: _n,
      chunks: _c,
      connections: _k,
      ending,
      ...others
    }: typeof live): object => ({
      ...others,
      ending: (ending as { readonly code: string }).code,
    });
    expect(steady(again)).toEqual(steady(live));
    expect(Array.isArray(again['connections'])).toBe(Array.isArray(live['connections']));
    const shown = await cli(['show', id]);
    expect(shown.code).toBe(0);
  });

  it('--compressed counts the bytes on the wire and those of the body apart', async () => {
    const { stdout } = await cli(['inspect', `${addresses.plain}/coded`, '--compressed', '--output', 'summary']);
    const { bytes, frames } = lines(stdout)[0] as { bytes: { wire: number; body: number }; frames: number };
    expect([bytes.body, frames]).toEqual([4_000, 500]);
    expect(bytes.wire).toBeLessThan(1_000);
  });
});
