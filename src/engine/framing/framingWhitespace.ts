import type { SupportedFraming } from '../../shared/words.ts';
import { byte, isJsonWhitespace } from '../bytes/ascii.ts';

const bomBytes: readonly number[] = [0xef, 0xbb, 0xbf];

/**
 * What may stand outside every frame: a byte of the leading byte order mark, and what each framing separates with.
 * Every other byte of a body belongs to exactly one frame.
 * @param offset of the byte in the body
 */
export function isFramingWhitespace(framing: SupportedFraming, value: number, offset: number): boolean {
  if (offset < bomBytes.length && value === bomBytes[offset]) return true;
  switch (framing) {
    case 'sse':
      return value === byte.lf;
    case 'ndjson':
      return value === byte.lf || value === byte.cr;
    case 'json':
      return isJsonWhitespace(value) || isJsonSeparator(value);
    case 'text':
      return false;
  }
}

function isJsonSeparator(value: number): boolean {
  const isBracket = value === byte.openBracket || value === byte.closeBracket;
  return isBracket || value === byte.comma || value === byte.recordSeparator;
}
