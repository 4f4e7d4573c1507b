import type { Framing } from '../../shared/words.ts';
import { byte, isDigit, isJsonWhitespace } from '../bytes/ascii.ts';
import { hasBomAt } from '../bytes/leadingBom.ts';
import { preludeAt, preludeBytes } from './awsPrelude.ts';
import type { JsonShape } from './json.ts';
import { nestingOf } from './jsonLimits.ts';
import { firstDelimiter } from './multipartBoundary.ts';
import { isHeaderLine } from './partHeaders.ts';
import { fieldOf } from './sseFields.ts';

/** `--`, the longest boundary, and some blanks. */
const longestDelimiterLine = 80;

/** What the first bytes of a body look like. */
export interface Sniffed {
  readonly framing: Framing;
  readonly shape?: JsonShape;
  readonly confidence: 'certain' | 'probable' | 'guess';
  /** For a person: what was seen. */
  readonly seen: string;
}

/** The beginning of a body. `from` is its first byte that is not a byte order mark or whitespace. */
interface Beginning {
  readonly bytes: Uint8Array;
  readonly from: number;
  /** Index of the first LF or CR at or after `from`; −1 where none has come. */
  readonly lineEnd: number;
  readonly expected: Framing | null;
  /** No more bytes will be looked at. */
  readonly isAll: boolean;
}

type Answer = Sniffed | 'no' | 'need-more';

/** One way a body can begin. The first that does not answer `no` is heard; `need-more` waits. */
interface Sniffer {
  readonly id: string;
  judge(beginning: Beginning): Answer;
}

const jsonObject: Sniffed = { framing: 'json', confidence: 'probable', seen: 'the body begins with a JSON object' };
const jsonArray: Sniffed = {
  framing: 'json',
  shape: 'array',
  confidence: 'probable',
  seen: 'the body is a JSON array',
};
const jsonLines: Sniffed = { framing: 'ndjson', confidence: 'certain', seen: 'each line is a JSON value' };
const eventFields: Sniffed = {
  framing: 'sse',
  confidence: 'certain',
  seen: 'the lines are fields of Server-Sent Events',
};

const jsonSequence: Sniffed = {
  framing: 'json-seq',
  confidence: 'certain',
  seen: 'the body begins with the record separator of a JSON text sequence',
};
const awsMessages: Sniffed = {
  framing: 'aws-eventstream',
  confidence: 'certain',
  seen: 'the body begins with the head of an AWS event-stream message, and its checksum fits',
};

const multipartParts: Sniffed = {
  framing: 'multipart',
  confidence: 'certain',
  seen: 'the body begins with a delimiter line and the headers of a part',
};

const sniffers: readonly Sniffer[] = [
  { id: 'aws-eventstream', judge: awsEventstream },
  { id: 'json-seq', judge: jsonSeq },
  { id: 'multipart', judge: multipart },
  { id: 'markup', judge: markup },
  { id: 'object', judge: object },
  { id: 'array', judge: array },
  { id: 'event-stream', judge: eventStream },
];

/**
 * Judges the beginning of a body.
 * @param isAll no more bytes will come or be looked at
 * @returns undefined while more bytes are needed. What is answered for some bytes may differ from what would be
 * answered for more: ask for every prefix, as `createDetector` does
 */
export function sniff(bytes: Uint8Array, expected: Framing | null, isAll: boolean): Sniffed | undefined {
  let from = hasBomAt(bytes, 0, bytes.length) ? 3 : 0;
  while (from < bytes.length && isJsonWhitespace(bytes[from] as number)) from++;
  const isPartOfBom = from === 0 && bytes.length < 3 && bytes[0] === 0xef;
  const fallback: Sniffed = {
    framing: expected ?? 'text',
    confidence: expected === null ? 'guess' : 'probable',
    seen: 'the body looks like plain text',
  };
  if (from === bytes.length || isPartOfBom) return isAll ? fallback : undefined;
  const beginning: Beginning = { bytes, from, lineEnd: lineEndFrom(bytes, from), expected, isAll };
  for (const sniffer of sniffers) {
    const answer = sniffer.judge(beginning);
    if (answer === 'need-more') return isAll ? fallback : undefined;
    if (answer !== 'no') return answer;
  }
  return fallback;
}

function lineEndFrom(bytes: Uint8Array, from: number): number {
  for (let i = from; i < bytes.length; i++) if (bytes[i] === byte.lf || bytes[i] === byte.cr) return i;
  return -1;
}

/** A message's head carries a checksum of its own lengths: no text begins so by chance. */
function awsEventstream({ bytes, from, isAll }: Beginning): Answer {
  const mayBeLength = from === 0 && (bytes[0] as number) <= 1;
  if (!mayBeLength) return 'no';
  if (bytes.length < preludeBytes) return isAll ? 'no' : 'need-more';
  return preludeAt(bytes, 0) === undefined ? 'no' : awsMessages;
}

/** A control character that JSON cannot begin with; binary bodies may, so a value must follow where none is declared. */
function jsonSeq({ bytes, from, expected, isAll }: Beginning): Answer {
  if (bytes[from] !== byte.recordSeparator) return 'no';
  if (expected === 'json-seq') return jsonSequence;
  let after = from + 1;
  while (bytes[after] === byte.recordSeparator || isJsonWhitespace(bytes[after] ?? 0)) after++;
  const next = bytes[after];
  if (next === undefined) return isAll ? 'no' : 'need-more';
  return isValueStart(next) ? jsonSequence : 'no';
}

/** A line of two dashes and a boundary, and the header of a part on the next; rulers of text have no header after. */
function multipart({ bytes, from, lineEnd, expected, isAll }: Beginning): Answer {
  if (bytes[from] !== byte.minus) return 'no';
  if (from + 1 < bytes.length && bytes[from + 1] !== byte.minus) return 'no';
  if (expected === 'multipart') return from + 1 < bytes.length ? multipartParts : isAll ? 'no' : 'need-more';
  if (lineEnd === -1) return isAll || bytes.length - from > longestDelimiterLine ? 'no' : 'need-more';
  if (firstDelimiter(bytes.subarray(from, lineEnd), null, true) === undefined) return 'no';
  const at = bytes[lineEnd] === byte.cr && bytes[lineEnd + 1] === byte.lf ? lineEnd + 2 : lineEnd + 1;
  const headerEnd = lineEndFrom(bytes, at);
  if (headerEnd === -1 && !isAll) return 'need-more';
  const to = headerEnd === -1 ? bytes.length : headerEnd;
  // Only fields of this kind mean anything in a part (RFC 2046 §5.1); cameras add some of their own.
  return isHeaderLine(bytes, at, to, true) && hasPrefix(bytes, at, ['content-', 'x-']) ? multipartParts : 'no';
}

function hasPrefix(bytes: Uint8Array, at: number, prefixes: readonly string[]): boolean {
  const head = String.fromCharCode(...bytes.subarray(at, at + 8)).toLowerCase();
  return prefixes.some((prefix) => head.startsWith(prefix));
}

function markup({ bytes, from }: Beginning): Answer {
  if (bytes[from] !== byte.less) return 'no';
  return { framing: 'text', confidence: 'probable', seen: 'the body begins like a page of markup' };
}

/** `{` begins JSON: one object, several, or one on each line. The first line and what follows it tell which. */
function object(beginning: Beginning): Answer {
  const { bytes, from, lineEnd, expected, isAll } = beginning;
  if (bytes[from] !== byte.openBrace) return 'no';
  const inner = nextByte(bytes, from + 1);
  if (inner === undefined) return isAll ? 'no' : 'need-more';
  const isDeclared = expected === 'json' || expected === 'ndjson';
  if (inner !== byte.quote && inner !== byte.closeBrace && !isDeclared) return 'no';
  if (lineEnd === -1) {
    // A line that goes on after its first value is no NDJSON; otherwise only its end can tell.
    if (expected !== 'ndjson' && hasTwoValues(bytes, from, bytes.length)) return jsonObject;
    if (!isAll) return 'need-more';
    if (expected === 'ndjson') return hasTwoValues(bytes, from, bytes.length) ? jsonObject : jsonLines;
    return expected === 'text' && keyAfter(bytes, from) !== true ? 'no' : jsonObject;
  }
  if (nestingOf(bytes, from, lineEnd).open !== 0) {
    if (expected !== 'text') return jsonObject;
    const key = keyAfter(bytes, from);
    return key === 'need-more' ? (isAll ? 'no' : key) : key ? jsonObject : 'no';
  }
  if (expected === 'ndjson') return jsonLines;
  const next = nextByte(bytes, lineEnd);
  if (next === undefined) return isAll ? jsonObject : 'need-more';
  if (isValueStart(next)) return jsonLines;
  // One line of JSON and then something else: where anything but JSON is declared, that is believed.
  return isDeclared || expected === null ? jsonObject : 'no';
}

function array({ bytes, from, lineEnd, expected, isAll }: Beginning): Answer {
  if (bytes[from] !== byte.openBracket) return 'no';
  // `[DONE]` and `[INFO] started` begin with a bracket too.
  const next = nextByte(bytes, from + 1);
  if (next === undefined) return isAll ? 'no' : 'need-more';
  if (next !== byte.closeBracket && !isValueStart(next)) return 'no';
  // Plain text begins with a bracketed number or word as well, but not with a list of objects.
  if (expected === 'text' && next !== byte.openBrace) return 'no';
  if (expected === null && next !== byte.openBrace) return listOfScalars(bytes, from, lineEnd, isAll);
  // An array must show its first element at once; only where lines are declared are lines looked for.
  if (expected !== 'ndjson') return jsonArray;
  if (lineEnd === -1) return !isAll ? 'need-more' : next === byte.openBrace ? jsonArray : jsonLines;
  return nestingOf(bytes, from, lineEnd).open !== 0 ? jsonArray : jsonLines;
}

/** A list whose elements are no objects may be one of many, each on its line: the line after it tells. */
function listOfScalars(bytes: Uint8Array, from: number, lineEnd: number, isAll: boolean): Answer {
  if (lineEnd === -1) return isAll ? jsonArray : 'need-more';
  if (nestingOf(bytes, from, lineEnd).open !== 0) return jsonArray;
  const next = nextByte(bytes, lineEnd);
  if (next === undefined) return isAll ? jsonArray : 'need-more';
  return next === byte.openBracket ? jsonLines : jsonArray;
}

/** Whether the object that begins at `from` begins with a key and its colon. */
function keyAfter(bytes: Uint8Array, from: number): boolean | 'need-more' {
  let at = from + 1;
  while (at < bytes.length && isJsonWhitespace(bytes[at] as number)) at++;
  if (at === bytes.length) return 'need-more';
  if (bytes[at] !== byte.quote) return false;
  for (at++; at < bytes.length && bytes[at] !== byte.quote; at++) {
    if (bytes[at] === byte.backslash) at++;
    else if ((bytes[at] as number) < byte.space) return false;
  }
  const next = nextByte(bytes, at + 1);
  return next === undefined ? 'need-more' : next === byte.colon;
}

/** A line that begins like a field; where an event stream is declared, whatever is neither JSON nor markup. */
function eventStream({ bytes, from, lineEnd, expected, isAll }: Beginning): Answer {
  if (expected === 'sse') return eventFields;
  const longestName = 6;
  const end = lineEnd === -1 ? bytes.length : lineEnd;
  let colon = from;
  while (colon < end && colon - from < longestName && bytes[colon] !== byte.colon) colon++;
  if (colon === end) return lineEnd === -1 && !isAll ? 'need-more' : 'no';
  const field = fieldOf(bytes, from, end);
  switch (field) {
    case 'data':
    case 'event':
      return eventFields;
    case 'id':
    case 'retry':
      return expected === 'text' ? afterComment(bytes, end, isAll) : eventFields;
    case 'comment':
      return afterComment(bytes, end, isAll);
    case 'unknown':
      return 'no';
  }
}

/** Plain text may begin with a colon, or a word and a colon, as well: the line after it decides. */
function afterComment(bytes: Uint8Array, end: number, isAll: boolean): Answer {
  let at = end;
  while (at < bytes.length && (bytes[at] === byte.lf || bytes[at] === byte.cr)) at++;
  const lineEnd = lineEndFrom(bytes, at);
  if (lineEnd === -1 && !isAll && bytes.indexOf(byte.colon, at) === -1) return 'need-more';
  if (at >= bytes.length) return eventFields;
  return fieldOf(bytes, at, lineEnd === -1 ? bytes.length : lineEnd) === 'unknown' ? 'no' : eventFields;
}

function nextByte(bytes: Uint8Array, from: number): number | undefined {
  let at = from;
  while (at < bytes.length && isJsonWhitespace(bytes[at] as number)) at++;
  return bytes[at];
}

function isValueStart(value: number): boolean {
  const isWord = value === 0x74 || value === 0x66 || value === 0x6e;
  const isContainer = value === byte.openBrace || value === byte.openBracket;
  return isContainer || value === byte.quote || value === byte.minus || isDigit(value) || isWord;
}

/** True when a second value begins in the range after the first one, a container, was closed. */
function hasTwoValues(bytes: Uint8Array, from: number, to: number): boolean {
  let open = 0;
  for (let i = from; i < to; i++) {
    const value = bytes[i] as number;
    if (value === byte.quote) {
      for (i++; i < to && bytes[i] !== byte.quote; i++) if (bytes[i] === byte.backslash) i++;
    } else if (value === byte.openBrace || value === byte.openBracket) open++;
    else if (value === byte.closeBrace || value === byte.closeBracket) open--;
    if (open === 0) {
      const next = nextByte(bytes.subarray(0, to), i + 1);
      return next !== undefined && isValueStart(next);
    }
  }
  return false;
}
