import { z } from 'zod';
import { scenarioSchema } from '../../../shared/scenario.ts';

/** JSON Schema (draft 7, which editors know best) of scenario documents, as text. */
export function scenarioJsonSchema(): string {
  const { $schema, ...schema } = z.toJSONSchema(scenarioSchema, { io: 'input', target: 'draft-7' });
  return `${JSON.stringify({ $schema, title: 'Streamscope scenario', ...schema }, null, 2)}\n`;
}
