import { byte } from '../bytes/ascii.ts';

/** Limits of what is parsed as JSON: bytes, and levels of nesting. */
export interface JsonLimits {
  readonly jsonBytes: number;
  readonly jsonLevels: number;
}

/** Below this many bytes no JSON text can be nested deeper than `jsonLevels`: each level has two brackets. */
function shortestTooDeep(limits: JsonLimits): number {
  return 2 * (limits.jsonLevels + 1);
}

/** Adds 1 for an opening bracket, nothing for another byte. */
const openings = new Uint8Array(256);
openings[byte.openBrace] = 1;
openings[byte.openBracket] = 1;

/**
 * How deep brackets are nested in a range, by a byte scan. Strings are skipped.
 * @returns `levels` the deepest nesting, `open` brackets that are never closed (negative: too many closed)
 */
export function nestingOf(
  bytes: Uint8Array,
  from: number,
  to: number,
): { readonly levels: number; readonly open: number } {
  let levels = 0;
  let open = 0;
  for (let i = from; i < to; i++) {
    const value = bytes[i] as number;
    if (value === byte.quote) {
      for (i++; i < to && bytes[i] !== byte.quote; i++) if (bytes[i] === byte.backslash) i++;
    } else if (value === byte.openBrace || value === byte.openBracket) {
      if (++open > levels) levels = open;
    } else if (value === byte.closeBrace || value === byte.closeBracket) open--;
  }
  return { levels, open };
}

/** True when a range is nested deeper than the limit. Cheap for what is short or has few brackets. */
export function isTooDeep(bytes: Uint8Array, from: number, to: number, limits: JsonLimits): boolean {
  if (to - from < shortestTooDeep(limits)) return false;
  let count = 0;
  for (let i = from; i < to; i++) count += openings[bytes[i] as number] as number;
  return count > limits.jsonLevels && nestingOf(bytes, from, to).levels > limits.jsonLevels;
}
