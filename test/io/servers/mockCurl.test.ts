import { execFile, execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMockServer, type MockServer } from '../../../src/main/servers/mock/mockServer.ts';

const version = ((): string => {
  try {
    return execFileSync('curl', ['--version'], { encoding: 'utf8' });
  } catch {
    return '';
  }
})();
const missing = version === '' ? 'there is no curl' : null;
const withoutHttp2 = /\bHTTP2\b/.test(version) ? null : 'this curl has no HTTP/2';
const withoutBrotli = /\bbrotli\b/.test(version) ? null : 'this curl has no brotli';

const ways = {
  'HTTP/1.1': '--http1.1',
  'HTTP/1.1 over TLS': '--http1.1',
  'HTTP/2': '--http2-prior-knowledge',
  'HTTP/2 over TLS': '--http2',
} as const;
type Way = keyof typeof ways;

interface Witnessed {
  readonly fault: string;
  readonly way: Way;
  /**
   * How curl (manual, “EXIT CODES”) tells of it: 0 whole, 16 HTTP/2 framing, 18 partial file, 28 time, 35 TLS handshake,
   * 47 too many redirects, 52 empty answer, 56 receive, 60 certificate, 61 coding, 92 HTTP/2 stream; 1 and 8 for a
   * head that is none. Several: its versions differ.
   */
  readonly codes: readonly number[];
  readonly args?: readonly string[];
}

const row = (fault: string, way: Way, codes: readonly number[], args?: readonly string[]): Witnessed => ({
  fault,
  way,
  codes,
  ...(args === undefined ? {} : { args }),
});

const witnessed: readonly Witnessed[] = [
  row('', 'HTTP/1.1', [0]),
  row('', 'HTTP/2 over TLS', [0]),
  row('trailers', 'HTTP/1.1', [0]),
  row('tiny-chunks:1', 'HTTP/1.1', [0]),
  row('fin@frame:3', 'HTTP/1.1', [18]),
  row('fin@frame:3.5', 'HTTP/1.1', [18]),
  row('no-last-chunk', 'HTTP/1.1', [18]),
  row('short-body', 'HTTP/1.1', [18]),
  row('fin@frame:3', 'HTTP/1.1 over TLS', [18, 56]),
  row('tls-cut@frame:3', 'HTTP/1.1 over TLS', [18, 56]),
  row('fin@head', 'HTTP/1.1', [52]),
  row('reset@head', 'HTTP/1.1', [56]),
  row('reset@frame:3', 'HTTP/1.1', [56]),
  row('bad-chunk-size@frame:2', 'HTTP/1.1', [56]),
  row('chunk-overflow@frame:2', 'HTTP/1.1', [56]),
  row('icy', 'HTTP/1.1', [1, 8]),
  row('nul-header', 'HTTP/1.1', [8, 43, 56]),
  row('http-0.9', 'HTTP/1.1', [1, 8]),
  row('redirect-loop', 'HTTP/1.1', [47], ['--location', '--max-redirs', '5']),
  row('stall:0@frame:3', 'HTTP/1.1', [28], ['--max-time', '1']),
  row('slow-head:60000', 'HTTP/1.1', [28], ['--max-time', '1']),
  row('coding-corrupt:gzip@chunk:2', 'HTTP/1.1', [23, 61], ['--compressed']),
  row('coding-plain:gzip', 'HTTP/1.1', [23, 61], ['--compressed']),
  row('coding-plain:br', 'HTTP/1.1', [23, 61], ['--compressed']),
  row('tls-expired', 'HTTP/1.1 over TLS', [60], ['--location']),
  row('rst:PROTOCOL_ERROR@frame:3', 'HTTP/2', [92]),
  row('rst:5@frame:3', 'HTTP/2 over TLS', [92]),
  row('goaway@frame:3', 'HTTP/2', [16, 18, 56, 92]),
  row('fin@frame:3', 'HTTP/2', [16, 18, 52, 56, 92]),
  row('reset@frame:3', 'HTTP/2', [16, 56, 92]),
];

describe('what curl makes of the mock server’s faults', () => {
  let server: MockServer;

  beforeAll(async () => {
    server = createMockServer({ port: 0 });
    await server.start();
  });
  afterAll(() => server.stop());

  function exitCode({ fault, way, args = [] }: Witnessed): Promise<number> {
    const { address } = server.status();
    const origin = way.endsWith('TLS') ? address?.secureUrl : address?.url;
    const query = fault === '' ? '' : `&fault=${encodeURIComponent(fault)}`;
    const url = `${origin ?? ''}/v1/orders/stream?n=6&delayMs=0&error=none${query}`;
    // The certificates of the mock server are in no store; what is asked of one that is bad is asked of all.
    const trust = fault.startsWith('tls-') && !fault.startsWith('tls-cut') ? [] : ['--insecure'];
    const words = ['--silent', '--output', '/dev/null', '--max-time', '10', ways[way], ...trust, ...args, url];
    return new Promise((resolve) => {
      execFile('curl', words, (error) =>
        resolve(error === null ? 0 : typeof error.code === 'number' ? error.code : -1),
      );
    });
  }

  it.for(witnessed)('$fault over $way: $codes', async (each, { skip }) => {
    skip(missing !== null, missing ?? '');
    skip(withoutHttp2 !== null && each.way.startsWith('HTTP/2'), withoutHttp2 ?? '');
    skip(withoutBrotli !== null && each.fault.endsWith(':br'), withoutBrotli ?? '');
    expect(each.codes).toContain(await exitCode(each));
  });
});
