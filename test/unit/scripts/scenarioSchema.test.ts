import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { scenarioSchemaFile } from '../../../scripts/docs/scenarioSchema.mjs';
import { scenarioJsonSchema } from '../../../src/engine/mock/scenario/jsonSchema.ts';

it('resources/scenario.schema.json is the schema of the code; if not, run node scripts/docs/scenarioSchema.mjs', () => {
  expect(readFileSync(scenarioSchemaFile, 'utf8')).toBe(scenarioJsonSchema());
});
