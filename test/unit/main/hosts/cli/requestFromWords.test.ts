import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readCommandLine } from '../../../../../src/main/hosts/cli/program.ts';
import { targetsFromWords } from '../../../../../src/main/hosts/cli/targetWords.ts';
import type { RequestSpec } from '../../../../../src/shared/request.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'streamscope-words-'));
const url = 'https://example.com/stream?a=1#part';

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, content: string | Uint8Array): string {
  const target = path.join(folder, name);
  writeFileSync(target, content);
  return target;
}

async function request(...words: string[]): Promise<RequestSpec> {
  const read = readCommandLine(['inspect', ...words], false, '0', () => undefined);
  if (read.command !== 'inspect') throw new Error('inspect was expected');
  const [target] = (await targetsFromWords(read.inspect.words)).targets;
  if (target?.kind !== 'request') throw new Error('a request was expected');
  return target.request;
}

describe('bodies as curl makes them', () => {
  it('joins data in the order of the command line, files without line ends, --data-raw with its @', async () => {
    const data = file('data.txt', 'b=2\r\n&c=3\n');
    const { method, body, headers } = await request(
      url,
      '--data-raw',
      '@x',
      '-d',
      `@${data}`,
      '--data-urlencode',
      'd=ä &',
      '--data-binary',
      'e\n',
    );
    expect(method).toBe('POST');
    expect(body).toEqual({ kind: 'text', text: '@x&b=2&c=3&d=%C3%A4+%26&e\n' });
    expect(headers).toEqual([['Content-Type', 'application/x-www-form-urlencoded']]);
  });

  it('keeps bytes that are no text', async () => {
    const bytes = Uint8Array.of(0xff, 0xfe, 0x41, 0x00);
    const name = file('bytes.bin', bytes);
    const exact = (await request(url, '--data-binary', `@${name}`)).body;
    expect(exact.kind === 'bytes' && [...exact.bytes]).toEqual([...bytes]);
    const joined = (await request(url, '-d', 'a', '-d', `@${name}`)).body;
    expect(joined.kind === 'bytes' && [...joined.bytes]).toEqual([0x61, 0x26, 0xff, 0xfe, 0x41]);
  });

  it('names a large file instead of reading it', async () => {
    const name = file('large.bin', new Uint8Array(9 * 1024 * 1024));
    expect((await request(url, '--data-binary', `@${name}`)).body).toEqual({ kind: 'file', path: name });
  });

  it('reads the parts of a form', async () => {
    const name = file('photo.png', Uint8Array.of(0x89, 0x50));
    const text = file('note.txt', 'hello');
    const { body } = await request(
      url,
      '-F',
      'plain=one;two',
      '-F',
      'typed={"a":1};type=application/json',
      '-F',
      'quoted="a;type=b";type=text/x; charset=utf-8',
      '-F',
      `photo=@${name};filename="my \\"best\\".png"`,
      '-F',
      `note=<${text}`,
      '--form-string',
      'raw=@not;type=x',
    );
    expect(body).toEqual({
      kind: 'multipart',
      parts: [
        { name: 'plain', content: { kind: 'text', text: 'one;two' } },
        { name: 'typed', content: { kind: 'text', text: '{"a":1}' }, contentType: 'application/json' },
        { name: 'quoted', content: { kind: 'text', text: 'a;type=b' }, contentType: 'text/x; charset=utf-8' },
        {
          name: 'photo',
          content: { kind: 'bytes', bytes: Buffer.of(0x89, 0x50) },
          fileName: 'my "best".png',
          contentType: 'image/png',
        },
        { name: 'note', content: { kind: 'text', text: 'hello' } },
        { name: 'raw', content: { kind: 'text', text: '@not;type=x' } },
      ],
    });
  });

  it('puts data into the address with -G, before its fragment', async () => {
    const got = await request(url, '-G', '-d', 'b=2', '--data-urlencode', 'q=x y');
    expect(got).toMatchObject({ method: 'GET', url: 'https://example.com/stream?a=1&b=2&q=x+y#part' });
    expect(got.body).toEqual({ kind: 'none' });
  });
});

describe('transport words', () => {
  it('become options of the request', async () => {
    const cert = file('cert.pem', 'CERT');
    const key = file('key.pem', 'KEY');
    const ca = file('ca.pem', 'CA');
    const cookies = file('cookies.txt', '# Netscape HTTP Cookie File\n');
    const { options } = await request(
      ...[url, '-L', '-k', '--compressed', '--cacert', ca, '--cert', `${cert}:phrase`, '--key', key],
      ...['-x', 'proxy.example:3128', '-U', 'me:p@ss', '--noproxy', 'localhost', '--unix-socket', '/run/x.sock'],
      ...['--http1.1', '--max-time', '2.5', '--connect-timeout', '300ms', '--headers-timeout', '1m'],
      ...['--max-bytes', '64k', '--max-frames', '7', '-b', cookies],
    );
    expect(options).toMatchObject({
      followRedirects: true,
      insecureTls: true,
      compressed: true,
      caPem: 'CA',
      clientCertificate: { certificatePem: 'CERT', keyPem: 'KEY', passphrase: 'phrase' },
      proxy: { kind: 'url', url: 'http://me:p%40ss@proxy.example:3128/', noProxy: 'localhost' },
      unixSocketPath: '/run/x.sock',
      httpVersion: '1.1',
      maxTimeMillis: 2_500,
      connectTimeoutMillis: 300,
      headersTimeoutMillis: 60_000,
      maxBytes: 65_536,
      maxFrames: 7,
      keepCookies: true,
      cookieFileText: '# Netscape HTTP Cookie File\n',
    });
  });

  it('asks for HTTP/2 with prior knowledge where there is no TLS to negotiate it', async () => {
    expect((await request('https://example.com', '--http2')).options.httpVersion).toBe('auto');
    expect((await request('http://example.com', '--http2')).options.httpVersion).toBe('2');
    expect((await request('https://example.com', '--http2-prior-knowledge')).options.httpVersion).toBe('2');
  });

  it('plans reconnections and resume recipes', async () => {
    expect((await request(url, '--reconnect', '--reconnect-wait', '2s')).options.reconnect).toEqual({
      kind: 'sse',
      attempts: 10,
      waitMillis: 2_000,
    });
    expect(
      (await request(url, '--resume-field', 'meta.id', '--resume-query', 'after', '--reconnect-attempts', '3')).options
        .reconnect,
    ).toEqual({ kind: 'records', attempts: 3, field: 'meta.id', into: 'query', name: 'after' });
    expect((await request(url, '--cut-after', '5')).options).toMatchObject({
      reconnect: { kind: 'sse' },
      cutAfterFrames: 5,
    });
  });

  it.each([
    [['--key', 'x'], '--cert'],
    [['-U', 'me:x'], '-x'],
    [['-x', 'socks5://x'], 'http://'],
    [['--resume-field', 'id'], '--resume-query'],
    [['--resume-query', 'id'], '--resume-field'],
    [['--reconnect-attempts', '2'], '--reconnect'],
    [['--http2', '--http1.1'], 'exclude'],
    [['-F', 'a=1', '-d', 'b'], 'exclude'],
    [['--json', '{}', '-d', 'b'], 'exclude'],
    [['--max-time', 'soon'], '800ms'],
    [['--max-bytes', '-1'], 'bytes'],
    [['-d', '@/no/such/file'], '/no/such/file'],
    [['-u', 'me'], 'user:password'],
    [['-H', 'nonsense'], 'Name: value'],
  ])('%j is refused and says %s', async (words, said) => {
    await expect(request(url, ...words)).rejects.toThrow(said);
  });
});

describe('headers', () => {
  it('given by hand win over what other words imply', async () => {
    const { headers } = await request(url, '-d', '{}', '-H', 'content-type: x/y', '-A', 'one', '-H', 'User-Agent: two');
    expect(headers).toEqual([
      ['content-type', 'x/y'],
      ['User-Agent', 'two'],
    ]);
  });

  it('are left out, sent empty, repeated and read from a file as with curl', async () => {
    const lines = file('headers.txt', 'X-One: 1\n\nX-Two: 2\r\n');
    const { headers } = await request(
      url,
      '-d',
      'a',
      '-H',
      'Content-Type:',
      '-H',
      'X-Empty;',
      '-H',
      `@${lines}`,
      '-H',
      'X-One: 3',
    );
    expect(headers).toEqual([
      ['X-Empty', ''],
      ['X-One', '1'],
      ['X-Two', '2'],
      ['X-One', '3'],
    ]);
  });
});

describe('a pasted command', () => {
  it('is changed by what is said beside it', async () => {
    const pasted = `curl 'https://example.com/v1' -H 'X-Kept: 1' -H 'X-Changed: old' -u me:secret --data-raw '{"a":1}' --compressed`;
    const changed = await request(
      '--curl',
      pasted,
      '-H',
      'X-Changed: new',
      '--json',
      '{"b":2}',
      '-k',
      '--max-time',
      '9',
    );
    expect(changed).toMatchObject({
      method: 'POST',
      url: 'https://example.com/v1',
      body: { kind: 'text', text: '{"b":2}' },
      auth: { kind: 'basic', username: 'me', password: 'secret' },
      options: { compressed: true, insecureTls: true, maxTimeMillis: 9_000 },
    });
    expect(changed.headers).toEqual([
      ['X-Kept', '1'],
      ['X-Changed', 'new'],
      ['Content-Type', 'application/json'],
      ['Accept', 'application/json'],
    ]);
  });

  it('stays what it is where nothing is said', async () => {
    const { body, headers } = await request('--curl', `curl https://example.com/v1 --data-raw 'a=1' -H 'A: b'`);
    expect(body).toEqual({ kind: 'text', text: 'a=1' });
    expect(headers).toContainEqual(['A', 'b']);
  });
});

describe('an environment', () => {
  const env = file(
    'local.env',
    '# places\nbase=https://example.com\nAPI_KEY="k-1 2"\nsecret:tenant=acme\nplain:TOKEN_COUNT=5\n',
  );

  it('fills what is not secret and leaves what is', async () => {
    const kept = await request(
      '{{base}}/{{tenant}}?n={{TOKEN_COUNT}}',
      ...['-H', 'X-Key: {{API_KEY}}', '-d', '{"n":{{ TOKEN_COUNT }}}', '--env', env],
    );
    expect(kept.url).toBe('https://example.com/{{tenant}}?n=5');
    expect(kept.headers[0]).toEqual(['X-Key', '{{API_KEY}}']);
    expect(kept.body).toEqual({ kind: 'text', text: '{"n":5}' });
  });

  it('may be JSON, where an entry says itself whether it is secret', async () => {
    const json = file(
      'env.json',
      '{"base":"http://x","n":5,"token":{"value":"t","secret":false},"who":{"value":"w","secret":true}}',
    );
    const kept = await request('{{base}}/{{n}}/{{token}}/{{who}}', '--env', json);
    expect(kept.url).toBe('http://x/5/t/{{who}}');
  });

  it.each([
    ['{{base}}/{{API_KEI}}', 'Did you mean {{API_KEY}}'],
    ['{{base}}/{{somethingElse}}', 'is not in the file'],
  ])('%s is refused: %s', async (address, said) => {
    await expect(request(address, '--env', env)).rejects.toThrow(said);
  });

  it('without one, braces are what they are', async () => {
    expect((await request('https://example.com/{{x}}')).url).toBe('https://example.com/{{x}}');
  });
});
