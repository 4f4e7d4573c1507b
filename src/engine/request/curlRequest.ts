import {
  usualHeaders,
  type HeaderList,
  type RequestAuth,
  type RequestOptions,
  type RequestSpec,
} from '../../shared/request.ts';
import { CurlBodyOptions, missingFileNote, urlEncodeField } from './curlBody.ts';
import { type GivenOption, readCurlArguments } from './curlOptions.ts';
import { CurlTransportOptions } from './curlTransport.ts';
import { exactText, type NamedFiles } from './namedFiles.ts';

export type ReadRequest =
  | { readonly ok: true; readonly request: RequestSpec; readonly notes: readonly string[] }
  /** What is missing, as a sentence. */
  | { readonly ok: false; readonly message: string };

/**
 * The request that curl would send for these arguments (the words after `curl`). What cannot be carried over is left out
 * and noted.
 * @param files null: none can be read, so that their contents are among what is left out
 */
export function readCurlRequest(words: readonly string[], files: NamedFiles | null): ReadRequest {
  const { options, operands } = readCurlArguments(words);
  const draft = new RequestDraft(files);
  for (const given of options) {
    if (given.option?.name === 'next') {
      draft.note('Only the request before --next was read.');
      break;
    }
    draft.apply(given);
  }
  return draft.finish(operands);
}

class RequestDraft {
  private readonly notes = new Set<string>();
  private readonly headers: (readonly [string, string])[] = [];
  /** Names whose default header curl was told to leave out (`-H 'Accept:'`). */
  private readonly removedHeaders = new Set<string>();
  private readonly urls: string[] = [];
  private readonly queryParts: string[] = [];
  private readonly files: NamedFiles | null;
  private readonly body: CurlBodyOptions;
  private readonly transport: CurlTransportOptions;
  private method: string | null = null;
  private dataInQuery = false;
  private headOnly = false;
  private auth: RequestAuth = { kind: 'none' };

  constructor(files: NamedFiles | null) {
    const note = (sentence: string): void => this.note(sentence);
    this.files = files;
    this.body = new CurlBodyOptions(files, note);
    this.transport = new CurlTransportOptions(files, note);
  }

  note(sentence: string): void {
    this.notes.add(sentence);
  }

  apply({ spelling, option, value, valueMissing, negated }: GivenOption): void {
    if (option === undefined) {
      this.note(`${spelling} is not an option of curl that is known here; it was left out.`);
      return;
    }
    if (valueMissing) {
      this.note(`${spelling} has no value; it was left out.`);
      return;
    }
    switch (option.use) {
      case 'harmless':
        return;
      case 'unsupported':
        if (!negated) this.note(`${spelling} is not supported; it was left out.`);
        return;
      case 'meaningful':
        if (option.takesValue) this.applyValue(spelling, option.name, value);
        else this.applySwitch(spelling, option.name, !negated);
    }
  }

  private applySwitch(spelling: string, name: string, on: boolean): void {
    if (this.transport.applySwitch(spelling, name, on)) return;
    switch (name) {
      case 'get':
        this.dataInQuery = on;
        return;
      case 'head':
        this.headOnly = on;
        return;
      default:
        throw new Error(`curl switch --${name} is in the table but not applied`);
    }
  }

  private applyValue(spelling: string, name: string, value: string): void {
    if (this.body.apply(name, value) || this.transport.apply(spelling, name, value)) return;
    switch (name) {
      case 'request':
        this.method = value;
        return;
      case 'header':
        this.addHeaders(spelling, value);
        return;
      case 'url-query':
        this.queryParts.push(value.startsWith('+') ? value.slice(1) : urlEncodeField(value));
        return;
      case 'user':
        this.setUser(value);
        return;
      case 'oauth2-bearer':
        this.auth = { kind: 'bearer', token: value };
        return;
      case 'user-agent':
        this.setHeader('User-Agent', value);
        return;
      case 'referer':
        this.setHeader('Referer', value.replace(/;auto$/, ''));
        return;
      case 'cookie':
        if (value.includes('=')) this.setHeader('Cookie', value);
        else this.transport.cookieFile(value);
        return;
      case 'range':
        this.setHeader('Range', `bytes=${value}`);
        return;
      case 'url':
        this.urls.push(value);
        return;
      default:
        throw new Error(`curl option --${name} is in the table but not applied`);
    }
  }

  /** One header, or with `@` those of a file, one a line. */
  private addHeaders(spelling: string, value: string): void {
    if (!value.startsWith('@')) {
      this.addHeader(spelling, value);
      return;
    }
    const text = this.files === null ? null : exactText(this.files.read(value.slice(1)));
    if (text === null) this.note(missingFileNote('Headers', value.slice(1)));
    else for (const line of text.split(/\r\n|\n/).filter((one) => one !== '')) this.addHeader(spelling, line);
  }

  /** curl manual, `--header`: `Name: value`; `Name:` leaves a default out; `Name;` sends an empty one. */
  private addHeader(spelling: string, line: string): void {
    const colon = line.indexOf(':');
    if (colon === -1) {
      if (line.endsWith(';')) this.headers.push([line.slice(0, -1), '']);
      else this.note(`${spelling} "${line}" has no colon, so it is no header; it was left out.`);
      return;
    }
    const name = line.slice(0, colon).trimEnd();
    const value = line.slice(colon + 1).trim();
    if (value === '') this.removedHeaders.add(name.toLowerCase());
    else this.headers.push([name, value]);
  }

  /** Sets a header that has an option of its own; as with curl, the last one counts and an empty one removes it. */
  private setHeader(name: string, value: string): void {
    const lower = name.toLowerCase();
    const before = this.headers.findIndex(([given]) => given.toLowerCase() === lower);
    if (before !== -1) this.headers.splice(before, 1);
    if (value === '') this.removedHeaders.add(lower);
    else this.headers.push([name, value]);
  }

  private setUser(value: string): void {
    const colon = value.indexOf(':');
    if (colon === -1) this.note('-u names a user without a password; curl would ask for it: put it in by hand.');
    const username = colon === -1 ? value : value.slice(0, colon);
    this.auth = { kind: 'basic', username, password: colon === -1 ? '' : value.slice(colon + 1) };
  }

  finish(operands: readonly string[]): ReadRequest {
    const [first, ...others] = [...this.urls, ...operands];
    if (first === undefined || first === '') return { ok: false, message: 'There is no URL in this command.' };
    if (others.length > 0) {
      this.note(`Only the first URL was taken; left out: ${others.map((url) => clip(url)).join(', ')}.`);
    }
    const query = this.dataInQuery ? this.body.query() : null;
    const sent = this.dataInQuery ? null : this.body.body();
    return {
      ok: true,
      request: {
        method: this.method ?? this.impliedMethod(),
        url: this.withQuery(this.withScheme(first), query),
        headers: this.finishedHeaders(sent?.contentType ?? null),
        body: sent?.body ?? { kind: 'none' },
        auth: this.auth,
        options: { ...this.transport.finish(), ...this.leftOut() },
      },
      notes: [...this.notes],
    };
  }

  private leftOut(): Pick<RequestOptions, 'leftOutHeaders'> {
    const names = usualHeaders.filter((name) => this.removedHeaders.has(name));
    return names.length === 0 ? {} : { leftOutHeaders: names };
  }

  private impliedMethod(): string {
    if (this.headOnly) return 'HEAD';
    if (this.body.isUpload) return 'PUT';
    return this.body.isForm || (this.body.hasData && !this.dataInQuery) ? 'POST' : 'GET';
  }

  private withScheme(url: string): string {
    if (/^[a-z][a-z\d+.-]*:\/\//i.test(url) || url.startsWith('{{')) return url;
    this.note('The URL has no scheme: http:// was put before it, as curl does.');
    return `http://${url}`;
  }

  private withQuery(url: string, query: string | null): string {
    const parts = [...this.queryParts, ...(query === null ? [] : [query])];
    if (parts.length === 0) return url;
    const hash = url.indexOf('#');
    const base = hash === -1 ? url : url.slice(0, hash);
    const joiner = !base.includes('?') ? '?' : /[?&]$/.test(base) ? '' : '&';
    return `${base}${joiner}${parts.join('&')}${hash === -1 ? '' : url.slice(hash)}`;
  }

  private finishedHeaders(contentType: string | null): HeaderList {
    const has = (name: string): boolean =>
      this.removedHeaders.has(name) || this.headers.some(([given]) => given.toLowerCase() === name);
    const headers = [...this.headers];
    if (contentType !== null && !has('content-type')) headers.push(['Content-Type', contentType]);
    if (this.body.isJson && !has('accept')) headers.push(['Accept', 'application/json']);
    return headers;
  }
}

function clip(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}
