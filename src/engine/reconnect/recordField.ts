/**
 * The value at `field` of a JSON record, as text that can be sent: strings as they are, numbers as they are written, so
 * that an integer beyond 2^53 keeps its digits. Undefined for other values, an absent field, or text that is not JSON.
 * @param field a key of the record, else a dotted path such as `meta.cursor` or `rows.0.id`
 */
export function recordField(text: string, field: string): string | undefined {
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  const value = valueAt(record, field);
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (typeof value !== 'number') return undefined;
  if (Number.isSafeInteger(value)) return String(value);
  const asWritten = valueAt(JSON.parse(text, keepSource), field);
  return typeof asWritten === 'string' ? asWritten : undefined;
}

function valueAt(record: unknown, field: string): unknown {
  if (hasOwn(record, field)) return record[field];
  let value = record;
  for (const key of field.split('.')) {
    if (!hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

function hasOwn<Key extends string>(value: unknown, key: Key): value is Record<Key, unknown> {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key);
}

/** A reviver with the source of primitive values (ECMAScript, JSON.parse source text access). */
function keepSource(this: unknown, _key: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === 'number' ? (context?.source ?? String(value)) : value;
}
