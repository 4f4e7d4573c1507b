import type { ContentDocument } from '../../../shared/scenario.ts';
import { fromBase64 } from '../../bytes/base64.ts';
import { textOf } from './expression.ts';
import type { Content, ContentKind } from './model.ts';
import { compileTemplate, type TemplateComplaint } from './template.ts';
import type { TemplateValue } from './templateFunctions.ts';

const utf8 = new TextEncoder();
const lineEnds = { lf: '\n', crlf: '\r\n', cr: '\r' } as const;

/** What a `send` sends, as it stands; null: base64 that is none. */
export function sentContent(document: ContentDocument): Content | null {
  const { kind, value } = formOf(document);
  const bytes = kind === 'bytes' ? fromBase64(textOf(value)) : utf8.encode(written(kind, value));
  return bytes === null ? null : { kind, bytes, make: () => bytes };
}

/** What a `template` sends, its places filled in each time. */
export function templateContent(
  document: ContentDocument,
  names: readonly string[],
  complain: TemplateComplaint,
): Content {
  const { kind, value, path } = formOf(document);
  const template = compileTemplate(value, names, (inner, message, meant) =>
    complain([...path, ...inner], message, meant),
  );
  return { kind, bytes: null, make: (scope) => utf8.encode(written(kind, template(scope))) };
}

interface Form {
  readonly kind: ContentKind;
  readonly value: TemplateValue;
  /** From the send to the value. */
  readonly path: readonly string[];
}

function formOf(document: ContentDocument): Form {
  if (typeof document === 'string') return { kind: 'text', value: document, path: [] };
  if ('text' in document) return { kind: 'text', value: document.text, path: ['text'] };
  if ('json' in document) return { kind: 'json', value: document.json, path: ['json'] };
  if ('ndjson' in document) return { kind: 'record', value: document.ndjson, path: ['ndjson'] };
  if ('base64' in document) return { kind: 'bytes', value: document.base64.replace(/\s+/g, ''), path: ['base64'] };
  const { sse } = document;
  const isComment = Object.keys(sse).every((key) => key === 'comment' || key === 'lineEnd');
  return { kind: isComment ? 'comment' : 'event', value: sse, path: ['sse'] };
}

function written(kind: ContentKind, value: TemplateValue): string {
  switch (kind) {
    case 'text':
    case 'bytes':
      return textOf(value);
    case 'json':
      return JSON.stringify(value);
    case 'record':
      return `${JSON.stringify(value)}\n`;
    case 'event':
    case 'comment':
      return sseText(value as Readonly<Record<string, TemplateValue>>);
  }
}

/** One event as the HTML standard has it: a comment first, `data` a line for each of its lines, a blank line. */
function sseText(sse: Readonly<Record<string, TemplateValue>>): string {
  const end = lineEnds[sse['lineEnd'] === 'crlf' || sse['lineEnd'] === 'cr' ? sse['lineEnd'] : 'lf'];
  let text = '';
  const field = (name: string, value: TemplateValue | undefined): void => {
    if (value === undefined) return;
    const lines = textOf(value).split(/\r\n|\n|\r/);
    for (const line of name === 'data' || name === '' ? lines : [lines.join(' ')]) {
      text += line === '' && name !== '' ? `${name}:${end}` : `${name}: ${line}${end}`;
    }
  };
  field('', sse['comment']);
  field('event', sse['event']);
  field('id', sse['id']);
  field('retry', sse['retry']);
  const { data } = sse;
  field('data', data === null ? 'null' : data);
  return text + end;
}
