const unreserved = /[A-Za-z0-9\-._~]/;

/**
 * Encodes form content as curl does for `--data-urlencode`: RFC 3986 §2.3 unreserved characters stay, a space becomes
 * `+`, every other byte of the UTF-8 `%XX`.
 */
export function formEncode(text: string): string {
  let encoded = '';
  for (const byte of new TextEncoder().encode(text)) {
    const character = String.fromCharCode(byte);
    if (character === ' ') encoded += '+';
    else if (unreserved.test(character)) encoded += character;
    else encoded += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}
