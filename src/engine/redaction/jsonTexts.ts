import { latin1Text } from './spellings.ts';

/** A text value in JSON, whole or broken, as it is written: one character a byte. */
export interface JsonText {
  /** Where it is in its JSON: keys and places in lists, and what tells it from others at such a place. */
  readonly channel: string;
  /** Offset of its first character within the quotes. */
  readonly at: number;
  readonly written: string;
}

/** Deeper values are looked through as bytes alone. */
const levelsAtMost = 64;
const textsAtMost = 10_000;

/** Keys whose values say what a frame is, not what is in it. */
const envelopeKeys = new Set(['type', 'object', 'model', 'role', 'id', 'finish_reason', 'system_fingerprint']);
/** Keys whose values tell apart what comes in turns: answers, blocks, items, messages. */
const tellingApart = /^(?:type|(?:[a-z_]*_?index)|contentBlockIndex|(?:item|message|part|tool_?call)_?id)$/i;

interface Level {
  readonly isList: boolean;
  /** Of the member or element that is being read. */
  key: string;
  n: number;
  /** Of an object: the members that tell it apart, in the order they came. */
  marks: string;
}

/**
 * The text values in JSON, in order. Tolerant: what surrounds the JSON (field names of SSE, a letter and a colon) and
 * what is broken in it are passed over. Linear time.
 */
export function jsonTexts(text: string): readonly JsonText[] {
  const found: {
    readonly levels: readonly Level[];
    readonly path: string;
    readonly at: number;
    readonly to: number;
  }[] = [];
  const levels: Level[] = [];
  let prefix = '';
  let at = firstStructural(text);
  if (at > 0) prefix = (/[^\r\n]{0,8}$/.exec(text.slice(0, at))?.[0] ?? '').replace(/^\s*data:\s*/, '');
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const top = levels.at(-1);
    if (code === quote) {
      const end = endOfString(text, at + 1);
      if (top !== undefined && !top.isList && isFollowedByColon(text, end + 1)) {
        top.key = text.slice(at + 1, end);
        if (tellingApart.test(top.key)) top.marks += markAfter(text, end + 1, top.key);
      } else if (end > at + 1 && (top === undefined || top.isList || !envelopeKeys.has(top.key))) {
        if (found.length === textsAtMost) break;
        found.push({ levels: levels.slice(), path: pathOf(levels), at: at + 1, to: end });
      }
      at = end;
    } else if (code === openBrace || code === openBracket) {
      if (levels.length === levelsAtMost) break;
      levels.push({ isList: code === openBracket, key: '', n: 0, marks: '' });
    } else if (code === closeBrace || code === closeBracket) levels.pop();
    else if (code === comma && top !== undefined) top.n++;
  }
  return found.map(({ levels: around, path, at: from, to }) => ({
    channel: `${prefix}${path}${around.map(({ marks }) => marks).join('')}`,
    at: from,
    written: text.slice(from, to),
  }));
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;

function firstStructural(text: string): number {
  const at = text.search(/["{[]/);
  return at < 0 ? text.length : at;
}

/** Offset of the quote that ends a string; of the end of its line or of the text where none does. */
function endOfString(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === backslash) at++;
    else if (code === quote || code === 0x0a) return at;
  }
  return text.length;
}

function isFollowedByColon(text: string, from: number): boolean {
  let at = from;
  while (at < text.length && text.charCodeAt(at) <= 0x20) at++;
  return text.charCodeAt(at) === colon;
}

/** The scalar after a key that tells its object from others. */
function markAfter(text: string, from: number, key: string): string {
  const value = /^\s{0,8}:\s{0,8}"?([\w\-.:]{1,128})/.exec(text.slice(from, from + 160))?.[1];
  return value === undefined ? '' : `,${key}=${value}`;
}

function pathOf(levels: readonly Level[]): string {
  return levels.map(({ isList, key, n }) => (isList ? `[${String(n)}]` : `.${key}`)).join('');
}

/** What a text means: each escape as the bytes of its character, one character a byte. */
export function unescapedJson(written: string): string {
  if (!written.includes('\\')) return written;
  return written.replace(anyEscape, (escape) => meantBy(escape));
}

/** Where the byte at `index` of the unescaped text is written, and how long that is there. */
export function escapePlaces(written: string): readonly { readonly at: number; readonly length: number }[] {
  const places: { readonly at: number; readonly length: number }[] = [];
  let copied = 0;
  const copy = (to: number): void => {
    for (let at = copied; at < to; at++) places.push({ at, length: 1 });
  };
  for (const match of written.matchAll(anyEscape)) {
    copy(match.index);
    const bytes = meantBy(match[0]).length;
    // Further bytes of the same character have no place of their own.
    for (let i = 0; i < bytes; i++) places.push({ at: match.index, length: i === 0 ? match[0].length : 0 });
    copied = match.index + match[0].length;
  }
  copy(written.length);
  return places;
}

const anyEscape = /\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\[^]?/g;
const shortEscapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

function meantBy(escape: string): string {
  if (escape.length < 6) return shortEscapes[escape.charAt(1)] ?? escape.slice(1);
  const units = escape
    .split('\\u')
    .slice(1)
    .map((hex) => Number.parseInt(hex, 16));
  const character = String.fromCharCode(...units);
  return units.every((unit) => unit < 0x80) ? character : latin1Text(new TextEncoder().encode(character));
}
