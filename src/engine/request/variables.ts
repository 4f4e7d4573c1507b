import { toBase64 } from '../bytes/base64.ts';
import { isSecretHeader } from '../../shared/maskSecrets.ts';
import type { FormPart, RequestAuth, RequestBody, RequestOptions, RequestSpec } from '../../shared/request.ts';

/**
 * Variables of a request: `{{name}}` in its URL, headers, credentials and texts of its body stands for a value that is
 * put in when the request is sent. Values that are secret are put in only there: what is kept and shown has `{{name}}`.
 */
export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly secret: boolean;
}

export type Variables = ReadonlyMap<string, Variable>;

/** `{{name}}`, spaces inside allowed. Names have letters, digits, `_`, `.` and `-`. */
const placeholder = /\{\{\s*([A-Za-z_][\w.-]*)\s*\}\}/g;

const secretWords = /(?:^|_)(?:pass|passwd|pwd|passphrase|apikey|bearer|jwt|pat|cookie)s?(?:$|_)/;

/** A variable whose name sounds like a secret is one, unless it is said not to be: `API_KEY`, `dbPassword`, `token2`. */
export function soundsSecret(name: string): boolean {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z]+/g, '_');
  return isSecretHeader(words) || isSecretHeader(words.replace(/s(?=_|$)/g, '')) || secretWords.test(words);
}

/** The request with every variable in it that `mayFill` lets through; others stay as they are written. */
export function fillVariables(
  request: RequestSpec,
  variables: Variables,
  mayFill: (variable: Variable) => boolean,
): RequestSpec {
  return mapTexts(request, (text) =>
    text.replace(placeholder, (written, name: string) => {
      const variable = variables.get(name);
      return variable !== undefined && mayFill(variable) ? variable.value : written;
    }),
  );
}

/** Names that a request asks for and nobody defined, each once, in the order in which they stand in it. */
export function undefinedVariables(request: RequestSpec, variables: Variables): readonly string[] {
  const missing = new Set<string>();
  mapTexts(request, (text) => {
    for (const [, name = ''] of text.matchAll(placeholder)) if (!variables.has(name)) missing.add(name);
    return text;
  });
  return [...missing];
}

function mapTexts(request: RequestSpec, map: (text: string) => string): RequestSpec {
  return {
    ...request,
    method: map(request.method),
    url: map(request.url),
    headers: request.headers.map(([name, value]) => [map(name), map(value)]),
    body: mapBody(request.body, map),
    auth: mapAuth(request.auth, map),
    options: mapOptions(request.options, map),
  };
}

function mapOptions(options: RequestOptions, map: (text: string) => string): RequestOptions {
  const { proxy } = options;
  return proxy?.kind === 'url' ? { ...options, proxy: { ...proxy, url: map(proxy.url) } } : options;
}

function mapBody(body: RequestBody, map: (text: string) => string): RequestBody {
  if (body.kind === 'text') return { kind: 'text', text: map(body.text) };
  return body.kind === 'multipart' ? { kind: 'multipart', parts: body.parts.map((part) => mapPart(part, map)) } : body;
}

function mapPart(part: FormPart, map: (text: string) => string): FormPart {
  return part.content.kind === 'text' ? { ...part, content: { kind: 'text', text: map(part.content.text) } } : part;
}

function mapAuth(auth: RequestAuth, map: (text: string) => string): RequestAuth {
  switch (auth.kind) {
    case 'none':
      return auth;
    case 'basic':
      return { kind: 'basic', username: map(auth.username), password: map(auth.password) };
    case 'bearer':
      return { kind: 'bearer', token: map(auth.token) };
  }
}

/**
 * Puts `{{name}}` back where a secret's value stands in a text that goes into a recording: as it is, percent-encoded,
 * as a form field, as JSON string content, and in the base64 of the request's own Basic credentials.
 * @param request as it is kept, with `{{name}}` for each secret
 */
export function hideSecretValues(request: RequestSpec, variables: Variables): (text: string) => string {
  const replacements = new Map<string, string>();
  for (const { name, value, secret } of variables.values()) {
    if (!secret || value === '') continue;
    const encoded = encodeURIComponent(wellFormed(value));
    const spellings = [value, encoded, encoded.replaceAll('%20', '+'), encodeURI(wellFormed(value))];
    for (const spelling of [...spellings, JSON.stringify(value).slice(1, -1)]) {
      if (!replacements.has(spelling)) replacements.set(spelling, `{{${name}}}`);
    }
  }
  if (replacements.size === 0) return (text) => text;
  const { auth } = fillVariables(request, variables, () => true);
  if (auth.kind === 'basic' && request.auth.kind === 'basic') {
    const written = `${request.auth.username}:${request.auth.password}`;
    const sent = `${auth.username}:${auth.password}`;
    if (written !== sent) replacements.set(base64(sent), written);
  }
  // Longer ones first: a secret may begin with another one.
  const spellings = [...replacements.keys()].sort((a, b) => b.length - a.length);
  const anySpelling = new RegExp(spellings.map(escapedForRegExp).join('|'), 'g');
  return (text) => text.replace(anySpelling, (spelling) => replacements.get(spelling) ?? spelling);
}

function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
}

function base64(text: string): string {
  return toBase64(new TextEncoder().encode(text));
}

function escapedForRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
