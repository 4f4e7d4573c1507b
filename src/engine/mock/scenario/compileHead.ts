import type { HeadDocument, HeadersDocument } from '../../../shared/scenario.ts';
import type { MockHeader } from '../answer.ts';
import type { ContentKind, ScenarioHead, ScenarioNode } from './model.ts';
import type { DocumentPath } from './sourceText.ts';

type Complain = (path: DocumentPath, message: string, suggestion?: string | null) => void;

/** Told by `body`, `length`, `coding` and `trailers`: twice would contradict itself. */
const told = new Map([
  ['content-length', 'length'],
  ['transfer-encoding', 'body'],
  ['content-encoding', 'coding'],
]);

export function compileHead(document: HeadDocument, complain: Complain): ScenarioHead {
  const { status = 200, headers = {}, length = null, coding, flush = true, trailers = {} } = document;
  const body = document.body ?? (length === null ? 'chunked' : 'length');
  for (const name of Object.keys(headers)) {
    const key = told.get(name.toLowerCase());
    // A recording's bytes are coded already: what says so stands as it came.
    if (key === undefined || (key === 'coding' && coding === undefined)) continue;
    complain(['headers', name], `${name} follows from ${key}: leave it out, or use a fault such as two-lengths.`, key);
  }
  if (length !== null && body !== 'length') complain(['length'], 'A length is told with body: length only.');
  if (Object.keys(trailers).length > 0 && body !== 'chunked')
    complain(['trailers'], 'Only a chunked body has trailers.');
  if (body === 'length' && length === null && coding !== undefined) {
    complain(['body'], 'What is coded cannot be counted before: say its length, or send it chunked.');
  }
  return {
    status,
    headers: headerList(headers),
    body,
    length,
    coding: coding === undefined ? null : { name: coding, flushes: flush },
    trailers: headerList(trailers),
  };
}

function headerList(document: HeadersDocument): readonly MockHeader[] {
  return Object.entries(document).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((each): MockHeader => [name, String(each)]),
  );
}

const types: Readonly<Record<ContentKind, string>> = {
  text: 'text/plain; charset=utf-8',
  json: 'application/json',
  event: 'text/event-stream',
  comment: 'text/event-stream',
  record: 'application/x-ndjson',
  bytes: 'application/octet-stream',
};

/** The headers of a scenario that names none: after what it sends first. */
export function headersFor(nodes: readonly ScenarioNode[]): readonly MockHeader[] {
  const kind = firstKind(nodes);
  return [
    ...(kind === null ? [] : [['Content-Type', types[kind]] as const]),
    ['Cache-Control', 'no-cache'],
    ['X-Accel-Buffering', 'no'],
  ];
}

function firstKind(nodes: readonly ScenarioNode[]): ContentKind | null {
  for (const node of nodes) {
    const kind = node.kind === 'send' ? node.content.kind : node.kind === 'repeat' ? firstKind(node.nodes) : null;
    if (kind !== null) return kind;
  }
  return null;
}
