import { byte, isDigit, isJsonWhitespace } from '../bytes/ascii.ts';
import type { ByteRange } from './heldValue.ts';
import { suspectDigits } from './jsonElement.ts';

/** True for a byte that begins a number, `true`, `false` or `null`. */
export function isScalarStart(value: number): boolean {
  return isDigit(value) || value === byte.minus || value === 0x74 || value === 0x66 || value === 0x6e;
}

/** True for a byte that cannot be part of a number or word. */
export function endsScalar(value: number): boolean {
  switch (value) {
    case byte.comma:
    case byte.closeBracket:
    case byte.closeBrace:
    case byte.openBrace:
    case byte.openBracket:
    case byte.quote:
    case byte.recordSeparator:
      return true;
    default:
      return isJsonWhitespace(value);
  }
}

/** The digits of an integer that may be too large for a double, as a pair of body offsets; empty for anything else. */
export function integerDigits(range: ByteRange, start: number): readonly number[] {
  const from = range.bytes[range.from] === byte.minus ? range.from + 1 : range.from;
  if (range.to - from < suspectDigits) return [];
  for (let i = from; i < range.to; i++) if (!isDigit(range.bytes[i] as number)) return [];
  return [start + from - range.from, start + range.to - range.from];
}
