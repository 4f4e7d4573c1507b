import { defaultRequestOptions, type HeaderList, type RequestBody } from '../../shared/request.ts';
import type { ReadRequest } from './curlRequest.ts';
import { type JsLiteral, JsReader, JsSyntaxError, literalToJson } from './jsLiteral.ts';

/** Where a `fetch(` call starts in pasted text; −1 when there is none. */
export function findFetch(text: string): number {
  return /(?<![\w$.])(?:(?:window|globalThis|self)\.)?fetch\s*\(/.exec(text)?.index ?? -1;
}

/**
 * The request of a `fetch(url, {…})` call, as browsers copy it or people write it. Nothing is run: what is no literal
 * (a variable, a call) is kept visible as `${name}` and noted.
 */
export function readFetchSnippet(text: string): ReadRequest {
  const start = findFetch(text);
  try {
    const reader = new JsReader(text, text.indexOf('(', start) + 1);
    const url = reader.value();
    const init = reader.accept(',') && !reader.accept(')') ? reader.value() : undefined;
    return request(url, init);
  } catch (error) {
    if (!(error instanceof JsSyntaxError)) throw error;
    return {
      ok: false,
      message: `The fetch call cannot be read: ${error.message}, at character ${error.position + 1}.`,
    };
  }
}

function request(target: JsLiteral, init: JsLiteral | undefined): ReadRequest {
  const notes = new Set<string>();
  const url = target.kind === 'call' && target.parameters[0] !== undefined ? target.parameters[0] : target;
  if (url.kind !== 'string') {
    return { ok: false, message: 'The URL of this fetch call is not written out: put it in quotes.' };
  }
  if (!/^https?:\/\//i.test(url.value) && !/^(?:\$\{|\{\{)/.test(url.value)) {
    return {
      ok: false,
      message: `The URL "${url.value}" is relative: write it with http:// or https:// and its host.`,
    };
  }
  const fields = new Map<string, JsLiteral>();
  if (init?.kind === 'object') {
    for (const [name, value] of init.entries) {
      if (name === '...') notes.add('What is spread into the options (…) was left out.');
      else fields.set(name, value);
    }
  } else if (init !== undefined) {
    notes.add('The options of this fetch call are not written out; they were left out.');
  }
  const method = fields.get('method');
  const redirect = fields.get('redirect');
  const headers = readHeaders(fields.get('headers'), notes);
  const { body, contentType } = readBody(fields.get('body'), notes);
  if (contentType !== null && !headers.some(([name]) => name.toLowerCase() === 'content-type')) {
    headers.push(['Content-Type', contentType]);
  }
  const referrer = fields.get('referrer');
  if (referrer?.kind === 'string' && /^https?:/.test(referrer.value)) headers.push(['Referer', referrer.value]);
  const credentials = fields.get('credentials');
  if (
    credentials?.kind === 'string' &&
    credentials.value === 'include' &&
    !headers.some(([name]) => name.toLowerCase() === 'cookie')
  ) {
    notes.add('The browser would add its cookies, which the snippet does not hold: add a Cookie header if it matters.');
  }
  const written = [url.value, ...headers.map(([, value]) => value), body.kind === 'text' ? body.text : ''];
  for (const name of new Set(written.flatMap((text) => text.match(/\$\{[^}]*\}/g) ?? []))) {
    notes.add(`${name} is a variable of the snippet: put in its value.`);
  }
  return {
    ok: true,
    request: {
      method: method?.kind === 'string' ? method.value.toUpperCase() : 'GET',
      url: url.value,
      headers,
      body,
      auth: { kind: 'none' },
      options: {
        ...defaultRequestOptions,
        followRedirects: !(redirect?.kind === 'string' && redirect.value !== 'follow'),
      },
    },
    notes: [...notes],
  };
}

function readHeaders(value: JsLiteral | undefined, notes: Set<string>): [string, string][] {
  if (value === undefined) return [];
  if (value.kind === 'call') return readHeaders(value.parameters[0], notes);
  const headers: [string, string][] = [];
  const add = (name: string, content: JsLiteral): void => {
    if (name === '...') notes.add('Headers that are spread in (…) were left out.');
    else if (content.kind === 'string') headers.push([name, content.value]);
    else if (content.kind === 'number') headers.push([name, content.text]);
    else if (content.kind === 'source') headers.push([name, `\${${content.text}}`]);
    else notes.add(`The value of the header "${name}" is not written out; the header was left out.`);
  };
  if (value.kind === 'object') {
    for (const [name, content] of value.entries) add(name, content);
  } else if (value.kind === 'array') {
    for (const pair of value.items) {
      const [name, content] = pair.kind === 'array' ? pair.items : [];
      if (name?.kind === 'string' && content !== undefined) add(name.value, content);
    }
  } else notes.add('The headers are not written out; they were left out.');
  return headers satisfies HeaderList;
}

/** Fetch Standard, "extract a body": text and form data name their content type themselves. */
function readBody(
  value: JsLiteral | undefined,
  notes: Set<string>,
): { readonly body: RequestBody; readonly contentType: string | null } {
  const none = { body: { kind: 'none' }, contentType: null } as const;
  if (value === undefined || (value.kind === 'word' && value.word !== 'true' && value.word !== 'false')) return none;
  const text = (content: string, contentType: string) =>
    ({ body: { kind: 'text', text: content }, contentType }) as const;
  if (value.kind === 'string') return text(value.value, 'text/plain;charset=UTF-8');
  const [argument] = value.kind === 'call' ? value.parameters : [];
  if (value.kind === 'call' && argument !== undefined) {
    if (value.name === 'JSON.stringify') return text(literalToJson(argument), 'text/plain;charset=UTF-8');
    const form = value.name === 'URLSearchParams' ? formPairs(argument) : undefined;
    if (form !== undefined) {
      return text(new URLSearchParams(form).toString(), 'application/x-www-form-urlencoded;charset=UTF-8');
    }
  }
  notes.add('The body is not written out in the snippet: put it in by hand.');
  return none;
}

function formPairs(value: JsLiteral): [string, string][] | undefined {
  if (value.kind === 'string') return [...new URLSearchParams(value.value)];
  if (value.kind !== 'object') return undefined;
  return value.entries.map(([name, content]) => [
    name,
    content.kind === 'string' ? content.value : literalToJson(content),
  ]);
}
