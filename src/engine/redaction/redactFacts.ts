import { isSecretHeader, isSecretParameter, rewriteBodyText, rewriteUrl } from '../../shared/maskSecrets.ts';
import type { ExchangeFacts } from '../../shared/recording.ts';
import type { FormPart, HeaderList, RequestBody, RequestSpec } from '../../shared/request.ts';
import { toBase64 } from '../bytes/base64.ts';
import { ByteMasker } from './byteMasker.ts';
import { isLabel } from './label.ts';
import { secretParts, type KnownSecrets } from './knownSecrets.ts';
import { SecretFinder } from './secretFinder.ts';
import { headerKind } from './secretKinds.ts';

const utf8 = new TextEncoder();
const text8 = new TextDecoder();

/** Does something with a secret where it is written, and says what is to stand there. */
type OnSecret = (kind: string, written: string, isChosenByPeople: boolean) => string;

/**
 * Makes known what is secret in an exchange: by where it stands in request, headers and addresses, and by shape in all
 * of its texts. The body of the answer is looked through apart.
 * @throws TooManySecretsError
 */
export function findInFacts(facts: ExchangeFacts, secrets: KnownSecrets): void {
  const { request } = facts;
  if (request?.auth.kind === 'basic') {
    const { username, password } = request.auth;
    secrets.addText('password', password, true);
    secrets.addText('password', toBase64(utf8.encode(`${username}:${password}`)));
  }
  for (const [name, value] of everyHeader(facts)) secrets.addHeader(name, value);
  rewritten(facts, (kind, written, isChosenByPeople) => {
    if (isLabel(written)) return written;
    secrets.addText(kind, written, isChosenByPeople);
    if (/%[\da-f]{2}/i.test(written)) secrets.addText(kind, percentDecoded(written), isChosenByPeople);
    return written;
  });
  const finder = new SecretFinder(secrets);
  eachText(facts, (bytes) => {
    finder.push(bytes);
    finder.finish();
  });
}

/**
 * The exchange without its secrets: labels of equal length in their place. Cookie files are left out altogether.
 * @param hidden counts places by secret
 */
export function redactFacts(
  facts: ExchangeFacts,
  secrets: KnownSecrets,
  hidden: Map<number, number> = new Map<number, number>(),
): ExchangeFacts {
  const hide: OnSecret = (kind, written) => {
    if (isLabel(written)) return written;
    const number = secrets.addText(kind, written);
    hidden.set(number, (hidden.get(number) ?? 0) + 1);
    return secrets.labelOf(number, utf8.encode(written).length);
  };
  return masked(rewritten(facts, hide), new ByteMasker(secrets, hidden)) as ExchangeFacts;
}

/** Makes known what is secret in a text by shape or by name. @throws TooManySecretsError */
export function findInText(text: string, secrets: KnownSecrets): void {
  const finder = new SecretFinder(secrets);
  finder.push(utf8.encode(text));
  finder.finish();
}

/** The text with labels in place of its secrets. @param hidden counts places by secret */
export function maskedText(text: string, secrets: KnownSecrets, hidden?: Map<number, number>): string {
  return masked(text, new ByteMasker(secrets, hidden)) as string;
}

function everyHeader(facts: ExchangeFacts): HeaderList {
  const { request, sentHeaders, head, trailers, marks, reconnections = [] } = facts;
  return [
    ...(request?.headers ?? []),
    ...sentHeaders,
    ...(head?.headers ?? []),
    ...trailers,
    ...marks.flatMap(({ facts: known }) => known?.headers ?? []),
    ...reconnections.flatMap(({ head: next }) => next?.headers ?? []),
  ];
}

/** The exchange with each secret that its place tells put through `onSecret`. */
function rewritten(facts: ExchangeFacts, onSecret: OnSecret): ExchangeFacts {
  const headers = (list: HeaderList): HeaderList => list.map(([name, value]) => [name, header(name, value, onSecret)]);
  const url = (address: string): string => rewriteUrl(address, (written) => onSecret('address', written, true));
  const { request, head, marks, reconnections } = facts;
  return {
    ...facts,
    request: request === null ? null : rewrittenRequest(request, onSecret, headers, url),
    sentHeaders: headers(facts.sentHeaders),
    head: head === null ? null : { ...head, headers: headers(head.headers) },
    trailers: headers(facts.trailers),
    marks: marks.map((mark) => {
      if (mark.facts === undefined) return mark;
      const { from, to, headers: list, ...others } = mark.facts;
      return {
        ...mark,
        facts: {
          ...others,
          ...(from === undefined ? {} : { from: url(from) }),
          ...(to === undefined ? {} : { to: url(to) }),
          ...(list === undefined ? {} : { headers: headers(list) }),
        },
      };
    }),
    ...(reconnections === undefined
      ? {}
      : {
          reconnections: reconnections.map((each) => ({
            ...each,
            head: each.head === null ? null : { ...each.head, headers: headers(each.head.headers) },
          })),
        }),
  };
}

function header(name: string, value: string, onSecret: OnSecret): string {
  if (!isSecretHeader(name)) return value;
  let written = '';
  let copied = 0;
  for (const { at, text } of secretParts(name, value)) {
    written += value.slice(copied, at) + onSecret(headerKind(name), text, false);
    copied = at + text.length;
  }
  return written + value.slice(copied);
}

function rewrittenRequest(
  request: RequestSpec,
  onSecret: OnSecret,
  headers: (list: HeaderList) => HeaderList,
  url: (address: string) => string,
): RequestSpec {
  const { auth, options } = request;
  const { proxy, clientCertificate, cookieFileText, ...others } = options;
  return {
    ...request,
    url: url(request.url),
    headers: headers(request.headers),
    body: rewrittenBody(request.body, onSecret),
    auth:
      auth.kind === 'basic'
        ? { ...auth, password: auth.password === '' ? '' : onSecret('password', auth.password, true) }
        : auth.kind === 'bearer'
          ? { kind: 'bearer', token: auth.token === '' ? '' : onSecret('bearer token', auth.token, false) }
          : auth,
    options: {
      ...others,
      ...(proxy === undefined ? {} : { proxy: proxy.kind === 'url' ? { ...proxy, url: url(proxy.url) } : proxy }),
      ...(clientCertificate === undefined
        ? {}
        : { clientCertificate: { certificatePem: clientCertificate.certificatePem, keyPem: '' } }),
      ...(cookieFileText === undefined ? {} : { cookieFileText: '' }),
    },
  };
}

function rewrittenBody(body: RequestBody, onSecret: OnSecret): RequestBody {
  const rewrite = (text: string): string =>
    rewriteBodyText(text, (written) => onSecret('field of the request', written, true));
  switch (body.kind) {
    case 'text':
      return { kind: 'text', text: rewrite(body.text) };
    case 'multipart':
      return {
        kind: 'multipart',
        parts: body.parts.map((part): FormPart => {
          if (part.content.kind !== 'text') return part;
          const { text } = part.content;
          const isSecret = isSecretParameter(part.name) && text !== '';
          const kept = isSecret ? onSecret('field of the request', text, true) : rewrite(text);
          return { ...part, content: { kind: 'text', text: kept } };
        }),
      };
    case 'none':
    case 'bytes':
    case 'file':
      return body;
  }
}

/** Plain data with every text and every byte string masked by value. */
function masked(value: unknown, masker: ByteMasker): unknown {
  if (typeof value === 'string') {
    const bytes = utf8.encode(value);
    const hidden = masker.mask(bytes);
    return bytes.every((byte, i) => byte === hidden[i]) ? value : text8.decode(hidden);
  }
  if (value instanceof Uint8Array) return masker.mask(value);
  if (Array.isArray(value)) return value.map((each) => masked(each, masker));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, masked(each, masker)]));
}

function eachText(value: unknown, told: (bytes: Uint8Array) => void): void {
  if (typeof value === 'string') told(utf8.encode(value));
  else if (value instanceof Uint8Array) told(value);
  else if (Array.isArray(value)) for (const each of value) eachText(each, told);
  else if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) eachText(each, told);
}

function percentDecoded(written: string): string {
  try {
    return decodeURIComponent(written.replaceAll('+', ' '));
  } catch (error) {
    // A broken escape stands for itself.
    if (error instanceof URIError) return written;
    throw error;
  }
}
