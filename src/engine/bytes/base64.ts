/** Base64 of RFC 4648 §4, for places that have neither a Buffer nor the newer methods of Uint8Array. */

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const padding = 0x3d;
const codeOf = Uint8Array.from(alphabet, (letter) => letter.charCodeAt(0));
const notInAlphabet = 255;
const valueOf = new Uint8Array(128).fill(notInAlphabet);
codeOf.forEach((code, value) => {
  valueOf[code] = value;
});
const ascii = new TextDecoder('utf-8');

/** The canonical text of bytes, padded, on one line. */
export function toBase64(bytes: Uint8Array): string {
  const text = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  let out = 0;
  for (let at = 0; at < bytes.length; at += 3) {
    const have = bytes.length - at;
    const triple = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    text[out] = codeOf[triple >> 18] ?? 0;
    text[out + 1] = codeOf[(triple >> 12) & 63] ?? 0;
    text[out + 2] = have > 1 ? (codeOf[(triple >> 6) & 63] ?? 0) : padding;
    text[out + 3] = have > 2 ? (codeOf[triple & 63] ?? 0) : padding;
    out += 4;
  }
  return ascii.decode(text);
}

/** The bytes of a canonical text; null for anything else: wrong letters, missing padding, stray bits. */
export function fromBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0) return null;
  const padded = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padded);
  const letters = text.length - padded;
  let held = 0;
  let heldBits = 0;
  let out = 0;
  for (let at = 0; at < letters; at += 1) {
    const value = valueOf[text.charCodeAt(at)] ?? notInAlphabet;
    if (value === notInAlphabet) return null;
    held = ((held << 6) | value) & 0xffff;
    heldBits += 6;
    if (heldBits < 8) continue;
    heldBits -= 8;
    bytes[out] = (held >> heldBits) & 0xff;
    out += 1;
  }
  return (held & ((1 << heldBits) - 1)) === 0 ? bytes : null;
}
