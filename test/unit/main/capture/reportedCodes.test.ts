import { expect, it } from 'vitest';
import { ruleOf } from '../../../../src/engine/diagnostics/catalogue.ts';
import { endingKindOf } from '../../../../src/main/capture/endings.ts';
import { endingKinds } from '../../../../src/shared/words.ts';

const reported: readonly (readonly [string, Readonly<Record<string, string | number>>])[] = [
  ['end/extra-bytes', { bytes: 5, preview: 'EXTRA' }],
  ['end/long-chunk-extension', { bytes: 20_000 }],
  ['end/many-informational', { limit: 100 }],
  ['end/coding-trailing', { coding: 'gzip', bytes: 1 }],
  ['end/decoding-limit', { bytes: 10_000_000, ratio: 1_000 }],
  ['end/coding-corrupt', { coding: 'gzip' }],
  ['end/coding-mismatch', { coding: 'gzip' }],
  ['head/unknown-coding', { coding: 'shrink' }],
  ['import/malformed-line', { line: 3, reason: 'The chunk is no string.' }],
  ['import/digest-differs', { bytes: 14 }],
];

it.each(reported)('%s is a rule that makes a sentence of what is reported', (code, details) => {
  const sentence = ruleOf(code).sentence(details);
  expect(sentence).toMatch(/^[A-Z0-9].*\.$/);
  expect(sentence).not.toMatch(/undefined|unknown number/);
});

it('every kind of ending has a code, and every code a kind', () => {
  const kinds = Object.values(endingKindOf);
  expect([...new Set(kinds)].sort()).toEqual([...endingKinds].sort());
});
