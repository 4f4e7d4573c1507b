import { expect, test } from 'vitest';
import { parseOffset } from '../../../../src/renderer/raw/offsetText.ts';

test.each([
  ['15402', 15_402],
  [' 15,402 ', 15_402],
  ['0x3c2a', 15_402],
  ['', null],
  ['-1', null],
  ['1.5', null],
  ['ff', null],
  ['99999999999999999999', null],
])('the offset %j is %j', (text, offset) => {
  expect(parseOffset(text)).toBe(offset);
});
