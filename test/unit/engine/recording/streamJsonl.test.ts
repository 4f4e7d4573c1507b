import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeEventLine,
  decodeHeaderLine,
  encodeEventLine,
  encodeHeaderLine,
  streamJsonlStart,
  type StreamJsonlEvent,
  type StreamJsonlHeader,
} from '../../../../src/engine/recording/streamJsonl.ts';
import { defaultRequestOptions } from '../../../../src/shared/request.ts';

const header: StreamJsonlHeader = {
  startedAt: Date.UTC(2026, 10, 21, 9),
  source: 'request',
  request: {
    method: 'POST',
    url: 'https://example.test/v1/chat',
    headers: [
      ['Content-Type', 'application/json'],
      ['X-Two', 'ä'],
    ],
    body: { kind: 'text', text: '{"stream":true}\n' },
    auth: { kind: 'basic', username: 'ann', password: '{{secret}}' },
    options: { ...defaultRequestOptions, maxBytes: 10 },
  },
  timesKnown: true,
  bordersKnown: true,
  redactions: [{ kind: 'header', count: 2 }],
};

const events: readonly StreamJsonlEvent[] = [
  { kind: 'mark', mark: { name: 'dns', atMicros: 0 } },
  {
    kind: 'mark',
    mark: {
      name: 'tls',
      atMicros: 3,
      facts: {
        tlsVersion: 'TLSv1.3',
        certificates: [{ subject: 'CN=a', issuer: 'CN=b', validFrom: '2026', validTo: '2027', fingerprint256: 'AA' }],
      },
    },
  },
  { kind: 'sent', atMicros: 4, headers: [['host', 'example.test']] },
  {
    kind: 'head',
    head: {
      status: 200,
      statusText: 'OK',
      httpVersion: '1.1',
      headers: [
        ['A', 'b'],
        ['a', 'c'],
      ],
      atMicros: 5,
    },
  },
  { kind: 'trailers', atMicros: 6, headers: [['X', 'y']] },
  { kind: 'note', atMicros: 7, text: 'here' },
  {
    kind: 'end',
    end: {
      ending: { kind: 'cut', code: 'end/reset', message: 'Reset.', offset: 4, atMicros: 8 },
      wireBytes: 4,
      chunks: 1,
      sha256: 'ab'.repeat(32),
    },
  },
  {
    kind: 'end',
    end: {
      ending: { kind: 'complete', code: 'end/complete', message: '', offset: null, atMicros: 8 },
      wireBytes: null,
      chunks: null,
      sha256: null,
    },
  },
];

describe('a line, encoded and decoded', () => {
  it('is the same header', () => {
    for (const request of [header.request, null]) {
      for (const timesKnown of [true, false]) {
        const line = encodeHeaderLine({ ...header, request, timesKnown });
        expect(line).toMatch(streamJsonlStart);
        expect(line.indexOf('\n')).toBe(line.length - 1);
        expect(decodeHeaderLine(line.trim())).toEqual({ ...header, request, timesKnown });
      }
    }
  });

  it('keeps bytes of a request body', () => {
    const request = { ...header.request!, body: { kind: 'bytes', bytes: Uint8Array.of(0, 255, 10) } } as const;
    expect(decodeHeaderLine(encodeHeaderLine({ ...header, request }))).toMatchObject({
      request: { body: request.body },
    });
  });

  it.each(events.map((event) => [event.kind, event] as const))('is the same %s', (_kind, event) => {
    expect(decodeEventLine(encodeEventLine(event).trim())).toEqual(event);
  });

  it('is the same chunk, whatever its bytes and its border', () => {
    const text = fc.string({ unit: 'binary' }).map((string) => new TextEncoder().encode(string));
    fc.assert(
      fc.property(
        fc.oneof(fc.uint8Array({ maxLength: 200 }), text),
        fc.nat(),
        fc.boolean(),
        (bytes, atMicros, continues) => {
          const line = encodeEventLine({ kind: 'chunk', atMicros, bytes, continues });
          expect(line.slice(0, -1)).not.toContain('\n');
          const decoded = decodeEventLine(line.trim());
          if (!('kind' in decoded) || decoded.kind !== 'chunk') throw new Error('no chunk');
          expect([decoded.atMicros, Buffer.from(decoded.bytes).toString('hex'), decoded.continues]).toEqual([
            atMicros,
            Buffer.from(bytes).toString('hex'),
            continues,
          ]);
          // And the text is the same again: a file that was read and written is the same file.
          expect(encodeEventLine(decoded)).toBe(line);
        },
      ),
    );
  });

  it('is readable text where the chunk is UTF-8 by itself, a BOM included, else base64', () => {
    const line = (bytes: Uint8Array): string =>
      encodeEventLine({ kind: 'chunk', atMicros: 1, bytes, continues: false });
    expect(line(new TextEncoder().encode('\uFEFFdata: ✓\n\n'))).toBe('[1,"c","\uFEFFdata: ✓\\n\\n"]\n');
    expect(line(Uint8Array.of(0xe2, 0x9c))).toBe('[1,"b","4pw="]\n');
  });
});

describe('the border of a chunk', () => {
  it('is the fourth element of its line, and only where it goes on with the chunk before', () => {
    const line = (continues: boolean): string =>
      encodeEventLine({ kind: 'chunk', atMicros: 1, bytes: new TextEncoder().encode('x'), continues });
    expect(line(true)).toBe('[1,"c","x",{"continues":true}]\n');
    expect(line(false)).toBe('[1,"c","x"]\n');
  });

  it('of another kind than is known here does not hide the chunk', () => {
    for (const border of ['7', 'null', '"x"', '{"continues":2}', '{"later":true}', '{"continues":true,"more":1},5']) {
      expect(decodeEventLine(`[1,"c","x",${border}]`)).toMatchObject({
        kind: 'chunk',
        continues: border.includes('true,'),
      });
    }
  });

  it('is not known in a file whose header does not say that it is', () => {
    const { bordersKnown: _, ...old } = JSON.parse(encodeHeaderLine(header)) as Record<string, unknown>;
    expect(decodeHeaderLine(JSON.stringify(old))).toMatchObject({ bordersKnown: false });
  });
});

describe('what cannot be read', () => {
  it.each([
    '',
    'x',
    '{}',
    '[]',
    '["a","c","x"]',
    '[1.5,"c","x"]',
    '[-1,"c","x"]',
    '[1,"c",7]',
    '[1,"b","a"]',
    '[1,"mark",{"name":"zz"}]',
    '[1,"head",{}]',
    '[1,"end",{"kind":"fine","code":"x"}]',
    '['.repeat(100_000),
  ])('line %# is malformed', (line) => {
    expect(decodeEventLine(line)).toMatchObject({ problem: 'malformed' });
  });

  it('is told apart from what a newer writer may add', () => {
    expect(decodeEventLine('[1,"hologram",{}]')).toMatchObject({ problem: 'unknown' });
    expect(decodeHeaderLine('{"format":"streamscope","version":9,"startedAt":"x","source":"request"}')).toMatchObject({
      problem: 'unknown',
    });
    expect(decodeEventLine('[1,"note",{"text":"x","colour":"red"},"more"]')).toEqual({
      kind: 'note',
      atMicros: 1,
      text: 'x',
    });
    expect(decodeHeaderLine('{"format":"other"}')).toMatchObject({ problem: 'malformed' });
  });
});
