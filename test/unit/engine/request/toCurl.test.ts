import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCurl } from '../../../../src/engine/request/curl.ts';
import { shellQuote } from '../../../../src/engine/request/shellQuote.ts';
import { toCurl } from '../../../../src/engine/request/toCurl.ts';
import { defaultRequestOptions, type RequestSpec } from '../../../../src/shared/request.ts';

const plain: RequestSpec = {
  method: 'GET',
  url: 'https://example.com/v1?a=1',
  headers: [],
  body: { kind: 'none' },
  auth: { kind: 'none' },
  options: defaultRequestOptions,
};

describe('toCurl', () => {
  it('writes one option a line', () => {
    expect(
      toCurl({
        ...plain,
        headers: [
          ['Content-Type', 'application/json'],
          ['X-Empty', ''],
        ],
        body: { kind: 'text', text: `{"a":"it's"}` },
        auth: { kind: 'bearer', token: 't' },
        method: 'POST',
        options: { ...defaultRequestOptions, compressed: true, maxTimeMillis: 1500 },
      }),
    ).toBe(
      [
        `curl -N 'https://example.com/v1?a=1'`,
        `-H 'Content-Type: application/json'`,
        `-H 'X-Empty;'`,
        `-H 'Authorization: Bearer t'`,
        '-L',
        '--compressed',
        '--max-time 1.5',
        `--data-raw '{"a":"it'\\''s"}'`,
      ].join(' \\\n  '),
    );
  });

  it('sends bytes that are no text through standard input, and no content type that was not asked for', () => {
    const bytes = Uint8Array.of(0, 255, 39);
    const command = toCurl({ ...plain, method: 'PUT', body: { kind: 'bytes', bytes } });
    expect(command).toMatch(/^printf '\\000\\377\\047' \| curl /);
    expect(command).toContain('-H Content-Type:');
    expect(command).toContain('--data-binary @-');
  });

  it('keeps curl from reading patterns and options out of a URL', () => {
    expect(toCurl({ ...plain, url: 'https://e.com/[1-3]{a,b}' })).toContain(`-g 'https://e.com/[1-3]{a,b}'`);
    expect(toCurl({ ...plain, url: '-o/etc/passwd' })).toContain('--url -o/etc/passwd');
    expect(toCurl({ ...plain, method: 'HEAD' })).toContain('-I');
  });

  it('is read back as the same request', () => {
    const token = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,12}$/);
    const value = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }).map((text) => `v${text}v`);
    fc.assert(
      fc.property(
        fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
        fc.array(fc.tuple(token, value), { maxLength: 4 }),
        fc.option(fc.string({ unit: 'binary', maxLength: 80 }).filter((text) => !/[\0\ud800-\udfff]/u.test(text))),
        fc.boolean(),
        (method, headers, text, followRedirects) => {
          const named = text === null ? headers : [...headers, ['Content-Type', 'text/plain'] as const];
          const request: RequestSpec = {
            ...plain,
            method,
            headers: named,
            body: text === null ? { kind: 'none' } : { kind: 'text', text },
            options: { ...defaultRequestOptions, followRedirects },
          };
          const back = parseCurl(toCurl(request));
          expect(back).toEqual({ ok: true, request, notes: [] });
        },
      ),
      { numRuns: 300 },
    );
  });

  it('writes how the request is carried, and reads it back', () => {
    const request: RequestSpec = {
      ...plain,
      options: {
        ...defaultRequestOptions,
        httpVersion: '2',
        proxy: { kind: 'url', url: 'http://ann:p%20w@proxy.test:3128', noProxy: 'a.test,10.0.0.0/8' },
        unixSocketPath: "/run/it's.sock",
        keepCookies: true,
      },
    };
    expect(parseCurl(toCurl(request))).toEqual({ ok: true, request, notes: [] });
    for (const options of [{ httpVersion: '1.1' }, { proxy: { kind: 'none' } }] as const) {
      const other: RequestSpec = { ...plain, options: { ...defaultRequestOptions, ...options } };
      expect(parseCurl(toCurl(other))).toEqual({ ok: true, request: other, notes: [] });
    }
  });

  it('writes a form that is read back as the same one', () => {
    const part = fc.record(
      {
        name: fc.stringMatching(/^[a-z"\\; é]{1,8}$/),
        content: fc
          .string({ unit: 'grapheme', maxLength: 20 })
          .filter((text) => !text.includes('\0'))
          .map((text) => ({ kind: 'text', text }) as const),
        contentType: fc.constantFrom('text/plain', 'text/html; charset=utf-8'),
      },
      { requiredKeys: ['name', 'content'] },
    );
    const named = fc.record({
      name: fc.constant('file'),
      content: fc
        .string({ maxLength: 20 })
        .map((text) => ({ kind: 'text', text: `x${text.replaceAll('\0', '')}` }) as const),
      contentType: fc.constant('text/csv'),
      fileName: fc.stringMatching(/^[a-z"\\;, =]{1,12}$/),
    });
    fc.assert(
      fc.property(fc.array(fc.oneof(part, named), { minLength: 1, maxLength: 4 }), (parts) => {
        const request: RequestSpec = { ...plain, method: 'POST', body: { kind: 'multipart', parts } };
        expect(parseCurl(toCurl(request))).toEqual({ ok: true, request, notes: [] });
      }),
      { numRuns: 200 },
    );
  });
});

describe('shellQuote', () => {
  it('is one word with the same contents for bash', () => {
    const samples = [
      `it's`,
      '$(touch x) `y` $HOME !! "q" \\ \\n',
      'a\nb\tc',
      '\u001b[31mred\u0007',
      '-n',
      '~',
      '=x',
      '',
      '*?[a]{b,c}',
      'é 漢字 👩‍👩‍👧',
      '\u001bA',
      '#no',
    ];
    const script = `printf '%s\\0' ${samples.map(shellQuote).join(' ')}`;
    const env = { ...process.env, LC_ALL: 'C.UTF-8' };
    expect(execFileSync('bash', ['-c', script], { encoding: 'utf8', env }).split('\0').slice(0, -1)).toEqual(samples);
  });

  it('shows no control character to the terminal it is pasted into', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(shellQuote(text)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
      }),
    );
  });
});
