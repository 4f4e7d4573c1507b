/** Bytes that mean something to a framing. */
export const byte = Object.freeze({
  tab: 0x09,
  lf: 0x0a,
  cr: 0x0d,
  recordSeparator: 0x1e,
  space: 0x20,
  quote: 0x22,
  comma: 0x2c,
  minus: 0x2d,
  colon: 0x3a,
  less: 0x3c,
  openBracket: 0x5b,
  backslash: 0x5c,
  closeBracket: 0x5d,
  openBrace: 0x7b,
  closeBrace: 0x7d,
});

/** RFC 8259 §2: what may stand between JSON tokens. */
export function isJsonWhitespace(value: number): boolean {
  return value === byte.space || value === byte.lf || value === byte.cr || value === byte.tab;
}

export function isDigit(value: number): boolean {
  return value >= 0x30 && value <= 0x39;
}

/** True when `bytes[at…]` begins with the ASCII characters of `word`. */
export function hasAsciiAt(bytes: Uint8Array, at: number, word: string): boolean {
  for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word.charCodeAt(i)) return false;
  return true;
}
