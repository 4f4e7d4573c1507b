import { byte } from '../bytes/ascii.ts';
import { decodeUtf8 } from '../bytes/decode.ts';

/** Of a part's header block that are read; what lies beyond is passed over to the blank line. */
export const partHeaderBytes = 65_536;

export interface PartHeader {
  readonly name: string;
  readonly value: string;
}

/** What a part's headers say that matters to its framing. */
export interface PartMeaning {
  /** In lower case, without parameters; `text/plain` where none is said (RFC 2046 §5.1). */
  readonly mediaType: string;
  /** The part's name where it has one (`Content-Disposition`), else the media type that it names; empty for neither. */
  readonly type: string;
  /** Bytes of the body by `Content-Length`; null where it is not said. */
  readonly length: number | null;
  /** What is wrong with the headers, for a person; null for nothing. */
  readonly fault: string | null;
}

/** True for a line `[from, to)` that is a header field or goes on with the one before it (RFC 5322 §2.2). */
export function isHeaderLine(bytes: Uint8Array, from: number, to: number, isFirst: boolean): boolean {
  const first = bytes[from];
  if (first === byte.space || first === byte.tab) return !isFirst;
  let at = from;
  while (at < to && isTokenByte(bytes[at] as number)) at++;
  const nameEnd = at;
  while (at < to && (bytes[at] === byte.space || bytes[at] === byte.tab)) at++;
  return nameEnd > from && at < to && bytes[at] === byte.colon;
}

/** Reads a header block: lines of fields, folded ones put together. */
export function readPartHeaders(bytes: Uint8Array, from: number, to: number): readonly PartHeader[] {
  const headers: { name: string; value: string }[] = [];
  for (const line of decodeUtf8(bytes, from, to).split(/\r?\n/)) {
    const last = headers.at(-1);
    if (/^[ \t]/.test(line) && last !== undefined) last.value = `${last.value} ${line.trim()}`.trim();
    else {
      const colon = line.indexOf(':');
      if (colon > 0) headers.push({ name: line.slice(0, colon).trim(), value: line.slice(colon + 1).trim() });
    }
  }
  return headers;
}

/** What the headers of a part mean. */
export function meaningOf(headers: readonly PartHeader[]): PartMeaning {
  let mediaType = '';
  let name = '';
  let length: number | null = null;
  let fault: string | null = null;
  for (const header of headers) {
    switch (header.name.toLowerCase()) {
      case 'content-type':
        mediaType = header.value.split(';', 1)[0]?.trim().toLowerCase() ?? '';
        break;
      case 'content-disposition':
        name = dispositionName(header.value);
        break;
      case 'content-length': {
        const said = /^\d{1,15}$/.test(header.value) ? Number(header.value) : NaN;
        if (Number.isNaN(said)) fault = 'the Content-Length is not a whole number';
        else if (length !== null && length !== said) fault = 'there are two Content-Lengths that differ';
        else length = said;
        break;
      }
      default:
        break;
    }
  }
  const type = name === '' ? mediaType : name;
  return {
    mediaType: mediaType === '' ? 'text/plain' : mediaType,
    type,
    length: fault === null ? length : null,
    fault,
  };
}

export function isJsonMediaType(mediaType: string): boolean {
  return mediaType === 'application/json' || mediaType === 'text/json' || mediaType.endsWith('+json');
}

function dispositionName(value: string): string {
  const found = /;\s*name\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(value);
  return found?.[1]?.replace(/\\(.)/g, '$1') ?? found?.[2] ?? '';
}

/** RFC 9110 §5.6.2. */
function isTokenByte(value: number): boolean {
  const isLetter = (value | 0x20) >= 0x61 && (value | 0x20) <= 0x7a;
  const isDigit = value >= 0x30 && value <= 0x39;
  return isLetter || isDigit || tokenMarks.has(value);
}

const tokenMarks = new Set(Array.from("!#$%&'*+-.^_`|~", (character) => character.charCodeAt(0)));

/**
 * Takes a part apart: the delimiter line, the headers, the body.
 * @param bytes of the frame, or their beginning
 */
export function readPart(bytes: Uint8Array): { readonly headers: readonly PartHeader[]; readonly body: Uint8Array } {
  const headersAt = nextLine(bytes, 0);
  let at = headersAt;
  while (at < bytes.length) {
    const next = nextLine(bytes, at);
    if (isLineBreakAt(bytes, at)) return { headers: readPartHeaders(bytes, headersAt, at), body: bytes.subarray(next) };
    if (next - headersAt <= partHeaderBytes && !isHeaderLine(bytes, at, next, at === headersAt)) break;
    at = next;
  }
  return { headers: readPartHeaders(bytes, headersAt, at), body: bytes.subarray(at) };
}

function nextLine(bytes: Uint8Array, from: number): number {
  const lf = bytes.indexOf(byte.lf, from);
  return lf === -1 ? bytes.length : lf + 1;
}

function isLineBreakAt(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === byte.lf || (bytes[at] === byte.cr && bytes[at + 1] === byte.lf);
}

/** Headers as lines of text. */
export function headerText(headers: readonly PartHeader[]): string {
  return headers.map(({ name, value }) => `${name}: ${value}`).join('\n');
}
