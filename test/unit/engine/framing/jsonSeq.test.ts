import { describe, expect, it } from 'vitest';
import { describeFrame, previewFrame } from '../../../../src/engine/framing/describe.ts';
import { frameFlag } from '../../../../src/shared/words.ts';
import { byteByByte, codes, collect, collectText, outline } from './collect.ts';

const rs = '\x1e';
const sequence = (text: string) => outline(collectText('json-seq', text));

describe('texts', () => {
  it('makes each text a record, from its separator through its line feed', () => {
    expect(sequence(`${rs}{"type":"order"}\n${rs}[1]\r\n${rs}"s"\n${rs}12\n`)).toEqual([
      'record/order "\\u001e{\\"type\\":\\"order\\"}\\n"',
      'record "\\u001e[1]\\r\\n"',
      'record "\\u001e\\"s\\"\\n"',
      'record "\\u001e12\\n"',
    ]);
  });

  it('is silent on a healthy sequence, pretty-printed or not', () => {
    const text = `\ufeff${rs}{\n  "a": "é漢🙂",\n\n  "b": [\n1\n]\n}\n${rs}${rs}\n{"a":"\\"}{"}\n\n ${rs}null\n`;
    const collected = collectText('json-seq', text);
    expect(codes(collected)).toEqual([]);
    expect(collected.frames.map(({ kind, flags }) => [kind, flags])).toEqual(
      Array.from({ length: 3 }, () => ['record', frameFlag.jsonValid]),
    );
  });

  it('shows a text in the push that brings its line feed, without waiting for the next separator', () => {
    const { frames } = collect('json-seq', byteByByte(Buffer.from(`${rs}{"a":\n1}\n${rs}2\n`)));
    expect(frames.map(({ push }) => push)).toEqual([9, 12]);
  });

  it('takes several separators as one, and one without a text as none', () => {
    expect(sequence(`${rs}${rs}1\n${rs}\n${rs} ${rs}2\n`)).toEqual(['record "\\u001e1\\n"', 'record "\\u001e2\\n"']);
  });

  it('lets what closes itself do without a line feed', () => {
    expect(sequence(`${rs}{"a":1}${rs}"s"${rs}[]`)).toEqual([
      'record "\\u001e{\\"a\\":1}"',
      'record "\\u001e\\"s\\""',
      'record "\\u001e[]"',
    ]);
  });
});

describe('faults', () => {
  it('finds a number or word that may have been cut off by the next separator or the end', () => {
    expect(sequence(`${rs}12${rs}true${rs}12 ${rs}nul${rs}12`)).toEqual([
      'invalid "\\u001e12" !json-seq/truncated-text',
      'invalid "\\u001etrue" !json-seq/truncated-text',
      'record "\\u001e12 "',
      'invalid "\\u001enul" !json-seq/truncated-text',
      'incomplete "\\u001e12" !json-seq/truncated-text',
    ]);
  });

  it('finds a text that was cut off, and reads the next one', () => {
    const collected = collectText('json-seq', `${rs}{"a":[1,${rs}{"b":"x${rs}{"c":3}\n${rs}{"d"`);
    expect(outline(collected)).toEqual([
      'invalid "\\u001e{\\"a\\":[1," !json-seq/truncated-text',
      'invalid "\\u001e{\\"b\\":\\"x" !json-seq/truncated-text',
      'record "\\u001e{\\"c\\":3}\\n"',
      'incomplete "\\u001e{\\"d\\"" !json-seq/truncated-text',
    ]);
    expect(collected.frames[0]!.diagnostics[0]!.place).toEqual({ offset: 0, length: 9 });
  });

  it('calls a separator that nothing follows a text that was cut off', () => {
    expect(sequence(`${rs}1\n${rs}`)).toEqual([
      'record "\\u001e1\\n"',
      'incomplete "\\u001e" !json-seq/truncated-text',
    ]);
  });

  it('tells wrong JSON from JSON that was cut off', () => {
    const collected = collectText('json-seq', `${rs}{a:1}\n${rs}[1,]\n${rs}1 2\n${rs}{"a":1}}\n`);
    expect(outline(collected)).toEqual([
      'invalid "\\u001e{a:1}\\n" !json/invalid',
      'invalid "\\u001e[1,]\\n" !json/trailing-comma',
      'invalid "\\u001e1 2\\n" !json/invalid',
      'invalid "\\u001e{\\"a\\":1}}\\n" !json/invalid',
    ]);
    expect(collected.frames[0]!.diagnostics[0]!.place).toEqual({ offset: 2 });
  });

  it('calls what no separator announces invalid, line by line', () => {
    expect(sequence(`hello\n{"a":\n1}\n${rs}1\nit's "so\nmore${rs}2\n3`)).toEqual([
      'invalid "hello\\n" !json-seq/missing-separator',
      'invalid "{\\"a\\":\\n1}\\n" !json-seq/missing-separator',
      'record "\\u001e1\\n"',
      'invalid "it\'s \\"so\\n" !json-seq/missing-separator',
      'invalid "more" !json-seq/missing-separator',
      'record "\\u001e2\\n"',
      'invalid "3" !json-seq/missing-separator',
    ]);
  });

  it('lists a hundred texts without separator and counts the rest', () => {
    const collected = collectText('json-seq', '{}\n'.repeat(250));
    expect(codes(collected)).toHaveLength(101);
    expect(collected.diagnostics[0]!.details).toEqual({ omitted: 150, told: 100 });
  });
});

describe('limits', () => {
  const limits = { jsonBytes: 100, jsonLevels: 4 };

  it('follows a text that is too large to its end without judging it', () => {
    const long = `${rs}{"a":"${'x'.repeat(200)}"}\n`;
    const collected = collectText('json-seq', `${long}${rs}1\n${long.slice(0, -3)}`, { limits });
    expect(collected.frames.map(({ kind, diagnostics }) => [kind, diagnostics.map(({ code }) => code)])).toEqual([
      ['record', ['json/too-large']],
      ['record', []],
      ['incomplete', ['json/too-large', 'json-seq/truncated-text']],
    ]);
  });

  it('keeps a text that is nested too deep as a record, but not one that is no JSON', () => {
    expect(sequenceIn(limits, `${rs}[[[[[1]]]]]\n${rs}[[[[[1]]]]}\n`)).toEqual([
      'record "\\u001e[[[[[1]]]]]\\n" !json/too-deep',
      'invalid "\\u001e[[[[[1]]]]}\\n" !json/invalid',
    ]);
  });

  function sequenceIn(bounds: typeof limits, text: string): string[] {
    return outline(collectText('json-seq', text, { limits: bounds }));
  }
});

it('is described without separator and line end', () => {
  const bytes = Buffer.from(`${rs}{"a":1}\r\n`);
  expect(describeFrame('json-seq', 'record', bytes)).toMatchObject({ text: '{"a":1}', json: 'valid', fields: {} });
  expect(previewFrame('json-seq', 'record', bytes, 80)).toBe('{"a":1}');
  expect(describeFrame('json-seq', 'invalid', Buffer.from('hello\n'))).toMatchObject({
    text: 'hello',
    json: 'invalid',
  });
});
