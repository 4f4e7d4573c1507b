/** Writes `resources/scenario.schema.json` from the schema in the code: `node scripts/docs/scenarioSchema.mjs`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { scenarioJsonSchema } from '../../src/engine/mock/scenario/jsonSchema.ts';
import { root } from '../run/checkout.mjs';

export const scenarioSchemaFile = join(root, 'resources', 'scenario.schema.json');

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(scenarioSchemaFile, scenarioJsonSchema());
