import type { SeededRandom } from '../random.ts';

const deepest = 5;
const words = ['Zürich', 'São Paulo', '東京', 'Reykjavík', 'Nairobi', 'Québec “Vieux”'] as const;

/** The tool that is called where the request names none. */
export const defaultTool = {
  name: 'look_up_weather',
  schema: {
    type: 'object',
    properties: { city: { type: 'string' }, unit: { enum: ['celsius', 'fahrenheit'] }, days: { type: 'integer' } },
    required: ['city'],
  },
} as const;

/** Arguments that fit a JSON Schema of an object, as far as its plain words go; `{}` for a schema of something else. */
export function sampleArguments(schema: unknown, random: SeededRandom): Readonly<Record<string, unknown>> {
  const value = sample(schema, random, 0);
  return isRecord(value) ? value : {};
}

function sample(schema: unknown, random: SeededRandom, depth: number): unknown {
  if (!isRecord(schema) || depth > deepest) return null;
  if ('const' in schema) return schema.const;
  if (Array.isArray(schema.enum) && schema.enum.length > 0) return random.pick<unknown>(schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(choices) && choices.length > 0) return sample(choices[0], random, depth + 1);
  switch (typeOf(schema)) {
    case 'object':
      return sampleObject(schema, random, depth);
    case 'array':
      return [sample(schema.items, random, depth + 1)];
    case 'string':
      return sampleString(schema, random);
    case 'integer':
    case 'number':
      return (typeof schema.minimum === 'number' ? schema.minimum : 1) + random.below(5);
    case 'boolean':
      return random.below(2) === 1;
    default:
      return null;
  }
}

/** Google writes types in capitals; of several types the first that is not null counts. */
function typeOf({ type, properties }: Readonly<Record<string, unknown>>): string {
  const one: unknown = Array.isArray(type) ? type.find((name) => name !== 'null') : type;
  if (typeof one === 'string') return one.toLowerCase();
  return isRecord(properties) ? 'object' : '';
}

function sampleObject(schema: Readonly<Record<string, unknown>>, random: SeededRandom, depth: number) {
  const properties = isRecord(schema.properties) ? schema.properties : {};
  return Object.fromEntries(
    Object.entries(properties).map(([name, inner]) => [name, sample(inner, random, depth + 1)]),
  );
}

function sampleString({ format }: Readonly<Record<string, unknown>>, random: SeededRandom): string {
  if (format === 'date') return '2026-11-16';
  if (format === 'date-time') return '2026-11-16T08:53:20Z';
  if (format === 'email') return 'mock@example.com';
  if (format === 'uri' || format === 'url') return 'https://example.com/';
  return random.pick(words);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
