import { toBase64 } from '../bytes/base64.ts';

/**
 * How the bytes of a secret may be spelled elsewhere in a stream: as they are, escaped in JSON (and in JSON inside of
 * JSON), percent-encoded, in hex, in base64 and base64url wherever they lie in what is encoded.
 */
export function spellingsOf(secret: Uint8Array): readonly Uint8Array[] {
  const found = new Map<string, Uint8Array>();
  const add = (text: string): void => {
    // What is short is found by chance.
    if (text.length >= shortestSpelling && !found.has(text)) found.set(text, latin1Bytes(text));
  };
  const raw = latin1Text(secret);
  found.set(raw, secret);
  for (const spelled of jsonSpellings(secret, raw)) {
    add(spelled);
    add(spelled.replace(/[\\"]/g, '\\$&'));
  }
  for (const spelled of percentSpellings(secret)) add(spelled);
  const hex = Array.from(secret, (byte) => hexOf(byte)).join('');
  add(hex);
  add(hex.toUpperCase());
  for (const spelled of base64Spellings(secret)) {
    if (spelled.length < shortestBase64) continue;
    add(spelled);
    add(spelled.replaceAll('/', '\\/'));
    add(spelled.replaceAll('+', '-').replaceAll('/', '_'));
    add(spelled.replaceAll('+', '%2B').replaceAll('/', '%2F'));
  }
  return [...found.values()];
}

const shortestSpelling = 5;
const shortestBase64 = 8;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function jsonSpellings(secret: Uint8Array, raw: string): readonly string[] {
  const text = textOf(secret);
  const bytesOf = (written: string): string => latin1Text(new TextEncoder().encode(written));
  const plain = raw.replace(/[\\"]/g, '\\$&').replace(/[\u0000-\u001f]/g, shortEscape);
  const units = (isEscaped: (character: string) => boolean, digits: (hex: string) => string): string =>
    Array.from({ length: text.length }, (_, i) => text.charAt(i))
      .map((character) => {
        if (!isEscaped(character)) return character;
        return `\\u${digits(character.charCodeAt(0).toString(16).padStart(4, '0'))}`;
      })
      .join('');
  const lower = (hex: string): string => hex;
  const upper = (hex: string): string => hex.toUpperCase();
  const isNotAscii = (character: string): boolean => character > '~';
  const isMarkup = (character: string): boolean => /[<>&=']/.test(character);
  const isNoWord = (character: string): boolean => !/\w/.test(character);
  return [
    plain,
    plain.replaceAll('/', '\\/'),
    ...[isNotAscii, isMarkup, isNoWord, () => true].flatMap((isEscaped) => [
      bytesOf(units(isEscaped, lower)),
      bytesOf(units(isEscaped, upper)),
    ]),
  ];
}

function shortEscape(character: string): string {
  return JSON.stringify(character).slice(1, -1);
}

/** The text of the bytes; what is no UTF-8 is taken a character a byte. */
function textOf(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return latin1Text(bytes);
  }
}

function percentSpellings(secret: Uint8Array): readonly string[] {
  const spell = (keeps: RegExp, space: string, digits: (hex: string) => string): string =>
    Array.from(secret, (byte) => {
      const character = String.fromCharCode(byte);
      if (byte < 0x80 && keeps.test(character)) return character;
      return byte === 0x20 ? space : `%${digits(hexOf(byte))}`;
    }).join('');
  const upper = (hex: string): string => hex.toUpperCase();
  const lower = (hex: string): string => hex;
  const component = /[\w\-.!~*'()]/;
  const form = /[\w\-.*]/;
  return [
    ...[upper, lower].flatMap((digits) => [
      spell(component, '%20', digits),
      spell(form, '+', digits),
      spell(form, '%20', digits),
      spell(/[A-Za-z0-9]/, '%20', digits),
      spell(/(?!)/, '%20', digits),
    ]),
  ];
}

/** The characters that the secret alone decides, for each of the three places it can have in a group of three bytes. */
function base64Spellings(secret: Uint8Array): readonly string[] {
  return [0, 1, 2].map((before) => {
    const padded = new Uint8Array(before + secret.length);
    padded.set(secret, before);
    const first = Math.ceil((before * 8) / 6);
    const end = Math.floor((padded.length * 8) / 6);
    return toBase64(padded).slice(first, end);
  });
}

function hexOf(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

/** Bytes as text of one character a byte, and back. */
export function latin1Text(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8_192) {
    // Spreading would go through an iterator, a byte a step.
    text += Reflect.apply(String.fromCharCode, null, bytes.subarray(at, at + 8_192)) as string;
  }
  return text;
}

export function latin1Bytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
