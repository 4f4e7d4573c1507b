import { Buffer } from 'node:buffer';
import { readContentLength } from './contentLength.ts';
import { excerpt, type EndingCode } from './endings.ts';

/** How the body of a message is delimited (RFC 9112 §6.3). */
export type BodyLength =
  | { readonly by: 'none' }
  | { readonly by: 'length'; readonly bytes: number }
  | { readonly by: 'chunks' }
  | { readonly by: 'close' };

export interface HeadReading {
  readonly status: number;
  readonly httpVersion: '1.0' | '1.1';
  readonly body: BodyLength;
  /** The server closes the connection after this message, or may. */
  readonly closes: boolean;
}

/** What breaks the protocol, `offset` bytes into what was read. */
export interface HeadFault {
  readonly code: EndingCode;
  readonly message: string;
  readonly offset: number;
}

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const forbiddenInValue = /[\x00-\x08\x0a-\x1f\x7f]/;

/**
 * Reads a whole response head, blank line included, for what decides about the body, and refuses what RFC 9112 calls
 * malformed and clients like to overlook: bare LF, folded lines, control characters, contradicting lengths.
 * `requestMethod` decides whether there can be a body.
 */
export function readResponseHead(head: Uint8Array, requestMethod: string): HeadReading | HeadFault {
  const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('latin1');
  let offset = 0;
  let status = 0;
  let httpVersion: '1.0' | '1.1' = '1.1';
  let contentLength: number | null = null;
  let transferCodings: string[] | null = null;
  let connection = '';
  for (let first = true; offset < text.length; first = false) {
    const lf = text.indexOf('\n', offset);
    if (lf < 0 || text[lf - 1] !== '\r' || lf - 1 < offset) {
      const place = first ? 'The status line' : 'A header line';
      return fault('end/bare-lf', offset, `${place} ends with a line feed alone instead of CR LF.`);
    }
    const line = text.slice(offset, lf - 1);
    if (line === '') break;
    if (first) {
      const match = /^HTTP\/(\d)\.(\d) (\d{3})(?: (.*))?$/.exec(line);
      if (match === null || forbiddenInValue.test(line)) {
        return fault('end/invalid-status-line', offset, `The status line is malformed: “${shown(line)}”.`);
      }
      const version = `${match[1] ?? ''}.${match[2] ?? ''}`;
      if (version !== '1.0' && version !== '1.1') {
        return fault(
          'end/unsupported-version',
          offset,
          `The server answered in HTTP/${version} to an HTTP/1.1 request.`,
        );
      }
      httpVersion = version;
      status = Number(match[3]);
      if (status < 100) {
        return fault('end/invalid-status-line', offset, `The status line has an impossible status: “${shown(line)}”.`);
      }
    } else {
      if (line.startsWith(' ') || line.startsWith('\t')) {
        return fault('end/folded-header', offset, 'A header is continued on a second line, which HTTP/1.1 forbids.');
      }
      const colon = line.indexOf(':');
      const name = colon < 0 ? '' : line.slice(0, colon);
      if (!token.test(name)) {
        return fault('end/invalid-header', offset, `A header line is malformed: “${shown(line)}”.`);
      }
      const value = line.slice(colon + 1).trim();
      const bad = forbiddenInValue.exec(line);
      if (bad !== null) {
        const code = bad[0].charCodeAt(0).toString(16).padStart(2, '0');
        return fault(
          'end/invalid-header',
          offset + bad.index,
          `The header “${name}” contains the control character 0x${code}.`,
        );
      }
      switch (name.toLowerCase()) {
        case 'content-length':
          {
            const reading = readContentLength(value, contentLength);
            if (typeof reading !== 'number') return fault(reading.code, offset, reading.message);
            contentLength = reading;
          }
          break;
        case 'transfer-encoding':
          transferCodings = [...(transferCodings ?? []), ...value.toLowerCase().split(',')].map((coding) =>
            coding.trim(),
          );
          break;
        case 'connection':
          connection += `,${value.toLowerCase()}`;
          break;
        default:
      }
    }
    offset = lf + 1;
  }
  if (contentLength !== null && transferCodings !== null) {
    return fault(
      'end/length-and-chunked',
      0,
      'The answer has both Content-Length and Transfer-Encoding: whoever reads only one of them sees another body.',
    );
  }
  const chunkedAt = transferCodings?.indexOf('chunked') ?? -1;
  if (transferCodings !== null && chunkedAt >= 0 && chunkedAt !== transferCodings.length - 1) {
    return fault('end/invalid-transfer-encoding', 0, 'Transfer-Encoding names “chunked” but not once and last.');
  }
  const options = connection.split(',').map((option) => option.trim());
  const body = bodyLength(status, requestMethod, contentLength, chunkedAt >= 0);
  const closes =
    body.by === 'close' || options.includes('close') || (httpVersion === '1.0' && !options.includes('keep-alive'));
  return { status, httpVersion, body, closes };
}

function bodyLength(status: number, method: string, length: number | null, chunked: boolean): BodyLength {
  if (method === 'HEAD' || status < 200 || status === 204 || status === 304) return { by: 'none' };
  if (chunked) return { by: 'chunks' };
  if (length === 0) return { by: 'none' };
  return length === null ? { by: 'close' } : { by: 'length', bytes: length };
}

function fault(code: EndingCode, offset: number, message: string): HeadFault {
  return { code, message, offset };
}

function shown(line: string): string {
  return excerpt(Buffer.from(line, 'latin1'));
}
