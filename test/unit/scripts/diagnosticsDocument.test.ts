import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { diagnosticsDocument, writeDiagnostics } from '../../../scripts/docs/diagnostics.mjs';

it('docs/diagnostics.md says what the catalogue says; if not, run node scripts/docs/diagnostics.mjs', () => {
  expect(readFileSync(diagnosticsDocument, 'utf8')).toBe(writeDiagnostics());
});
