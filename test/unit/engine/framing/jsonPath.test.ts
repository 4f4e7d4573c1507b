import { describe, expect, it } from 'vitest';
import { parseJsonPath } from '../../../../src/engine/framing/jsonPath.ts';
import { codes, collect, collectText, outline } from './collect.ts';

const at = (jsonPath: string, text: string) => collectText('json', text, { jsonPath });
const elements = (jsonPath: string, text: string) =>
  at(jsonPath, text)
    .frames.filter(({ kind }) => kind === 'element')
    .map(({ text: own }) => own);

describe('a path', () => {
  const steps = (text: string) => {
    const path = parseJsonPath(text);
    return path.ok ? path.value.map((step) => (step.kind === 'each' ? '*' : step.name)) : path.failure.data?.['at'];
  };

  it.each<[string, readonly string[]]>([
    ['', []],
    ['$', []],
    ['[*]', []],
    ['items', ['items']],
    ['$.data.items[*]', ['data', 'items']],
    ['pages[*].items', ['pages', '*', 'items']],
    ['[*].a', ['*', 'a']],
    ['"odd.name".x', ['odd.name', 'x']],
    ['a["b]\\"c"][*]', ['a', 'b]"c']],
    ['$price', ['$price']],
    ['a[*][*]', ['a', '*']],
    ['naïve-key_1', ['naïve-key_1']],
  ])('%s leads through its steps', (text, expected) => {
    expect(steps(text)).toEqual(expected);
  });

  it.each<[string, number]>([
    ['a..b', 2],
    ['a.', 2],
    ['.a', 0],
    ['a[0]', 2],
    ['a["b"', 5],
    ['a b', 1],
    ['"open', 0],
    ['"\\x"', 0],
    ['a]', 1],
  ])('%s is refused, with the place', (text, place) => {
    expect(steps(text)).toBe(place);
  });

  it('is refused in a sentence with a way out', () => {
    const path = parseJsonPath('a[0]');
    expect(path).toMatchObject({ ok: false, failure: { code: 'request/invalid-json-path' } });
    expect(path.ok ? '' : path.failure.message).toContain('at character 3. Write names with dots between them');
  });
});

describe('elements at a path', () => {
  it('are those of a list there, each as soon as it is whole', () => {
    const body = ['{"data":{"total":2,"items":[{"id":1}', ',{"id":2', '}', ']},"next":null}'];
    const found = collect(
      'json',
      body.map((piece) => Buffer.from(piece)),
      { jsonPath: 'data.items' },
    );
    expect(outline(found)).toEqual([
      'text/envelope "{\\"data\\":{\\"total\\":2,\\"items\\":["',
      'element "{\\"id\\":1}"',
      'element "{\\"id\\":2}"',
      'text/envelope "]},\\"next\\":null}"',
    ]);
    expect(found.frames.map(({ push }) => push)).toEqual([0, 0, 2, 3]);
    expect(codes(found)).toEqual([]);
  });

  it('are those of every list on the way, and of every JSON text', () => {
    expect(elements('pages[*].items', '{"pages":[{"items":[1,2]},{"items":[]},{"items":[3]}]}')).toEqual([
      '1',
      '2',
      '3',
    ]);
    expect(elements('[*].a', '[{"a":{"b":1}},{"x":0},{"a":[2]}]')).toEqual(['{"b":1}', '2']);
    expect(elements('r', '{"r":1}\n{"r":{"s":2}} {"q":3}\n{"r":"t"}')).toEqual(['1', '{"s":2}', '"t"']);
  });

  it('are not found under the same name elsewhere, nor inside strings', () => {
    const text = '{"x":{"items":[1]},"s":"\\"items\\":[2]","items":{"items":[3]},"list":[{"items":[4]}]}';
    expect(elements('items.items', text)).toEqual(['3']);
  });

  it('are found under a name that is written with escapes', () => {
    expect(elements('"a\\"b"', '{"a\\u0022b":[1]}')).toEqual(['1']);
  });

  it('are followed past what is broken among them', () => {
    const found = at('items', '{"items":[{"id":1},oops,{"id":}, {"id":3},]}');
    expect(found.frames.map(({ kind }) => kind)).toEqual(['text', 'element', 'invalid', 'invalid', 'element', 'text']);
    expect(codes(found)).toEqual(['json/invalid', 'json/invalid', 'json/trailing-comma']);
  });
});

describe('what is wrong', () => {
  it('around the elements', () => {
    expect(codes(at('items', '{"items":[1],"x":}'))).toEqual(['json/invalid']);
    expect(codes(at('items', '{"a" 1,"items":[1]}'))).toEqual(['json/invalid']);
  });

  it('nothing at the path', () => {
    expect(codes(at('rows', '{"items":[1]}'))).toEqual(['json/nothing-at-path']);
    expect(codes(at('rows', '5'))).toEqual(['json/nothing-at-path']);
  });

  it.each(['{"items":[1,2', '{"items":[{"a":', '{"items":[1]', '{"it', '{"x":{"y":', '{"items":7'])(
    'a body that ends early: %s',
    (text) => {
      expect(codes(at('items', text))).toContain('json/truncated');
    },
  );

  it('a body that ends right after an element has no frame without bytes', () => {
    const found = at('items', '{"items":{"a":1}');
    expect(found.frames.map(({ kind, text }) => [kind, text])).toEqual([
      ['text', '{"items":'],
      ['element', '{"a":1}'],
    ]);
    expect(found.diagnostics).toMatchObject([{ code: 'json/truncated', place: { offset: 16 } }]);
  });

  it('keeps nothing of what is beside the path', () => {
    const found = at('items', `{"blob":"${'x'.repeat(300_000)}","items":[1]}`);
    expect(found.frames.map(({ kind, length }) => [kind, length])).toEqual([
      ['text', 300_020],
      ['element', 1],
      ['text', 2],
    ]);
    expect(codes(found)).toEqual([]);
  });
});
