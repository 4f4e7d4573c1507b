import { byte } from '../bytes/ascii.ts';
import { decodeUtf8 } from '../bytes/decode.ts';

/** The longest boundary of RFC 2046 §5.1.1. */
const longestBoundary = 70;
/** The longest declared one that is believed; some writers are generous. */
const longestDeclared = 200;
/** `bcharsnospace` of RFC 2046 §5.1.1, and a few more that writers use. */
const boundaryWord = /^[0-9A-Za-z'()+_,\-./:=?@~!#$%&*;|^{}[\]]+$/;

/** How a line delimits, where its boundary is not agreed yet. */
export interface FirstDelimiter {
  /** `--` and the boundary: how every delimiter line begins. */
  readonly delimiter: Uint8Array;
  /** The boundary that was declared, where another is used; null where there is nothing to say. */
  readonly declaredInstead: string | null;
}

/**
 * The `boundary` parameter of a `multipart/*` media type, quoted or not; null where the type is another or names none.
 * RFC 2045 §5.1, RFC 2046 §5.1.1.
 */
export function declaredBoundary(contentType: string | null | undefined): string | null {
  if (contentType === null || contentType === undefined || !/^\s*multipart\//i.test(contentType)) return null;
  const found = /;\s*boundary\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(contentType);
  const boundary = found?.[1]?.replace(/\\(.)/g, '$1') ?? found?.[2] ?? '';
  // Trailing spaces are no part of a boundary: transport may have added them.
  const trimmed = boundary.replace(/ +$/, '');
  return trimmed === '' || trimmed.length > longestDeclared ? null : trimmed;
}

/**
 * Judges a line before the first part.
 * @param line with its line end, or what there is of it at the body's end
 * @param isFirst nothing but line ends came before it
 * @returns undefined for a line of the preamble
 */
export function firstDelimiter(
  line: Uint8Array,
  declared: string | null,
  isFirst: boolean,
): FirstDelimiter | undefined {
  if (line[0] !== byte.minus || line[1] !== byte.minus) return undefined;
  const text = decodeUtf8(line).replace(/[ \t\r\n]+$/, '');
  if (declared !== null) {
    if (text.startsWith(`--${declared}`)) return { delimiter: bytesOf(`--${declared}`), declaredInstead: null };
    // Cameras write into the parameter what they write into the body, dashes included.
    if (text === declared || text === `${declared}--`) {
      return { delimiter: bytesOf(declared), declaredInstead: declared };
    }
    if (!isFirst) return undefined;
  }
  const word = text.length > 4 && text.endsWith('--') ? text.slice(2, -2) : text.slice(2);
  if (word.length > longestBoundary || !boundaryWord.test(word)) return undefined;
  return { delimiter: bytesOf(`--${word}`), declaredInstead: declared };
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
