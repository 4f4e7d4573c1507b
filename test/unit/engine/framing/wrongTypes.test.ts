import { describe, expect, it } from 'vitest';
import { createDetector, type Detection } from '../../../../src/engine/framing/detect.ts';
import type { Framing } from '../../../../src/shared/words.ts';
import { event } from './awsMessages.ts';
import { byteByByte } from './collect.ts';

const bom = '\ufeff';

/** Streams as they begin in the wild, and how they are framed whatever is said about them. */
const streams: readonly { readonly framing: Framing; readonly name: string; readonly body: string | Uint8Array }[] = [
  { framing: 'sse', name: 'events', body: 'event: order\ndata: {"a":1}\n\n' },
  { framing: 'sse', name: 'data only, CRLF', body: 'data: {"a":1}\r\n\r\ndata: 2\r\n\r\n' },
  { framing: 'sse', name: 'a heartbeat first', body: ': ping\n\ndata: x\n\n' },
  { framing: 'sse', name: 'an id first', body: 'id: 7\nevent: a\ndata: x\n\n' },
  { framing: 'sse', name: 'a retry first', body: 'retry: 3000\n\ndata: x\n\n' },
  { framing: 'ndjson', name: 'objects', body: '{"a":1}\n{"a":2}\n' },
  { framing: 'ndjson', name: 'objects, CRLF', body: '{"a":1}\r\n{"a":2}\r\n' },
  { framing: 'json', name: 'a list of objects', body: '[{"a":1},{"a":2}]' },
  { framing: 'json', name: 'a list of objects, a line each', body: '[\n{"a":1},\n{"a":2}\n]\n' },
  { framing: 'json', name: 'a list, laid out', body: '[\n  {\n    "a": 1\n  }\n]\n' },
  { framing: 'json', name: 'objects, laid out', body: '{\n  "a": 1\n}\n{\n  "a": 2\n}\n' },
  { framing: 'json', name: 'objects without anything between', body: '{"a":1}{"a":2}{"a":3}' },
  { framing: 'json', name: 'a list inside an object', body: '{"total":2,\n"items":[{"a":1},\n{"a":2}]}\n' },
  { framing: 'json-seq', name: 'texts', body: '\x1e{"a":1}\n\x1e{"a":2}\n' },
  { framing: 'aws-eventstream', name: 'messages', body: event('chunk', '{"a":1}') },
  { framing: 'multipart', name: 'parts', body: '--b\r\nContent-Type: application/json\r\n\r\n{"a":1}\r\n--b--\r\n' },
  {
    framing: 'multipart',
    name: 'pictures',
    body: '\r\n--frame\r\nContent-Type: image/jpeg\r\nContent-Length: 2\r\n\r\n\r\n',
  },
  { framing: 'text', name: 'a page', body: '<!doctype html>\n<title>502</title>\n' },
  { framing: 'text', name: 'a log', body: '[INFO] started\n[WARN] hot\n' },
  { framing: 'text', name: 'prose', body: 'Hello, world.\nAnother line.\n' },
];

const types: readonly (string | null)[] = [
  null,
  '',
  'text/plain',
  'text/plain; charset=utf-8',
  'application/octet-stream',
  'binary/octet-stream',
  'text/html; charset=ISO-8859-1',
  'application/json',
  'application/json;charset="UTF-8"; q=1',
  'text/event-stream',
  'TEXT/EVENT-STREAM;;charset=utf8,utf-16',
  'application/x-ndjson',
  'application/json-seq',
  'application/vnd.amazon.eventstream',
  'multipart/mixed; boundary=zzz',
  'image/png',
  '*/*',
  ';=,"',
];

/** What is shown otherwise, and why that hides nothing. */
function expected(framing: Framing, name: string, type: string | null): Framing {
  const declared = type?.toLowerCase() ?? '';
  if (framing === 'text' && name !== 'a page') {
    // What looks like nothing is believed to be what it is said to be: lines are then `invalid`, never left out.
    if (declared.startsWith('text/event-stream')) return 'sse';
    if (declared.startsWith('application/x-ndjson')) return 'ndjson';
    if (declared.startsWith('application/json-seq')) return 'json-seq';
    if (declared.startsWith('application/json')) return 'json';
    if (declared.startsWith('application/vnd.amazon')) return 'aws-eventstream';
    if (declared.startsWith('multipart/')) return 'multipart';
  }
  return framing;
}

function detect(contentType: string | null, pieces: readonly Uint8Array[]): Detection {
  const detector = createDetector({ contentType, url: null });
  for (const piece of pieces) {
    const detection = detector.push(piece);
    if (detection !== undefined) return detection;
  }
  return detector.end();
}

describe.each(types)('declared as %s', (type) => {
  it.each(streams)('$framing: $name', ({ framing, name, body }) => {
    const bytes = Buffer.from(body);
    const wanted = expected(framing, name, type);
    expect(detect(type, [bytes]).framing).toBe(wanted);
    expect(detect(type, byteByByte(bytes)).framing).toBe(wanted);
    if (framing === 'aws-eventstream') return;
    const marked = Buffer.concat([Buffer.from(bom), bytes]);
    expect(detect(type, [marked]).framing).toBe(wanted);
    expect(detect(type, byteByByte(marked)).framing).toBe(wanted);
  });
});
