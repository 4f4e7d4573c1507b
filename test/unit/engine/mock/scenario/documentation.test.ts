import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { explain } from '../../../../../src/engine/mock/scenario/explain.ts';
import { templateFunctions } from '../../../../../src/engine/mock/scenario/templateFunctions.ts';
import { scenarioOf } from './performing.ts';

const document = readFileSync(new URL('../../../../../docs/scenarios.md', import.meta.url), 'utf8');

it('every example of docs/scenarios.md is performed as the sentence behind it says', () => {
  const examples = [...document.matchAll(/```yaml\n((?:(?!```).)*)```\n\n> ([^\n]*)\n/gs)];
  expect(examples.length).toBe(document.split('```yaml').length - 1);
  for (const [, text = '', sentence] of examples) expect(explain(scenarioOf(text))).toBe(sentence);
});

it('docs/scenarios.md has every call of templates', () => {
  for (const { form, sentence } of Object.values(templateFunctions)) {
    expect(document).toContain(`| \`${form}\` | ${sentence} |`);
  }
});
