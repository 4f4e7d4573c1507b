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
    for (; to < text.length; to++) {
      const code = text.charCodeAt(to);
      if (code < 256 && isDigit[code] === 1) continue;
      // A slash may be escaped, as in JSON.
      if (code === 0x5c && text.charCodeAt(to + 1) === 0x2f) slashes++;
      else break;
    }
    if (to - at >= shortestRun) {
      const run = text.slice(at, to);
      yield* fromBase64Run(run, at, slashes > 0);
      for (const hex of run.matchAll(hexRun)) yield* fromHexRun(hex[0], at + hex.index);
    }
    at = Math.max(to, at) + 1;
  }
}

/** Base64 that begins at any of four characters: nothing tells where a group begins. */
function* fromBase64Run(run: string, from: number, hasSlashes: boolean): Generator<CodedText, void, undefined> {
  const places = hasSlashes ? placesWithout(run, '\\') : null;
  const written = places === null ? run : run.replaceAll('\\', '');
  for (let phase = 0; phase < 4; phase++) {
    // The digits that a byte alone decides: those it shares with a neighbour stay.
    const place = (index: number): number => {
      const digit = phase + Math.ceil((index * 8) / 6);
      return from + (places === null ? digit : (places[digit] ?? run.length));
    };
    yield* printableTexts(decodedBase64(written, phase), place);
  }
}

function decodedBase64(written: string, phase: number): Uint8Array {
  const bytes = new Uint8Array(Math.floor(((written.length - phase) * 6) / 8));
  let held = 0;
  let bits = 0;
  let out = 0;
  for (let at = phase; at < written.length; at++) {
    held = ((held << 6) | (base64Value[written.charCodeAt(at)] as number)) & 0x3fff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[out++] = held >> bits;
  }
  return bytes;
}

function* fromHexRun(run: string, from: number): Generator<CodedText, void, undefined> {
  for (let phase = 0; phase < 2; phase++) {
    const bytes = Uint8Array.from({ length: Math.floor((run.length - phase) / 2) }, (_, i) =>
      Number.parseInt(run.slice(phase + i * 2, phase + i * 2 + 2), 16),
    );
    yield* printableTexts(bytes, (index) => from + phase + index * 2);
  }
}

/** The parts of decoded bytes that may be text. */
function* printableTexts(bytes: Uint8Array, place: (index: number) => number): Generator<CodedText, void, undefined> {
  let start = 0;
  for (let at = 0; at <= bytes.length; at++) {
    if (at < bytes.length && isPrintable[bytes[at] as number] === 1) continue;
    if (at - start >= shortestText) {
      const first = start;
      yield { text: ascii.decode(bytes.subarray(start, at)), at: (index) => place(first + index) };
    }
    start = at + 1;
  }
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
