import { describe, expect, test } from 'vitest';
import { factsOf } from '../../../../src/renderer/inspector/facts.ts';
import { jsonPayload, longestFormatted, payloadText } from '../../../../src/renderer/inspector/payload.ts';
import type { FrameDetail } from '../../../../src/shared/recording.ts';
import type { BorderKind } from '../../../../src/shared/words.ts';

const frame: FrameDetail = {
  n: 71,
  kind: 'event',
  offset: 15_402,
  length: 218,
  micros: 2_741_308,
  gapMicros: 1_312_004,
  chunk: 63,
  indexInChunk: 1,
  framesInChunk: 2,
  division: { bytes: 273, reads: 2 },
  type: 'price',
  fields: { event: 'price', id: '71', lastEventId: '71', data: '{"a":1}', dispatched: true },
  text: '{"a":1}',
  textTruncated: false,
  json: 'valid',
  jsonNote: null,
  diagnostics: [{ code: 'timing/stall', severity: 'warning', message: 'Nothing came for 1.31 s.', frame: 71 }],
  deltas: null,
};
const context = { chunks: 129, borders: 'http-chunk' as BorderKind, timesKnown: true, uncertaintyMicros: 310 };
const valueOf = (detail: FrameDetail, name: string, within = context) =>
  factsOf(detail, within).find((fact) => fact.name === name)?.value;

describe('facts', () => {
  test('when, after how long, in which chunk', () => {
    expect(valueOf(frame, 'arrived')).toBe('+2,741.308 ms ± 0.3');
    expect(valueOf(frame, 'since previous')).toBe('1,312.004 ms — stall');
    expect(valueOf({ ...frame, gapMicros: 105 }, 'since previous')).toBe('0.105 ms, after a stall of content');
    expect(valueOf(frame, 'chunk')).toBe('64 of 129, frame 1 of 2');
    expect(valueOf(frame, 'id')).toBe('71');
  });

  test('what carried it, as far as borders are known', () => {
    expect(valueOf(frame, 'carried by')).toBe('HTTP chunk of 273 B in 2 reads');
    const one = { ...frame, division: { bytes: 1_204, reads: 1 } };
    expect(valueOf(one, 'carried by', { ...context, borders: 'data-frame' })).toMatch(/^DATA frame of .* in 1 read$/);
    expect(valueOf({ ...frame, division: null }, 'carried by')).toBeUndefined();
    expect(valueOf(frame, 'carried by', { ...context, borders: 'unknown' })).toBeUndefined();
  });

  test('unknown is unknown', () => {
    const timeless = { ...frame, micros: null, gapMicros: null, diagnostics: [] };
    expect(valueOf(timeless, 'arrived', { ...context, timesKnown: false })).toBe('unknown');
    expect(valueOf(timeless, 'since previous')).toBe('unknown');
    expect(valueOf({ ...frame, n: 0, gapMicros: null }, 'since previous')).toBe('first frame');
  });

  test('an empty id and a block that is not handed over are said', () => {
    const odd = { ...frame, fields: { id: '', retryMs: 3_000, dispatched: false } };
    expect(valueOf(odd, 'id')).toMatch(/empty/);
    expect(valueOf(odd, 'retry')).toBe('3,000 ms');
    expect(valueOf(odd, 'dispatched')).toBe('no');
  });

  test('the headers of a message, also where one is named like a fact', () => {
    const headers = [
      { name: ':event-type', type: 'string', value: 'chunk\n' },
      { name: 'chunk', type: 'integer', value: '7' },
    ] as const;
    const facts = factsOf({ ...frame, kind: 'message', type: 'chunk', fields: { headers } }, context);
    expect(facts.slice(-2).map(({ name, value }) => [name, value])).toEqual([
      [':event-type', 'chunk↵'],
      ['chunk', '7'],
    ]);
  });
});

describe('payload', () => {
  test('JSON is laid out', () => {
    expect(jsonPayload(frame)).toEqual({ text: '{\n  "a": 1\n}', language: 'json', note: null });
  });

  test('what is not JSON is shown as it came, with the reason', () => {
    const invalid = { ...frame, json: 'invalid', text: '{"a":', jsonNote: 'A value is missing at byte 5.' } as const;
    expect(jsonPayload(invalid)).toEqual({ text: '{"a":', language: 'json', note: 'A value is missing at byte 5.' });
    expect(jsonPayload({ ...frame, json: 'none', text: 'hello' }).note).toBe('This payload is not JSON.');
  });

  test('what is too long or only a part says so', () => {
    const long = { ...frame, text: `"${'x'.repeat(longestFormatted)}"` };
    expect(jsonPayload(long)).toMatchObject({ text: long.text, language: 'plaintext' });
    expect(jsonPayload(long).note).toMatch(/2\.00 MB/);
    expect(jsonPayload({ ...frame, textTruncated: true, length: 200_000_000 }).note).toMatch(/beginning of 200 MB/);
  });

  test('a comment’s payload is its words', () => {
    expect(payloadText({ ...frame, text: '', fields: { comments: ['keep-alive', 'again'] } })).toBe(
      'keep-alive\nagain',
    );
  });
});
