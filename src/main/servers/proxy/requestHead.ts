import { Buffer } from 'node:buffer';
import type { HeaderList } from '../../../shared/request.ts';

/** How the body of a request is delimited (RFC 9112 §6.3): a request without a length has none. */
export type RequestBodyLength =
  { readonly by: 'none' } | { readonly by: 'length'; readonly bytes: number } | { readonly by: 'chunks' };

/** A request's head as it came. Texts hold one byte a character. */
export interface RequestHead {
  readonly method: string;
  /** As it came: mostly a path with its query. */
  readonly target: string;
  readonly httpVersion: '1.0' | '1.1';
  /** In order and spelling; values without the white space around them. */
  readonly headers: HeaderList;
  readonly body: RequestBodyLength;
  /** The client lets the connection stand for another request. */
  readonly keepsConnection: boolean;
}

/** What is wrong with a request, and the status that says so. */
export interface RequestFault {
  readonly status: 400 | 413 | 431 | 501 | 505;
  /** Stable word: `malformed-request` … */
  readonly code: string;
  readonly message: string;
}

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const forbiddenInValue = /[\x00-\x08\x0a-\x1f\x7f]/;

/**
 * Reads a whole request head, its empty line included. Refuses what two readers could take for two different requests
 * (RFC 9112 §11.2): what is handed on must mean to the upstream what it means here.
 */
export function readRequestHead(head: Uint8Array): RequestHead | RequestFault {
  const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('latin1');
  const lines = text.split('\r\n');
  if (text.replaceAll('\r\n', '').includes('\n')) return malformed('a line ends with a line feed alone');
  const requestLine = lines[0] ?? '';
  const match = /^(\S+) (\S+) HTTP\/(\d)\.(\d)$/.exec(requestLine);
  if (match === null || !token.test(match[1] ?? '')) return malformed('its first line is no request line of HTTP/1.1');
  const [, method = '', target = '', major, minor] = match;
  if (major !== '1') {
    const message =
      'The proxy is asked in HTTP/1.1. Let the client use that; the upstream is asked in HTTP/2 where it can.';
    return { status: 505, code: 'unsupported-version', message };
  }

  if (/[^\x21-\xff]/.test(target)) return malformed('its target holds a control character');
  const httpVersion = minor === '0' ? '1.0' : '1.1';
  const headers: (readonly [string, string])[] = [];
  for (const line of lines.slice(1, -2)) {
    const colon = line.indexOf(':');
    const name = colon < 0 ? '' : line.slice(0, colon);
    if (!token.test(name)) return malformed(`its header line “${printable(line)}” is no name and value`);
    const value = line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '');
    if (forbiddenInValue.test(value)) return malformed(`the value of its header “${name}” holds a control character`);
    headers.push([name, value]);
  }
  const body = bodyLength(headers, httpVersion);
  if ('status' in body) return body;
  const connection = valuesOf(headers, 'connection').join(',').toLowerCase().split(',');
  const options = connection.map((option) => option.trim());
  const keepsConnection = httpVersion === '1.1' ? !options.includes('close') : options.includes('keep-alive');
  return { method, target, httpVersion, headers, body, keepsConnection };
}

function bodyLength(headers: HeaderList, httpVersion: '1.0' | '1.1'): RequestBodyLength | RequestFault {
  const lengths = new Set(
    valuesOf(headers, 'content-length').flatMap((value) => value.split(',').map((one) => one.trim())),
  );
  const codings = valuesOf(headers, 'transfer-encoding').flatMap((value) => value.toLowerCase().split(','));
  if (codings.length > 0) {
    if (lengths.size > 0) return malformed('it has both Content-Length and Transfer-Encoding');
    if (httpVersion === '1.0') return malformed('it has a Transfer-Encoding, which HTTP/1.0 does not know');
    if (codings.length === 1 && codings[0]?.trim() === 'chunked') return { by: 'chunks' };
    const message = `The proxy does not know the transfer coding “${printable(codings.join(','))}”, only chunked.`;
    return { status: 501, code: 'unknown-transfer-coding', message };
  }
  const [length] = lengths;
  if (length === undefined) return { by: 'none' };
  if (lengths.size > 1) return malformed('it has two different lengths');
  if (!/^\d{1,15}$/.test(length)) return malformed(`its Content-Length “${printable(length)}” is no length`);
  return { by: 'length', bytes: Number(length) };
}

/** All values of a header, by its name in lower case. */
export function valuesOf(headers: HeaderList, name: string): readonly string[] {
  return headers.flatMap(([each, value]) => (each.toLowerCase() === name ? [value] : []));
}

export function malformed(what: string): RequestFault {
  return { status: 400, code: 'malformed-request', message: `The request cannot be handed on: ${what}.` };
}

function printable(text: string): string {
  return text.slice(0, 60).replace(/[^\x20-\x7e]/g, '?');
}
