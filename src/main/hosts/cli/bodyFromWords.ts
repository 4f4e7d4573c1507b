import { Buffer } from 'node:buffer';
import { statSync } from 'node:fs';
import path from 'node:path';
import { formEncode } from '../../../engine/request/formEncoding.ts';
import type { FormPart, PartContent, RequestBody } from '../../../shared/request.ts';
import { UsageError } from './exitCodes.ts';
import { bytesOfFile, exactText, textOfFile } from './givenFiles.ts';

/** One `-d`, `--data-…` or `--json`, in the order of the command line. */
export interface DataWord {
  readonly how: 'data' | 'raw' | 'binary' | 'urlencode' | 'json';
  readonly text: string;
}

/** One `-F` or `--form-string`, in the order of the command line. */
export interface FormWord {
  readonly how: 'form' | 'string';
  readonly text: string;
}

/** Larger files are read while they are sent. */
const readAtOnceBytes = 8 * 1024 * 1024;

/** What curl makes of its body options; null where there is none. @throws UsageError for options that exclude each other */
export function bodyFromWords(data: readonly DataWord[], form: readonly FormWord[]): RequestBody | null {
  if (form.length > 0) {
    if (data.length > 0) throw new UsageError('-F and -d exclude each other: a body is a form or data.');
    return { kind: 'multipart', parts: form.map(formPart) };
  }
  if (data.length === 0) return null;
  const isJson = data.some(({ how }) => how === 'json');
  if (isJson && data.some(({ how }) => how !== 'json'))
    throw new UsageError('--json and --data exclude each other: choose one.');
  const [only] = data;
  if (only?.how === 'binary' && data.length === 1 && only.text.startsWith('@')) {
    const file = only.text.slice(1);
    if (file !== '-' && isLarge(file, '--data-binary')) return { kind: 'file', path: path.resolve(file) };
  }
  const parts = data.map(dataBytes);
  return textOrBytes(joined(parts, isJson ? '' : '&'));
}

/** The data of `-G`: a query. @throws UsageError when it is not text */
export function queryFromWords(data: readonly DataWord[]): string {
  const text = exactText(joined(data.map(dataBytes), '&'));
  if (text === null) throw new UsageError('-G puts the data into the address, which must be text.');
  return text;
}

function joined(parts: readonly Uint8Array[], between: string): Uint8Array {
  return Buffer.concat(parts.flatMap((part, i) => (i === 0 ? [part] : [Buffer.from(between), part])));
}

function textOrBytes(bytes: Uint8Array): RequestBody {
  const text = exactText(bytes);
  return text === null ? { kind: 'bytes', bytes } : { kind: 'text', text };
}

function dataBytes({ how, text }: DataWord): Uint8Array {
  const isFile = text.startsWith('@');
  switch (how) {
    case 'raw':
      return Buffer.from(text);
    case 'urlencode':
      return Buffer.from(encodedField(text));
    case 'data':
      // As curl: line ends and NULs of a file are left out.
      return isFile
        ? Buffer.from(bytesOfFile(text.slice(1), '--data').filter((byte) => byte !== 10 && byte !== 13 && byte !== 0))
        : Buffer.from(text);
    case 'binary':
      return isFile ? bytesOfFile(text.slice(1), '--data-binary') : Buffer.from(text);
    case 'json':
      return isFile ? bytesOfFile(text.slice(1), '--json') : Buffer.from(text);
  }
}

/** curl manual, `--data-urlencode`: `content`, `=content`, `name=content`, `@file`, `name@file`; the name stays as it is. */
function encodedField(field: string): string {
  const [, name = '', sign, rest = ''] = /^([^=@]*)([=@])(.*)$/s.exec(field) ?? [];
  if (sign === undefined) return formEncode(field);
  const content = sign === '@' ? textOfFile(rest, '--data-urlencode') : rest;
  return name === '' ? formEncode(content) : `${name}=${formEncode(content)}`;
}

function formPart({ how, text }: FormWord): FormPart {
  const equals = text.indexOf('=');
  if (equals <= 0) throw new UsageError(`-F wants name=value or name=@file, not ${JSON.stringify(text)}.`);
  const name = text.slice(0, equals);
  const rest = text.slice(equals + 1);
  if (how === 'string') return { name, content: { kind: 'text', text: rest } };
  const isUpload = rest.startsWith('@');
  const isContentOfFile = rest.startsWith('<');
  const { value, parameters } = valueWithParameters(isUpload || isContentOfFile ? rest.slice(1) : rest);
  const type = parameters.get('type');
  const fileName = parameters.get('filename');
  const typed = type === undefined ? {} : { contentType: type };
  const named = fileName === undefined ? {} : { fileName };
  if (isUpload) {
    return {
      name,
      content: fileContent(value),
      fileName: value === '-' ? '-' : path.basename(value),
      contentType: typeOfFile(value),
      ...named,
      ...typed,
    };
  }
  if (!isContentOfFile) return { name, content: { kind: 'text', text: value }, ...named, ...typed };
  return { name, content: { kind: 'text', text: textOfFile(value, '-F') }, ...named, ...typed };
}

const formParameter = /;\s*(type|filename)=("(?:[^"\\]|\\.)*"|[^;"]*(?:;\s*charset=[^;"]*)?)/gs;
const valueAndParameters = /^(.*?)((?:;\s*(?:type|filename)=(?:[^;"]*(?:;\s*charset=[^;"]*)?|"(?:[^"\\]|\\.)*"))*)$/s;

/** curl manual, `--form`: `value;type=text/html;filename="x"`; a quoted value may hold `;`, `\"` and `\\`. */
function valueWithParameters(text: string): {
  readonly value: string;
  readonly parameters: ReadonlyMap<string, string>;
} {
  const quoted = /^"((?:[^"\\]|\\.)*)"(?=$|;)/s.exec(text);
  const [, plain = '', tail = ''] =
    valueAndParameters.exec(quoted === null ? text : text.slice(quoted[0].length)) ?? [];
  const parameters = new Map(
    [...tail.matchAll(formParameter)].map(([, name = '', value = '']) => [name, unquoted(value.trim())]),
  );
  return { value: quoted === null ? plain : unescaped(quoted[1] ?? ''), parameters };
}

function unquoted(text: string): string {
  return text.startsWith('"') && text.endsWith('"') && text.length > 1 ? unescaped(text.slice(1, -1)) : text;
}

function unescaped(text: string): string {
  return text.replace(/\\(["\\])/g, '$1');
}

function fileContent(file: string): PartContent {
  if (file !== '-' && isLarge(file, '-F')) return { kind: 'file', path: path.resolve(file) };
  return { kind: 'bytes', bytes: bytesOfFile(file, '-F') };
}

function isLarge(file: string, option: string): boolean {
  try {
    const found = statSync(file);
    return found.isFile() && found.size > readAtOnceBytes;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${option} cannot read ${file}: ${reason}.`, { cause: error });
  }
}

const typeOfExtension: Readonly<Record<string, string>> = {
  '.gif': 'image/gif',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
  '.csv': 'text/csv',
  '.htm': 'text/html',
  '.html': 'text/html',
  '.json': 'application/json',
  '.pdf': 'application/pdf',
  '.xml': 'application/xml',
};

function typeOfFile(file: string): string {
  return typeOfExtension[path.extname(file).toLowerCase()] ?? 'application/octet-stream';
}
