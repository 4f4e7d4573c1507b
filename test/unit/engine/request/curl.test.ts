import { describe, expect, it } from 'vitest';
import { parseCurl } from '../../../../src/engine/request/curl.ts';
import type { RequestSpec } from '../../../../src/shared/request.ts';

function parsed(text: string): { request: RequestSpec; notes: readonly string[] } {
  const result = parseCurl(text);
  if (!result.ok) throw new Error(result.failure.message);
  return result;
}

const requestOf = (text: string): RequestSpec => parsed(text).request;

describe('cURL written for bash', () => {
  it('reads the shortest command', () => {
    const { request, notes } = parsed('curl https://api.example.com/v1/stream');
    expect(request).toMatchObject({
      method: 'GET',
      url: 'https://api.example.com/v1/stream',
      headers: [],
      body: { kind: 'none' },
      auth: { kind: 'none' },
      options: { followRedirects: false, insecureTls: false, compressed: false, connectTimeoutMillis: 30_000 },
    });
    expect(notes).toEqual([]);
  });

  it("reads Chrome's form: continued lines, $'…' with \\u escapes, --data-raw, no -X", () => {
    const { request, notes } = parsed(
      [
        `curl 'https://chat.example.com/backend/conversation?model=a&stream=1' \\`,
        `  -H 'accept: text/event-stream' \\`,
        `  -H 'accept-language: de-DE,de;q=0.9' \\`,
        `  -H 'content-type: application/json' \\`,
        `  -b 'session=abc; theme=dark' \\`,
        `  -H 'sec-ch-ua: "Chromium";v="130", "Not?A_Brand";v="99"' \\`,
        `  --data-raw $'{"text":"it\\'s \\u0021 \\ud83d\\ude00\\n\\xc3\\xa9"}' \\`,
        `  --compressed`,
      ].join('\n'),
    );
    expect(request.method).toBe('POST');
    expect(request.url).toBe('https://chat.example.com/backend/conversation?model=a&stream=1');
    expect(request.headers).toEqual([
      ['accept', 'text/event-stream'],
      ['accept-language', 'de-DE,de;q=0.9'],
      ['content-type', 'application/json'],
      ['Cookie', 'session=abc; theme=dark'],
      ['sec-ch-ua', '"Chromium";v="130", "Not?A_Brand";v="99"'],
    ]);
    expect(request.body).toEqual({ kind: 'text', text: '{"text":"it\'s ! 😀\né"}' });
    expect(request.options.compressed).toBe(true);
    expect(notes).toEqual([]);
  });

  it('keeps a shell variable visible and says so', () => {
    const { request, notes } = parsed(
      `curl https://api.example.com/v1/chat -H "Authorization: Bearer $API_KEY" -d '{"cost":"$5"}' -H 'content-type: application/json'`,
    );
    expect(request.headers[0]).toEqual(['Authorization', 'Bearer $API_KEY']);
    expect(request.body).toEqual({ kind: 'text', text: '{"cost":"$5"}' });
    expect(notes).toEqual(['$API_KEY is a shell variable: put in its value.']);
  });

  it('takes joined short options and values with and without a space', () => {
    const request = requestOf('curl -sSNkLXPUT -H"X-One: 1" -mtwo --max-time=2.5 -uann:s:3 https://example.com');
    expect(request).toMatchObject({
      method: 'PUT',
      headers: [['X-One', '1']],
      auth: { kind: 'basic', username: 'ann', password: 's:3' },
      options: { insecureTls: true, followRedirects: true, maxTimeMillis: 2500 },
    });
    expect(parsed('curl -mtwo https://example.com').notes).toEqual(['-m takes seconds, not "two"; it was left out.']);
  });

  it.each([
    ['-d a=1 -d b=2', 'POST', 'a=1&b=2', 'application/x-www-form-urlencoded'],
    [`--json '{"a":' --json '1}'`, 'POST', '{"a":1}', 'application/json'],
    [
      `--data-urlencode 'q=a b&c' --data-urlencode 'é!'`,
      'POST',
      'q=a+b%26c&%C3%A9%21',
      'application/x-www-form-urlencoded',
    ],
    [`-X PATCH --data-binary $'line\\n'`, 'PATCH', 'line\n', 'application/x-www-form-urlencoded'],
    [`--data-raw @notafile`, 'POST', '@notafile', 'application/x-www-form-urlencoded'],
  ])('reads the data of %s', (options, method, text, contentType) => {
    const request = requestOf(`curl ${options} https://example.com/`);
    expect(request.method).toBe(method);
    expect(request.body).toEqual({ kind: 'text', text });
    expect(request.headers).toContainEqual(['Content-Type', contentType]);
  });

  it('moves data into the query with -G, before the fragment', () => {
    const request = requestOf(`curl -G 'https://example.com/s?x=1#top' -d a=1 --data-urlencode 'q=é'`);
    expect(request).toMatchObject({ method: 'GET', url: 'https://example.com/s?x=1&a=1&q=%C3%A9#top', headers: [] });
    expect(request.body).toEqual({ kind: 'none' });
  });

  it('reads a form part by part; a file waits to be chosen', () => {
    const { request, notes } = parsed(
      `curl https://example.com -F 'a="x;y"' -F 'b={"k":1};type=application/json' -F 'c= d;filename="e\\"f"' --form-string 'g=@h;type=i' -F 'j=@dir/photo.PNG' -F 'k=<note.txt;type=text/x; charset=u'`,
    );
    expect(request.method).toBe('POST');
    expect(request.headers).toEqual([]);
    const empty = { kind: 'bytes', bytes: new Uint8Array(0) };
    expect(request.body).toEqual({
      kind: 'multipart',
      parts: [
        { name: 'a', content: { kind: 'text', text: 'x;y' } },
        { name: 'b', content: { kind: 'text', text: '{"k":1}' }, contentType: 'application/json' },
        { name: 'c', content: { kind: 'text', text: 'd' }, fileName: 'e"f' },
        { name: 'g', content: { kind: 'text', text: '@h;type=i' } },
        { name: 'j', content: empty, fileName: 'photo.PNG', contentType: 'image/png' },
        { name: 'k', content: empty, contentType: 'text/x; charset=u' },
      ],
    });
    expect(notes).toEqual([
      expect.stringMatching(/field "j" .* "dir\/photo\.PNG".*choose the file/),
      expect.stringMatching(/field "k" .* "note\.txt"/),
    ]);
  });

  it('reads the files that it names where there is somebody to read them', () => {
    const contents: Readonly<Record<string, string>> = {
      'body.json': '{"a":\n1}\n',
      'field.txt': 'a b&c',
      'ca.pem': 'CA',
      'me.pem': 'CERTIFICATE',
      'me.key': 'KEY',
      'cookies.txt': 'a.test\tFALSE\t/\tFALSE\t0\tn\tv',
      'headers.txt': 'X-A: 1\r\nX-B: 2\n',
    };
    const files = {
      read: (name: string) => new TextEncoder().encode(contents[name] ?? ''),
      pathOf: (name: string) => `/abs/${name}`,
    };
    const read = (line: string): RequestSpec => {
      const result = parseCurl(`curl https://e.com ${line}`, files);
      if (!result.ok) throw new Error(result.failure.message);
      expect(result.notes).toEqual([]);
      return result.request;
    };
    expect(read('-d @body.json').body).toEqual({ kind: 'text', text: '{"a":1}' });
    expect(read('--data-binary @body.json').body).toEqual({ kind: 'text', text: '{"a":\n1}\n' });
    expect(read('--data-urlencode q@field.txt').body).toEqual({ kind: 'text', text: 'q=a+b%26c' });
    expect(read('-T up.bin')).toMatchObject({ method: 'PUT', body: { kind: 'file', path: '/abs/up.bin' } });
    expect(read('-F f=@up.bin').body).toEqual({
      kind: 'multipart',
      parts: [
        {
          name: 'f',
          content: { kind: 'file', path: '/abs/up.bin' },
          fileName: 'up.bin',
          contentType: 'application/octet-stream',
        },
      ],
    });
    expect(read('-H @headers.txt').headers).toEqual([
      ['X-A', '1'],
      ['X-B', '2'],
    ]);
    expect(read('--cacert ca.pem -E me.pem:pw --key me.key -b cookies.txt').options).toMatchObject({
      caPem: 'CA',
      clientCertificate: { certificatePem: 'CERTIFICATE', keyPem: 'KEY', passphrase: 'pw' },
      cookieFileText: contents['cookies.txt'],
      keepCookies: true,
    });
  });

  it.each([
    ['-x proxy:8080', { proxy: { kind: 'url', url: 'http://proxy:8080' } }],
    ['-x http://a:b@proxy -U "c:d e"', { proxy: { kind: 'url', url: 'http://c:d%20e@proxy' } }],
    ['-x http://proxy --noproxy a.test', { proxy: { kind: 'url', url: 'http://proxy', noProxy: 'a.test' } }],
    [`--noproxy '*'`, { proxy: { kind: 'none' } }],
    [`-x ''`, { proxy: { kind: 'none' } }],
    ['--http2', { httpVersion: 'auto' }],
    ['--http2-prior-knowledge', { httpVersion: '2' }],
    ['--http1.1', { httpVersion: '1.1' }],
    ['--unix-socket /run/x.sock', { unixSocketPath: '/run/x.sock' }],
    [`-b ''`, { keepCookies: true }],
    ['-c jar.txt', { keepCookies: true }],
  ])('reads how a request is carried: %s', (words, options) => {
    const { request, notes } = parsed(`curl https://e.com ${words}`);
    expect(notes).toEqual([]);
    expect(request.options).toMatchObject(options);
  });

  it('follows curl in which headers are sent, emptied and left out', () => {
    const request = requestOf(
      `curl https://example.com -H 'X-Empty;' -H 'Accept:' -H 'Content-Type:' -A 'me/1' -e 'https://a.example;auto' -r 0-99 --json '{}'`,
    );
    expect(request.headers).toEqual([
      ['X-Empty', ''],
      ['User-Agent', 'me/1'],
      ['Referer', 'https://a.example'],
      ['Range', 'bytes=0-99'],
    ]);
  });

  it.each([
    ['curl -I https://e.com', 'HEAD'],
    ['curl --head https://e.com', 'HEAD'],
    ['curl -T f.bin https://e.com', 'PUT'],
    ['curl -X DELETE --url https://e.com', 'DELETE'],
  ])('%s has the method %s', (text, method) => {
    expect(requestOf(text).method).toBe(method);
  });

  it('says what cannot be carried over', () => {
    const { notes, request } = parsed(
      `curl --http3 --socks5 p:1 --cacert ca.pem -d @body.json --cert me.pem --frobnicate -o out.txt https://a.example https://b.example | jq .`,
    );
    expect(request.url).toBe('https://a.example');
    expect(notes.join('\n')).toMatch(/"\|" was left out/);
    for (const word of [
      '--http3',
      '--socks5',
      '"ca.pem"',
      '"body.json"',
      '"me.pem"',
      '--frobnicate',
      'https://b.example',
    ]) {
      expect(notes.some((note) => note.includes(word))).toBe(true);
    }
  });

  it('is kind to what people paste', () => {
    // A prompt, a URL that lost its quotes and its scheme, a space after a backslash, lines without backslashes.
    const { request, notes } = parsed(
      '$ curl localhost:4010/v1/orders/stream?n=5&delayMs=10 \\ \n  -H "A: 1"\n  -H "B: 2"\n',
    );
    expect(request.url).toBe('http://localhost:4010/v1/orders/stream?n=5&delayMs=10');
    expect(request.headers).toEqual([
      ['A', '1'],
      ['B', '2'],
    ]);
    expect(notes).toEqual(['The URL has no scheme: http:// was put before it, as curl does.']);
    expect(requestOf('KEY=1 time /usr/bin/curl.exe https://e.com # why').url).toBe('https://e.com');
    expect(requestOf('curl https://e.com 2>/dev/null').url).toBe('https://e.com');
    expect(parsed('curl https://e.com\necho done').notes).toEqual([
      'Only the first command was read; the lines after it were left out.',
    ]);
  });

  it.each([
    ['curl', 'no URL'],
    ['curl -H "a: b', 'double quote'],
    ["curl 'https://e.com", 'single quote'],
    ["curl $'abc", "$' quote"],
    ['wget https://e.com', 'neither a cURL command nor a fetch call'],
    ['Invoke-WebRequest -Uri "https://e.com"', 'PowerShell'],
    ['', 'neither'],
    ['https://curl.se/docs', 'neither'],
    ['prefetch("https://e.com")', 'neither'],
    ['cache.fetch("https://e.com")', 'neither'],
  ])('refuses %j with a sentence', (text, words) => {
    const result = parseCurl(text);
    expect(result).toMatchObject({ ok: false, failure: { code: 'request/unreadable-paste' } });
    expect(result.ok ? '' : result.failure.message).toContain(words);
  });

  it('refuses a URL that is not http', () => {
    expect(parseCurl('curl ftp://example.com/f')).toMatchObject({
      ok: false,
      failure: { code: 'request/invalid-url' },
    });
    expect(parseCurl('curl "https://"')).toMatchObject({ ok: false, failure: { code: 'request/invalid-url' } });
    expect(requestOf('curl {{base}}/v1').url).toBe('{{base}}/v1');
  });
});

describe('cURL written for the Windows command prompt', () => {
  it("reads Chrome's form with carets before quotes", () => {
    const request = requestOf(
      [
        'curl ^"https://api.example.com/v1/chat?a=1^&b=^%^20x^" ^',
        '  -X ^"POST^" ^',
        '  -H ^"content-type: application/json^" ^',
        '  --data-raw ^"^{^\\^"text^\\^":^\\^"50^% ^^ off ^& C:^\\^\\dir^\\^"^}^"',
      ].join('\r\n'),
    );
    expect(request.url).toBe('https://api.example.com/v1/chat?a=1&b=%20x');
    expect(request.method).toBe('POST');
    expect(request.headers).toEqual([['content-type', 'application/json']]);
    expect(request.body).toEqual({ kind: 'text', text: '{"text":"50% ^ off & C:\\\\dir"}' });
  });

  it('reads plain double quotes, backslash quotes and a line break in data', () => {
    const request = requestOf(
      'curl "https://example.com/x?a=1&b=2" ^\n  -H "x: a ^ b" ^\n  --data-raw ^"one^\n\ntwo \\"q\\"^"',
    );
    expect(request.url).toBe('https://example.com/x?a=1&b=2');
    expect(request.headers[0]).toEqual(['x', 'a ^ b']);
    expect(request.body).toEqual({ kind: 'text', text: 'one\ntwo "q"' });
  });
});

describe('fetch snippets', () => {
  it("reads Chrome's form", () => {
    const { request, notes } = parsed(
      [
        'fetch("https://api.example.com/v1/stream", {',
        '  "headers": { "accept": "*/*", "content-type": "application/json" },',
        '  "referrer": "https://app.example.com/",',
        '  "body": "{\\"q\\":\\"caf\\u00e9 \\\\ud83d\\"}",',
        '  "method": "POST",',
        '  "mode": "cors",',
        '  "credentials": "include"',
        '});',
      ].join('\n'),
    );
    expect(request).toMatchObject({
      method: 'POST',
      url: 'https://api.example.com/v1/stream',
      headers: [
        ['accept', '*/*'],
        ['content-type', 'application/json'],
        ['Referer', 'https://app.example.com/'],
      ],
      body: { kind: 'text', text: '{"q":"café \\ud83d"}' },
      options: { followRedirects: true },
    });
    expect(notes).toEqual([expect.stringContaining('cookies')]);
  });

  it('reads code that people wrote, without running it', () => {
    const { request, notes } = parsed(`
      const response = await fetch(\`https://api.example.com/\${path}\`, {
        method: 'post', // start
        headers: new Headers({ Authorization: 'Bearer ' + token, 'X-N': 3 }),
        body: JSON.stringify({ stream: true, n: 1_000, "__proto__": 1, messages: [{ role: 'user', content: 'Hi' }], prompt, skip: undefined, }),
        redirect: 'manual',
        signal: controller.signal,
      });`);
    expect(request.url).toBe('https://api.example.com/${path}');
    expect(request.method).toBe('POST');
    expect(request.headers.slice(0, 2)).toEqual([
      ['Authorization', 'Bearer ${token}'],
      ['X-N', '3'],
    ]);
    expect(request.body).toEqual({
      kind: 'text',
      text: '{"stream":true,"n":1000,"__proto__":1,"messages":[{"role":"user","content":"Hi"}],"prompt":"${prompt}"}',
    });
    expect(request.options.followRedirects).toBe(false);
    expect(notes).toEqual(
      expect.arrayContaining([expect.stringContaining('${path}'), expect.stringContaining('${token}')]),
    );
  });

  it('reads a bare call, header pairs and form parameters', () => {
    expect(requestOf("fetch('https://e.com/x')")).toMatchObject({ method: 'GET', url: 'https://e.com/x' });
    const form = requestOf(
      `fetch(new URL("https://e.com"), { method: "POST", headers: [["a", "1"]], body: new URLSearchParams({ q: "a b", n: 2 }) })`,
    );
    expect(form.body).toEqual({ kind: 'text', text: 'q=a+b&n=2' });
    expect(form.headers).toEqual([
      ['a', '1'],
      ['Content-Type', 'application/x-www-form-urlencoded;charset=UTF-8'],
    ]);
  });

  it.each([
    ['fetch("/api/stream")', 'relative'],
    ['fetch(url, {})', 'not written out'],
    ['fetch("https://e.com", {"a": "', 'never closed'],
    ['fetch("https://e.com", {', 'missing'],
    [`fetch("https://e.com", ${'['.repeat(5_000)})`, 'nested deeper'],
  ])('refuses %.40s with a sentence', (text, words) => {
    const result = parseCurl(text);
    expect(result.ok ? '' : result.failure.message).toContain(words);
  });
});
