import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { catalogue, checkedRules, diagnose, ruleOf } from '../../../../src/engine/diagnostics/catalogue.ts';

const sources = fileURLToPath(new URL('../../../../src/', import.meta.url));

describe('the catalogue', () => {
  it('has each code once, in the form area/code', () => {
    const codes = catalogue.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    for (const code of codes) expect(code).toMatch(/^[a-z0-9-]+\/[a-z0-9.-]+$/);
  });

  it('writes titles and advice as sentences of their own', () => {
    for (const { title, advice } of catalogue) {
      expect(title).toMatch(/^[\p{Lu}\p{N}n].*[^.]$/u);
      expect(advice).toMatch(/^\p{Lu}.*\.$/u);
    }
  });

  it('has a sentence for findings whose details are missing', () => {
    for (const rule of catalogue) expect(rule.sentence({})).toMatch(/^.+\.$/);
  });

  it('puts the numbers into the sentence', () => {
    expect(diagnose('sse/unterminated-event', { offset: 12_345, length: 1 }, {})).toEqual({
      code: 'sse/unterminated-event',
      severity: 'warning',
      offset: 12_345,
      length: 1,
      message: 'The stream ended inside an event of 1 byte at byte 12,345: no blank line follows it.',
    });
    expect(diagnose('timing/stall', {}, { gapMicros: 1_310_000, heartbeats: 2 }).message).toBe(
      'Nothing new came for 1.31 s before this frame, while 2 heartbeats came.',
    );
  });

  it('says of findings that are only counted how many they are', () => {
    expect(diagnose('utf8/invalid', { offset: 5_000 }, { omitted: 1_200, told: 100 }).message).toBe(
      'Bytes that are not UTF-8: 1,200 more, the first of them at byte 5,000.',
    );
  });

  it('refuses a code that nobody declared', () => {
    expect(() => ruleOf('sse/nonsense')).toThrow('no such rule');
  });

  it('calls exactly those rules checked that something in the sources looks for', () => {
    const raised = codesRaisedIn(sources);
    const looked = catalogue.filter(({ code }) => raised.has(code)).map(({ code }) => code);
    expect(checkedRules.map(({ code }) => code).filter(isNotOfDialect)).toEqual(looked.filter(isNotOfDialect));
  });
});

/** What the dialects find is checked once what they read is fed to them. */
function isNotOfDialect(code: string): boolean {
  return !code.startsWith('ai/');
}

/** Codes of the catalogue that stand as a literal anywhere but in the catalogue itself. */
function codesRaisedIn(folder: string): Set<string> {
  const known = new Set(catalogue.map(({ code }) => code));
  const found = new Set<string>();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!/\.tsx?$/.test(name) || /[Rr]ules?\.ts$/.test(name) === !name.endsWith('headRules.ts')) continue;
    for (const [, code] of readFileSync(join(folder, name), 'utf8').matchAll(/'([a-z0-9-]+\/[a-z0-9.-]+)'/g)) {
      if (code !== undefined && known.has(code)) found.add(code);
    }
  }
  return found;
}
