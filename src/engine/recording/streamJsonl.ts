import type { Ending, Mark, Reconnection, ResponseHead, TransportFinding } from '../../shared/recording.ts';
import {
  defaultRequestOptions,
  type HeaderList,
  type PartContent,
  type RequestBody,
  type RequestSpec,
} from '../../shared/request.ts';
import type { ByteOffset, EpochMillis, Framing, Micros, Source } from '../../shared/words.ts';
import { fromBase64, toBase64 } from '../bytes/base64.ts';
import { isUtf8, type IsUtf8 } from '../bytes/utf8.ts';
import {
  chunkBorder,
  chunkEvent,
  endEvent,
  findingEvent,
  headEvent,
  headerLine,
  headersEvent,
  markEvent,
  noteEvent,
  reconnectingEvent,
  type HeaderLine,
} from './streamJsonlSchema.ts';

/**
 * The text interchange format `.stream.jsonl`, version 1 (`formats.md` §2): one header line, then one line an event.
 * Lines are encoded with their line feed and decoded without it.
 */
const streamJsonlVersion = 1;

/** What a file's first bytes must match to be taken for this format. */
export const streamJsonlStart = /^\uFEFF?\s*\{\s*"format"\s*:\s*"streamscope"/;

export interface StreamJsonlHeader {
  readonly startedAt: EpochMillis;
  readonly source: Source;
  readonly request: RequestSpec | null;
  /** False for a recording whose chunk times were never known; all times are 0 then. */
  readonly timesKnown: boolean;
  /** True where chunk lines say which chunks go on with the HTTP chunk or DATA frame of the line before. */
  readonly bordersKnown: boolean;
  /** Kinds and counts of what was hidden on export. */
  readonly redactions: readonly { readonly kind: string; readonly count: number }[];
  /** How it was read, where that was chosen or cannot be told from its bytes. Absent: nothing was. */
  readonly choices?: StreamJsonlChoices;
}

export interface StreamJsonlChoices {
  readonly framing?: Framing;
  readonly jsonPath?: string;
  readonly dialect?: string;
  /** The media type of a body without a response head. */
  readonly contentType?: string;
  /** Where counting stopped at a limit of frames, in body bytes. */
  readonly frameLimitOffsets?: readonly ByteOffset[];
}

export type StreamJsonlEvent =
  | { readonly kind: 'mark'; readonly mark: Mark }
  | { readonly kind: 'sent'; readonly atMicros: Micros; readonly headers: HeaderList }
  | { readonly kind: 'head'; readonly head: ResponseHead }
  /** What only the transport saw. */
  | { readonly kind: 'finding'; readonly finding: TransportFinding }
  /** Another connection follows: its chunks are those of the lines behind. */
  | { readonly kind: 'reconnecting'; readonly reconnection: StreamJsonlReconnection }
  | {
      readonly kind: 'chunk';
      readonly atMicros: Micros;
      readonly bytes: Uint8Array;
      /** It goes on with the HTTP chunk or DATA frame of the chunk before. */
      readonly continues: boolean;
    }
  | { readonly kind: 'trailers'; readonly atMicros: Micros; readonly headers: HeaderList }
  | { readonly kind: 'note'; readonly atMicros: Micros; readonly text: string }
  | { readonly kind: 'end'; readonly end: StreamJsonlEnd };

/** Where its chunks begin is told by its place in the file. */
export type StreamJsonlReconnection = Omit<Reconnection, 'firstChunk' | 'wireOffset'>;

/** Counts and digest are null where the file does not say. */
export interface StreamJsonlEnd {
  /** `message` is empty where the file has none. */
  readonly ending: Ending;
  readonly wireBytes: number | null;
  readonly chunks: number | null;
  /** Lower-case hex SHA-256 of all wire bytes. */
  readonly sha256: string | null;
}

/** Why a line cannot be read, for a person. `unknown` lines are to be skipped (a newer writer's). */
export type LineProblem = { readonly problem: 'malformed' | 'unknown'; readonly message: string };

export function encodeHeaderLine(header: StreamJsonlHeader): string {
  const line: HeaderLine = {
    format: 'streamscope',
    version: streamJsonlVersion,
    startedAt: new Date(header.startedAt).toISOString(),
    source: header.source,
    ...(header.request === null ? {} : { request: requestLine(header.request) }),
    ...(header.timesKnown ? {} : { timesKnown: false }),
    ...(header.bordersKnown ? { bordersKnown: true } : {}),
    ...(header.choices === undefined || Object.keys(header.choices).length === 0 ? {} : { choices: header.choices }),
    redactions: header.redactions.map(({ kind, count }) => ({ kind, count })),
  };
  return `${JSON.stringify(line)}\n`;
}

/** Chunks that are UTF-8 by themselves become readable text, others base64: both give back the same bytes. */
export function encodeEventLine(event: StreamJsonlEvent, check: IsUtf8 = isUtf8): string {
  return `${JSON.stringify(eventArray(event, check))}\n`;
}

function eventArray(event: StreamJsonlEvent, check: IsUtf8): readonly unknown[] {
  switch (event.kind) {
    case 'mark': {
      const { name, atMicros, facts } = event.mark;
      return [atMicros, 'mark', { name, ...facts }];
    }
    case 'sent':
    case 'trailers':
      return [event.atMicros, event.kind, { headers: event.headers }];
    case 'head': {
      const { atMicros, ...head } = event.head;
      return [atMicros, 'head', head];
    }
    case 'finding':
      return [0, 'finding', { code: event.finding.code, details: event.finding.details }];
    case 'reconnecting': {
      const { after, waitMicros, atMicros, resumedFrom, head } = event.reconnection;
      return [after.atMicros, 'reconnecting', { after, waitMicros, atMicros, resumedFrom, head }];
    }
    case 'chunk': {
      const border = event.continues ? [{ continues: true }] : [];
      if (check(event.bytes)) return [event.atMicros, 'c', exactUtf8.decode(event.bytes), ...border];
      return [event.atMicros, 'b', toBase64(event.bytes), ...border];
    }
    case 'note':
      return [event.atMicros, 'note', { text: event.text }];
    case 'end': {
      const { ending, wireBytes, chunks, sha256 } = event.end;
      const facts = {
        kind: ending.kind,
        code: ending.code,
        ...(ending.message === '' ? {} : { message: ending.message }),
        ...(ending.offset === null ? {} : { offset: ending.offset }),
        ...(wireBytes === null ? {} : { bytes: wireBytes }),
        ...(chunks === null ? {} : { chunks }),
        ...(sha256 === null ? {} : { sha256 }),
      };
      return [ending.atMicros, 'end', facts];
    }
  }
}

export function decodeHeaderLine(text: string): StreamJsonlHeader | LineProblem {
  const value = parsed(text.replace(/^\uFEFF/, ''));
  const line = headerLine.safeParse(value);
  if (!line.success)
    return malformed(`The header line is not readable: ${line.error.issues[0]?.message ?? 'no JSON'}.`);
  if (line.data.version > streamJsonlVersion) {
    const message = `The file is in version ${String(line.data.version)} of the format; this program reads version ${String(streamJsonlVersion)}.`;
    return { problem: 'unknown', message };
  }
  const startedAt = Date.parse(line.data.startedAt);
  return {
    startedAt: Number.isNaN(startedAt) ? 0 : startedAt,
    source: line.data.source,
    request: line.data.request === undefined ? null : requestOf(line.data.request),
    timesKnown: line.data.timesKnown ?? true,
    bordersKnown: line.data.bordersKnown ?? false,
    redactions: line.data.redactions ?? [],
    ...(line.data.choices === undefined ? {} : { choices: line.data.choices }),
  };
}

export function decodeEventLine(text: string): StreamJsonlEvent | LineProblem {
  const value = parsed(text);
  if (!Array.isArray(value)) return malformed('The line is no JSON array.');
  const parts: readonly unknown[] = value;
  const [time, code, data, border] = parts;
  if (typeof time !== 'number' || !Number.isSafeInteger(time) || time < 0) {
    return malformed('The line does not begin with a time in microseconds.');
  }
  switch (code) {
    case 'c':
    case 'b':
      return decodedChunk(time, code, data, border);
    case 'mark': {
      const mark = markEvent.safeParse(data);
      if (!mark.success) return malformed('The mark is not readable.');
      const { name, ...facts } = mark.data;
      const hasFacts = Object.keys(facts).length > 0;
      return { kind: 'mark', mark: { name, atMicros: time, ...(hasFacts ? { facts } : {}) } };
    }
    case 'sent':
    case 'trailers': {
      const list = headersEvent.safeParse(data);
      return list.success
        ? { kind: code, atMicros: time, headers: list.data.headers }
        : malformed('The headers are not readable.');
    }
    case 'head': {
      const head = headEvent.safeParse(data);
      if (!head.success) return malformed('The response head is not readable.');
      return { kind: 'head', head: { ...head.data, statusText: head.data.statusText ?? '', atMicros: time } };
    }
    case 'finding': {
      const finding = findingEvent.safeParse(data);
      return finding.success
        ? { kind: 'finding', finding: finding.data }
        : malformed('What the transport found is not readable.');
    }
    case 'reconnecting': {
      const reconnection = reconnectingEvent.safeParse(data);
      return reconnection.success
        ? { kind: 'reconnecting', reconnection: reconnection.data }
        : malformed('The reconnection is not readable.');
    }
    case 'note': {
      const note = noteEvent.safeParse(data);
      return note.success
        ? { kind: 'note', atMicros: time, text: note.data.text }
        : malformed('The note is not readable.');
    }
    case 'end': {
      const end = endEvent.safeParse(data);
      if (!end.success) return malformed('The ending is not readable.');
      const { kind, code: endingCode, message, offset, bytes, chunks, sha256 } = end.data;
      return {
        kind: 'end',
        end: {
          ending: { kind, code: endingCode, message: message ?? '', offset: offset ?? null, atMicros: time },
          wireBytes: bytes ?? null,
          chunks: chunks ?? null,
          sha256: sha256?.toLowerCase() ?? null,
        },
      };
    }
    default:
      return { problem: 'unknown', message: `Nothing is known of lines of kind ${JSON.stringify(code ?? null)}.` };
  }
}

function decodedChunk(
  atMicros: Micros,
  code: 'c' | 'b',
  data: unknown,
  border: unknown,
): StreamJsonlEvent | LineProblem {
  const text = chunkEvent.safeParse(data);
  if (!text.success) return malformed('The chunk is no string.');
  const bytes = code === 'c' ? utf8.encode(text.data) : fromBase64(text.data);
  if (bytes === null) return malformed('The chunk is no base64.');
  // What a newer writer says there in another way says nothing about the bytes.
  const said = chunkBorder.safeParse(border);
  return { kind: 'chunk', atMicros, bytes, continues: said.success && said.data.continues === true };
}

const exactUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const utf8 = new TextEncoder();

function requestLine(request: RequestSpec): NonNullable<HeaderLine['request']> {
  const { method, url, headers, body, auth, options } = request;
  return {
    method,
    url,
    headers: headers.map(([name, value]) => [name, value]),
    ...(body.kind === 'none' ? {} : { body: bodyLine(body) }),
    ...(auth.kind === 'none' ? {} : { auth }),
    options,
  };
}

function requestOf(line: NonNullable<HeaderLine['request']>): RequestSpec {
  return {
    method: line.method,
    url: line.url,
    headers: line.headers ?? [],
    body: line.body === undefined ? { kind: 'none' } : bodyOf(line.body),
    auth: line.auth ?? { kind: 'none' },
    options: { ...defaultRequestOptions, ...line.options },
  };
}

type BodyLine = NonNullable<NonNullable<HeaderLine['request']>['body']>;

function bodyLine(body: Exclude<RequestBody, { readonly kind: 'none' }>): BodyLine {
  if (body.kind !== 'multipart') return contentLine(body);
  return {
    parts: body.parts.map(({ name, content, fileName, contentType }) => ({
      name,
      content: contentLine(content),
      ...(fileName === undefined ? {} : { fileName }),
      ...(contentType === undefined ? {} : { contentType }),
    })),
  };
}

type ContentLine = Exclude<BodyLine, { readonly parts: unknown }>;

function contentLine(content: PartContent): ContentLine {
  switch (content.kind) {
    case 'text':
      return { text: content.text };
    case 'bytes':
      return { base64: toBase64(content.bytes) };
    case 'file':
      return { file: content.path };
  }
}

function bodyOf(line: BodyLine): RequestBody {
  if (!('parts' in line)) return contentOf(line);
  return { kind: 'multipart', parts: line.parts.map((part) => ({ ...part, content: contentOf(part.content) })) };
}

function contentOf(line: ContentLine): PartContent {
  if ('text' in line) return { kind: 'text', text: line.text };
  if ('file' in line) return { kind: 'file', path: line.file };
  return { kind: 'bytes', bytes: fromBase64(line.base64) ?? new Uint8Array(0) };
}

/** JSON text as a value, undefined for what is none: too deep for the runtime included. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function malformed(message: string): LineProblem {
  return { problem: 'malformed', message };
}
