import { describe, expect, it } from 'vitest';
import { judgeStatus, judgeStreamHead } from '../../../../src/engine/diagnostics/headRules.ts';
import { headerValue, mediaType } from '../../../../src/shared/headerValue.ts';
import type { ResponseHead } from '../../../../src/shared/recording.ts';

function head(headers: readonly (readonly [string, string])[], over: Partial<ResponseHead> = {}): ResponseHead {
  return { status: 200, statusText: 'OK', httpVersion: '1.1', headers, atMicros: 0, ...over };
}

const healthy = [
  ['Content-Type', 'text/event-stream'],
  ['Cache-Control', 'no-cache'],
] as const;

const codes = (findings: readonly { readonly code: string }[]): string[] => findings.map(({ code }) => code);

describe('rules of the response head', () => {
  it('find nothing in a healthy stream', () => {
    expect(judgeStatus(head(healthy))).toEqual([]);
    expect(judgeStreamHead(head(healthy), 'sse')).toEqual([]);
    expect(judgeStreamHead(head([['Content-Type', 'application/x-ndjson']]), 'ndjson')).toEqual([]);
    expect(judgeStreamHead(head([...healthy, ['Cache-Control', 'no-store, no-transform']]), 'sse')).toEqual([]);
    expect(
      judgeStreamHead(
        head([
          ['Content-Type', 'text/event-stream; charset=UTF-8'],
          ['Cache-Control', 'private, no-cache'],
        ]),
        'sse',
      ),
    ).toEqual([]);
  });

  it('say nothing about what is no stream', () => {
    expect(
      judgeStreamHead(
        head([
          ['Content-Encoding', 'gzip'],
          ['Content-Length', '9'],
        ]),
        'json',
      ),
    ).toEqual([]);
    expect(judgeStreamHead(head([], { status: 500 }), 'sse')).toEqual([]);
  });

  it.each([
    ['head/sse-cacheable', [['Cache-Control', 'max-age=60']], {}],
    ['head/compressed-stream', [...healthy, ['Content-Encoding', 'gzip']], {}],
    ['head/content-length-on-stream', [...healthy, ['Content-Length', '100']], {}],
    [
      'head/charset-ignored',
      [
        ['Content-Type', 'text/event-stream;charset=iso-8859-1'],
        ['Cache-Control', 'no-cache'],
      ],
      {},
    ],
    ['head/http1.0-stream', healthy, { httpVersion: '1.0' }],
    ['head/accel-buffering-missing', [...healthy, ['Server', 'nginx/1.22']], {}],
  ] as const)('%s fires', (code, headers, over) => {
    expect(codes(judgeStreamHead(head(headers, over), 'sse'))).toEqual([code]);
  });

  it('http/status fires from 400 on', () => {
    expect(codes(judgeStatus(head([], { status: 404 })))).toEqual(['http/status']);
    expect(judgeStatus(head([], { status: 399 }))).toEqual([]);
  });
});

describe('header values', () => {
  it('are found in any case and joined', () => {
    expect(
      headerValue(
        [
          ['X-A', '1'],
          ['x-a', '2'],
        ],
        'X-a',
      ),
    ).toBe('1, 2');
    expect(headerValue([], 'x')).toBeNull();
    expect(mediaType(' Text/Event-Stream ; charset=x')).toBe('text/event-stream');
    expect(mediaType('')).toBeNull();
  });
});
