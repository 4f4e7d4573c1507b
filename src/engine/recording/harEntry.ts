import { z } from 'zod';
import { defaultRequestOptions, type HeaderList, type RequestSpec } from '../../shared/request.ts';
import type { Ending, ResponseHead } from '../../shared/recording.ts';
import { endingKinds, type EpochMillis, type Micros } from '../../shared/words.ts';
import { fromBase64 } from '../bytes/base64.ts';

/** What a HAR file's first bytes must match to be taken for one. */
export const harStart = /^\uFEFF?\s*\{\s*"log"\s*:\s*\{/;
/** Entries of a file that are read. */
const harEntriesAtMost = 1_000;

/** An exchange of a HAR file, as Chrome, Firefox, mitmproxy and HTTP Toolkit write them, or of a file that holds such. */
export interface HarEntry {
  /** What it was read from, for a person. */
  readonly file: 'a HAR file' | 'an aimock fixture';
  readonly request: RequestSpec;
  readonly startedAt: EpochMillis;
  /** False: when its bytes came is nowhere told (not even where every byte is given the time of the request). */
  readonly timesKnown: boolean;
  readonly head: ResponseHead | null;
  readonly chunks: readonly { readonly atMicros: Micros; readonly bytes: Uint8Array }[];
  /** Null where the file says nothing of how it ended. */
  readonly ending: Ending | null;
  /** Why it broke off, in the words of who wrote the file; null where it says nothing. */
  readonly error: string | null;
  readonly isBodyMissing: boolean;
}

const text = z.string();
const headers = z.array(z.object({ name: text, value: text }));
const chunks = z.array(z.object({ ts: z.number(), bytes: z.union([z.number(), text]) }));
const entrySchema = z.object({
  startedDateTime: text.optional(),
  time: z.number().nullish(),
  request: z.object({
    method: text,
    url: text,
    headers: headers.optional(),
    postData: z.object({ text: text.nullish(), _encoding: text.nullish() }).nullish(),
  }),
  response: z.object({
    status: z.number(),
    statusText: text.nullish(),
    httpVersion: text.nullish(),
    headers: headers.optional(),
    content: z
      .object({
        size: z.number().nullish(),
        mimeType: text.nullish(),
        text: text.nullish(),
        encoding: text.nullish(),
        _chunks: chunks.nullish().catch(null),
      })
      .nullish(),
    _error: text.nullish().catch(null),
    _chunks: chunks.nullish().catch(null),
  }),
  timings: z.record(text, z.unknown()).nullish().catch(null),
  _eventSourceMessages: z
    .array(z.object({ time: z.number(), eventName: text.nullish(), eventId: text.nullish(), data: text }))
    .nullish()
    .catch(null),
  _chunks: chunks.nullish().catch(null),
  _stream: z
    .object({
      timesKnown: z.boolean().optional(),
      ending: z.object({ kind: z.enum(endingKinds), code: text.max(100), message: text.max(10_000) }).nullish(),
    })
    .nullish()
    .catch(null),
});
type RawEntry = z.infer<typeof entrySchema>;

const fileSchema = z.object({ log: z.object({ entries: z.array(z.unknown()) }) });

export interface HarContents {
  readonly entries: readonly HarEntry[];
  /** Entries that are there; some may not be readable, and only the first 1,000 are read. */
  readonly total: number;
  /** The first entry that is no entry, for a person; null where all are. */
  readonly problem: string | null;
}

/** The exchanges of a HAR file; null where the text is none. */
export function readHar(json: string): HarContents | null {
  const file = fileSchema.safeParse(parsed(json));
  if (!file.success) return null;
  const { entries } = file.data.log;
  const read: HarEntry[] = [];
  let problem: string | null = null;
  entries.slice(0, harEntriesAtMost).forEach((each, n) => {
    const entry = entrySchema.safeParse(each);
    if (entry.success) read.push(entryOf(entry.data));
    else {
      const [issue] = entry.error.issues;
      problem ??= `Entry ${String(n + 1)} is no entry of a HAR file: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}.`;
    }
  });
  return { entries: read, total: entries.length, problem };
}

function entryOf(raw: RawEntry): HarEntry {
  const startedAt = Date.parse(raw.startedDateTime ?? '');
  const began = Number.isNaN(startedAt) ? 0 : startedAt;
  const body = bodyOf(raw);
  const timed = raw._stream?.timesKnown === false ? null : timedChunks(raw, body, began);
  const timesKnown = timed !== null && timed.length > 0;
  const last = timed?.at(-1)?.atMicros ?? 0;
  const headMicros = Math.min(untilAnswer(raw), timed?.[0]?.atMicros ?? Infinity);
  const { _stream: ours, response, time } = raw;
  const endMicros = timesKnown ? Math.max(last, micros(time ?? 0)) : 0;
  return {
    file: 'a HAR file',
    request: requestOf(raw),
    startedAt: began,
    timesKnown,
    head: response.status > 0 ? headOf(raw, timesKnown && Number.isFinite(headMicros) ? headMicros : 0) : null,
    chunks: timed ?? (body === null || body.length === 0 ? [] : [{ atMicros: 0, bytes: body }]),
    ending:
      ours?.ending === undefined || ours.ending === null ? null : { ...ours.ending, offset: null, atMicros: endMicros },
    error: response._error === undefined || response._error === '' ? null : response._error,
    isBodyMissing: body === null && timed === null && (response.content?.size ?? 0) > 0,
  };
}

function requestOf({ request }: RawEntry): RequestSpec {
  const sent = request.postData?.text ?? null;
  const bytes = sent !== null && request.postData?._encoding === 'base64' ? fromBase64(sent) : null;
  return {
    method: request.method,
    url: request.url,
    // HTTP/2 puts the request line among the headers.
    headers: listOf(request.headers).filter(([name]) => !name.startsWith(':')),
    body: bytes !== null ? { kind: 'bytes', bytes } : sent === null ? { kind: 'none' } : { kind: 'text', text: sent },
    auth: { kind: 'none' },
    options: defaultRequestOptions,
  };
}

/** The body of a HAR file is decoded: what said that it was coded is not true of it any more. */
function headOf({ response }: RawEntry, atMicros: Micros): ResponseHead {
  const all = listOf(response.headers).filter(([name]) => !name.startsWith(':'));
  const isCoded = all.some(([name]) => name.toLowerCase() === 'content-encoding');
  const kept = isCoded ? all.filter(([name]) => !/^content-(?:encoding|length)$/i.test(name)) : all;
  const mimeType = response.content?.mimeType ?? '';
  const hasType = kept.some(([name]) => name.toLowerCase() === 'content-type');
  return {
    status: Math.min(999, Math.trunc(response.status)),
    statusText: response.statusText ?? '',
    httpVersion: versionOf(response.httpVersion ?? ''),
    headers: hasType || mimeType === '' ? kept : [...kept, ['content-type', mimeType]],
    atMicros,
  };
}

function listOf(given: RawEntry['request']['headers']): HeaderList {
  return (given ?? []).map(({ name, value }) => [name, value]);
}

function versionOf(written: string): string {
  const version = /^(?:http\/|h)(\d(?:\.\d)?)/i.exec(written)?.[1] ?? '1.1';
  return version.endsWith('.0') && version !== '1.0' ? version.slice(0, -2) : version;
}

function bodyOf({ response: { content } }: RawEntry): Uint8Array | null {
  if (typeof content?.text !== 'string') return null;
  if (content.encoding?.toLowerCase() === 'base64') return fromBase64(content.text.replace(/\s/g, ''));
  return new TextEncoder().encode(content.text);
}

type TimedChunks = HarEntry['chunks'];

/** The chunks with their times, from whatever tells them; null where nothing does. */
function timedChunks(raw: RawEntry, body: Uint8Array | null, startedAt: EpochMillis): TimedChunks | null {
  const listed = raw._chunks ?? raw.response._chunks ?? raw.response.content?._chunks ?? null;
  const byChunks = listed === null ? null : chunksBySize(listed, body, startedAt);
  // Of our own files the chunks are exact; of others the messages are what is sure.
  if (typeof raw._stream === 'object' && raw._stream !== null && byChunks !== null) return byChunks;
  return messageChunks(raw, startedAt) ?? byChunks;
}

function messageChunks({ _eventSourceMessages: messages }: RawEntry, startedAt: EpochMillis): TimedChunks | null {
  if (!Array.isArray(messages) || messages.length === 0) return null;
  let latest = 0;
  return messages.map(({ time, eventName, eventId, data }) => {
    latest = Math.max(latest, micros(time * 1_000 - startedAt));
    const event = (eventName ?? '') === '' || eventName === 'message' ? '' : `event: ${eventName ?? ''}\n`;
    const id = (eventId ?? '') === '' ? '' : `id: ${eventId ?? ''}\n`;
    const lines = data.split('\n').map((line) => `data: ${line}\n`);
    return { atMicros: latest, bytes: new TextEncoder().encode(`${event}${id}${lines.join('')}\n`) };
  });
}

function chunksBySize(
  listed: NonNullable<RawEntry['_chunks']>,
  body: Uint8Array | null,
  startedAt: EpochMillis,
): TimedChunks | null {
  let latest = 0;
  let offset = 0;
  const cut: { readonly atMicros: Micros; readonly bytes: Uint8Array }[] = [];
  for (const { ts, bytes } of listed) {
    // Since the epoch, or since the request.
    latest = Math.max(latest, micros(ts > 1e10 ? ts - startedAt : ts));
    const piece = typeof bytes === 'string' ? fromBase64(bytes) : (body?.subarray(offset, offset + bytes) ?? null);
    if (piece === null) return null;
    offset += piece.length;
    cut.push({ atMicros: latest, bytes: piece });
  }
  return body !== null && offset !== body.length ? null : cut;
}

/** Milliseconds as whole microseconds, never before the request. */
function micros(millis: number): Micros {
  return Number.isFinite(millis) ? Math.min(1e15, Math.max(0, Math.round(millis * 1_000))) : 0;
}

function untilAnswer({ timings }: RawEntry): Micros {
  const phase = (name: string): number => {
    const value = timings?.[name];
    return typeof value === 'number' && value > 0 ? value : 0;
  };
  return micros(['blocked', 'dns', 'connect', 'send', 'wait'].reduce((sum, name) => sum + phase(name), 0));
}

/** JSON text as a value, undefined for what is none: too deep for the runtime included. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}
