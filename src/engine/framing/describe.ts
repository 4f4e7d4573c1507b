import { defaultLimits } from '../../shared/limits.ts';
import type { FrameFields } from '../../shared/recording.ts';
import type { FrameKind, Framing } from '../../shared/words.ts';
import { byte } from '../bytes/ascii.ts';
import { decodeUtf8 } from '../bytes/decode.ts';
import { isContinuation } from '../bytes/utf8.ts';
import { headerLines, readMessage } from './awsMessage.ts';
import { findJsonFault } from './jsonFault.ts';
import { isTooDeep, type JsonLimits } from './jsonLimits.ts';
import { headerText, isJsonMediaType, meaningOf, readPart } from './partHeaders.ts';
import { readBlock, withoutTrailingLineEnds, type UnknownField } from './sseBlock.ts';
import { grouped } from '../../shared/grouped.ts';
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
  const { fields, unknownFields, payload, isJsonSaid } = contentsOf(framing, kind, bytes, isBeginning);
  const judged = isJsonKind(kind)
    ? judgeJson(payload, limits, isBeginning, isJsonFraming(framing) || isJsonSaid === true)
    : ({ json: 'none', jsonNote: null } as const);
  const text = cutText(payload, limits.framePreviewBytes);
  return {
    fields,
    unknownFields,
    text,
    textTruncated: isBeginning || text.length < payload.length,
    ...judged,
  };
}

/**
 * The payload of a frame as text, whole and not judged: what a search looks through.
 * @param isBeginning true when the frame is longer than `bytes`
 */
export function payloadOf(framing: Framing, kind: FrameKind, bytes: Uint8Array, isBeginning: boolean): string {
  return contentsOf(framing, kind, bytes, isBeginning).payload;
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
  const { payload, summary } = contentsOf(framing, kind, head, isBeginning);
  return oneLine(summary ?? payload, maxChars);
}

/** What a framing reads out of a frame, before anything is cut or judged. */
interface FrameContents {
  readonly fields: FrameFields;
  readonly unknownFields: readonly UnknownField[];
  readonly payload: string;
  /** Shown for the payload where that is no text. */
  readonly summary?: string;
  /** The frame itself says that its payload is JSON. */
  readonly isJsonSaid?: boolean;
}

function contentsOf(framing: Framing, kind: FrameKind, bytes: Uint8Array, isBeginning: boolean): FrameContents {
  if (isBlock(framing, kind)) {
    const { fields, unknownFields } = readBlock(decodeWhole(bytes, isBeginning));
    return { fields, unknownFields, payload: fields.data ?? fields.comments?.join('\n') ?? '' };
  }
  if (framing === 'multipart' && (kind === 'part' || kind === 'incomplete')) {
    return partContents(bytes, isBeginning);
  }
  const message = framing === 'aws-eventstream' ? readMessage(bytes) : undefined;
  if (message !== undefined) {
    const { headers } = message;
    // An error has no payload: its headers say all there is.
    const payload =
      message.payload.length === 0
        ? headerLines(headers)
        : decodeWhole(message.payload, isBeginning && !message.isWhole);
    return { fields: headers.length === 0 ? {} : { headers }, unknownFields: [], payload };
  }
  const text = withoutLineEnds(framing, decodeWhole(withoutSeparator(framing, bytes), isBeginning));
  return { fields: {}, unknownFields: [], payload: text };
}

function partContents(bytes: Uint8Array, isBeginning: boolean): FrameContents {
  const { headers, body } = readPart(bytes);
  const { mediaType } = meaningOf(headers);
  const isBinary = /^(image|audio|video|font)\/|^application\/octet-stream$/.test(mediaType);
  return {
    fields: headers.length === 0 ? {} : { partHeaders: headers },
    unknownFields: [],
    payload: decodeWhole(body, isBeginning),
    isJsonSaid: isJsonMediaType(mediaType),
    ...(isBinary ? { summary: headerText(headers) } : {}),
  };
}

function isBlock(framing: Framing, kind: FrameKind): boolean {
  return framing === 'sse' && kind !== 'invalid' && kind !== 'blank';
}

/** Framings whose frames are JSON texts themselves. */
function isJsonFraming(framing: Framing): boolean {
  return framing === 'ndjson' || framing === 'json' || framing === 'json-seq';
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

function withoutSeparator(framing: Framing, bytes: Uint8Array): Uint8Array {
  return framing === 'json-seq' && bytes[0] === byte.recordSeparator ? bytes.subarray(1) : bytes;
}

/** A line's own end is no payload; a block that is no event may have several. */
function withoutLineEnds(framing: Framing, text: string): string {
  if (framing === 'sse') return withoutTrailingLineEnds(text);
  if (framing === 'aws-eventstream' || framing === 'multipart') return text;
  return text.endsWith('\n') ? text.slice(0, text.endsWith('\r\n') ? -2 : -1) : text;
}

function cutText(text: string, maxBytes: number): string {
  // A UTF-16 unit is at most three bytes of UTF-8.
  if (text.length * 3 <= maxBytes) return text;
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(maxBytes));
  return read === text.length ? text : text.slice(0, read);
}
