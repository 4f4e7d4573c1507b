import { fieldNames, isDoubtfulName, looksIssued } from './secretKinds.ts';
import { isInWord } from './wordCharacters.ts';

/** A value that its name says is a secret, in text of one character a byte. */
export interface NamedValue {
  readonly kind: string;
  /** Where the name begins: what is hidden is recognised again by it. */
  readonly start: number;
  readonly valueStart: number;
  readonly end: number;
  /** How the value is written. */
  readonly form: 'json' | 'parameter' | 'plain';
}

/** Longest value that is looked at, in characters. */
export const longestNamedValue = 4_096;

/** Backslashes before a quote. */
const escapesAtMost = 7;
/** The longer of `://` and `:\/\/`. */
const slashesAtMost = 5;

const string = String.raw`(\\{0,7}")(${fieldNames})\1\s{0,8}:\s{0,8}(?:\[\s{0,8})?(\\{0,7}")((?:(?!\3)(?:\\[^]|[^\\])){1,${String(longestNamedValue)}})`;
const parameter = String.raw`(?:(?<![^])|(?<=[?&;\r\n]|\\u0026|&amp;))(${fieldNames})=([^&\s"'<>\\#;]{1,${String(longestNamedValue)}})`;
const password = String.raw`(?<=:(?:\/\/|\\\/\\\/))([^\s\/@:"'<>\\]{0,256}):([^\s\/@"'<>\\]{1,256})@`;
const header = String.raw`(?<![\w-])(authorization|proxy-authorization):\s{0,8}((?:bearer|basic|token)\s{1,8}[\w.~+\/=-]{8,4096})`;
const anyNamed = new RegExp(`${string}|${parameter}|${password}|${header}`, 'iy');

/** What may begin a match, by character: a text in quotes, a scheme's colon, the first letter of a name. */
const beginning = Object.freeze({ none: 0, quote: 1, colon: 2, name: 3 });
const beginningOf = new Uint8Array(256);
/** 1 for three characters that a name begins with, whatever their case: five bits of each. */
const beginsName = new Uint8Array(32_768);
for (const name of fieldNames.split('|')) {
  for (const spelled of spelledBeginnings(name)) {
    const [first = 0, second = 0, third = 0] = Array.from(spelled, (letter) => letter.charCodeAt(0));
    beginsName[((first & 31) << 10) | ((second & 31) << 5) | (third & 31)] = 1;
    beginningOf[first] = beginning.name;
    beginningOf[first & ~32] = beginning.name;
  }
}
const six = 0x36;
beginningOf[0x22] = beginning.quote;
beginningOf[0x3a] = beginning.colon;

/** The first three characters of a name, with each of what may stand between its words. */
function spelledBeginnings(name: string): readonly string[] {
  return ['-', '_', ''].map((between) => name.replaceAll('[_-]?', between).slice(0, 3));
}

function mayBeginName(text: string, at: number): boolean {
  const first = text.charCodeAt(at) & 31;
  return beginsName[(first << 10) | ((text.charCodeAt(at + 1) & 31) << 5) | (text.charCodeAt(at + 2) & 31)] === 1;
}

function matchAt(text: string, at: number): RegExpExecArray | null {
  anyNamed.lastIndex = at;
  return anyNamed.exec(text);
}

/** The first place in `[from, end)` where the pattern fits, which is asked only where it may. */
function firstNamed(text: string, from: number, end: number): RegExpExecArray | null {
  // The colon of an address may lie before `from`, and a quote behind `end` may have its escapes before it.
  for (let at = Math.max(0, from - slashesAtMost); at < end + escapesAtMost; at++) {
    const code = text.charCodeAt(at);
    const may = code < 256 ? beginningOf[code] : beginning.none;
    if (may === beginning.none) continue;
    let match: RegExpExecArray | null = null;
    if (may === beginning.colon) {
      const slashes = text.startsWith('//', at + 1) ? 3 : text.startsWith('\\/\\/', at + 1) ? slashesAtMost : 0;
      if (slashes > 0 && at + slashes >= from) match = matchAt(text, at + slashes);
    } else if (at < from) continue;
    else if (may === beginning.quote) {
      if (mayBeginName(text, at + 1)) match = quotedFrom(text, from, at);
    } else if (mayFollow(text, at) && mayBeginName(text, at)) match = matchAt(text, at);
    if (match !== null) return match.index < end ? match : null;
  }
  return null;
}

/** A text in quotes, with its escapes: the match begins as far before the quote as it can. */
function quotedFrom(text: string, from: number, quote: number): RegExpExecArray | null {
  let start = quote;
  while (start > from && quote - start < escapesAtMost && text.charCodeAt(start - 1) === 0x5c) start--;
  for (; start <= quote; start++) {
    const match = matchAt(text, start);
    if (match !== null) return match;
  }
  return null;
}

/** Whether what stands before a name lets a parameter or a header begin there; for sure only where it says no. */
function mayFollow(text: string, at: number): boolean {
  const before = at === 0 ? 0 : text.charCodeAt(at - 1);
  return before > 255 || isInWord[before] === 0 || (before === six && text.startsWith('\\u0026', at - 6));
}

/** Signatures of what a model thought are no credentials: they are sent back as they came. */
const ofThoughts = /signature_delta|thinking|thought|reasoning/i;
const contextCharacters = 400;

/** The first secret by name that begins in `[from, end)`; null where there is none. */
export function nextNamedValue(text: string, from: number, end: number): NamedValue | null {
  for (
    let match = firstNamed(text, from, end);
    match !== null;
    match = firstNamed(text, match.index + match[0].length, end)
  ) {
    const [all, , fieldName, , fieldValue, parameterName, parameterValue, , urlPassword, , headerText] = match;
    const name = fieldName ?? parameterName;
    const value = fieldValue ?? parameterValue ?? urlPassword ?? headerText ?? '';
    const atSign = urlPassword === undefined ? 0 : 1;
    const valueEnd = match.index + all.length - atSign;
    const before = (): string => text.slice(Math.max(0, match.index - contextCharacters), match.index);
    if (name !== undefined && isDoubtfulName(name)) {
      if (!looksIssued(value)) continue;
      if (name.toLowerCase() === 'signature' && ofThoughts.test(before())) continue;
    }
    return {
      kind: kindOf(name, fieldValue !== undefined, urlPassword !== undefined),
      start: match.index,
      valueStart: valueEnd - value.length,
      end: valueEnd,
      form: fieldValue !== undefined ? 'json' : parameterValue !== undefined ? 'parameter' : 'plain',
    };
  }
  return null;
}

function kindOf(name: string | undefined, isField: boolean, isPassword: boolean): string {
  if (isPassword) return 'password in an address';
  if (name === undefined) return 'authorization in text';
  return `${isField ? 'field' : 'parameter'} ${name.toLowerCase()}`;
}
