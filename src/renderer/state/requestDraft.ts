import {
  defaultRequestOptions,
  type FormPart,
  type RequestBody,
  type RequestOptions,
  type RequestSpec,
} from '../../shared/request.ts';
import type { Framing } from '../../shared/words.ts';

/** A line of the header table. Lines that are off, or have no name, are not sent. */
export interface HeaderRow {
  /** Identifies the line while it is edited. */
  readonly key: number;
  readonly on: boolean;
  readonly name: string;
  readonly value: string;
}

/** A part of a form. Parts without a name are not sent. */
export interface FormRow {
  /** Identifies the line while it is edited. */
  readonly key: number;
  readonly name: string;
  readonly text: string;
  /** Not null: the part is this file in place of the text. */
  readonly file: { readonly name: string; readonly bytes: Uint8Array } | null;
  /** Empty: none of its own. */
  readonly contentType: string;
}

export type BodyKind = 'none' | 'json' | 'text' | 'form' | 'bytes';
export type AuthKind = RequestSpec['auth']['kind'];

/** The request as it stands in the request bar. What a switch hides is kept, so that switching back brings it back. */
export interface RequestDraft {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly HeaderRow[];
  readonly bodyKind: BodyKind;
  readonly bodyText: string;
  /** A file, or a pasted body that is not text. */
  readonly bodyBytes: Uint8Array;
  /** Null: pasted. */
  readonly bodyFileName: string | null;
  readonly formRows: readonly FormRow[];
  readonly authKind: AuthKind;
  readonly username: string;
  readonly password: string;
  readonly token: string;
  readonly options: RequestOptions;
  /** Null: detected from the answer. */
  readonly framing: Framing | null;
}

export const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const;

let nextKey = 1;

export function headerRow(name: string, value: string): HeaderRow {
  return { key: nextKey++, on: true, name, value };
}

export function formRow(part: Partial<Omit<FormRow, 'key'>> = {}): FormRow {
  return { key: nextKey++, name: '', text: '', file: null, contentType: '', ...part };
}

export const emptyDraft: RequestDraft = {
  method: 'GET',
  url: '',
  headers: [],
  bodyKind: 'none',
  bodyText: '',
  bodyBytes: new Uint8Array(0),
  bodyFileName: null,
  formRows: [],
  authKind: 'none',
  username: '',
  password: '',
  token: '',
  options: defaultRequestOptions,
  framing: null,
};

function isNamed(name: string): (row: HeaderRow) => boolean {
  return (row) => row.on && row.name.trim().toLowerCase() === name;
}

/** The header lines that will be sent, without those the transport adds. */
export function sentRows(draft: RequestDraft): readonly (readonly [string, string])[] {
  const rows = draft.headers
    .filter((row) => row.on && row.name.trim() !== '')
    .map((row) => [row.name.trim(), row.value] as const);
  return draft.bodyKind === 'json' && !draft.headers.some(isNamed('content-type'))
    ? [...rows, ['Content-Type', 'application/json']]
    : rows;
}

function bodyOf(draft: RequestDraft): RequestBody {
  if (draft.bodyKind === 'none') return { kind: 'none' };
  if (draft.bodyKind === 'bytes') return { kind: 'bytes', bytes: draft.bodyBytes };
  if (draft.bodyKind === 'form') {
    return { kind: 'multipart', parts: draft.formRows.filter(({ name }) => name !== '').map(partOf) };
  }
  return { kind: 'text', text: draft.bodyText };
}

function partOf({ name, text, file, contentType }: FormRow): FormPart {
  const type = contentType.trim() === '' ? {} : { contentType: contentType.trim() };
  if (file === null) return { name, content: { kind: 'text', text }, ...type };
  return { name, content: { kind: 'bytes', bytes: file.bytes }, fileName: file.name, ...type };
}

/** A file that is known by its path alone is to be chosen again: a window has no word for files it was not given. */
function rowOf({ name, content, fileName, contentType }: FormPart): FormRow {
  const type = contentType === undefined ? {} : { contentType };
  if (content.kind === 'text') return formRow({ name, text: content.text, ...type });
  const bytes = content.kind === 'bytes' ? content.bytes : new Uint8Array(0);
  const path = content.kind === 'file' ? content.path.replace(/^.*[/\\]/, '') : name;
  return formRow({ name, file: { name: fileName ?? path, bytes }, ...type });
}

function authOf(draft: RequestDraft): RequestSpec['auth'] {
  if (draft.authKind === 'basic') return { kind: 'basic', username: draft.username, password: draft.password };
  if (draft.authKind === 'bearer') return { kind: 'bearer', token: draft.token };
  return { kind: 'none' };
}

export function specOf(draft: RequestDraft): RequestSpec {
  return {
    method: draft.method,
    url: draft.url.trim(),
    headers: sentRows(draft),
    body: bodyOf(draft),
    auth: authOf(draft),
    options: draft.options,
  };
}

function looksLikeJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const bodyKinds: Readonly<Record<RequestBody['kind'], BodyKind>> = {
  none: 'none',
  text: 'text',
  bytes: 'bytes',
  file: 'bytes',
  multipart: 'form',
};

/** A draft that sends exactly the given request. */
export function draftOf(request: RequestSpec): RequestDraft {
  const { body, auth } = request;
  const contentType = request.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  const text = body.kind === 'text' ? body.text : '';
  // "JSON" would add a content type of its own, so without one the body stays plain text.
  const isJson =
    body.kind === 'text' && contentType !== undefined && (/[/+]json/i.test(contentType) || looksLikeJson(text));
  return {
    ...emptyDraft,
    method: request.method,
    url: request.url,
    headers: request.headers.map(([name, value]) => headerRow(name, value)),
    bodyKind: isJson ? 'json' : bodyKinds[body.kind],
    bodyText: text,
    bodyBytes: body.kind === 'bytes' ? body.bytes : emptyDraft.bodyBytes,
    bodyFileName: body.kind === 'file' ? body.path.replace(/^.*[/\\]/, '') : null,
    formRows: body.kind === 'multipart' ? body.parts.map(rowOf) : [],
    authKind: auth.kind,
    username: auth.kind === 'basic' ? auth.username : '',
    password: auth.kind === 'basic' ? auth.password : '',
    token: auth.kind === 'bearer' ? auth.token : '',
    options: request.options,
  };
}

/** A text that `request.parse` reads and that can be no URL. */
export function isPastedRequest(text: string): boolean {
  const start = text.trimStart();
  return /^(?:\$\s+)?curl(?:\.exe)?\s/i.test(start) || /^(?:await\s+)?fetch\s*\(/.test(start);
}

/** Header lines of a pasted text: `Name: value` a line, an HTTP request line and blank lines skipped. */
export function headersFromText(text: string): readonly HeaderRow[] {
  const rows: HeaderRow[] = [];
  for (const line of text.split(/\r\n|\r|\n/)) {
    const match = /^\s*(:?[^\s:]+)\s*:\s?(.*)$/.exec(line);
    if (match === null || match[1]?.startsWith(':') === true) continue;
    rows.push(headerRow(match[1] ?? '', (match[2] ?? '').trim()));
  }
  return rows;
}

/** The pieces of a URL for showing it with its host set off. Null where it is not (yet) a whole URL. */
export function urlPieces(
  url: string,
): { readonly before: string; readonly host: string; readonly after: string } | null {
  const match = /^([a-z][a-z\d+.-]*:\/\/(?:[^/?#@]*@)?)([^/?#]+)(.*)$/is.exec(url);
  return match === null ? null : { before: match[1] ?? '', host: match[2] ?? '', after: match[3] ?? '' };
}

/** What to put before an address without a scheme; null where it has one. This machine and private nets rarely speak TLS. */
export function missingScheme(url: string): 'http://' | 'https://' | null {
  const text = url.trim();
  if (text === '' || /^[a-z][a-z\d+.-]*:\/\//i.test(text)) return null;
  return /^(?:localhost|127\.|\[::1\]|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/i.test(text)
    ? 'http://'
    : 'https://';
}
