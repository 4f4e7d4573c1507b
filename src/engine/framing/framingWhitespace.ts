import type { Framing } from '../../shared/words.ts';
import { byte, isJsonWhitespace } from '../bytes/ascii.ts';

const bomBytes: readonly number[] = [0xef, 0xbb, 0xbf];

/**
 * What may stand outside every frame: a byte of the leading byte order mark of a text, and what each framing separates
 * with.
 * Every other byte of a body belongs to exactly one frame.
 * @param offset of the byte in the body
 */
export function isFramingWhitespace(framing: Framing, value: number, offset: number): boolean {
  if (framing === 'aws-eventstream') return false;
  if (offset < bomBytes.length && value === bomBytes[offset]) return true;
  switch (framing) {
    case 'sse':
      return value === byte.lf;
    case 'ndjson':
      return value === byte.lf || value === byte.cr;
    case 'json':
      return isJsonWhitespace(value) || isJsonSeparator(value);
    case 'json-seq':
      return isJsonWhitespace(value) || value === byte.recordSeparator;
    case 'multipart':
      return value === byte.lf || value === byte.cr;
    case 'text':
      return false;
  }
}

function isJsonSeparator(value: number): boolean {
  const isBracket = value === byte.openBracket || value === byte.closeBracket;
  return isBracket || value === byte.comma || value === byte.recordSeparator;
}
