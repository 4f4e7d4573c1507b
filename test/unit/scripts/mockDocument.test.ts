import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { mockDocument, writeMock } from '../../../scripts/docs/mock.mjs';

it('docs/mock.md says what the mock server has; if not, run node scripts/docs/mock.mjs', () => {
  expect(readFileSync(mockDocument, 'utf8')).toBe(writeMock());
});
