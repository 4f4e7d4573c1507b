import { ByteStack } from '../bytes/byteStack.ts';
import { byte, hasAsciiAt, isDigit, isJsonWhitespace } from '../bytes/ascii.ts';

/** Where and why bytes are no JSON text. */
export interface JsonFault {
  /** Index of the first byte that cannot be there; the end of the range where something is missing. */
  readonly at: number;
  readonly kind: 'syntax' | 'trailing-comma' | 'truncated';
  /** What was expected, to follow "expected". */
  readonly expected: string;
}

type State = 'value' | 'first-value' | 'first-key' | 'key' | 'colon' | 'after-value' | 'done';

/**
 * Checks a range against RFC 8259 and finds the first fault. Iterative, so nesting of any depth is fine. Bytes ≥ 0x80
 * inside strings are taken as they are: the encoding has its own check.
 * @returns undefined when the range is one JSON text
 */
export function findJsonFault(bytes: Uint8Array, from: number, to: number): JsonFault | undefined {
  const closers = new ByteStack();
  let state: State = 'value';
  let afterComma = false;
  let at = from;
  for (;;) {
    while (at < to && isJsonWhitespace(bytes[at] as number)) at++;
    if (at >= to) return state === 'done' ? undefined : { at: to, kind: 'truncated', expected: wanted(state, closers) };
    const value = bytes[at] as number;
    switch (state) {
      case 'first-value':
      case 'value':
        if (value === byte.openBrace || value === byte.openBracket) {
          closers.push(value + 2);
          state = value === byte.openBrace ? 'first-key' : 'first-value';
          at++;
          break;
        }
        if (value === byte.closeBracket && closers.top === value) {
          if (state === 'value') return { at, kind: 'trailing-comma', expected: 'a value' };
          closers.pop();
          state = closers.length === 0 ? 'done' : 'after-value';
          at++;
          break;
        }
        {
          const end = scalarEnd(bytes, at, to);
          if (typeof end !== 'number') return end;
          at = end;
          state = closers.length === 0 ? 'done' : 'after-value';
        }
        break;
      case 'first-key':
      case 'key': {
        if (value === byte.closeBrace) {
          if (state === 'key' && afterComma) return { at, kind: 'trailing-comma', expected: 'a key' };
          closers.pop();
          state = closers.length === 0 ? 'done' : 'after-value';
          at++;
          break;
        }
        if (value !== byte.quote) return { at, kind: 'syntax', expected: wanted(state, closers) };
        const end = stringEnd(bytes, at, to);
        if (typeof end !== 'number') return end;
        at = end;
        state = 'colon';
        break;
      }
      case 'colon':
        if (value !== byte.colon) return { at, kind: 'syntax', expected: wanted(state, closers) };
        at++;
        state = 'value';
        afterComma = false;
        break;
      case 'after-value':
        if (value === byte.comma) {
          state = closers.top === byte.closeBrace ? 'key' : 'value';
          afterComma = true;
        } else if (value === closers.top) {
          closers.pop();
          state = closers.length === 0 ? 'done' : 'after-value';
        } else return { at, kind: 'syntax', expected: wanted(state, closers) };
        at++;
        break;
      case 'done':
        return { at, kind: 'syntax', expected: wanted(state, closers) };
    }
  }
}

function wanted(state: State, closers: ByteStack): string {
  switch (state) {
    case 'value':
      return 'a value';
    case 'first-value':
      return 'a value or "]"';
    case 'first-key':
      return 'a key in quotes or "}"';
    case 'key':
      return 'a key in quotes';
    case 'colon':
      return '":"';
    case 'after-value':
      return closers.top === byte.closeBrace ? '"," or "}"' : '"," or "]"';
    case 'done':
      return 'nothing more';
  }
}

function scalarEnd(bytes: Uint8Array, at: number, to: number): number | JsonFault {
  const first = bytes[at] as number;
  if (first === byte.quote) return stringEnd(bytes, at, to);
  if (first === byte.minus || isDigit(first)) return numberEnd(bytes, at, to);
  const word = first === 0x74 ? 'true' : first === 0x66 ? 'false' : first === 0x6e ? 'null' : undefined;
  if (word === undefined) return { at, kind: 'syntax', expected: 'a value' };
  const present = Math.min(word.length, to - at);
  for (let i = 0; i < present; i++) {
    if (!hasAsciiAt(bytes, at + i, word.charAt(i))) return { at: at + i, kind: 'syntax', expected: `"${word}"` };
  }
  return present < word.length ? { at: to, kind: 'truncated', expected: `"${word}"` } : at + word.length;
}

function stringEnd(bytes: Uint8Array, at: number, to: number): number | JsonFault {
  let i = at + 1;
  while (i < to) {
    const value = bytes[i] as number;
    if (value === byte.quote) return i + 1;
    if (value < 0x20) return { at: i, kind: 'syntax', expected: 'no raw control character in a string' };
    if (value !== byte.backslash) {
      i++;
      continue;
    }
    if (i + 1 >= to) break;
    const escape = bytes[i + 1] as number;
    if (escape === 0x75) {
      for (let digit = i + 2; digit < i + 6; digit++) {
        if (digit >= to) return { at: to, kind: 'truncated', expected: 'four hexadecimal digits' };
        if (!isHexDigit(bytes[digit] as number)) return { at: digit, kind: 'syntax', expected: 'a hexadecimal digit' };
      }
      i += 6;
    } else if ('"\\/bfnrt'.includes(String.fromCharCode(escape))) i += 2;
    else return { at: i + 1, kind: 'syntax', expected: 'a known escape' };
  }
  return { at: to, kind: 'truncated', expected: 'the end of a string' };
}

function numberEnd(bytes: Uint8Array, from: number, to: number): number | JsonFault {
  let at = from;
  const digits = (): JsonFault | undefined => {
    if (at >= to) return { at: to, kind: 'truncated', expected: 'a digit' };
    if (!isDigit(bytes[at] as number)) return { at, kind: 'syntax', expected: 'a digit' };
    while (at < to && isDigit(bytes[at] as number)) at++;
    return undefined;
  };
  if (bytes[at] === byte.minus) at++;
  let fault: JsonFault | undefined;
  if (bytes[at] === 0x30 && at < to) at++;
  else fault = digits();
  if (fault === undefined && at < to && bytes[at] === 0x2e) {
    at++;
    fault = digits();
  }
  if (fault === undefined && at < to && (bytes[at] === 0x65 || bytes[at] === 0x45)) {
    at++;
    if (at < to && (bytes[at] === 0x2b || bytes[at] === byte.minus)) at++;
    fault = digits();
  }
  return fault ?? at;
}

function isHexDigit(value: number): boolean {
  return isDigit(value) || (value >= 0x41 && value <= 0x46) || (value >= 0x61 && value <= 0x66);
}
