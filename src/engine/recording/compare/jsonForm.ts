/** A number that a double does not hold as it was written: compared by its digits. */
export class LongNumber {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

/** A run of digits longer than a double holds, or an exponent. */
const mayBeLong = /[\d.]{16}|\d[eE]/;
const exactDigits = 15;

/**
 * Parses JSON so that no two different numbers become the same.
 * @returns undefined where the text is no JSON
 */
export function parseExactly(text: string): { readonly value: unknown } | undefined {
  try {
    const value: unknown = mayBeLong.test(text) ? JSON.parse(text, keepLong) : JSON.parse(text);
    return { value };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The source of a value is a later addition to `JSON.parse` than the types know (TC39 proposal-json-parse-with-source). */
function keepLong(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== 'number' || source === undefined) return value;
  const digits = source
    .replace(/[eE].*$/, '')
    .replace(/[-.]/g, '')
    .replace(/^0+/, '');
  return digits.length > exactDigits || !Number.isFinite(value) ? new LongNumber(source) : value;
}

/**
 * One text for all spellings of a JSON value: keys in order, no whitespace, ignored keys left out at every level.
 * @returns undefined for what is nested deeper than `levels`
 */
export function canonicalJson(value: unknown, ignored: ReadonlySet<string>, levels: number): string | undefined {
  if (value instanceof LongNumber) return value.source;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (levels === 0) return undefined;
  const pieces: string[] = [];
  if (Array.isArray(value)) {
    for (const element of value as readonly unknown[]) {
      const piece = canonicalJson(element, ignored, levels - 1);
      if (piece === undefined) return undefined;
      pieces.push(piece);
    }
    return `[${pieces.join(',')}]`;
  }
  for (const key of Object.keys(value).sort()) {
    if (ignored.has(key)) continue;
    const piece = canonicalJson((value as Readonly<Record<string, unknown>>)[key], ignored, levels - 1);
    if (piece === undefined) return undefined;
    pieces.push(`${JSON.stringify(key)}:${piece}`);
  }
  return `{${pieces.join(',')}}`;
}

/** Whether a parsed value is nested at most `levels` deep. */
export function fitsLevels(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null || value instanceof LongNumber) return true;
  if (levels === 0) return false;
  return Object.values(value).every((inner) => fitsLevels(inner, levels - 1));
}
