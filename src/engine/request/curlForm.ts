import type { FormPart } from '../../shared/request.ts';
import { exactText, fileNameOf, type NamedFiles } from './namedFiles.ts';

/** A part of a form as curl's options say it, or why there is none; `missing`: a file that only its owner can bring. */
export type ReadPart =
  | { readonly part: FormPart; readonly missing: string | null; readonly ignored: string | null }
  | { readonly problem: string };

/** Types that curl gives files by their names. */
const typeOfExtension: Readonly<Record<string, string>> = {
  gif: 'image/gif',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain',
  htm: 'text/html',
  html: 'text/html',
  pdf: 'application/pdf',
  xml: 'application/xml',
};

/** `--form-string`: `name=value`, whatever the value looks like. */
export function readFormString(word: string): ReadPart {
  const equals = word.indexOf('=');
  if (equals === -1) return { problem: `The form field "${word}" has no "="; it was left out.` };
  const content = { kind: 'text', text: word.slice(equals + 1) } as const;
  return { part: { name: word.slice(0, equals), content }, missing: null, ignored: null };
}

/**
 * curl manual, `--form`: `name=value`, `name=@file` (a file with its name) or `name=<file` (its contents as a value),
 * each with `;type=…` and `;filename=…`; values in double quotes may hold `;`, `\"` and `\\`.
 * @param files null: nothing can be read, a part of a file is left empty
 */
export function readFormPart(word: string, files: NamedFiles | null): ReadPart {
  const equals = word.indexOf('=');
  if (equals === -1) return { problem: `The form field "${word}" has no "="; it was left out.` };
  const name = word.slice(0, equals);
  const rest = word.slice(equals + 1);
  const [sign] = rest;
  const source = sign === '@' || sign === '<' ? sign : null;
  const { value, parameters } = valueWithParameters(source === null ? rest : rest.slice(1));
  if (source === '@' && value.includes(',') && !rest.startsWith('@"')) {
    return { problem: `The form field "${name}" sends several files in one; it was left out.` };
  }
  const ignored = [...parameters.keys()].find((key) => key !== 'type' && key !== 'filename') ?? null;
  const type = parameters.get('type') ?? (source === '@' ? typeOfFile(value) : undefined);
  const fileName = parameters.get('filename') ?? (source === '@' ? fileNameOf(value) : undefined);
  const about = {
    name,
    ...(fileName === undefined ? {} : { fileName }),
    ...(type === undefined ? {} : { contentType: type }),
  };
  if (source === null) return { part: { ...about, content: { kind: 'text', text: value } }, missing: null, ignored };
  if (files === null) {
    return { part: { ...about, content: { kind: 'bytes', bytes: new Uint8Array(0) } }, missing: value, ignored };
  }
  if (source === '@' && value !== '-') {
    return { part: { ...about, content: { kind: 'file', path: files.pathOf(value) } }, missing: null, ignored };
  }
  const bytes = files.read(value);
  const text = source === '<' ? exactText(bytes) : null;
  const content = text === null ? ({ kind: 'bytes', bytes } as const) : ({ kind: 'text', text } as const);
  return { part: { ...about, content }, missing: null, ignored };
}

function typeOfFile(name: string): string {
  const extension = /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  return typeOfExtension[extension] ?? 'application/octet-stream';
}

/** The value, then `;key=value` as often as it comes; what looks like none belongs to the value before it. */
function valueWithParameters(text: string): { value: string; parameters: ReadonlyMap<string, string> } {
  const parameters = new Map<string, string>();
  const begun = text.replace(/^[ \t]+/, '');
  const quoted = /^"((?:[^"\\]|\\.)*)"[ \t]*(?=;|$)/s.exec(begun);
  const firstKey = /;[ \t]*(?:type|filename|headers|encoder)=/;
  const at = quoted === null ? begun.search(firstKey) : quoted[0].length;
  const rest = at === -1 ? '' : begun.slice(at);
  const value = quoted === null ? (at === -1 ? begun : begun.slice(0, at)) : unescaped(quoted[1] ?? '');
  // A media type has parameters of its own, which are not curl's.
  const pair =
    /;[ \t]*(type|filename|headers|encoder)=(?:"((?:[^"\\]|\\.)*)"|((?:(?!;[ \t]*(?:type|filename|headers|encoder)=).)*))/gs;
  for (const [, key = '', inQuotes, plain = ''] of rest.matchAll(pair)) {
    parameters.set(key, inQuotes === undefined ? plain.trim() : unescaped(inQuotes));
  }
  return { value, parameters };
}

function unescaped(text: string): string {
  return text.replace(/\\(["\\])/g, '$1');
}
