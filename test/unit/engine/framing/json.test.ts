import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../../../../src/shared/limits.ts';
import type { JsonShape } from '../../../../src/engine/framing/json.ts';
import { codes, collect, collectText, outline } from './collect.ts';

const json = (text: string, shape?: JsonShape) =>
  outline(collectText('json', text, shape === undefined ? {} : { shape }));

describe('shapes', () => {
  it('gives the elements of an array as they close', () => {
    expect(json('[{"type":"a"}, 1 ,"s]",\r\n[2,{}],null]')).toEqual([
      'element/a "{\\"type\\":\\"a\\"}"',
      'element "1"',
      'element "\\"s]\\""',
      'element "[2,{}]"',
      'element "null"',
    ]);
    const { frames } = collect('json', [Buffer.from('[{"a":1'), Buffer.from('}'), Buffer.from(',2'), Buffer.from(']')]);
    expect(frames.map(({ push }) => push)).toEqual([1, 3]);
  });

  it('reads values one after another, with or without something between them', () => {
    expect(json('{"a":1}{"b":2}\n\n[3] 4 "5"\x1etrue')).toEqual([
      'element "{\\"a\\":1}"',
      'element "{\\"b\\":2}"',
      'element "[3]"',
      'element "4"',
      'element "\\"5\\""',
      'element "true"',
    ]);
  });

  it('takes a single value whole', () => {
    expect(json('[1,\n2]', 'single')).toEqual(['element "[1,\\n2]"']);
    expect(json('{} {}', 'single')).toEqual(['element "{}"', 'invalid "{}" !json/invalid']);
  });

  it('finds a list inside an object once it has a second object', () => {
    expect(json('{"total":2,"items":[{"id":1} , {"id":2}],"next":null}')).toEqual([
      'text/envelope "{\\"total\\":2,\\"items\\":["',
      'element "{\\"id\\":1}"',
      'element "{\\"id\\":2}"',
      'text/envelope "],\\"next\\":null}"',
    ]);
  });

  it('leaves an object whole that holds one object, or no list of objects', () => {
    for (const text of [
      '{"choices":[{"a":1}],"usage":{}}',
      '{"a":[1,2,{"b":1},{"c":2}]}',
      '{"a":{"b":[{"c":1},{"d":2}]}}',
    ]) {
      expect(json(text)).toEqual([`element ${JSON.stringify(text)}`]);
    }
  });

  it('opens a list at its first object where that is asked for', () => {
    expect(json('{"items":[{"id":1}]}', 'path')).toEqual([
      'text/envelope "{\\"items\\":["',
      'element "{\\"id\\":1}"',
      'text/envelope "]}"',
    ]);
  });

  it('judges the object around a list', () => {
    expect(codes(collectText('json', '{"items":[{},{}],"next":}'))).toEqual(['json/invalid']);
  });
});

describe('faults', () => {
  it.each<[string, string, JsonShape, readonly string[]]>([
    ['a trailing comma of the list', '[1,2,]', 'auto', ['json/trailing-comma']],
    ['a trailing comma of an element', '[{"a":1,}]', 'auto', ['json/trailing-comma']],
    ['a missing comma', '[1 2,3]', 'auto', ['json/invalid']],
    ['a missing element', '[1,,2]', 'auto', ['json/invalid']],
    ['text after an array', '[1] x', 'auto', ['json/invalid', 'json/invalid']],
    ['no array where one is declared', '{"a":1}', 'array', ['json/invalid']],
    ['an open list', '[1,', 'auto', ['json/truncated']],
    ['an open element', '[{"a"', 'auto', ['json/truncated']],
    ['nothing at all', '  ', 'auto', ['json/truncated']],
    ['a repeated key', '[{"a":{"b":1,"b":2}}]', 'auto', ['json/duplicate-key']],
    ['an integer beyond doubles', '{"id":9007199254740993}', 'auto', ['json/unsafe-number']],
  ])('tells %s', (_title, text, shape, expected) => {
    expect([...codes(collectText('json', text, { shape }))].sort()).toEqual([...expected].sort());
  });

  it('says exactly where', () => {
    const offsets = (text: string) => {
      const { frames, diagnostics } = collectText('json', text);
      return [...frames.flatMap((frame) => frame.diagnostics), ...diagnostics].map(({ place }) => place.offset);
    };
    expect(offsets('[{"a":1},{"b":x}]')).toEqual([14]);
    expect(offsets('[1,2,]')).toEqual([5]);
    expect(offsets('[{"a":1,"é":2,"é":3}]')).toEqual([15]);
    expect(offsets('[-90071992547409931]')).toEqual([2]);
  });

  it('goes on at the next comma of the list', () => {
    expect(json('[{"a":1},nonsense here "x,y" {,},{"b":2}]')).toEqual([
      'element "{\\"a\\":1}"',
      'invalid "nonsense" !json/invalid',
      'invalid "here \\"x,y\\" {,}" !json/invalid',
      'element "{\\"b\\":2}"',
    ]);
  });

  it('finds the next element after a quote or bracket that was never closed', () => {
    for (const broken of ['{"open:1},\n', '{"a":1,', '{"a":{"b":[1,2]}\n,']) {
      expect(json(`[${broken}{"b":2},{"c":{}}]`)).toEqual([
        `invalid ${JSON.stringify(broken)} !json/invalid`,
        'element "{\\"b\\":2}"',
        'element "{\\"c\\":{}}"',
      ]);
    }
  });

  it.each([
    '9007199254740991',
    '0.12345678901234567',
    '1e1234567890123456',
    '"12345678901234567890"',
    '12345678901234567.5',
  ])('does not call %s unsafe', (number) => {
    expect(codes(collectText('json', `[${number}]`))).toEqual([]);
  });

  it('is silent on healthy bodies', () => {
    for (const text of [
      '\ufeff[{"a":"é漢🙂","b":["\\"]"]}]',
      '{"a":{"a":{"a":1}}}',
      '[]',
      '[ ]\n',
      '5',
      '{"b":1}\n{"b":2}\n',
    ]) {
      expect(codes(collectText('json', text))).toEqual([]);
    }
  });
});

describe('limits', () => {
  it('does not parse what is too deep or too large', () => {
    const limits = { ...defaultLimits, jsonBytes: 100, jsonLevels: 5 };
    const deep = '[[[[[[1]]]]]]';
    const { frames } = collectText('json', `{"a":${deep}} {"b":"${'x'.repeat(100)}"}{"c":1}`, { limits });
    expect(frames.map(({ kind, flags, diagnostics }) => [kind, flags, diagnostics.map(({ code }) => code)])).toEqual([
      ['element', 0, ['json/too-deep']],
      ['element', 0, ['json/too-large']],
      ['element', 2, []],
    ]);
  });

  it('follows a million levels', () => {
    const deep = Buffer.from('['.repeat(1_000_000) + ']'.repeat(1_000_000));
    expect(outline(collect('json', [deep], { shape: 'single' })).map((line) => line.slice(-14))).toEqual([
      '!json/too-deep',
    ]);
  });
});
