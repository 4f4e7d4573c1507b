import { expect, it } from 'vitest';
import { millisOf } from '../../../../src/renderer/request/MillisField.tsx';

it.each([
  ['30', 30_000],
  [' 0.5 ', 500],
  ['1,5', 1_500],
  ['0.001', 1],
  ['86400', 86_400_000],
  ['0', null],
  ['-1', null],
  ['86401', null],
  ['1e9', null],
  ['soon', null],
  ['', null],
])('reads %j seconds as %j milliseconds', (text, millis) => {
  expect(millisOf(text)).toBe(millis);
});
