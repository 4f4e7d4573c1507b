import { STATUS_CODES } from 'node:http';
import type { AnswerHead } from '../wire/answerWire.ts';

/** How a body's end is told (RFC 9112 §6.3); `none`: there is no body, whatever the head says. */
export type Delimiter = 'chunked' | 'length' | 'close' | 'none';

export interface Http1Head {
  /** Status line and headers with the empty line, a byte a character. */
  readonly text: string;
  readonly delimiter: Delimiter;
}

export interface Http1HeadCircumstances {
  readonly isHeadRequest: boolean;
  readonly version: '1.0' | '1.1';
  /** The client wants the connection to stay. */
  readonly isKept: boolean;
}

const earlyHint = 'HTTP/1.1 103 Early Hints\r\nLink: </hint>; rel=preload\r\n\r\n';

export function http1Head(head: AnswerHead, circumstances: Http1HeadCircumstances): Http1Head {
  const { status, headers, length, trailers, changes } = head;
  const { isHeadRequest, version, isKept } = circumstances;
  const hasNoBody = isHeadRequest || status === 204 || status === 304;
  const natural: Delimiter = length !== null ? 'length' : version === '1.0' ? 'close' : 'chunked';
  const { delimiter: forced } = changes;
  const delimiter = forced === undefined ? natural : forced === 'identity' ? 'length' : forced;
  const lines: string[] = [changes.statusLine ?? `HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? 'Status'}`];
  const add = (name: string, value: string): unknown => lines.push(`${name}: ${value}`);
  for (const [name, value] of headers) add(name, value);
  add('Date', new Date().toUTCString());
  if (changes.lengths !== undefined) for (const each of changes.lengths) add('Content-Length', each);
  else if (delimiter === 'length' && length !== null && status !== 204) add('Content-Length', String(length));
  if (delimiter === 'chunked' && status !== 204 && status !== 304) {
    add('Transfer-Encoding', 'chunked');
    if (trailers.length > 0) add('Trailer', trailers.map(([name]) => name).join(', '));
  }
  if (!isKept || delimiter === 'close') add('Connection', 'close');
  else if (version === '1.0') add('Connection', 'keep-alive');
  for (const [name, value] of changes.fields ?? []) add(name, value);
  const lineEnd = changes.hasBareLineFeeds === true ? '\n' : '\r\n';
  const text = lines.map((line) => line + lineEnd).join('') + (changes.rawLines ?? '') + lineEnd;
  return {
    text: earlyHint.repeat(changes.earlyHints ?? 0) + (changes.isHeadless === true ? '' : text),
    delimiter: hasNoBody ? 'none' : delimiter,
  };
}
