/**
 * Text that is coded within a text (base64, base64url, hex, percent, `\uXXXX`), decoded to be looked through. All texts
 * have one character a byte.
 */
export interface CodedText {
  readonly text: string;
  /** Where the decoded character at `index` begins in the text it was found in; for its length, where it ends. */
  readonly at: (index: number) => number;
}

/** Shorter runs hold no secret of a known shape: the shortest has 20 bytes. */
const shortestRun = 24;
/** What is decoded counts from so many printable characters on: in random bytes they do not come in a row. */
const shortestText = 12;

/** 1 for the digits of base64 and base64url. */
const isDigit = new Uint8Array(256);
const base64Value = new Uint8Array(256);
Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/').forEach((digit, value) => {
  base64Value[digit.charCodeAt(0)] = value;
  isDigit[digit.charCodeAt(0)] = 1;
});
for (const [digit, value] of [
  ['-', 62],
  ['_', 63],
] as const) {
  base64Value[digit.charCodeAt(0)] = value;
  isDigit[digit.charCodeAt(0)] = 1;
}
const noHex = 255;
const hexValue = new Uint8Array(256).fill(noHex);
Array.from('0123456789abcdef').forEach((digit, value) => {
  hexValue[digit.charCodeAt(0)] = value;
  hexValue[digit.toUpperCase().charCodeAt(0)] = value;
});
const backslash = 0x5c;
const hexRun = new RegExp(`[0-9A-Fa-f]{${String(shortestRun)},}`, 'g');
const isPrintable = new Uint8Array(256).fill(1, 0x20, 0x7f);
for (const control of ['\t', '\n', '\r']) isPrintable[control.charCodeAt(0)] = 1;

/** What is coded in `text` and begins in `[from, end)`, decoded in each way that it may be meant. Linear time. */
export function* codedTexts(text: string, from: number, end: number): Generator<CodedText, void, undefined> {
  yield* digitRuns(text, from, end);
  if (text.includes('%')) yield* escapedRuns(text, from, end, percentRun, percentEscape);
  if (text.includes('\\u00')) yield* escapedRuns(text, from, end, unicodeRun, unicodeEscape);
}

function* digitRuns(text: string, from: number, end: number): Generator<CodedText, void, undefined> {
  let at = from;
  while (at < end) {
    let to = at;
    let slashes = 0;
    let hexDigits = 0;
    let hasHex = false;
    for (; to < text.length; to++) {
      const code = text.charCodeAt(to);
      if (code < 256 && isDigit[code] === 1) {
        hexDigits = hexValue[code] === noHex ? 0 : hexDigits + 1;
        if (hexDigits === shortestRun) hasHex = true;
        continue;
      }
      hexDigits = 0;
      // A slash may be escaped, as in JSON.
      if (code === backslash && text.charCodeAt(to + 1) === 0x2f) slashes++;
      else break;
    }
    if (to - at >= shortestRun) {
      yield* fromBase64Run(text, at, to, slashes);
      if (hasHex) for (const hex of text.slice(at, to).matchAll(hexRun)) yield* fromHexRun(hex[0], at + hex.index);
    }
    at = Math.max(to, at) + 1;
  }
}

/** Base64 in `[from, to)` that begins at any of four characters: nothing tells where a group begins. */
function* fromBase64Run(
  text: string,
  from: number,
  to: number,
  slashes: number,
): Generator<CodedText, void, undefined> {
  const digits = new Uint8Array(to - from - slashes);
  let count = 0;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code !== backslash) digits[count++] = base64Value[code] as number;
  }
  const places = slashes === 0 ? null : placesWithout(text.slice(from, to), '\\');
  for (let phase = 0; phase < 4; phase++) {
    // The digits that a byte alone decides: those it shares with a neighbour stay.
    const place = (index: number): number => {
      const digit = phase + Math.ceil((index * 8) / 6);
      return from + (places === null ? digit : (places[digit] ?? to - from));
    };
    yield* printableTexts({ digits, phase, bits: 6 }, place);
  }
}

function* fromHexRun(run: string, from: number): Generator<CodedText, void, undefined> {
  const digits = new Uint8Array(run.length);
  for (let i = 0; i < digits.length; i++) digits[i] = hexValue[run.charCodeAt(i)] as number;
  for (let phase = 0; phase < 2; phase++) {
    yield* printableTexts({ digits, phase, bits: 4 }, (index) => from + phase + index * 2);
  }
}

/** Digits of 6 or 4 bits, of which those from `phase` on make bytes. */
interface Digits {
  readonly digits: Uint8Array;
  readonly phase: number;
  readonly bits: 6 | 4;
}

/** The parts of decoded bytes that may be text. Of what is none, hardly more than every twelfth byte is decoded. */
function* printableTexts(coded: Digits, place: (index: number) => number): Generator<CodedText, void, undefined> {
  const { digits, phase, bits } = coded;
  const length = Math.floor(((digits.length - phase) * bits) / 8);
  for (let start = 0; start + shortestText <= length;) {
    let first = start + shortestText - 1;
    while (first >= start && isPrintable[byteOf(coded, first)] === 1) first--;
    if (first >= start) {
      start = first + 1;
      continue;
    }
    let end = start + shortestText;
    while (end < length && isPrintable[byteOf(coded, end)] === 1) end++;
    const from = start;
    const bytes = new Uint8Array(end - from);
    for (let i = 0; i < bytes.length; i++) bytes[i] = byteOf(coded, from + i);
    yield { text: ascii.decode(bytes), at: (index) => place(from + index) };
    start = end + 1;
  }
}

function byteOf({ digits, phase, bits }: Digits, n: number): number {
  if (bits === 4) return ((digits[phase + 2 * n] as number) << 4) | (digits[phase + 2 * n + 1] as number);
  const group = Math.floor(n / 3);
  const place = n - 3 * group;
  const at = phase + 4 * group + place;
  const pair = ((digits[at] as number) << 6) | (digits[at + 1] as number);
  return (pair >> (4 - 2 * place)) & 0xff;
}

const ascii = new TextDecoder();

// One class of characters each, repeated: looking for runs takes linear time whatever comes.
const percentRun = new RegExp(String.raw`[\w\-.~!*'()+%]{${String(shortestRun)},}`, 'g');
const percentEscape = /%([0-9a-f]{2})/gi;
const unicodeRun = new RegExp(String.raw`[\w\-.~+/=:\\]{${String(shortestRun)},}`, 'g');
const unicodeEscape = /\\{1,8}u00([0-9a-f]{2})/gi;

function* escapedRuns(
  text: string,
  from: number,
  end: number,
  runs: RegExp,
  escape: RegExp,
): Generator<CodedText, void, undefined> {
  for (let next = from; ;) {
    runs.lastIndex = next;
    const match = runs.exec(text);
    if (match === null || match.index >= end) return;
    next = runs.lastIndex;
    // The letter of an escape such as `\n` is no part of the word after it.
    const skipped = text.charAt(match.index - 1) === '\\' ? 1 : 0;
    const decoded = withoutEscapes(match[0].slice(skipped), match.index + skipped, escape);
    if (decoded !== null) yield decoded;
  }
}

/** The run with each escape as the byte that its hex digits say; null where it has none. */
function withoutEscapes(run: string, from: number, escape: RegExp): CodedText | null {
  const parts: string[] = [];
  const places: number[] = [];
  let copied = 0;
  const copy = (to: number): void => {
    parts.push(run.slice(copied, to));
    for (let at = copied; at < to; at++) places.push(at);
  };
  for (const match of run.matchAll(escape)) {
    copy(match.index);
    parts.push(String.fromCharCode(Number.parseInt(match[1] ?? '', 16)));
    places.push(match.index);
    copied = match.index + match[0].length;
  }
  if (copied === 0) return null;
  copy(run.length);
  return { text: parts.join(''), at: (index) => from + (places[index] ?? run.length) };
}

/** Where the characters of a run are that are not `left`. */
function placesWithout(run: string, left: string): readonly number[] {
  const places: number[] = [];
  for (let at = 0; at < run.length; at++) if (run.charAt(at) !== left) places.push(at);
  return places;
}
