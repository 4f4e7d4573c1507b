import { Buffer } from 'node:buffer';
import type { HeaderList } from '../../../shared/request.ts';
import { readContentLength } from '../contentLength.ts';
import { excerpt, type EndingCode } from '../endings.ts';
import { headerText } from '../headerBytes.ts';
import type { HeaderField } from '../../../engine/http2/hpackTable.ts';

export interface AnswerHead {
  readonly status: number;
  readonly headers: HeaderList;
  /** As Content-Length says; null where it says nothing. */
  readonly contentLength: number | null;
  /** An answer to HEAD, 204 or 304: nothing but its head may come. */
  readonly isBodiless: boolean;
}

export interface HeadFault {
  readonly code: EndingCode;
  readonly message: string;
}

const lowerCaseToken = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
const forbiddenInValue = /[\x00-\x08\x0a-\x1f\x7f]/;
/** Headers that say how HTTP/1.1 is carried, and make an HTTP/2 message malformed (RFC 9113 §8.2.2). */
export const connectionHeaders: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);

/** Reads the decoded fields of a response head (RFC 9113 §8.2, §8.3.2), and refuses one that is malformed. */
export function readAnswerHead(fields: readonly HeaderField[], requestMethod: string): AnswerHead | HeadFault {
  let status: number | null = null;
  let at = 0;
  for (; at < fields.length; at += 1) {
    const [name, value] = fields[at] ?? ['', ''];
    if (!name.startsWith(':')) break;
    if (name !== ':status') return malformed(`it has the pseudo-header “${shown(name)}”`);
    if (status !== null) return malformed('it has two :status fields');
    if (!/^[1-9]\d\d$/.test(value)) return malformed(`its :status is “${shown(value)}”`);
    status = Number(value);
  }
  if (status === null) return malformed('it has no :status');
  if (status === 101) {
    const message = 'The server switched protocols (101), which HTTP/2 does not have.';
    return { code: 'end/unasked-upgrade', message };
  }
  const regular = readFields(fields.slice(at));
  if ('code' in regular) return regular;
  let contentLength: number | null = null;
  for (const [name, value] of regular.headers) {
    if (name !== 'content-length') continue;
    const reading = readContentLength(value, contentLength);
    if (typeof reading !== 'number') return reading;
    contentLength = reading;
  }
  const isBodiless = requestMethod === 'HEAD' || status === 204 || status === 304;
  return { status, headers: regular.headers, contentLength, isBodiless };
}

/** Reads fields that are no pseudo-headers: those of a head after them, or a trailer section. */
export function readFields(fields: readonly HeaderField[]): { readonly headers: HeaderList } | HeadFault {
  const headers: (readonly [string, string])[] = [];
  for (const [name, value] of fields) {
    if (name.startsWith(':')) return malformed(`the pseudo-header “${shown(name)}” is out of place`);
    if (!lowerCaseToken.test(name)) {
      return { code: 'end/invalid-header', message: `A header has the impossible name “${shown(name)}”.` };
    }
    const bad = forbiddenInValue.exec(value);
    if (bad !== null) {
      const character = bad[0].charCodeAt(0).toString(16).padStart(2, '0');
      const message = `The header “${name}” contains the control character 0x${character}.`;
      return { code: 'end/invalid-header', message };
    }
    if (connectionHeaders.has(name)) return malformed(`the header “${name}” has no place in HTTP/2`);
    headers.push([name, headerText(Buffer.from(value.trim(), 'latin1'))]);
  }
  return { headers };
}

function malformed(reason: string): HeadFault {
  return { code: 'end/h2-malformed', message: `The answer is malformed HTTP/2: ${reason}.` };
}

function shown(text: string): string {
  return excerpt(Buffer.from(text, 'latin1'));
}
