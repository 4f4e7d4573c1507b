import type { Framing } from '../../../../src/shared/words.ts';

/** A body that never lets go: `before`, then `piece` over and over, then `after`. */
export interface Giant {
  readonly name: string;
  readonly framing: Framing;
  readonly jsonPath?: string;
  readonly before: string;
  readonly piece: string;
  readonly after: string;
  /** Codes that name what was too much or wrong. */
  readonly codes: readonly string[];
  /** How large it is, where it is not as large as the run asks for. */
  readonly megabytes?: number;
}

const message = 'a long line without any end ';

export const giants: readonly Giant[] = [
  { name: 'sse: one line', framing: 'sse', before: 'data: ', piece: message, after: '\n\n', codes: [] },
  {
    name: 'sse: one block',
    framing: 'sse',
    before: '',
    piece: 'data: x\nfoo: y\n',
    after: '\n',
    codes: ['sse/unknown-field'],
  },
  { name: 'sse: heartbeats', framing: 'sse', before: '', piece: ': ping\n\n', after: '', codes: [] },
  {
    name: 'ndjson: one line',
    framing: 'ndjson',
    before: '{"a":"',
    piece: message,
    after: '"}\n',
    codes: ['json/too-large'],
  },
  { name: 'ndjson: blank lines', framing: 'ndjson', before: '', piece: '\n', after: '', codes: [] },
  { name: 'json: one string', framing: 'json', before: '["', piece: message, after: '"]', codes: ['json/too-large'] },
  { name: 'json: levels', framing: 'json', before: '[0,', piece: '[', after: '', codes: ['json/truncated'] },
  {
    name: 'json: seven million levels that are kept',
    framing: 'json',
    before: '{"a":',
    piece: '[',
    after: '',
    codes: ['json/truncated'],
    megabytes: 7,
  },
  { name: 'json: a list without end', framing: 'json', before: '[0', piece: ',{"a":[1]}', after: ']', codes: [] },
  {
    name: 'json: no JSON',
    framing: 'json',
    before: '[0,',
    piece: '}:x',
    after: '',
    codes: ['json/invalid', 'json/truncated'],
  },
  {
    name: 'json path: beside it',
    framing: 'json',
    jsonPath: 'items',
    before: '{"x":"',
    piece: message,
    after: '","items":[1]}',
    codes: [],
  },
  {
    name: 'json path: a long key',
    framing: 'json',
    jsonPath: 'items',
    before: '{"',
    piece: message,
    after: '":1}',
    codes: ['json/nothing-at-path'],
  },
  {
    name: 'json-seq: one text',
    framing: 'json-seq',
    before: '\x1e"',
    piece: message,
    after: '"\n',
    codes: ['json/too-large'],
  },
  {
    name: 'json-seq: levels',
    framing: 'json-seq',
    before: '\x1e',
    piece: '[',
    after: '\n',
    codes: ['json-seq/truncated-text', 'json/too-large'],
  },
  {
    name: 'aws-eventstream: no message',
    framing: 'aws-eventstream',
    before: '',
    piece: '\0\0\0\x40\0\0\0\0',
    after: '',
    codes: ['aws/bad-prelude-crc'],
  },
  {
    name: 'multipart: one part',
    framing: 'multipart',
    before: '--b\r\n\r\n',
    piece: message,
    after: '\r\n--b--',
    codes: [],
  },
  {
    name: 'multipart: a part of JSON',
    framing: 'multipart',
    before: '--b\r\nContent-Type: application/json\r\n\r\n"',
    piece: message,
    after: '"\r\n--b--',
    codes: ['json/too-large'],
  },
  {
    name: 'multipart: headers',
    framing: 'multipart',
    before: '--b\r\n',
    piece: 'X-Header: value\r\n',
    after: '\r\nx\r\n--b--',
    codes: ['multipart/invalid-header'],
  },
  {
    name: 'multipart: preamble',
    framing: 'multipart',
    before: '',
    piece: message,
    after: '',
    codes: ['multipart/missing-boundary'],
  },
  {
    name: 'multipart: a delimiter line',
    framing: 'multipart',
    before: '--b\r\n\r\nx\r\n--b',
    piece: message,
    after: '',
    codes: ['multipart/truncated-part'],
  },
  { name: 'text: one line', framing: 'text', before: '', piece: message, after: '', codes: [] },
];
