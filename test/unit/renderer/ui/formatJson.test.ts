import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatJson } from '../../../../src/renderer/ui/formatJson.ts';

test('any JSON value is laid out as the language itself does it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(formatJson(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
    }),
  );
});

test('whatever the text is, nothing but white space changes', () => {
  const bare = (text: string): string => text.replace(/[ \t\r\n]/g, '');
  const pieces = fc.constantFrom('{', '}', '[', ']', ',', ':', '"', '\\', ' ', '\n', 'x', '1e400', '"a b"', '\u2028');
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 60 }), (text) => {
      expect(bare(formatJson(text.join('')))).toBe(bare(text.join('')));
    }),
  );
});

test('numbers keep their digits, keys their order and their doubles', () => {
  expect(formatJson('{"b":12345678901234567890.10,"a":1,"b":-0}')).toBe(
    '{\n  "b": 12345678901234567890.10,\n  "a": 1,\n  "b": -0\n}',
  );
});

test('a hundred thousand levels are neither an error nor a gigabyte of spaces', () => {
  const deep = 100_000;
  const formatted = formatJson('['.repeat(deep) + '1' + ']'.repeat(deep));
  expect(formatted.length).toBeLessThan(deep * 450);
  expect(formatted.startsWith('[\n  [')).toBe(true);
});
