import { defaultRequestOptions, type HeaderList, type RequestAuth, type RequestSpec } from '../../shared/request.ts';
import { type GivenOption, readCurlArguments } from './curlOptions.ts';
import { type FormPart, multipartForm, formEncode } from './formEncoding.ts';

export type ReadRequest =
  | { readonly ok: true; readonly request: RequestSpec; readonly notes: readonly string[] }
  /** What is missing, as a sentence. */
  | { readonly ok: false; readonly message: string };

/**
 * The request that curl would send for these arguments (the words after `curl`). What cannot be carried over, such as
 * the contents of a file, is left out and noted.
 */
export function readCurlRequest(words: readonly string[]): ReadRequest {
  const { options, operands } = readCurlArguments(words);
  const draft = new RequestDraft();
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
  private readonly data: string[] = [];
  private readonly formParts: FormPart[] = [];
  private readonly urls: string[] = [];
  private readonly queryParts: string[] = [];
  private method: string | null = null;
  private hasData = false;
  private isJson = false;
  private isForm = false;
  private dataInQuery = false;
  private headOnly = false;
  private uploads = false;
  private auth: RequestAuth = { kind: 'none' };
  private followRedirects = false;
  private insecureTls = false;
  private compressed = false;
  private connectTimeoutMillis = defaultRequestOptions.connectTimeoutMillis;
  private maxTimeMillis: number | null = null;

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
        if (!negated) this.note(unsupportedNote(spelling, option.name));
        return;
      case 'meaningful':
        if (option.takesValue) this.applyValue(spelling, option.name, value);
        else this.applySwitch(option.name, !negated);
    }
  }

  private applySwitch(name: string, on: boolean): void {
    switch (name) {
      case 'get':
        this.dataInQuery = on;
        return;
      case 'head':
        this.headOnly = on;
        return;
      case 'insecure':
        this.insecureTls = on;
        return;
      case 'compressed':
        this.compressed = on;
        return;
      case 'location-trusted':
        this.note('--location-trusted: redirects are followed, but credentials do not go to another origin.');
        this.followRedirects = on;
        return;
      case 'location':
        this.followRedirects = on;
        return;
      default:
        throw new Error(`curl switch --${name} is in the table but not applied`);
    }
  }

  private applyValue(spelling: string, name: string, value: string): void {
    switch (name) {
      case 'request':
        this.method = value;
        return;
      case 'header':
        this.addHeader(spelling, value);
        return;
      case 'data':
      case 'data-ascii':
      case 'data-binary':
        if (value.startsWith('@')) this.noteFile('The body', value.slice(1));
        else this.data.push(value);
        this.hasData = true;
        return;
      case 'data-raw':
        this.data.push(value);
        this.hasData = true;
        return;
      case 'json':
        if (value.startsWith('@')) this.noteFile('The body', value.slice(1));
        else this.data.push(value);
        this.hasData = true;
        this.isJson = true;
        return;
      case 'data-urlencode':
        this.addEncoded(value);
        return;
      case 'url-query':
        this.queryParts.push(value.startsWith('+') ? value.slice(1) : urlEncodeField(value));
        return;
      case 'form':
        this.addFormPart(value);
        return;
      case 'form-string':
        this.addFormString(value);
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
        else if (value !== '') this.noteFile('Cookies', value);
        return;
      case 'range':
        this.setHeader('Range', `bytes=${value}`);
        return;
      case 'url':
        this.urls.push(value);
        return;
      case 'proxy':
        this.note(`${spelling}: proxies are not supported yet; the request goes to the server directly.`);
        return;
      case 'cacert':
        this.noteFile('The trusted certificates', value);
        return;
      case 'upload-file':
        this.uploads = true;
        this.noteFile('The body', value);
        return;
      case 'max-time':
        this.maxTimeMillis = this.readSeconds(spelling, value);
        return;
      case 'connect-timeout':
        this.connectTimeoutMillis = this.readSeconds(spelling, value) ?? this.connectTimeoutMillis;
        return;
      default:
        throw new Error(`curl option --${name} is in the table but not applied`);
    }
  }

  private noteFile(what: string, file: string): void {
    this.note(
      file === '-'
        ? `${what} would come from standard input, which a pasted command does not bring along: put it in by hand.`
        : `${what} would come from the file "${file}", which a pasted command does not bring along: put it in by hand.`,
    );
  }

  /** curl manual, `--header`: `Name: value`; `Name:` leaves a default out; `Name;` sends an empty one. */
  private addHeader(spelling: string, line: string): void {
    if (line.startsWith('@')) {
      this.noteFile('Headers', line.slice(1));
      return;
    }
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

  private addEncoded(value: string): void {
    this.hasData = true;
    const file = /^([^=@]*)@(.*)$/s.exec(value);
    if (file !== null) this.noteFile('A form field', file[2] ?? '');
    else this.data.push(urlEncodeField(value));
  }

  private addFormPart(value: string): void {
    this.isForm = true;
    const equals = value.indexOf('=');
    if (equals === -1) {
      this.note(`The form field "${value}" has no "="; it was left out.`);
      return;
    }
    const name = value.slice(0, equals);
    const content = value.slice(equals + 1);
    if (content.startsWith('@') || content.startsWith('<')) {
      this.noteFile(`The form field "${name}"`, content.slice(1).replace(/;.*$/s, ''));
      return;
    }
    const typed = /^(.*?);type=([^;]+)(?:;.*)?$/s.exec(content);
    const text = typed?.[1] ?? content;
    const quoted = /^"((?:[^"\\]|\\.)*)"$/s.exec(text);
    this.formParts.push({
      name,
      value: quoted?.[1]?.replace(/\\(["\\])/g, '$1') ?? text,
      contentType: typed?.[2]?.trim() ?? null,
    });
  }

  private addFormString(value: string): void {
    this.isForm = true;
    const equals = value.indexOf('=');
    if (equals === -1) this.note(`The form field "${value}" has no "="; it was left out.`);
    else this.formParts.push({ name: value.slice(0, equals), value: value.slice(equals + 1), contentType: null });
  }

  private setUser(value: string): void {
    const colon = value.indexOf(':');
    if (colon === -1) this.note('-u names a user without a password; curl would ask for it: put it in by hand.');
    const username = colon === -1 ? value : value.slice(0, colon);
    this.auth = { kind: 'basic', username, password: colon === -1 ? '' : value.slice(colon + 1) };
  }

  private readSeconds(spelling: string, value: string): number | null {
    const seconds = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
    if (Number.isNaN(seconds)) {
      this.note(`${spelling} takes seconds, not "${value}"; it was left out.`);
      return null;
    }
    const millis = Math.min(Math.round(seconds * 1000), 2_147_483_647);
    // For curl 0 means no limit.
    return millis === 0 ? null : millis;
  }

  finish(operands: readonly string[]): ReadRequest {
    const [first, ...others] = [...this.urls, ...operands];
    if (first === undefined || first === '') return { ok: false, message: 'There is no URL in this command.' };
    if (others.length > 0) {
      this.note(`Only the first URL was taken; left out: ${others.map((url) => clip(url)).join(', ')}.`);
    }
    const body = this.body();
    const url = this.withQuery(this.withScheme(first), body);
    const sendsBody = body !== null && !this.dataInQuery;
    const method = this.method ?? (this.headOnly ? 'HEAD' : this.uploads ? 'PUT' : this.sendsData() ? 'POST' : 'GET');
    return {
      ok: true,
      request: {
        method,
        url,
        headers: this.finishedHeaders(sendsBody ? body.contentType : null),
        body: sendsBody ? { kind: 'text', text: body.text } : { kind: 'none' },
        auth: this.auth,
        options: {
          ...defaultRequestOptions,
          followRedirects: this.followRedirects,
          insecureTls: this.insecureTls,
          compressed: this.compressed,
          connectTimeoutMillis: this.connectTimeoutMillis,
          ...(this.maxTimeMillis !== null && { maxTimeMillis: this.maxTimeMillis }),
        },
      },
      notes: [...this.notes],
    };
  }

  private sendsData(): boolean {
    return this.isForm || (this.hasData && !this.dataInQuery);
  }

  private body(): { readonly text: string; readonly contentType: string } | null {
    if (this.isForm) {
      if (this.hasData) this.note('The command has both a form and data, which curl refuses; the form was taken.');
      return this.formParts.length === 0 ? null : multipartForm(this.formParts);
    }
    if (this.data.length === 0) return null;
    return this.isJson
      ? { text: this.data.join(''), contentType: 'application/json' }
      : { text: this.data.join('&'), contentType: 'application/x-www-form-urlencoded' };
  }

  private withScheme(url: string): string {
    if (/^[a-z][a-z\d+.-]*:\/\//i.test(url) || url.startsWith('{{')) return url;
    this.note('The URL has no scheme: http:// was put before it, as curl does.');
    return `http://${url}`;
  }

  private withQuery(url: string, body: { readonly text: string } | null): string {
    const parts = [...this.queryParts, ...(this.dataInQuery && body !== null ? [body.text] : [])];
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
    if (contentType !== null && (this.isForm || !has('content-type'))) {
      const own = headers.findIndex(([name]) => name.toLowerCase() === 'content-type');
      // A form's own boundary has to be named in its header.
      if (own !== -1) headers.splice(own, 1);
      headers.push(['Content-Type', contentType]);
    }
    if (this.isJson && !has('accept')) headers.push(['Accept', 'application/json']);
    return headers;
  }
}

/** curl manual, `--data-urlencode`: `content`, `=content` or `name=content`; only the content is encoded. */
function urlEncodeField(value: string): string {
  const equals = value.indexOf('=');
  if (equals === -1) return formEncode(value);
  const encoded = formEncode(value.slice(equals + 1));
  return equals === 0 ? encoded : `${value.slice(0, equals)}=${encoded}`;
}

function unsupportedNote(spelling: string, name: string): string {
  return /^http[023]/.test(name)
    ? `${spelling}: the request is sent with HTTP/1.1.`
    : `${spelling} is not supported; it was left out.`;
}

function clip(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}
