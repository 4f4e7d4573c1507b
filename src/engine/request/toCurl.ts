import { defaultRequestOptions, type RequestBody, type RequestSpec } from '../../shared/request.ts';

/**
 * A cURL command for bash or zsh that sends the same request, one option a line. Every value is quoted; control
 * characters are written as escapes, so that pasting the command into a terminal never does more than run it.
 *
 * What curl has no word for (`maxBytes`, `maxFrames`, `headersTimeoutMillis`) and certificates given as text are left
 * out. Secrets are written as they are: mask the request before, where it is to be shared.
 */
export function toCurl(request: RequestSpec): string {
  const body = bodyText(request.body);
  const parts = [`curl -N ${target(request.url)}`, ...method(request), ...headers(request)];
  if (request.auth.kind === 'basic') {
    parts.push(`-u ${shellQuote(`${request.auth.username}:${request.auth.password}`)}`);
  } else if (request.auth.kind === 'bearer') {
    parts.push(`-H ${shellQuote(`Authorization: Bearer ${request.auth.token}`)}`);
  }
  parts.push(...options(request));
  if (body === null) return parts.join(' \\\n  ');
  if (body.kind === 'text') return [...parts, `--data-raw ${shellQuote(body.text)}`].join(' \\\n  ');
  // An argument cannot hold a zero byte or broken UTF-8; standard input can.
  return `printf ${octal(body.bytes)} | ${[...parts, '--data-binary @-'].join(' \\\n  ')}`;
}

function target(url: string): string {
  // curl would read brackets and braces as patterns, and a leading dash as an option.
  return `${/[[\]{}]/.test(url) ? '-g ' : ''}${url.startsWith('-') ? '--url ' : ''}${shellQuote(url)}`;
}

function method({ method: name, body }: RequestSpec): string[] {
  if (name === 'HEAD' && body.kind === 'none') return ['-I'];
  return name === (body.kind === 'none' ? 'GET' : 'POST') ? [] : [`-X ${shellQuote(name)}`];
}

function headers({ headers: list, body }: RequestSpec): string[] {
  const lines = list.map(([name, value]) => `-H ${shellQuote(value === '' ? `${name};` : `${name}: ${value}`)}`);
  const named = list.some(([name]) => name.toLowerCase() === 'content-type');
  // With data curl adds the content type of a form by itself.
  return body.kind === 'none' || named ? lines : [...lines, `-H ${shellQuote('Content-Type:')}`];
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
  ];
}

type CurlBody =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'bytes'; readonly bytes: Uint8Array };

function bodyText(body: RequestBody): CurlBody | null {
  if (body.kind === 'none') return null;
  if (body.kind === 'text') {
    return body.text.includes('\0') ? { kind: 'bytes', bytes: new TextEncoder().encode(body.text) } : body;
  }
  if (body.kind !== 'bytes') return null;
  const { bytes } = body;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.includes('\0') ? { kind: 'bytes', bytes } : { kind: 'text', text };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { kind: 'bytes', bytes };
  }
}

/** Bytes as an argument of `printf` (POSIX): three octal digits each. */
function octal(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += `\\${byte.toString(8).padStart(3, '0')}`;
  return `'${text}'`;
}

// C0 without line feed and tab, DEL, C1, and the marks that reorder or hide text.
const unprintable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

/** One word for bash and zsh: as it is when nothing in it is special, else quoted. */
export function shellQuote(text: string): string {
  if (/^[\w@%+:,./-][\w@%+=:,./-]*$/.test(text)) return text;
  if (!unprintable.test(text)) return `'${text.replaceAll("'", "'\\''")}'`;
  let quoted = '';
  for (const character of text) {
    if (character === '\\' || character === "'") quoted += `\\${character}`;
    else if (character === '\n') quoted += '\\n';
    else if (unprintable.test(character)) {
      const code = character.charCodeAt(0);
      quoted += code < 0x80 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
    } else quoted += character;
  }
  return `$'${quoted}'`;
}
