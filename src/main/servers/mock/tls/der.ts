/** What of DER (X.690) a certificate is made of. Each function answers with one whole element. */

function element(tag: number, contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const length: number[] = [];
  if (content.length < 0x80) length.push(content.length);
  else {
    for (let rest = content.length; rest > 0; rest >>>= 8) length.unshift(rest & 0xff);
    length.unshift(0x80 | length.length);
  }
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

export const sequence = (...contents: readonly Uint8Array[]): Buffer => element(0x30, contents);
export const set = (...contents: readonly Uint8Array[]): Buffer => element(0x31, contents);
export const octetString = (content: Uint8Array): Buffer => element(0x04, [content]);
export const utf8String = (text: string): Buffer => element(0x0c, [Buffer.from(text, 'utf8')]);
export const truth = (): Buffer => element(0x01, [Buffer.from([0xff])]);

/** `bytes`: big-endian, positive as they stand. */
export function integer(bytes: Uint8Array): Buffer {
  return element(0x02, [(bytes[0] ?? 0) >= 0x80 ? Buffer.from([0]) : Buffer.alloc(0), bytes]);
}

/** @param unusedBits at the end of the last byte */
export function bitString(bytes: Uint8Array, unusedBits = 0): Buffer {
  return element(0x03, [Buffer.from([unusedBits]), bytes]);
}

/** Context-specific: explicit around whole elements, implicit in place of a primitive's own tag. */
export const explicit = (number: number, content: Uint8Array): Buffer => element(0xa0 | number, [content]);
export const implicit = (number: number, content: Uint8Array): Buffer => element(0x80 | number, [content]);

/** `2.5.4.3` */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const digits = [arc & 0x7f];
    for (let left = arc >>> 7; left > 0; left >>>= 7) digits.unshift((left & 0x7f) | 0x80);
    bytes.push(...digits);
  }
  return element(0x06, [Buffer.from(bytes)]);
}

/** UTCTime, for years from 1950 to 2049 (RFC 5280 §4.1.2.5). */
export function utcTime(date: Date): Buffer {
  const text = `${date.toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`;
  return element(0x17, [Buffer.from(text, 'latin1')]);
}
