import { createParser } from 'eventsource-parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Analysis } from '../../../../src/engine/recording/analysis.ts';
import { defaultLimits } from '../../../../src/shared/limits.ts';

const utf8 = new TextEncoder();

function analyse(pieces: readonly Uint8Array[], initialId: string | null = null): Analysis {
  const analysis = new Analysis(
    { put: () => undefined, get: () => new Uint8Array(0) },
    {
      contentType: 'text/event-stream',
      url: null,
      framing: 'sse',
      limits: defaultLimits,
      timesKnown: false,
      continuity: { plan: { kind: 'sse', attempts: 3 }, initialId },
    },
  );
  pieces.forEach((bytes, n) => {
    analysis.body(n, n, bytes);
  });
  return analysis;
}

function positionOf(pieces: readonly Uint8Array[]) {
  return analyse(pieces).endConnection();
}

/** Any cutting of bytes into pieces. */
function split(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const at = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  return at.slice(1).map((end, i) => bytes.subarray(at[i], end));
}

const line = fc.oneof(
  fc.constantFrom(
    '',
    'data: x',
    'data',
    'id',
    'id: ',
    'id:7',
    ': comment',
    'retry: 10',
    'retry: 1x',
    'event: a',
    'idx: 3',
  ),
  fc.nat(99).map((n) => `id: ${String(n)}`),
  fc.nat(9_999).map((n) => `retry:${String(n)}`),
);
const body = fc
  .array(fc.tuple(line, fc.constantFrom('\n', '\r', '\r\n')), { maxLength: 24 })
  .map((lines) => lines.map(([text, end]) => text + end).join(''));

describe('the position of an event stream', () => {
  it('is that of a parser of the standard, however the bytes are split', () => {
    fc.assert(
      fc.property(body, fc.array(fc.nat(500), { maxLength: 8 }), (text, cuts) => {
        let retryMillis: number | null = null;
        let id = '';
        let blockId: string | undefined;
        const parser = createParser({ onEvent: () => undefined, onRetry: (retry) => (retryMillis = retry) });
        parser.feed(text);
        // A block's id counts once its blank line came, with data or without.
        for (const read of text.split(/\r\n|\r|\n/).slice(0, -1)) {
          if (read === '') {
            id = blockId ?? id;
            blockId = undefined;
          }
          const given = /^id(?:: ?(.*))?$/.exec(read);
          if (given !== null) blockId = given[1] ?? '';
        }
        const expected = { value: id === '' ? null : id, retryMillis };
        const bytes = utf8.encode(text);
        expect(positionOf([bytes])).toEqual(expected);
        expect(positionOf(split(bytes, cuts))).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });

  it('is as of the frames that count, not of the bytes received', () => {
    const analysis = new Analysis(
      { put: () => undefined, get: () => new Uint8Array(0) },
      {
        contentType: null,
        url: null,
        framing: 'sse',
        limits: defaultLimits,
        timesKnown: false,
        continuity: { plan: { kind: 'sse', attempts: 3 }, initialId: null },
        frameLimits: { firstConnection: 2, offsets: [] },
      },
    );
    analysis.body(0, 0, utf8.encode('id: 1\ndata: a\n\nid: 2\ndata: b\n\nretry: 9\nid: 3\ndata: c\n\nid: 4'));
    expect(analysis.frames.count).toBe(2);
    expect(analysis.endConnection()).toEqual({ value: '2', retryMillis: null });
  });

  it('does not keep a line that is longer than any header', () => {
    const long = `id: ${'x'.repeat(200_000)}\ndata: a\n\n`;
    expect(positionOf(split(utf8.encode(`id: 1\ndata: b\n\n${long}`), [50_000, 120_000])).value).toBe('1');
  });

  it('begins with the id that was given by hand', () => {
    expect(analyse([], '17').resumePosition).toEqual({ value: '17', retryMillis: null });
    expect(analyse([utf8.encode('data: a\n\n')], '17').endConnection().value).toBe('17');
    expect(analyse([utf8.encode('id\ndata: a\n\n')], '17').endConnection().value).toBeNull();
  });
});
