const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** A whole range as text; bad sequences become U+FFFD. Never for a piece whose characters may go on in the next. */
export function decodeUtf8(bytes: Uint8Array, from = 0, to: number = bytes.length): string {
  return decoder.decode(from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to));
}

/** The beginning of a range as text for a message: at most `maxBytes`, with `…` where it was cut. */
export function excerptUtf8(bytes: Uint8Array, from: number, to: number, maxBytes: number): string {
  if (to - from <= maxBytes) return decodeUtf8(bytes, from, to);
  let end = from + maxBytes;
  while (end > from && ((bytes[end] as number) & 0xc0) === 0x80) end--;
  return `${decodeUtf8(bytes, from, end)}…`;
}
