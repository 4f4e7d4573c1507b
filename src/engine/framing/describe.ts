import { defaultLimits } from '../../shared/limits.ts';
import type { FrameFields } from '../../shared/recording.ts';
import type { FrameKind, Framing } from '../../shared/words.ts';
import { decodeUtf8 } from '../bytes/decode.ts';
import { isContinuation } from '../bytes/utf8.ts';
import { findJsonFault } from './jsonFault.ts';
import { isTooDeep, type JsonLimits } from './jsonLimits.ts';
import { readBlock, withoutTrailingLineEnds, type UnknownField } from './sseBlock.ts';
import { grouped } from '../diagnostics/rule.ts';
import { oneLine } from './visibleText.ts';

/** One frame taken apart. */
export interface FrameDescription {
  readonly fields: FrameFields;
  /** Lines of an SSE block that are neither fields nor comments. */
  readonly unknownFields: readonly UnknownField[];
  /** The payload, at most the limit for previews (counted in bytes of UTF-8, cut between characters). */
  readonly text: string;
  readonly textTruncated: boolean;
  /** Whether the whole payload is JSON; `none`: it does not look like JSON, or was not checked. */
  readonly json: 'valid' | 'invalid' | 'none';
  /** Why a payload that looks like JSON is not shown as JSON, for a person; null where it is or does not look so. */
  readonly jsonNote: string | null;
}

/** What is parsed as JSON and how much of a payload is shown. */
export interface DescriptionLimits extends JsonLimits {
  readonly framePreviewBytes: number;
}

/**
 * Takes one frame apart. Pure: the same bytes give the same description.
 * @param bytes the frame's own bytes, or their beginning
 * @param isBeginning true when the frame is longer than `bytes`
 */
export function describeFrame(
  framing: Framing,
  kind: FrameKind,
  bytes: Uint8Array,
  limits: DescriptionLimits = defaultLimits,
  isBeginning = false,
): FrameDescription {
  const block = isBlock(framing, kind) ? readBlock(decodeWhole(bytes, isBeginning)) : undefined;
  const payload =
    block === undefined
      ? withoutLineEnds(framing, decodeWhole(bytes, isBeginning))
      : (block.fields.data ?? block.fields.comments?.join('\n') ?? '');
  const judged = isJsonKind(kind)
    ? judgeJson(payload, limits, isBeginning, framing === 'ndjson' || framing === 'json')
    : ({ json: 'none', jsonNote: null } as const);
  const text = cutText(payload, limits.framePreviewBytes);
  return {
    fields: block?.fields ?? {},
    unknownFields: block?.unknownFields ?? [],
    text,
    textTruncated: isBeginning || text.length < payload.length,
    ...judged,
  };
}

/**
 * The payload of a frame on one line for a table row: control characters as symbols, line breaks as `↵`.
 * @param bytes the frame's bytes or their beginning
 */
export function previewFrame(framing: Framing, kind: FrameKind, bytes: Uint8Array, maxChars: number): string {
  if (kind === 'blank') return '';
  // Field names come before what is shown, and a character has at most four bytes.
  const wanted = 4 * maxChars + 1_024;
  const isBeginning = bytes.length > wanted;
  const head = isBeginning ? bytes.subarray(0, wanted) : bytes;
  if (!isBlock(framing, kind)) return oneLine(withoutLineEnds(framing, decodeWhole(head, isBeginning)), maxChars);
  const { fields } = readBlock(decodeWhole(head, isBeginning));
  return oneLine(fields.data ?? fields.comments?.join('\n') ?? '', maxChars);
}

function isBlock(framing: Framing, kind: FrameKind): boolean {
  return framing === 'sse' && kind !== 'invalid' && kind !== 'blank';
}

function isJsonKind(kind: FrameKind): boolean {
  return kind !== 'comment' && kind !== 'blank' && kind !== 'terminator' && kind !== 'text';
}

function judgeJson(
  payload: string,
  limits: DescriptionLimits,
  isBeginning: boolean,
  mustBeJson: boolean,
): Pick<FrameDescription, 'json' | 'jsonNote'> {
  const shouldBeJson = mustBeJson || /^\s*[[{]/.test(payload);
  if (!shouldBeJson && !/^\s*["\-\dtfn]/.test(payload)) return { json: 'none', jsonNote: null };
  const none = (note: string): Pick<FrameDescription, 'json' | 'jsonNote'> => {
    return { json: 'none', jsonNote: shouldBeJson ? note : null };
  };
  if (isBeginning) return none('Too large to be shown as JSON: this is its beginning as raw text.');
  const bytes = new TextEncoder().encode(payload);
  if (bytes.length > limits.jsonBytes) {
    return none(
      `Too large to be shown as JSON: ${grouped(bytes.length)} bytes, the limit is ${grouped(limits.jsonBytes)}.`,
    );
  }
  const fault = findJsonFault(bytes, 0, bytes.length);
  if (fault !== undefined) {
    if (!shouldBeJson) return { json: 'none', jsonNote: null };
    const at = grouped(decodeUtf8(bytes, 0, fault.at).length + 1);
    return { json: 'invalid', jsonNote: `Not JSON: ${fault.expected} was expected at character ${at}.` };
  }
  if (isTooDeep(bytes, 0, bytes.length, limits)) {
    return none(`Nested too deep to be shown as a tree: more than ${grouped(limits.jsonLevels)} levels.`);
  }
  return { json: 'valid', jsonNote: null };
}

/** A beginning may end inside a character, which is left out. */
function decodeWhole(bytes: Uint8Array, isBeginning: boolean): string {
  if (!isBeginning) return decodeUtf8(bytes);
  let end = bytes.length;
  while (end > 0 && bytes.length - end < 3 && isContinuation(bytes[end - 1] as number)) end--;
  if (end > 0 && (bytes[end - 1] as number) >= 0xc0) end--;
  return decodeUtf8(bytes, 0, end);
}

/** A line's own end is no payload; a block that is no event may have several. */
function withoutLineEnds(framing: Framing, text: string): string {
  if (framing === 'sse') return withoutTrailingLineEnds(text);
  return text.endsWith('\n') ? text.slice(0, text.endsWith('\r\n') ? -2 : -1) : text;
}

function cutText(text: string, maxBytes: number): string {
  // A UTF-16 unit is at most three bytes of UTF-8.
  if (text.length * 3 <= maxBytes) return text;
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(maxBytes));
  return read === text.length ? text : text.slice(0, read);
}
