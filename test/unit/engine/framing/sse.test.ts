import { describe, expect, it } from 'vitest';
import { codes, collect, collectText, outline } from './collect.ts';

const sse = (text: string) => outline(collectText('sse', text));

describe('blocks', () => {
  it('takes the blank line into the frame, and leaves the LF of its CRLF outside', () => {
    expect(sse('data: a\n\ndata: b\r\n\r\ndata: c\r\r')).toEqual([
      'event dispatched "data: a\\n\\n"',
      'event dispatched "data: b\\r\\n\\r"',
      'event dispatched "data: c\\r\\r"',
    ]);
  });

  it('gives an event at the CR of its blank line, without waiting for what may follow', () => {
    const { frames } = collect('sse', [Buffer.from('data: a\r\n\r'), Buffer.from('\n')]);
    expect(frames.map(({ push }) => push)).toEqual([0]);
  });

  it('gives comments before a field a frame of their own that ends where the field begins', () => {
    expect(sse(': one\n: two\ndata: a\n\n')).toEqual([
      'comment ": one\\n: two\\n"',
      'event dispatched "data: a\\n\\n"',
    ]);
  });

  it('ends such comments at the first byte of the field, not at its line end', () => {
    const { frames } = collect('sse', [Buffer.from(': ping\n'), Buffer.from('d'), Buffer.from('ata: a\n\n')]);
    expect(frames.map(({ kind, push }) => [kind, push])).toEqual([
      ['comment', 1],
      ['event', 2],
    ]);
  });

  it('leaves comments inside an event where they are', () => {
    expect(sse('data: a\n: hi\n\n')).toEqual(['event dispatched "data: a\\n: hi\\n\\n"']);
  });

  it('makes a blank line outside every block a frame', () => {
    expect(sse('\ndata: a\n\n\n')).toEqual(['blank "\\n"', 'event dispatched "data: a\\n\\n"', 'blank "\\n"']);
  });

  it('names events, and forgets the name with the block', () => {
    expect(sse('event: order\ndata: a\n\ndata: b\n\n')).toEqual([
      'event/order dispatched "event: order\\ndata: a\\n\\n"',
      'event dispatched "data: b\\n\\n"',
    ]);
  });

  it('calls data: [DONE] the terminator, and nothing that only looks like it', () => {
    expect(sse('data: [DONE]\n\ndata:[DONE]\n\ndata: [DONE]\ndata: x\n\ndata:  [DONE]\n\n')).toEqual([
      'terminator dispatched "data: [DONE]\\n\\n"',
      'terminator dispatched "data:[DONE]\\n\\n"',
      'event dispatched "data: [DONE]\\ndata: x\\n\\n"',
      'event dispatched "data:  [DONE]\\n\\n"',
    ]);
  });

  it('calls a stream that broke off in a field name an event cut short, not foreign text', () => {
    expect(sse('data: a\n\nda')).toEqual([
      'event dispatched "data: a\\n\\n"',
      'incomplete "da" !sse/unterminated-event',
    ]);
    expect(sse('event: x\nretr')).toEqual(['incomplete/x "event: x\\nretr" !sse/unterminated-event']);
    expect(sse('dash')).toEqual(['invalid "dash" !sse/foreign-text']);
  });

  it('keeps an unterminated block as incomplete', () => {
    expect(sse('data: a\n\ndata: [DONE]\n')).toEqual([
      'event dispatched "data: a\\n\\n"',
      'incomplete "data: [DONE]\\n" !sse/unterminated-event',
    ]);
  });
});

describe('diagnostics', () => {
  it.each([
    ['sse/unknown-field', 'data: a\nDate: b\n\n'],
    ['sse/invalid-retry', 'retry: 1s\ndata: a\n\n'],
    ['sse/id-with-nul', 'id: a\0\ndata: a\n\n'],
    ['sse/no-data', 'event: ping\n\n'],
    ['sse/foreign-text', '<html>\n</html>\n\n'],
    ['sse/unterminated-event', 'data: a'],
    ['text/bom-inside', 'data: a\n\n\ufeffdata: b\n\n'],
    ['utf8/invalid', Buffer.from([0x64, 0x61, 0x74, 0x61, 0x3a, 0xff, 0x0a, 0x0a])],
    ['utf8/truncated', Buffer.from([0x64, 0x61, 0x74, 0x61, 0x3a, 0xe6, 0xbc])],
  ])('%s is told', (code, text) => {
    expect(codes(collect('sse', [Buffer.from(text)]))).toContain(code);
  });

  it('is silent on a healthy stream', () => {
    const healthy =
      '\ufeff: welcome\n\nretry: 3000\n\nid: 1\nevent: order\ndata: {"a":"é漢🙂"}\n\n: ping\n\nid\ndata\n\nid: 2\n\ndata: [DONE]\n\n';
    expect(codes(collectText('sse', healthy))).toEqual([]);
  });

  it('tells a hundred unknown fields one by one and counts the others', () => {
    const told = codes(collectText('sse', `${'x: 1\n'.repeat(90)}data: a\n\n${'y: 2\n'.repeat(90)}data: b\n\n`));
    expect(told.filter((code) => code === 'sse/unknown-field')).toHaveLength(101);
    const { diagnostics } = collectText('sse', `${'x: 1\n'.repeat(250)}data: a\n\n`);
    expect(diagnostics).toEqual([
      { code: 'sse/unknown-field', place: { offset: 500 }, details: { omitted: 150, told: 100 } },
    ]);
  });

  it('attaches a bad sequence to the frame that it lies in, however the chunks were cut', () => {
    const body = Buffer.concat([Buffer.from('data: a\n\ndata: '), Buffer.from([0xff]), Buffer.from('\n\ndata: c\n\n')]);
    expect(outline(collect('sse', [body])).map((line) => line.includes('utf8'))).toEqual([false, true, false]);
  });
});

describe('JSON without data:', () => {
  it('is kept whole over blank lines, and the events after it are read', () => {
    expect(sse('data: a\n\n{\n  "error": {\n\n"code": 429 }\n}\n\ndata: b\n\n')).toEqual([
      'event dispatched "data: a\\n\\n"',
      'invalid "{\\n  \\"error\\": {\\n\\n\\"code\\": 429 }\\n}\\n\\n" !sse/foreign-text',
      'event dispatched "data: b\\n\\n"',
    ]);
  });

  it('ends with the line of its last bracket', () => {
    expect(sse('{"a":1}\ndata: b\n\n')).toEqual([
      'invalid "{\\"a\\":1}\\n" !sse/foreign-text',
      'event dispatched "data: b\\n\\n"',
    ]);
  });

  it('never swallows the events after a stray brace', () => {
    expect(sse('{ oops\n\ndata: a\n\ndata: b\n\n')).toEqual([
      'invalid "{ oops\\n\\n" !sse/foreign-text',
      'event dispatched "data: a\\n\\n"',
      'event dispatched "data: b\\n\\n"',
    ]);
    expect(sse('{"open\n\ndata: a\n\n')).toEqual([
      'invalid "{\\"open\\n\\n" !sse/foreign-text',
      'event dispatched "data: a\\n\\n"',
    ]);
  });
});

describe('size', () => {
  it('keeps no more of a giant line than its field needs', () => {
    const piece = Buffer.alloc(1_048_576, 0x78);
    const { frames } = collect('sse', [
      Buffer.from('data: '),
      ...Array.from({ length: 32 }, () => piece),
      Buffer.from('\n\n'),
    ]);
    expect(frames.map(({ kind, length, flags }) => [kind, length, flags])).toEqual([['event', 32 * 1_048_576 + 8, 1]]);
  });

  it('cuts a type name that is longer than any name', () => {
    const { frames } = collectText('sse', `event: ${'n'.repeat(5_000)}\ndata: a\n\n`);
    expect(frames[0]!.type).toBe(`${'n'.repeat(1_024)}…`);
  });
});
