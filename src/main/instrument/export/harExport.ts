import { isUtf8 } from 'node:buffer';
import { Utf8Checker } from '../../../engine/bytes/utf8.ts';
import { toBase64 } from '../../../engine/bytes/base64.ts';
import { headerValue } from '../../../shared/headerValue.ts';
import type { Limits } from '../../../shared/limits.ts';
import type { ExchangeFacts } from '../../../shared/recording.ts';
import type { HeaderList, RequestBody } from '../../../shared/request.ts';
import { frameFlag } from '../../../shared/words.ts';
import { contentTypeOf, framingOf } from '../openedRecording.ts';
import { bytesOf } from './recordedBytes.ts';
import type { ExportedRecording } from './exportedRecording.ts';
import { exportedFrames } from './frameTable.ts';

/** Thousandths of a millisecond are what we know. */
const millis = (micros: number): number => micros / 1_000;
const unknown = -1;

/**
 * HAR 1.2 with the body as text where it is UTF-8, else base64; messages of an event stream as Chrome writes them
 * (`_eventSourceMessages`), chunks (`_chunks`: milliseconds since the request and bytes of the body's coding on the
 * wire), and what else we know under `_stream`. Piece by piece, so that its length does not matter.
 */
export function* harFile(exported: ExportedRecording, limits: Limits, version: string): Generator<string, void> {
  const { facts, recording } = exported;
  const { head, ending, request, trailers, timesKnown } = facts;
  const endMicros = timesKnown ? (ending?.atMicros ?? recording.chunks.lastMicros ?? null) : null;
  const log = { version: '1.2', creator: { name: 'Streamscope', version }, pages: [] };
  yield `{"log":${JSON.stringify(log).slice(0, -1)},"entries":[{`;
  const { sent, wait, receive } = phases(facts, endMicros);
  const entry = {
    startedDateTime: new Date(facts.startedAt).toISOString(),
    time: endMicros === null ? 0 : millis(endMicros),
    request: {
      method: request?.method ?? 'GET',
      url: request?.url ?? '',
      httpVersion: httpVersion(head?.httpVersion),
      cookies: [],
      headers: named(facts.sentHeaders.length > 0 ? facts.sentHeaders : (request?.headers ?? [])),
      queryString: queryOf(request?.url ?? ''),
      ...postData(request?.body, facts.sentHeaders),
      headersSize: unknown,
      bodySize: unknown,
    },
    cache: {},
    timings: { send: sent, wait, receive },
    _stream: {
      framing: framingOf(recording),
      dialect: recording.analysis.message?.decision.dialect ?? null,
      ending: ending === null ? null : { kind: ending.kind, code: ending.code, message: ending.message },
      frames: recording.analysis.frames.count,
      timesKnown,
      redactions: exported.redactions,
      ...(trailers.length > 0 ? { trailers: named(trailers) } : {}),
    },
  };
  yield JSON.stringify(entry).slice(1, -1);
  const wireBytes = recording.chunks.wireBytes;
  const response = {
    status: head?.status ?? 0,
    statusText: head?.statusText ?? '',
    httpVersion: httpVersion(head?.httpVersion),
    cookies: [],
    headers: named(head?.headers ?? []),
    redirectURL: '',
    headersSize: unknown,
    bodySize: wireBytes,
    _transferSize: wireBytes,
    _error: ending === null || ending.kind === 'complete' ? null : ending.message,
  };
  yield `,"response":${JSON.stringify(response).slice(0, -1)},"content":`;
  yield* content(exported);
  yield '}';
  if (timesKnown) {
    if (framingOf(recording) === 'sse') yield* eventSourceMessages(exported, limits);
    yield* chunkTimes(exported);
  }
  yield '}]}}\n';
}

function phases(facts: ExchangeFacts, endMicros: number | null) {
  const sentMicros = facts.marks.find(({ name }) => name === 'request-sent')?.atMicros ?? 0;
  const headMicros = facts.head?.atMicros ?? sentMicros;
  if (!facts.timesKnown) return { sent: 0, wait: 0, receive: 0 };
  return {
    sent: millis(sentMicros),
    wait: millis(Math.max(0, headMicros - sentMicros)),
    receive: millis(Math.max(0, (endMicros ?? headMicros) - headMicros)),
  };
}

function httpVersion(version: string | undefined): string {
  if (version === undefined) return '';
  return version === '2' ? 'HTTP/2' : `HTTP/${version}`;
}

function named(headers: HeaderList): readonly { readonly name: string; readonly value: string }[] {
  return headers.map(([name, value]) => ({ name, value }));
}

function queryOf(url: string): readonly { readonly name: string; readonly value: string }[] {
  if (!URL.canParse(url)) return [];
  return [...new URL(url).searchParams].map(([name, value]) => ({ name, value }));
}

function postData(body: RequestBody | undefined, headers: HeaderList): object {
  const mimeType = headerValue(headers, 'content-type') ?? '';
  switch (body?.kind) {
    case 'text':
      return { postData: { mimeType, text: body.text } };
    case 'bytes':
      return { postData: { mimeType, text: toBase64(body.bytes), _encoding: 'base64' } };
    case 'multipart': {
      const params = body.parts.map(({ name, content: part, fileName, contentType }) => ({
        name,
        ...(part.kind === 'text' ? { value: part.text } : {}),
        ...(fileName === undefined ? {} : { fileName }),
        ...(contentType === undefined ? {} : { contentType }),
      }));
      return { postData: { mimeType: mimeType === '' ? 'multipart/form-data' : mimeType, params } };
    }
    case 'file':
    case 'none':
    case undefined:
      return {};
  }
}

function* content(exported: ExportedRecording): Generator<string, void> {
  const { recording } = exported;
  let badSequences = 0;
  const checker = new Utf8Checker(() => badSequences++, isUtf8);
  let offset = 0;
  for (const bytes of bytesOf(recording, 'body')) {
    checker.push(bytes, offset);
    offset += bytes.length;
  }
  const isText = checker.end() === 0 && badSequences === 0;
  const facts = { size: recording.reader.byteLength('body'), mimeType: contentTypeOf(exported.facts) ?? '' };
  const encoding = isText ? {} : { encoding: 'base64' };
  yield `${JSON.stringify({ ...facts, ...encoding }).slice(0, -1)},"text":"`;
  if (isText) {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    for (const bytes of exported.body()) yield inString(decoder.decode(bytes, { stream: true }));
    yield inString(decoder.decode());
  } else {
    let rest: Uint8Array = new Uint8Array(0);
    for (const bytes of exported.body()) {
      const joined = new Uint8Array(rest.length + bytes.length);
      joined.set(rest);
      joined.set(bytes, rest.length);
      const whole = joined.length - (joined.length % 3);
      yield toBase64(joined.subarray(0, whole));
      rest = joined.slice(whole);
    }
    yield toBase64(rest);
  }
  yield '"}';
}

function inString(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function* eventSourceMessages(exported: ExportedRecording, limits: Limits): Generator<string, void> {
  const { startedAt } = exported.facts;
  let lastId = '';
  let separator = '';
  yield ',"_eventSourceMessages":[';
  for (const { described, flags, micros } of exportedFrames(exported, limits)) {
    const { fields } = described;
    lastId = fields.id ?? lastId;
    if ((flags & frameFlag.dispatched) === 0) continue;
    const message = {
      time: (startedAt + millis(micros ?? 0)) / 1_000,
      eventName: fields.event === undefined || fields.event === '' ? 'message' : fields.event,
      eventId: lastId,
      data: fields.data ?? '',
    };
    yield `${separator}${JSON.stringify(message)}`;
    separator = ',';
  }
  yield ']';
}

function* chunkTimes(exported: ExportedRecording): Generator<string, void> {
  let separator = '';
  yield ',"_chunks":[';
  for (const { spans } of exported.chunks()) {
    if (spans.length === 0) continue;
    const lines = spans.map(({ atMicros, length }) => `{"ts":${String(millis(atMicros))},"bytes":${String(length)}}`);
    yield separator + lines.join(',');
    separator = ',';
  }
  yield ']';
}
