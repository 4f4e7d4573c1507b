import type { SupportedFraming } from '../../shared/words.ts';
import { byte, isDigit, isJsonWhitespace } from '../bytes/ascii.ts';
import { hasBomAt } from '../bytes/leadingBom.ts';
import type { JsonShape } from './json.ts';
import { nestingOf } from './jsonLimits.ts';
import { fieldOf } from './sseFields.ts';

/** What the first bytes of a body look like. */
export interface Sniffed {
  readonly framing: SupportedFraming;
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
  readonly expected: SupportedFraming | null;
  /** No more bytes will be looked at. */
  readonly isAll: boolean;
}

type Answer = Sniffed | 'no' | 'need-more';

/** One way a body can begin. The first that does not answer `no` is heard; `need-more` waits. */
interface Sniffer {
  readonly id: string;
  judge(beginning: Beginning): Answer;
}

const sniffers: readonly Sniffer[] = [
  { id: 'markup', judge: markup },
  { id: 'object', judge: object },
  { id: 'array', judge: array },
  { id: 'event-stream', judge: eventStream },
  { id: 'scalar-lines', judge: scalarLines },
];

/**
 * Judges the beginning of a body.
 * @param isAll no more bytes will come or be looked at
 * @returns undefined while more bytes are needed
 */
export function sniff(bytes: Uint8Array, expected: SupportedFraming | null, isAll: boolean): Sniffed | undefined {
  let from = hasBomAt(bytes, 0) ? 3 : 0;
  while (from < bytes.length && isJsonWhitespace(bytes[from] as number)) from++;
  const isPartOfBom = from === 0 && bytes.length < 3 && bytes[0] === 0xef;
  const fallback: Sniffed = {
    framing: expected ?? 'text',
    confidence: expected === null ? 'guess' : 'probable',
    seen: 'it looks like plain text',
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

function markup({ bytes, from }: Beginning): Answer {
  if (bytes[from] !== byte.less) return 'no';
  return { framing: 'text', confidence: 'probable', seen: 'it begins like a page of markup' };
}

/** `{` begins JSON: one object, several, or one on each line. The first line and what follows it tell which. */
function object(beginning: Beginning): Answer {
  const { bytes, from, lineEnd, expected, isAll } = beginning;
  if (bytes[from] !== byte.openBrace) return 'no';
  const json: Sniffed = { framing: 'json', confidence: 'probable', seen: 'it begins with a JSON object' };
  const lines: Sniffed = { framing: 'ndjson', confidence: 'certain', seen: 'each line is a JSON value' };
  const end = lineEnd === -1 ? bytes.length : lineEnd;
  const isWhole = nestingOf(bytes, from, end).open === 0;
  if (lineEnd === -1) {
    // A line that goes on after its first value is no NDJSON; otherwise only its end can tell.
    if (isAll) return expected === 'ndjson' ? lines : json;
    return hasTwoValues(bytes, from, end) ? { ...json, shape: 'concatenated' } : 'need-more';
  }
  if (!isWhole) return json;
  if (expected === 'ndjson') return lines;
  if (hasTwoValues(bytes, from, end)) return { ...json, shape: 'concatenated' };
  const next = nextByte(bytes, lineEnd);
  if (next === undefined) return isAll ? json : 'need-more';
  return isValueStart(next) ? lines : json;
}

function array({ bytes, from, lineEnd, expected, isAll }: Beginning): Answer {
  if (bytes[from] !== byte.openBracket) return 'no';
  const json: Sniffed = { framing: 'json', shape: 'array', confidence: 'probable', seen: 'it is a JSON array' };
  // A declared array must show its first element at once; only where lines are declared are lines looked for.
  if (expected !== 'ndjson') return isArrayOfJson(bytes, from, isAll) ? json : 'no';
  if (lineEnd === -1 && !isAll) return 'need-more';
  const end = lineEnd === -1 ? bytes.length : lineEnd;
  if (nestingOf(bytes, from, end).open !== 0 && lineEnd !== -1) return json;
  return { framing: 'ndjson', confidence: 'certain', seen: 'each line is a JSON value' };
}

/** `[DONE]` and `[INFO] started` begin with a bracket too. */
function isArrayOfJson(bytes: Uint8Array, from: number, isAll: boolean): boolean {
  const next = nextByte(bytes, from + 1);
  if (next === undefined) return !isAll;
  return next === byte.closeBracket || isValueStart(next);
}

/** A line that begins like a field, or where an event stream is declared anything that is not JSON or markup. */
function eventStream({ bytes, from, lineEnd, expected, isAll }: Beginning): Answer {
  const sse: Sniffed = { framing: 'sse', confidence: 'certain', seen: 'its lines are fields of Server-Sent Events' };
  if (expected === 'sse') return sse;
  const longestName = 6;
  const end = lineEnd === -1 ? bytes.length : lineEnd;
  const colon = bytes.indexOf(byte.colon, from);
  if (colon === -1 || colon >= end) return lineEnd === -1 && end - from < longestName && !isAll ? 'need-more' : 'no';
  const field = fieldOf(bytes, from, end);
  if (field === 'unknown') return 'no';
  if (field !== 'comment') return sse;
  // Plain text may begin with a colon as well: the line after the comment decides.
  return commentThenField(bytes, end, isAll) ? sse : expected === null && !isAll && lineEnd === -1 ? 'need-more' : 'no';
}

function commentThenField(bytes: Uint8Array, end: number, isAll: boolean): boolean {
  let at = end;
  while (at < bytes.length && (bytes[at] === byte.lf || bytes[at] === byte.cr)) at++;
  if (at >= bytes.length) return end < bytes.length || isAll;
  return fieldOf(bytes, at, lineEndFrom(bytes, at) === -1 ? bytes.length : lineEndFrom(bytes, at)) !== 'unknown';
}

/** Lines of numbers, strings or words are NDJSON only where that is declared; a lone scalar is JSON where that is. */
function scalarLines({ bytes, from, expected }: Beginning): Answer {
  if (expected === null || expected === 'text' || !isValueStart(bytes[from] as number)) return 'no';
  return { framing: expected, confidence: 'probable', seen: 'it begins with a JSON value' };
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
