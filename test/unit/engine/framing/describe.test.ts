import { createParser } from 'eventsource-parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeFrame, previewFrame } from '../../../../src/engine/framing/describe.ts';
import { defaultLimits } from '../../../../src/shared/limits.ts';
import { frameFlag } from '../../../../src/shared/words.ts';
import { collectText } from './collect.ts';

const block = (text: string) => describeFrame('sse', 'event', Buffer.from(text));

describe('an SSE block', () => {
  it('is taken apart into its fields', () => {
    const described = block('event: order\nid: 7\nretry: 30\ndata: a\ndata: b\n: c1\n:c2\nfoo: bar\nbaz\n\n');
    expect(described.fields).toEqual({ event: 'order', id: '7', retryMs: 30, data: 'a\nb', comments: ['c1', 'c2'] });
    expect(described.unknownFields).toEqual([
      { field: 'foo', value: 'bar' },
      { field: 'baz', value: '' },
    ]);
    expect(described.text).toBe('a\nb');
  });

  it.each([
    ['without a data line', 'event: ping\nid: 1\n\n', { event: 'ping', id: '1' }],
    ['unterminated', 'event: a\ndata: x', { event: 'a', data: 'x' }],
    ['unterminated, without data', 'data', { data: '' }],
    ['unterminated name only', 'event: a', { event: 'a' }],
    ['with CR', 'id: 1\rdata: x\r\r', { id: '1', data: 'x' }],
    ['with CRLF, up to the CR', 'id: 1\r\ndata: x\r\n\r', { id: '1', data: 'x' }],
    ['with a mark before the name', '\ufeffdata: 1\ndata: 2\n\n', { data: '2' }],
    ['with the letters of a mark', 'ï»¿data: 1\ndata: 2\n\n', { data: '2' }],
    ['with a NUL in the id', 'id: a\0\ndata: x\n\n', { data: 'x' }],
    ['with a bad retry', 'retry: 1s\ndata: x\n\n', { data: 'x' }],
    ['of comments', ': one\n:two\n', { comments: ['one', 'two'] }],
  ])('%s', (_title, text, fields) => {
    expect(block(text).fields).toEqual(fields);
  });

  it('agrees with the scanner about what is dispatched, named and has an id', () => {
    const lines = [
      'data: 1',
      'data',
      'data:',
      'event: a',
      'event',
      'id: 1',
      'id',
      'id: \0',
      ': c',
      'x: 1',
      'retry: 5',
      ' data: 1',
    ];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...lines), { minLength: 1, maxLength: 6 }),
        fc.constantFrom('\n', '\r', '\r\n'),
        (some, end) => {
          const text = [...some, '', ''].join(end);
          let dispatched = 0;
          const parser = createParser({ onEvent: () => dispatched++ });
          parser.feed(text);
          const { frames } = collectText('sse', text);
          expect(frames.filter(({ flags }) => (flags & frameFlag.dispatched) !== 0)).toHaveLength(dispatched);
          for (const frame of frames) {
            const { fields } = describeFrame('sse', frame.kind, Buffer.from(frame.text));
            if (frame.kind !== 'event') continue;
            expect(fields.event ?? '').toBe(frame.type);
            expect(fields.id !== undefined).toBe((frame.flags & frameFlag.hasId) !== 0);
            expect(fields.data !== undefined).toBe((frame.flags & frameFlag.dispatched) !== 0);
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

describe('JSON', () => {
  it.each<[string, 'valid' | 'invalid' | 'none']>([
    ['{"a":1}', 'valid'],
    ['[1]', 'valid'],
    ['5', 'valid'],
    ['"s"', 'valid'],
    ['hello', 'none'],
    ['true story', 'none'],
    ['{"a":', 'invalid'],
    ['{a}', 'invalid'],
  ])('data %j is %s', (data, expected) => {
    expect(block(`data: ${data}\n\n`).json).toBe(expected);
  });

  it('says where it is wrong, in characters', () => {
    expect(block('data: {"é漢": x}\n\n').jsonNote).toBe('Not JSON: a value was expected at character 8.');
  });

  it('is not asked of a terminator, a comment or plain text', () => {
    expect(describeFrame('sse', 'terminator', Buffer.from('data: [DONE]\n\n')).json).toBe('none');
    expect(describeFrame('sse', 'comment', Buffer.from(': {}\n\n')).json).toBe('none');
    expect(describeFrame('text', 'text', Buffer.from('{}\n')).json).toBe('none');
  });

  it('is always asked of records and elements', () => {
    expect(describeFrame('ndjson', 'invalid', Buffer.from('oops'))).toMatchObject({ json: 'invalid', text: 'oops' });
    expect(describeFrame('json', 'element', Buffer.from('{"a":1}'))).toMatchObject({ json: 'valid', jsonNote: null });
  });

  it('is not parsed beyond the limits, and says why', () => {
    const limits = { ...defaultLimits, jsonBytes: 50, jsonLevels: 3 };
    const deep = describeFrame('ndjson', 'record', Buffer.from('[[[[1]]]]'), limits);
    const large = describeFrame('ndjson', 'record', Buffer.from(`["${'x'.repeat(60)}"]`), limits);
    expect([deep.json, large.json]).toEqual(['none', 'none']);
    expect(deep.jsonNote).toContain('3 levels');
    expect(large.jsonNote).toContain('the limit is 50');
  });
});

describe('size', () => {
  it('cuts the text between characters and says so', () => {
    const limits = { ...defaultLimits, framePreviewBytes: 10 };
    const described = describeFrame('ndjson', 'record', Buffer.from('"漢漢漢漢漢"'), limits);
    expect([described.text, described.textTruncated]).toEqual(['"漢漢漢', true]);
  });

  it('leaves out a character that the beginning of a frame cuts', () => {
    const bytes = Buffer.from('data: 漢字').subarray(0, 11);
    expect(describeFrame('sse', 'event', bytes, defaultLimits, true)).toMatchObject({
      text: '漢',
      textTruncated: true,
    });
  });
});

describe('previewFrame', () => {
  it('is one line in which nothing hides', () => {
    const preview = previewFrame(
      'sse',
      'event',
      Buffer.from('data: a\tb\ndata: \0\u001b[2J\u007f\u202Eevil\u200b\n\n'),
      200,
    );
    expect(preview).toBe('a⇥b↵␀␛[2J␡⟨202E⟩evil⟨200B⟩');
  });

  it('cuts at the wanted length, never inside a character', () => {
    expect(previewFrame('text', 'text', Buffer.from('abcdef\n'), 3)).toBe('abc…');
    expect(previewFrame('text', 'text', Buffer.from('ab🙂'), 3)).toBe('ab…');
    expect(previewFrame('ndjson', 'record', Buffer.from('漢'.repeat(100_000)), 5)).toBe('漢漢漢漢漢…');
  });

  it('shows what each kind is about', () => {
    expect(previewFrame('sse', 'comment', Buffer.from(': ping\n\n'), 80)).toBe('ping');
    expect(previewFrame('sse', 'blank', Buffer.from('\n'), 80)).toBe('');
    expect(previewFrame('sse', 'invalid', Buffer.from('<html>\n<p>\n\n'), 80)).toBe('<html>↵<p>');
    expect(previewFrame('text', 'text', Buffer.from('line\r\n'), 80)).toBe('line');
  });
});
