import {
  defaultRequestOptions,
  type FormPart,
  type RequestBody,
  type RequestOptions,
  type RequestSpec,
} from '../../shared/request.ts';
import { exactText } from './namedFiles.ts';
import { shellQuote } from './shellQuote.ts';

/**
 * A cURL command for bash or zsh that sends the same request, one option a line. Every value is quoted; control
 * characters are written as escapes, so that pasting the command into a terminal never does more than run it.
 *
 * What curl has no word for (`maxBytes`, `maxFrames`, `headersTimeoutMillis`, reconnection) is left out. Texts that curl
 * reads from files (certificates, keys, cookies) are handed over by process substitution; a key or cookies that the
 * request does not hold are named as files. Secrets are written as they are: mask the request before, where it is to be
 * shared.
 */
export function toCurl(request: RequestSpec): string {
  const { body, auth } = request;
  const parts = [`curl -N ${target(request.url)}`, ...method(request), ...headers(request)];
  if (auth.kind === 'basic') parts.push(`-u ${shellQuote(`${auth.username}:${auth.password}`)}`);
  else if (auth.kind === 'bearer') parts.push(`-H ${shellQuote(`Authorization: Bearer ${auth.token}`)}`);
  parts.push(...options(request));
  const sent = bodyWords(body);
  const command = [...parts, ...sent.words].join(' \\\n  ');
  return sent.input === null ? command : `printf ${octal(sent.input)} | ${command}`;
}

function target(url: string): string {
  // curl would read brackets and braces as patterns, and a leading dash as an option.
  return `${/[[\]{}]/.test(url) ? '-g ' : ''}${url.startsWith('-') ? '--url ' : ''}${shellQuote(url)}`;
}

function method({ method: name, body }: RequestSpec): string[] {
  if (name === 'HEAD' && body.kind === 'none') return ['-I'];
  return name === (body.kind === 'none' ? 'GET' : 'POST') ? [] : [`-X ${shellQuote(name)}`];
}

function headers({ headers: list, body, options: given }: RequestSpec): string[] {
  const lines = [
    ...list.map(([name, value]) => `-H ${shellQuote(value === '' ? `${name};` : `${name}: ${value}`)}`),
    ...(given.leftOutHeaders ?? []).map((name) => `-H ${shellQuote(`${name}:`)}`),
  ];
  const named = list.some(([name]) => name.toLowerCase() === 'content-type');
  // With data curl adds the content type of a form by itself, and with a multipart body the one that belongs to it.
  return body.kind === 'none' || body.kind === 'multipart' || named
    ? lines
    : [...lines, `-H ${shellQuote('Content-Type:')}`];
}

function options({ options: given }: RequestSpec): string[] {
  const seconds = (millis: number): string => String(millis / 1000);
  return [
    ...(given.followRedirects ? ['-L'] : []),
    ...(given.insecureTls ? ['-k'] : []),
    ...(given.compressed ? ['--compressed'] : []),
    ...(given.connectTimeoutMillis === defaultRequestOptions.connectTimeoutMillis
      ? []
      : [`--connect-timeout ${seconds(given.connectTimeoutMillis)}`]),
    ...(given.maxTimeMillis === undefined ? [] : [`--max-time ${seconds(given.maxTimeMillis)}`]),
    ...version(given.httpVersion),
    ...proxy(given.proxy),
    ...(given.unixSocketPath === undefined ? [] : [`--unix-socket ${shellQuote(given.unixSocketPath)}`]),
    ...(given.caPem === undefined ? [] : [`--cacert ${asFile(given.caPem)}`]),
    ...certificate(given.clientCertificate),
    ...cookies(given),
  ];
}

function version(given: RequestOptions['httpVersion']): string[] {
  if (given === '1.1') return ['--http1.1'];
  return given === '2' ? ['--http2-prior-knowledge'] : [];
}

function proxy(given: RequestOptions['proxy']): string[] {
  if (given === undefined || given.kind === 'environment') return [];
  if (given.kind === 'none') return [`--noproxy '*'`];
  const except = given.noProxy === undefined ? [] : [`--noproxy ${shellQuote(given.noProxy)}`];
  return [`-x ${shellQuote(given.url)}`, ...except];
}

function certificate(given: RequestOptions['clientCertificate']): string[] {
  if (given === undefined) return [];
  const pass = given.passphrase === undefined ? [] : [`--pass ${shellQuote(given.passphrase)}`];
  const key = given.keyPem === '' ? 'client.key' : asFile(given.keyPem);
  return [`--cert ${asFile(given.certificatePem)}`, `--key ${key}`, ...pass];
}

function cookies({ cookieFileText, keepCookies }: RequestOptions): string[] {
  if (cookieFileText !== undefined) return [`-b ${cookieFileText === '' ? 'cookies.txt' : asFile(cookieFileText)}`];
  // curl's own way to say that cookies are kept.
  return keepCookies === true ? [`-b ''`] : [];
}

/** A text where curl wants the name of a file. */
function asFile(text: string): string {
  return `<(printf %s ${shellQuote(text)})`;
}

interface BodyWords {
  readonly words: readonly string[];
  /** Bytes for standard input: an argument cannot hold a zero byte or broken UTF-8. Null: none. */
  readonly input: Uint8Array | null;
}

function bodyWords(body: RequestBody): BodyWords {
  switch (body.kind) {
    case 'none':
      return { words: [], input: null };
    case 'text':
    case 'bytes': {
      const text = argumentText(body);
      if (text !== null) return { words: [`--data-raw ${shellQuote(text)}`], input: null };
      return { words: ['--data-binary @-'], input: bytesOf(body) };
    }
    case 'file':
      return { words: [`--data-binary ${shellQuote(`@${body.path}`)}`], input: null };
    case 'multipart': {
      let input: Uint8Array | null = null;
      const words = body.parts.map((part) => {
        const { content } = part;
        if (content.kind === 'file') return fileWord(part, content.path);
        const text = argumentText(content);
        if (text !== null) return textWord(part, text);
        if (input !== null) return bytesWord(part, `<(printf ${octal(bytesOf(content))})`);
        input = bytesOf(content);
        return bytesWord(part, '-');
      });
      return { words, input };
    }
  }
}

function textWord(part: FormPart, text: string): string {
  if (part.contentType === undefined && part.fileName === undefined) {
    return `--form-string ${shellQuote(`${part.name}=${text}`)}`;
  }
  return `-F ${shellQuote(`${part.name}=${curlQuoted(text)}${parameters(part)}`)}`;
}

function fileWord(part: FormPart, path: string): string {
  return `-F ${shellQuote(`${part.name}=@${curlQuoted(path)}${parameters(part)}`)}`;
}

/** @param source a name, or a process substitution, which stands outside of quotes */
function bytesWord(part: FormPart, source: string): string {
  const { fileName } = part;
  // Without a name of its own a part from a file would get that of the file.
  const sign = fileName === undefined ? '<' : '@';
  return `-F ${shellQuote(`${part.name}=${sign}`)}${source}${shellQuote(parameters(part))}`;
}

function parameters({ contentType, fileName, content }: FormPart): string {
  const isFile = content.kind === 'file' || (content.kind === 'bytes' && fileName !== undefined);
  const type = contentType ?? (isFile ? 'application/octet-stream' : undefined);
  return (
    (type === undefined ? '' : `;type=${type}`) + (fileName === undefined ? '' : `;filename=${curlQuoted(fileName)}`)
  );
}

/** curl manual, `--form`: in double quotes nothing is special but `"` and `\\`. */
function curlQuoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

type InlineContent =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'bytes'; readonly bytes: Uint8Array };

/** Null where it cannot be an argument. */
function argumentText(content: InlineContent): string | null {
  const text = content.kind === 'text' ? content.text : exactText(content.bytes);
  return text === null || text.includes('\0') ? null : text;
}

function bytesOf(content: InlineContent): Uint8Array {
  return content.kind === 'text' ? new TextEncoder().encode(content.text) : content.bytes;
}

/** Bytes as an argument of `printf` (POSIX): three octal digits each. */
function octal(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += `\\${byte.toString(8).padStart(3, '0')}`;
  return `'${text}'`;
}
