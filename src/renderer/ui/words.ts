import type { EndingKind, Framing, MarkName, Source } from '../../shared/words.ts';

/** The product's words as headings, chips and rows spell them. */

export const framingTitles: Readonly<Record<Framing, string>> = {
  sse: 'SSE',
  ndjson: 'NDJSON',
  json: 'JSON',
  'json-seq': 'JSON sequence',
  'aws-eventstream': 'AWS event stream',
  multipart: 'Multipart',
  text: 'Text',
};

/** What the library says beside a recording that ended so; a complete one needs no word. */
export const endingWords: Readonly<Record<EndingKind, string>> = {
  complete: '',
  cut: 'cut',
  invalid: 'invalid',
  timeout: 'timed out',
  refused: 'refused',
  stopped: 'stopped',
  'failed-local': 'failed here',
};

export const sourceTitles: Readonly<Record<Source, string>> = {
  request: 'sent from here',
  proxy: 'through the proxy',
  import: 'from a file',
  replay: 'replayed',
};

export const markTitles: Readonly<Record<MarkName, string>> = {
  reuse: 'connection used again',
  dns: 'name resolved',
  connect: 'connected',
  tunnel: 'tunnel through the proxy',
  tls: 'TLS established',
  'request-sent': 'request sent',
  headers: 'response head',
  'first-byte': 'first body byte',
  redirect: 'redirected',
  paused: 'paused: storing could not keep up',
  resumed: 'resumed',
  reconnect: 'reconnected',
  end: 'end',
};
