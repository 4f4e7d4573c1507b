import { describe, expect, it } from 'vitest';
import {
  draftOf,
  emptyDraft,
  headerRow,
  headersFromText,
  isPastedRequest,
  missingScheme,
  sentRows,
  specOf,
  urlPieces,
} from '../../../../src/renderer/state/requestDraft.ts';
import { defaultRequestOptions, type RequestSpec } from '../../../../src/shared/request.ts';

const request: RequestSpec = {
  method: 'POST',
  url: 'https://api.example.com/v1',
  headers: [
    ['Content-Type', 'application/json'],
    ['X-Twice', '1'],
    ['X-Twice', '2'],
  ],
  body: { kind: 'text', text: '{"a":1}' },
  auth: { kind: 'basic', username: 'u', password: 'p' },
  options: { ...defaultRequestOptions, maxTimeMillis: 5_000 },
};

describe('a draft', () => {
  it('keeps a form and how the request is carried', () => {
    const form: RequestSpec = {
      ...request,
      body: {
        kind: 'multipart',
        parts: [
          { name: 'a', content: { kind: 'text', text: '1' } },
          { name: 'b', content: { kind: 'bytes', bytes: Uint8Array.of(1, 2) }, fileName: 'b.bin', contentType: 'a/b' },
        ],
      },
      options: {
        ...defaultRequestOptions,
        proxy: { kind: 'url', url: 'http://p:1' },
        unixSocketPath: '/x',
        keepCookies: true,
      },
    };
    expect(specOf(draftOf(form))).toEqual(form);
  });

  it('names no file of this machine: one of the command line is to be chosen again', () => {
    const content = { kind: 'file', path: '/home/ann/a.csv' } as const;
    const form = draftOf({ ...request, body: { kind: 'multipart', parts: [{ name: 'f', content }] } });
    expect(form.formRows[0]?.file).toEqual({ name: 'a.csv', bytes: new Uint8Array(0) });
    const whole = draftOf({ ...request, body: content });
    expect(whole).toMatchObject({ bodyKind: 'bytes', bodyFileName: 'a.csv' });
    expect(JSON.stringify([specOf(form), specOf(whole)])).not.toContain('/home/ann');
  });

  it('sends exactly the request it was made from', () => {
    expect(specOf(draftOf(request))).toEqual(request);
    const bytes: RequestSpec = { ...request, headers: [], body: { kind: 'bytes', bytes: Uint8Array.of(0, 255) } };
    expect(specOf(draftOf(bytes))).toEqual(bytes);
  });

  it('adds no content type to a pasted JSON body that had none', () => {
    const bare: RequestSpec = { ...request, headers: [] };
    expect(draftOf(bare).bodyKind).toBe('text');
    expect(specOf(draftOf(bare))).toEqual(bare);
  });

  it('adds the content type of JSON unless a header that is sent says other', () => {
    const json = { ...emptyDraft, bodyKind: 'json' as const, bodyText: '{}' };
    expect(sentRows(json)).toEqual([['Content-Type', 'application/json']]);
    const own = headerRow('content-TYPE', 'application/x-ndjson');
    expect(sentRows({ ...json, headers: [own] })).toEqual([['content-TYPE', 'application/x-ndjson']]);
    expect(sentRows({ ...json, headers: [{ ...own, on: false }] })).toEqual([['Content-Type', 'application/json']]);
  });

  it('leaves out lines that are off or have no name', () => {
    const headers = [headerRow('A', '1'), { ...headerRow('B', '2'), on: false }, headerRow('  ', '3')];
    expect(sentRows({ ...emptyDraft, headers })).toEqual([['A', '1']]);
  });

  it('keeps what a switch hides out of the request', () => {
    const draft = { ...draftOf(request), bodyKind: 'none' as const, authKind: 'none' as const };
    expect(specOf(draft)).toMatchObject({ body: { kind: 'none' }, auth: { kind: 'none' } });
    expect(draft.bodyText).toBe('{"a":1}');
  });
});

describe('pasted text', () => {
  it.each(['curl https://x', '  $ curl -N x', 'curl.exe "x"', 'fetch("https://x", {})', 'await fetch ("x")'])(
    'takes %s for a request',
    (text) => {
      expect(isPastedRequest(text)).toBe(true);
    },
  );

  it.each(['https://curl.se/', 'curling', 'http://x/fetch(1)', ''])('takes %s for no request', (text) => {
    expect(isPastedRequest(text)).toBe(false);
  });

  it('reads header lines as browsers and servers write them', () => {
    const text = 'GET /x HTTP/1.1\r\nHost: a:80\r\n\r\n:authority: b\nX-Empty:\n  Accept : text/event-stream\nnonsense';
    expect(headersFromText(text).map(({ name, value }) => [name, value])).toEqual([
      ['Host', 'a:80'],
      ['X-Empty', ''],
      ['Accept', 'text/event-stream'],
    ]);
  });
});

describe('addresses', () => {
  it('set off the host', () => {
    expect(urlPieces('https://u:p@api.example.com:8443/a?b#c')).toEqual({
      before: 'https://u:p@',
      host: 'api.example.com:8443',
      after: '/a?b#c',
    });
    expect(urlPieces('api.example.com/a')).toBeNull();
    expect(urlPieces('https://')).toBeNull();
  });

  it.each([
    ['localhost:4010/x', 'http://'],
    ['127.0.0.2:4010', 'http://'],
    ['192.168.1.4/x', 'http://'],
    ['172.20.0.1', 'http://'],
    ['api.example.com/v1', 'https://'],
    ['172.217.0.1', 'https://'],
    ['http://x', null],
    ['ftp://x', null],
    ['  ', null],
  ])('offer for %s the scheme %s', (url, scheme) => {
    expect(missingScheme(url)).toBe(scheme);
  });
});
