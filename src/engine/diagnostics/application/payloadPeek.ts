import { byte, hasAsciiAt, isJsonWhitespace } from '../../bytes/ascii.ts';
import { roleOf } from './recordRole.ts';

/** First keys that make a record worth reading: what it is about stands at its beginning. */
const tellingKeys: ReadonlySet<string> = new Set([
  'error',
  'errors',
  'progress',
  'percent',
  'percentage',
  'processed',
  'status',
  'summary',
  'metadata',
  'meta',
  'done',
]);
const nameKeys: ReadonlySet<string> = new Set(['type', 'event', 'kind']);
const firstLetters = new Set([...tellingKeys, ...nameKeys].map((key) => key.charCodeAt(0)));
const longestKey = 10;
const longestName = 32;
const fieldLines = 3;

/**
 * Whether a frame begins like a record that says something about its stream. Looks at its first bytes only, because a
 * stream may have millions of frames.
 * @param bytes of an SSE block or of a JSON text, in `[start, end)`
 */
export function isTelling(bytes: Uint8Array, start: number, end: number): boolean {
  let at = objectStart(bytes, start, end);
  if (at < 0) return false;
  at = skipWhitespace(bytes, at + 1, end);
  if (bytes[at] !== byte.quote || !firstLetters.has(bytes[at + 1] ?? 0)) return false;
  const key = shortText(bytes, at + 1, end, longestKey);
  if (key === undefined) return false;
  if (tellingKeys.has(key)) return true;
  if (!nameKeys.has(key)) return false;
  at = skipWhitespace(bytes, at + key.length + 2, end);
  if (bytes[at] !== byte.colon) return false;
  at = skipWhitespace(bytes, at + 1, end);
  if (bytes[at] !== byte.quote) return false;
  const name = shortText(bytes, at + 1, end, longestName);
  return name !== undefined && roleOf(name) !== 'data';
}

/** Where the payload's object begins: at once, or in the `data` line of a block; −1 where it is none. */
function objectStart(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  for (let line = 0; line <= fieldLines && at < end; line++) {
    if (bytes[at] === byte.recordSeparator) at++;
    if (bytes[at] === byte.openBrace) return at;
    if (hasAsciiAt(bytes, at, 'data:')) {
      at += 5;
      if (bytes[at] === byte.space) at++;
      return at < end && bytes[at] === byte.openBrace ? at : -1;
    }
    while (at < end && bytes[at] !== byte.lf && bytes[at] !== byte.cr) at++;
    while (at < end && (bytes[at] === byte.lf || bytes[at] === byte.cr)) at++;
  }
  return -1;
}

function skipWhitespace(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && isJsonWhitespace(bytes[at] as number)) at++;
  return at;
}

/** The ASCII text up to a quotation mark; undefined where it is longer than `most` or has an escape. */
function shortText(bytes: Uint8Array, from: number, end: number, most: number): string | undefined {
  let text = '';
  for (let at = from; at < end && at <= from + most; at++) {
    const value = bytes[at] as number;
    if (value === byte.quote) return text;
    if (value === byte.backslash || value > 0x7e) return undefined;
    text += String.fromCharCode(value);
  }
  return undefined;
}
