import { readFileSync } from 'node:fs';
import {
  defaultRequestOptions,
  type HeaderList,
  type RequestAuth,
  type RequestBody,
  type RequestSpec,
} from '../../../shared/request.ts';
import { UsageError } from './exitCodes.ts';

/** The curl words of a command, as the parser of options gives them. */
export interface CurlWords {
  readonly request?: string;
  readonly header?: readonly string[];
  readonly data?: readonly string[];
  readonly dataBinary?: readonly string[];
  readonly json?: readonly string[];
  readonly user?: string;
  readonly insecure?: boolean;
  readonly cacert?: string;
  readonly compressed?: boolean;
  readonly location?: boolean;
  readonly maxTime?: string;
  readonly connectTimeout?: string;
  readonly userAgent?: string;
  readonly cookie?: string;
  readonly lastEventId?: string;
  readonly maxBytes?: string;
  readonly maxFrames?: string;
}

/** A request from curl's words. @throws UsageError for words that do not fit together. */
export function requestFromWords(url: string, words: CurlWords): RequestSpec {
  const headers: [string, string][] = (words.header ?? []).map(splitHeader);
  const body = bodyOf(words);
  const addUnlessGiven = (name: string, value: string): void => {
    if (!headers.some(([given]) => given.toLowerCase() === name.toLowerCase())) headers.push([name, value]);
  };
  if ((words.json ?? []).length > 0) {
    addUnlessGiven('Content-Type', 'application/json');
    addUnlessGiven('Accept', 'application/json');
  } else if (body.kind !== 'none') {
    addUnlessGiven('Content-Type', 'application/x-www-form-urlencoded');
  }
  if (words.userAgent !== undefined) addUnlessGiven('User-Agent', words.userAgent);
  if (words.cookie !== undefined) addUnlessGiven('Cookie', cookieOf(words.cookie));
  if (words.lastEventId !== undefined) addUnlessGiven('Last-Event-ID', words.lastEventId);
  return {
    method: words.request ?? (body.kind === 'none' ? 'GET' : 'POST'),
    url,
    headers: headers satisfies HeaderList,
    body,
    auth: authOf(words.user),
    options: {
      ...defaultRequestOptions,
      followRedirects: words.location ?? false,
      insecureTls: words.insecure ?? false,
      compressed: words.compressed ?? false,
      ...(words.cacert === undefined ? {} : { caPem: textOf(words.cacert, '--cacert') }),
      ...(words.connectTimeout === undefined
        ? {}
        : { connectTimeoutMillis: millis(words.connectTimeout, '--connect-timeout') }),
      ...(words.maxTime === undefined ? {} : { maxTimeMillis: millis(words.maxTime, '--max-time') }),
      ...(words.maxBytes === undefined ? {} : { maxBytes: wholeNumber(words.maxBytes, '--max-bytes') }),
      ...(words.maxFrames === undefined ? {} : { maxFrames: wholeNumber(words.maxFrames, '--max-frames') }),
    },
  };
}

function splitHeader(line: string): [string, string] {
  const colon = line.indexOf(':');
  if (colon <= 0) throw new UsageError(`-H wants "Name: value", not ${JSON.stringify(line)}.`);
  return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
}

function bodyOf(words: CurlWords): RequestBody {
  const json = words.json ?? [];
  const form = words.data ?? [];
  const binary = words.dataBinary ?? [];
  if (json.length > 0 && form.length + binary.length > 0)
    throw new UsageError('--json and --data exclude each other: choose one.');
  if (json.length > 0) return { kind: 'text', text: json.map((part) => dataText(part, false)).join('') };
  const [firstBinary] = binary;
  if (firstBinary?.startsWith('@') === true && binary.length === 1 && form.length === 0) {
    return { kind: 'bytes', bytes: bytesOf(firstBinary.slice(1), '--data-binary') };
  }
  const parts = [...form.map((part) => dataText(part, true)), ...binary.map((part) => dataText(part, false))];
  return parts.length === 0 ? { kind: 'none' } : { kind: 'text', text: parts.join('&') };
}

/** `@file` reads the file; `-d` drops its line ends, as curl does. */
function dataText(part: string, dropLineEnds: boolean): string {
  if (!part.startsWith('@')) return part;
  const text = textOf(part.slice(1), '--data');
  return dropLineEnds ? text.replace(/[\r\n\0]/g, '') : text;
}

function authOf(user: string | undefined): RequestAuth {
  if (user === undefined) return { kind: 'none' };
  const colon = user.indexOf(':');
  if (colon < 0) throw new UsageError('-u wants user:password; Streamscope does not ask for passwords.');
  return { kind: 'basic', username: user.slice(0, colon), password: user.slice(colon + 1) };
}

function cookieOf(cookie: string): string {
  if (!cookie.includes('=')) throw new UsageError('-b wants name=value; cookie files are not read yet.');
  return cookie;
}

export function wholeNumber(text: string, option: string): number {
  const number = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
  if (Number.isNaN(number)) throw new UsageError(`${option} wants a whole number, not ${JSON.stringify(text)}.`);
  return number;
}

/** Seconds, as curl takes them; also `800ms`, `2s`, `1m`. */
function millis(text: string, option: string): number {
  const parts = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text);
  if (parts === null) throw new UsageError(`${option} wants seconds, as in 2.5 or 800ms, not ${JSON.stringify(text)}.`);
  const unit = parts[2] === 'ms' ? 1 : parts[2] === 'm' ? 60_000 : 1_000;
  return Math.max(1, Math.round(Number(parts[1]) * unit));
}

function bytesOf(file: string, option: string): Uint8Array {
  try {
    return readFileSync(file === '-' ? 0 : file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${option} cannot read ${file}: ${reason}.`, { cause: error });
  }
}

function textOf(file: string, option: string): string {
  return new TextDecoder().decode(bytesOf(file, option));
}
