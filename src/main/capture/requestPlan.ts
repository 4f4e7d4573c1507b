import { Buffer } from 'node:buffer';
import { failed, succeeded, type Failure, type Outcome } from '../../shared/failure.ts';
import type { RequestBody, RequestSpec, UsualHeader } from '../../shared/request.ts';
import { decodableCodings } from './coding.ts';
import { headerWireText } from './headerBytes.ts';
import { multipartBody, randomBoundary } from './multipartBody.ts';
import { bodyOfBytes, bodyOfFile, type PlannedBody } from './plannedBody.ts';

/** One request as it is handed to the transport. */
export interface RequestPlan {
  readonly method: string;
  /** Without user information and fragment. */
  readonly url: URL;
  /** In the order of the wire; values hold one byte a character. Without Host, Connection and Content-Length. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Null: no body at all. */
  readonly body: PlannedBody | null;
}

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const forbiddenInValue = /[\x00-\x08\x0a-\x1f\x7f]/;
/** Headers that say how the message is carried: the transport writes them itself. */
const carriedByTransport = new Set(['transfer-encoding', 'keep-alive', 'upgrade', 'expect', 'te']);

/**
 * Checks a request and completes it with what the user left open. Failures are `request/*`; nothing is opened, but
 * files that are to be sent are looked at.
 * @param boundary of a multipart body
 */
export function planRequest(
  spec: RequestSpec,
  userAgent: string,
  boundary: () => string = randomBoundary,
): Outcome<RequestPlan> {
  const url = readUrl(spec.url);
  if (!url.ok) return url;
  if (!token.test(spec.method) || spec.method.toUpperCase() === 'CONNECT') {
    return failed({
      code: 'request/invalid-method',
      message: methodMessage(spec.method),
      data: { method: spec.method },
    });
  }
  for (const [name, value] of spec.headers) {
    const problem = headerProblem(name, value);
    if (problem !== null) return failed(problem);
  }
  const planned = planBody(spec.body, boundary);
  if (!planned.ok) return planned;
  const { body, contentType } = planned.value;
  const lengthProblem = contentLengthProblem(spec, body);
  if (lengthProblem !== null) return failed(lengthProblem);

  const own = spec.headers.filter(([name]) => {
    const lower = name.toLowerCase();
    // Only its own boundary takes a multipart body apart.
    return lower !== 'content-length' && !(contentType !== null && lower === 'content-type');
  });
  const { leftOutHeaders = [], compressed } = spec.options;
  const has = (name: string): boolean => own.some(([given]) => given.toLowerCase() === name);
  const isWanted = (name: UsualHeader): boolean => !has(name) && !leftOutHeaders.includes(name);
  const headers: (readonly [string, string])[] = [];
  const authorization = authorizationOf(spec, url.value);
  if (authorization !== null && !has('authorization')) headers.push(['authorization', headerWireText(authorization)]);
  if (isWanted('user-agent')) headers.push(['user-agent', headerWireText(userAgent)]);
  if (isWanted('accept')) headers.push(['accept', '*/*']);
  if (compressed && isWanted('accept-encoding')) headers.push(['accept-encoding', decodableCodings().join(', ')]);
  for (const [name, value] of own) headers.push([name, headerWireText(value.trim())]);
  if (contentType !== null) headers.push(['content-type', contentType]);

  const target = new URL(url.value);
  target.username = '';
  target.password = '';
  target.hash = '';
  return succeeded({ method: spec.method, url: target, headers, body });
}

function readUrl(text: string): Outcome<URL> {
  const trimmed = text.trim();
  const invalid = (message: string): Outcome<URL> =>
    failed({ code: 'request/invalid-url', message, data: { url: text.slice(0, 200) } });
  if (trimmed === '') return invalid('There is no address. Enter one such as https://example.com/stream.');
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed)) {
    const schemeAlone = /^(https?):\/?(.*)$/i.exec(trimmed);
    if (schemeAlone !== null) {
      const meant = `${schemeAlone[1] ?? ''}://${schemeAlone[2] ?? ''}`;
      return invalid(`The address “${trimmed}” lacks the two slashes after its scheme. You probably mean ${meant}`);
    }
    const meant = `${isLikelyLocal(trimmed) ? 'http' : 'https'}://${trimmed.replace(/^\/+/, '')}`;
    if (URL.canParse(meant)) return invalid(`The address “${trimmed}” has no scheme. You probably mean ${meant}`);
    return invalid(`“${trimmed}” is not an address. One looks like https://example.com/stream.`);
  }
  if (/^https?:\/\/[^/?#]*\[[0-9a-f:.]+%/i.test(trimmed)) {
    return invalid(
      'A URL cannot carry the zone of an IPv6 address (what follows the %). Use another address of that machine, or its name.',
    );
  }
  if (!URL.canParse(trimmed))
    return invalid(`“${trimmed}” is not a valid address. Check the host, the port and spaces in it.`);
  const url = new URL(trimmed);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return invalid(`Streamscope opens http:// and https:// addresses, not ${url.protocol}//`);
  }
  return succeeded(url);
}

function isLikelyLocal(address: string): boolean {
  const authority = address.replace(/^\/+/, '').split(/[/?#]/, 1)[0] ?? '';
  const host = authority.replace(/:\d+$/, '');
  return (
    host.startsWith('[') ||
    /^\d+(\.\d+){3}$/.test(host) ||
    !host.includes('.') ||
    /\.(local|localhost|test|internal)$/i.test(host)
  );
}

function methodMessage(method: string): string {
  if (method.toUpperCase() === 'CONNECT') return 'CONNECT asks a proxy for a tunnel; it does not open a stream.';
  return `“${method}” is not a method: it may have letters, digits and !#$%&'*+-.^_\`|~ only.`;
}

function headerProblem(name: string, value: string): Failure | null {
  const invalid = (message: string): Failure => ({
    code: 'request/invalid-header',
    message,
    data: { name: name.slice(0, 200) },
  });
  if (!token.test(name)) {
    return invalid(
      name === ''
        ? 'A header has no name.'
        : `“${name}” is not a header name: it contains a character that names cannot have.`,
    );
  }
  const bad = forbiddenInValue.exec(value);
  if (bad !== null) {
    const what =
      bad[0] === '\n' || bad[0] === '\r'
        ? 'a line break'
        : `the control character 0x${bad[0].charCodeAt(0).toString(16).padStart(2, '0')}`;
    return invalid(`The value of the header “${name}” contains ${what}. Take it out.`);
  }
  if (name.toLowerCase() === 'proxy-authorization') {
    return invalid(
      'Proxy-Authorization is for the proxy alone, and the server would get to see it here. Write user and password into the proxy’s address.',
    );
  }
  if (carriedByTransport.has(name.toLowerCase())) {
    return invalid(`The header “${name}” says how the message is carried, which the connection decides. Leave it out.`);
  }
  return null;
}

function contentLengthProblem(spec: RequestSpec, body: PlannedBody | null): Failure | null {
  const given = spec.headers.find(([name]) => name.toLowerCase() === 'content-length');
  if (given === undefined || given[1].trim() === String(body?.length ?? 0)) return null;
  const message = `Content-Length says ${given[1].trim()}, but the body has ${String(body?.length ?? 0)} bytes. Leave the header out: it is added.`;
  return { code: 'request/invalid-header', message, data: { name: given[0] } };
}

/** `contentType`: what the body needs to be called; null where that is the user's choice. */
function planBody(
  body: RequestBody,
  boundary: () => string,
): Outcome<{ readonly body: PlannedBody | null; readonly contentType: string | null }> {
  switch (body.kind) {
    case 'none':
      return succeeded({ body: null, contentType: null });
    case 'text':
      return succeeded({ body: bodyOfBytes(Buffer.from(body.text, 'utf8')), contentType: null });
    case 'bytes':
      return succeeded({ body: bodyOfBytes(body.bytes), contentType: null });
    case 'file': {
      const file = bodyOfFile(body.path);
      if ('problem' in file) return failed({ code: 'request/unreadable-file', message: file.problem });
      return succeeded({ body: file, contentType: null });
    }
    case 'multipart': {
      const badType = body.parts.find(
        ({ contentType }) => contentType !== undefined && forbiddenInValue.test(contentType),
      );
      if (badType !== undefined) {
        const message = `The content type of the part “${badType.name}” contains a control character. Take it out.`;
        return failed({ code: 'request/invalid-header', message, data: { name: 'content-type' } });
      }
      const chosen = boundary();
      const form = multipartBody(body.parts, chosen);
      if ('problem' in form) return failed({ code: 'request/unreadable-file', message: form.problem });
      return succeeded({ body: form, contentType: `multipart/form-data; boundary=${chosen}` });
    }
  }
}

function authorizationOf(spec: RequestSpec, url: URL): string | null {
  switch (spec.auth.kind) {
    case 'basic':
      return basic(spec.auth.username, spec.auth.password);
    case 'bearer':
      return `Bearer ${spec.auth.token}`;
    case 'none':
      if (url.username === '' && url.password === '') return null;
      return basic(percentDecoded(url.username), percentDecoded(url.password));
  }
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
