/** Keys that name a record's type, in order of preference, and the longest value that is a name. */
const typeKeys = ['type', 'event', 'kind'] as const;
const longestTypeName = 64;

/** The type a JSON object gives itself; undefined for none. */
export function recordType(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  for (const key of typeKeys) {
    const name: unknown = (value as Record<string, unknown>)[key];
    if (typeof name === 'string' && name !== '' && name.length <= longestTypeName) return name;
  }
  return undefined;
}
