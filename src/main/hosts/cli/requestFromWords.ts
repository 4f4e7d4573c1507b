import {
  defaultRequestOptions,
  usualHeaders,
  type HeaderList,
  type RequestAuth,
  type RequestOptions,
  type RequestSpec,
} from '../../../shared/request.ts';
import { bodyFromWords, queryFromWords } from './bodyFromWords.ts';
import { UsageError } from './exitCodes.ts';
import { textOfFile } from './givenFiles.ts';
import type { RequestWords } from './requestWords.ts';
import { transportFromWords } from './transportFromWords.ts';

/** A plain GET, to which words are then applied. */
export function getOf(url: string): RequestSpec {
  return {
    method: 'GET',
    url,
    headers: [],
    body: { kind: 'none' },
    auth: { kind: 'none' },
    options: { ...defaultRequestOptions, followRedirects: false },
  };
}

/**
 * A request with the words of the command line applied to it: what is said explicitly wins over what it was before.
 * @throws UsageError for words that do not fit together, or that name files which cannot be read
 */
export function requestFromWords(base: RequestSpec, words: RequestWords): RequestSpec {
  const body = words.get === true ? null : bodyFromWords(words.data, words.form);
  const url = words.get === true ? withQuery(base.url, queryFromWords(words.data)) : base.url;
  const headers = new Headers(base.headers);
  if (body !== null) headers.remove('content-type');
  for (const line of words.headers.flatMap(headerLines)) headers.give(line);
  if (words.data.some(({ how }) => how === 'json')) {
    headers.unlessGiven('Content-Type', 'application/json');
    headers.unlessGiven('Accept', 'application/json');
  } else if (body !== null && body.kind !== 'multipart') {
    headers.unlessGiven('Content-Type', 'application/x-www-form-urlencoded');
  }
  if (words.userAgent !== undefined) headers.set('User-Agent', words.userAgent);
  if (words.referer !== undefined) headers.set('Referer', words.referer);
  if (words.cookie?.includes('=') === true) headers.set('Cookie', words.cookie);
  if (words.lastEventId !== undefined) headers.set('Last-Event-ID', headerTextOf(words.lastEventId));
  return {
    method: words.request ?? (body === null ? (words.get === true ? 'GET' : base.method) : methodWithBody(base)),
    url,
    headers: headers.list,
    body: body ?? base.body,
    auth: authOf(words) ?? base.auth,
    options: { ...optionsOf(base, url, words), ...headers.leftOut },
  };
}

function methodWithBody(base: RequestSpec): string {
  return base.method === 'GET' || base.method === 'HEAD' ? 'POST' : base.method;
}

function optionsOf(base: RequestSpec, url: string, words: RequestWords): RequestOptions {
  return {
    ...base.options,
    ...cookieOptions(words.cookie),
    ...transportFromWords(url, words),
  };
}

/** curl manual, `--cookie`: what has no `=` names a file. Either way cookies that are set are kept and sent again. */
function cookieOptions(cookie: string | undefined): Partial<RequestOptions> {
  if (cookie === undefined) return {};
  if (cookie === '' || cookie.includes('=')) return { keepCookies: true };
  return { keepCookies: true, cookieFileText: textOfFile(cookie, '-b') };
}

/** Headers that are being put together. The names of those given by hand count before any default. */
class Headers {
  #list: HeaderList;
  readonly #given = new Set<string>();
  readonly #left = new Set<string>();

  constructor(list: HeaderList) {
    this.#list = list;
  }

  get list(): HeaderList {
    return this.#list;
  }

  /** Headers that are usually sent and were asked to be left out; nothing where there are none. */
  get leftOut(): Pick<RequestOptions, 'leftOutHeaders'> {
    const names = usualHeaders.filter((name) => this.#left.has(name));
    return names.length === 0 ? {} : { leftOutHeaders: names };
  }

  remove(name: string): void {
    this.#list = this.#list.filter(([own]) => own.toLowerCase() !== name.toLowerCase());
  }

  set(name: string, value: string): void {
    if (this.#given.has(name.toLowerCase())) return;
    this.remove(name);
    this.#list = [...this.#list, [name, value]];
  }

  unlessGiven(name: string, value: string): void {
    const isGiven = this.#list.some(([own]) => own.toLowerCase() === name.toLowerCase());
    if (!isGiven && !this.#left.has(name.toLowerCase())) this.#list = [...this.#list, [name, value]];
  }

  /** curl manual, `--header`: `Name: value`; `Name:` leaves a header out; `Name;` sends an empty one. */
  give(line: string): void {
    const colon = line.indexOf(':');
    const emptyName = colon < 0 && line.endsWith(';') ? line.slice(0, -1) : null;
    if (colon <= 0 && emptyName === null) throw new UsageError(`-H wants "Name: value", not ${JSON.stringify(line)}.`);
    const name = emptyName ?? line.slice(0, colon).trim();
    const value = emptyName === null ? line.slice(colon + 1).trim() : '';
    // The first of a name takes the place of what was there before; more of the same name are sent as well.
    if (!this.#given.has(name.toLowerCase())) this.remove(name);
    if (value === '' && emptyName === null) this.#left.add(name.toLowerCase());
    else {
      this.#given.add(name.toLowerCase());
      this.#list = [...this.#list, [name, value]];
    }
  }
}

function headerLines(word: string): readonly string[] {
  if (!word.startsWith('@')) return [word];
  return textOfFile(word.slice(1), '-H')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
}

/** HTML standard, server-sent events: Last-Event-ID is sent as UTF-8. */
function headerTextOf(id: string): string {
  if (/[\0\r\n]/.test(id)) throw new UsageError('--last-event-id cannot hold line ends or NUL.');
  return id;
}

function authOf(words: RequestWords): RequestAuth | null {
  const { user, oauth2Bearer } = words;
  if (oauth2Bearer !== undefined) return { kind: 'bearer', token: oauth2Bearer };
  if (user === undefined) return null;
  const colon = user.indexOf(':');
  if (colon < 0) throw new UsageError('-u wants user:password; Streamscope does not ask for passwords.');
  return { kind: 'basic', username: user.slice(0, colon), password: user.slice(colon + 1) };
}

function withQuery(url: string, query: string): string {
  if (query === '') return url;
  const [, base = '', fragment = ''] = /^([^#]*)(.*)$/s.exec(url) ?? [];
  const joiner = !base.includes('?') ? '?' : /[?&]$/.test(base) ? '' : '&';
  return `${base}${joiner}${query}${fragment}`;
}
