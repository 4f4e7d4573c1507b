import { z } from 'zod';
import type { DocumentPath } from './sourceText.ts';

/**
 * The keys that may stand in a mapping at a place of a document. Of alternatives those that have most in common with
 * what stands there.
 */
export function knownKeys(schema: z.core.$ZodType, path: DocumentPath, found: unknown): readonly string[] {
  const written = typeof found === 'object' && found !== null ? Object.keys(found) : [];
  const shapes = objectsAt(schema, path).map((object) => Object.keys(object._zod.def.shape));
  const common = (keys: readonly string[]): number => keys.filter((key) => written.includes(key)).length;
  const most = Math.max(0, ...shapes.map(common));
  return [...new Set(shapes.filter((keys) => common(keys) === most).flat())];
}

function objectsAt(schema: z.core.$ZodType, path: DocumentPath): readonly z.core.$ZodObject[] {
  let at: readonly z.core.$ZodType[] = [schema];
  for (const step of path) at = at.flatMap(alternatives).flatMap((each) => into(each, step));
  return at.flatMap(alternatives).filter((each) => each instanceof z.core.$ZodObject);
}

function alternatives(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  if (schema instanceof z.core.$ZodUnion) return schema._zod.def.options.flatMap(alternatives);
  if (schema instanceof z.core.$ZodOptional) return alternatives(schema._zod.def.innerType);
  if (schema instanceof z.core.$ZodLazy) return alternatives(schema._zod.def.getter());
  return [schema];
}

function into(schema: z.core.$ZodType, step: string | number): readonly z.core.$ZodType[] {
  if (schema instanceof z.core.$ZodObject) {
    const inner = schema._zod.def.shape[String(step)];
    return inner === undefined ? [] : [inner];
  }
  if (schema instanceof z.core.$ZodArray) return [schema._zod.def.element];
  return schema instanceof z.core.$ZodRecord ? [schema._zod.def.valueType] : [];
}
