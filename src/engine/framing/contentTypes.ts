import type { Framing } from '../../shared/words.ts';

/** What is declared about a body before its first byte. */
export interface Expectation {
  /** Null: nothing that helps is declared. */
  readonly framing: Framing | null;
  readonly by: 'content-type' | 'none';
  /** In lower case, without parameters; null for none. */
  readonly mediaType: string | null;
  /** For a person. */
  readonly declared: string;
  /** The bytes need not be looked at. */
  readonly isFinal: boolean;
}

/** Media types in lower case. `+json`, `+json-seq` (RFC 8091), `+xml` and `text/*` are decided by their form. */
const framingOfType: Readonly<Record<string, Framing>> = {
  'text/event-stream': 'sse',
  'application/x-ndjson': 'ndjson',
  'application/ndjson': 'ndjson',
  'application/jsonl': 'ndjson',
  'application/x-jsonl': 'ndjson',
  'application/jsonlines': 'ndjson',
  'application/x-jsonlines': 'ndjson',
  'application/json-lines': 'ndjson',
  'application/json+lines': 'ndjson',
  'application/x-json-stream': 'ndjson',
  'application/stream+json': 'ndjson',
  'text/x-ndjson': 'ndjson',
  'text/jsonl': 'ndjson',
  'application/json': 'json',
  'text/json': 'json',
  'application/json-seq': 'json-seq',
  'application/vnd.amazon.eventstream': 'aws-eventstream',
  'application/javascript': 'text',
  'application/xml': 'text',
};

const framingOfExtension: Readonly<Record<string, Framing>> = {
  sse: 'sse',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  json: 'json',
  csv: 'text',
  html: 'text',
  xml: 'text',
};

/** Text whose bytes are not looked at: it is never a stream of frames that its type keeps quiet about. */
const plainlyText = new Set(['text/xml', 'application/xml', 'text/csv', 'text/css', 'text/javascript']);

export function expectedFraming(contentType: string | null, url: string | null): Expectation {
  const mediaType = mediaTypeOf(contentType);
  if (mediaType !== null) {
    const declared = `the Content-Type is ${mediaType}`;
    const base = { by: 'content-type', mediaType, declared } as const;
    const framing = framingOfMediaType(mediaType);
    if (framing !== null) return { ...base, framing, isFinal: plainlyText.has(mediaType) };
  }
  const extension = extensionOf(url);
  const framing = extension === null ? undefined : framingOfExtension[extension];
  if (extension === null || framing === undefined) {
    return { framing: null, by: 'none', mediaType, declared: 'nothing is declared', isFinal: false };
  }
  return { framing, by: 'none', mediaType, declared: `the name ends in .${extension}`, isFinal: false };
}

function framingOfMediaType(mediaType: string): Framing | null {
  const known = Object.hasOwn(framingOfType, mediaType) ? framingOfType[mediaType] : undefined;
  if (known !== undefined) return known;
  if (mediaType.endsWith('+json')) return 'json';
  if (mediaType.endsWith('+json-seq')) return 'json-seq';
  if (mediaType.startsWith('multipart/')) return 'multipart';
  if (mediaType.endsWith('+xml') || mediaType.startsWith('text/')) return 'text';
  return null;
}

function mediaTypeOf(contentType: string | null): string | null {
  const type = contentType?.split(/[;,]/, 1)[0]?.trim().toLowerCase();
  return type === undefined || type === '' ? null : type;
}

function extensionOf(url: string | null): string | null {
  const path = url?.split(/[?#]/, 1)[0] ?? '';
  return /[^/]\.([a-z0-9]{1,8})$/i.exec(path)?.[1]?.toLowerCase() ?? null;
}
