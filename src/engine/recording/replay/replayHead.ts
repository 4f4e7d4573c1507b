import { headerValue } from '../../../shared/headerValue.ts';
import type { ResponseHead } from '../../../shared/recording.ts';
import type { HeaderList } from '../../../shared/request.ts';

/**
 * How the end of a body is told: by `chunked` coding, by Content-Length, by closing the connection; `none`: an answer to
 * HEAD or one that has no body by its status (RFC 9112 §6.3).
 */
export type BodyDelimiter = 'chunked' | 'length' | 'close' | 'none';

export interface ReplayHead {
  /** The status line and headers, CRLF and the empty line included; header values may hold any character. */
  readonly text: string;
  readonly delimiter: BodyDelimiter;
  /** The connection is to be kept after a complete answer. */
  readonly keepsConnection: boolean;
  /** How it differs from the recorded head, one sentence each. */
  readonly notes: readonly string[];
}

export interface HeadCircumstances {
  /** A fault or a repetition changes how many bytes the body has. */
  readonly changesLength: boolean;
  /** The client asked with HEAD. */
  readonly isHeadRequest: boolean;
  /** Headers to add, such as a policy for documents. */
  readonly added: HeaderList;
}

/** The head as recorded, changed only where the body would not fit to it or HTTP/1.1 has no word for it. */
export function replayHead(head: ResponseHead, circumstances: HeadCircumstances): ReplayHead {
  const notes: string[] = [];
  const isHttp1 = head.httpVersion.startsWith('1.');
  let headers = head.headers.filter(([name, value]) => isSendable(name, value));
  if (headers.length < head.headers.length) notes.push('Headers that HTTP/1.1 cannot carry are left out.');
  let delimiter = recordedDelimiter(head, isHttp1);
  if (!isHttp1) {
    notes.push(`Recorded over HTTP/${head.httpVersion}, served over HTTP/1.1: each DATA frame is a chunk.`);
    if (delimiter === 'chunked') headers = [...without(headers, 'content-length'), ['transfer-encoding', 'chunked']];
  } else if (delimiter === 'length' && circumstances.changesLength) {
    notes.push('The body is not as long as recorded: it comes in chunks, without Content-Length.');
    headers = [...without(headers, 'content-length'), ['Transfer-Encoding', 'chunked']];
    delimiter = 'chunked';
  }
  const version = head.httpVersion === '1.0' ? '1.0' : '1.1';
  const reason = isSendable('x', head.statusText) ? head.statusText : '';
  const lines = [...headers, ...circumstances.added].map(([name, value]) => `${name}: ${value}\r\n`);
  const connection = headerValue(headers, 'connection')?.toLowerCase() ?? '';
  return {
    text: `HTTP/${version} ${String(head.status)} ${reason}\r\n${lines.join('')}\r\n`,
    delimiter: circumstances.isHeadRequest ? 'none' : delimiter,
    keepsConnection: version === '1.1' && delimiter !== 'close' && !/(?:^|,)\s*close\s*(?:,|$)/.test(connection),
    notes,
  };
}

function recordedDelimiter({ status, headers }: ResponseHead, isHttp1: boolean): BodyDelimiter {
  if (status < 200 || status === 204 || status === 304) return 'none';
  if (!isHttp1) return 'chunked';
  if (headerValue(headers, 'transfer-encoding') !== null) return 'chunked';
  return headerValue(headers, 'content-length') === null ? 'close' : 'length';
}

function without(headers: HeaderList, name: string): HeaderList {
  return headers.filter(([each]) => each.toLowerCase() !== name);
}

/** What would end a header line, or make it another one, comes only from files that nobody received so. */
function isSendable(name: string, value: string): boolean {
  return /^[^\x00-\x20\x7f:]+$/.test(name) && !/[\x00\r\n]/.test(value);
}
