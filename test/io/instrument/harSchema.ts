import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const folder = path.dirname(fileURLToPath(import.meta.resolve('har-schema')));
const byFile = new Map(
  readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => [name, JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as Json]),
);

/** A schema with what it refers to in it. */
function inlined(value: Json): Json {
  if (Array.isArray(value)) return value.map(inlined);
  if (typeof value !== 'object' || value === null) return value;
  const object = value as { readonly [key: string]: Json };
  const reference = object['$ref'];
  if (typeof reference === 'string') {
    const found = byFile.get(reference.replace('#', ''));
    if (found === undefined) throw new Error(`no schema ${reference}`);
    return inlined(found);
  }
  return Object.fromEntries(
    Object.entries(object)
      // Each schema names its own draft and file; only the outermost may.
      .filter(([key]) => key !== '$schema' && key !== '$id' && key !== 'format')
      .map(([key, each]) => [key, inlined(each)]),
  );
}

/** The published schema of HAR 1.2 (npm `har-schema`). */
export const harFileSchema = z.fromJSONSchema(
  inlined(byFile.get('har.json') ?? {}) as Parameters<typeof z.fromJSONSchema>[0],
);
