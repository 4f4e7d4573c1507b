import type { FormPart, HeaderList, RequestBody, RequestOptions, RequestSpec } from './request.ts';

/**
 * Which headers and parameters hold secrets by their name, and how a secret is written where it is shown. Secrets that
 * are known by their shape alone are found by the redaction of exports, not here.
 */

const headerNames = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'cookies',
  'set-cookie',
  'x-api-key',
  'api-key',
  'x-goog-api-key',
  'x-auth-token',
  'x-access-token',
  'x-csrf-token',
  'x-amz-security-token',
  'ocp-apim-subscription-key',
  'private-token',
]);

const headerWords = new Set([
  'token',
  'secret',
  'key',
  'apikey',
  'auth',
  'authorization',
  'password',
  'session',
  'signature',
  'credential',
  'credentials',
  'cookie',
  'cookies',
  'csrf',
]);

const parameterNames = new Set([
  'key',
  'api_key',
  'apikey',
  'token',
  'access_token',
  'refresh_token',
  'id_token',
  'password',
  'secret',
  'client_secret',
  'code',
  'signature',
  'x-amz-signature',
  'x-amz-credential',
  'x-amz-security-token',
  'private_key',
  'connection_string',
]);

/** True where the header's name says that its value is a secret, in any case: `X-Api-Key`, `Acme-Session-Id`. */
export function isSecretHeader(name: string): boolean {
  const lower = name.toLowerCase();
  return headerNames.has(lower) || lower.split(/[^a-z\d]+/).some((word) => headerWords.has(word));
}

/** True where a query or form parameter's name says that its value is a secret, in any case. */
export function isSecretParameter(name: string): boolean {
  return parameterNames.has(name.toLowerCase());
}

const dots = '••••';

/**
 * How a secret is shown: at most its first few characters where they only name its kind (`sk-`, `Bearer `), then dots,
 * then how long it is: `Bearer sk-…•••• (51 characters)`. Never more than a quarter of the secret.
 */
export function maskSecret(value: string): string {
  if (value === '') return '';
  const scheme = /^(?:Basic|Bearer|Digest|Token|ApiKey|Negotiate|AWS4-HMAC-SHA256)\s+/i.exec(value)?.[0] ?? '';
  const secret = value.slice(scheme.length);
  const prefix =
    /^(?:sk-(?:ant-)?|gh[pousr]_|github_pat_|glpat-|xox[abprs]-|hf_|gsk_|xai-|pplx-|r8_|npm_|AKIA|ASIA|AIza|ya29\.)/.exec(
      secret,
    )?.[0] ?? '';
  const shown = prefix.length * 4 <= secret.length ? prefix : '';
  const characters = secret.length === 1 ? '1 character' : `${String(secret.length)} characters`;
  return `${scheme}${shown}${shown === '' ? '' : '…'}${dots} (${characters})`;
}

/** One header's value as it is shown. A cookie keeps the names of its parts and of its attributes. */
export function maskHeaderValue(name: string, value: string): string {
  if (!isSecretHeader(name)) return value;
  const lower = name.toLowerCase();
  if (lower !== 'cookie' && lower !== 'set-cookie') return maskSecret(value);
  const parts = value.split(';');
  return parts
    .map((part, i) => {
      const equals = part.indexOf('=');
      if (equals < 0 || (lower === 'set-cookie' && i > 0)) return part;
      return `${part.slice(0, equals + 1)}${maskSecret(part.slice(equals + 1))}`;
    })
    .join(';');
}

/** A header list as it is shown, in its own order and spelling. */
function maskHeaders(headers: HeaderList): HeaderList {
  return headers.map(([name, value]) => [name, maskHeaderValue(name, value)] as const);
}

/** Rewrites the secrets of a URL: the password before the host and the values of secret parameters. */
export function rewriteUrl(url: string, rewrite: (secret: string) => string): string {
  const hashAt = url.indexOf('#');
  const fragment = hashAt < 0 ? '' : url.slice(hashAt);
  const address = hashAt < 0 ? url : url.slice(0, hashAt);
  const queryAt = address.indexOf('?');
  const path = queryAt < 0 ? address : address.slice(0, queryAt);
  const masked = path.replace(
    /^([a-z][a-z\d+.-]*:\/\/[^/@:]*:)([^/@]*)@/i,
    (_all, before: string, password: string) => `${before}${password === '' ? '' : rewrite(password)}@`,
  );
  if (queryAt < 0) return masked + fragment;
  const query = rewritePairs(address.slice(queryAt + 1), rewrite);
  return `${masked}?${query}${fragment}`;
}

/** Rewrites the secrets of `a=1&b=2`, as queries and forms are written. */
function rewritePairs(text: string, rewrite: (secret: string) => string): string {
  return text
    .split('&')
    .map((pair) => {
      const equals = pair.indexOf('=');
      if (equals < 0 || !isSecretParameter(decoded(pair.slice(0, equals)))) return pair;
      const value = pair.slice(equals + 1);
      return `${pair.slice(0, equals + 1)}${value === '' ? '' : rewrite(value)}`;
    })
    .join('&');
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name.replaceAll('+', ' '));
  } catch (error) {
    // A broken escape is not a reason to show a secret: judge the name as it is written.
    if (error instanceof URIError) return name;
    throw error;
  }
}

/** A URL as it is shown; for reading only, it cannot be sent. */
export function maskUrl(url: string): string {
  return rewriteUrl(url, maskSecret);
}

/** A URL to remember: secret values are left empty, so that what is kept holds none. */
export function withoutSecretParameters(url: string): string {
  return rewriteUrl(url, () => '');
}

/** Index of the quote that ends the JSON string whose opening quote is at `start`; the text's end where none does. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return Math.min(at, text.length);
}

function afterSpace(text: string, start: number): number {
  let at = start;
  while (at < text.length && ' \t\r\n'.includes(text.charAt(at))) at++;
  return at;
}

/** Rewrites text values of secret names in JSON, whole or broken. One pass: a body may be large and hostile. */
function rewriteJsonText(text: string, rewrite: (secret: string) => string): string {
  let masked = '';
  let copied = 0;
  let at = text.indexOf('"');
  while (at >= 0) {
    const nameEnd = endOfString(text, at);
    const colon = afterSpace(text, nameEnd + 1);
    const value = text[colon] === ':' ? afterSpace(text, colon + 1) : colon;
    if (text[colon] !== ':' || text[value] !== '"') {
      at = text.indexOf('"', Math.max(value, nameEnd + 1));
      continue;
    }
    const valueEnd = endOfString(text, value);
    if (valueEnd > value + 1 && isSecretParameter(text.slice(at + 1, nameEnd))) {
      masked += text.slice(copied, value + 1) + rewrite(text.slice(value + 1, valueEnd));
      copied = valueEnd;
    }
    at = text.indexOf('"', valueEnd + 1);
  }
  return masked + text.slice(copied);
}

/** A request body's text as it is shown: values of secret names in JSON and in forms are masked. */
export function maskBodyText(text: string): string {
  return rewriteBodyText(text, maskSecret);
}

/** Rewrites the values of secret names in a request body's text, JSON or form, as they are written there. */
export function rewriteBodyText(text: string, rewrite: (secret: string) => string): string {
  if (/^\s*[[{]/.test(text)) return rewriteJsonText(text, rewrite);
  return /^[^\s=&]+=/.test(text) ? rewritePairs(text, rewrite) : text;
}

function maskBody(body: RequestBody): RequestBody {
  switch (body.kind) {
    case 'text':
      return { kind: 'text', text: maskBodyText(body.text) };
    case 'multipart':
      return { kind: 'multipart', parts: body.parts.map(maskPart) };
    case 'none':
    case 'bytes':
    case 'file':
      return body;
  }
}

function maskPart(part: FormPart): FormPart {
  if (part.content.kind !== 'text') return part;
  const { text } = part.content;
  const masked = isSecretParameter(part.name) ? maskSecret(text) : maskBodyText(text);
  return { ...part, content: { kind: 'text', text: masked } };
}

/** A proxy may be written without its scheme. */
function withScheme(url: string): string {
  return /^[a-z][a-z\d+.-]*:\/\//i.test(url) ? url : `http://${url}`;
}

function maskOptions(options: RequestOptions): RequestOptions {
  const { proxy, clientCertificate, cookieFileText, ...others } = options;
  return {
    ...others,
    ...(proxy === undefined
      ? {}
      : { proxy: proxy.kind === 'url' ? { ...proxy, url: maskUrl(withScheme(proxy.url)) } : proxy }),
    ...(clientCertificate === undefined
      ? {}
      : { clientCertificate: { certificatePem: clientCertificate.certificatePem, keyPem: '' } }),
    // What a cookie file holds is secret altogether.
    ...(cookieFileText === undefined ? {} : { cookieFileText: '' }),
  };
}

/** A request as it may be shown and shared: for reading, it can no longer be sent. */
export function maskRequest(request: RequestSpec): RequestSpec {
  const { auth } = request;
  return {
    ...request,
    url: maskUrl(request.url),
    headers: maskHeaders(request.headers),
    body: maskBody(request.body),
    options: maskOptions(request.options),
    auth:
      auth.kind === 'basic'
        ? { ...auth, password: maskSecret(auth.password) }
        : auth.kind === 'bearer'
          ? { kind: 'bearer', token: maskSecret(auth.token) }
          : auth,
  };
}
