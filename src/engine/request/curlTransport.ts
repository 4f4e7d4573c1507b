import { defaultRequestOptions, type ClientCertificate, type RequestOptions } from '../../shared/request.ts';
import { missingFileNote } from './curlBody.ts';
import { exactText, type NamedFiles } from './namedFiles.ts';

/** What curl's options say about how a request is carried. */
export class CurlTransportOptions {
  readonly #files: NamedFiles | null;
  readonly #note: (sentence: string) => void;
  #options: RequestOptions = { ...defaultRequestOptions, followRedirects: false };
  #proxy: string | null = null;
  #proxyUser: string | null = null;
  #noProxy: string | null = null;
  #certificate: string | null = null;
  #key: string | null = null;
  #passphrase: string | null = null;

  constructor(files: NamedFiles | null, note: (sentence: string) => void) {
    this.#files = files;
    this.#note = note;
  }

  /** @returns false for switches that are none of the transport */
  applySwitch(spelling: string, name: string, on: boolean): boolean {
    switch (name) {
      case 'insecure':
        this.#set({ insecureTls: on });
        return true;
      case 'compressed':
        this.#set({ compressed: on });
        return true;
      case 'location-trusted':
        this.#note('--location-trusted: redirects are followed, but credentials do not go to another origin.');
        this.#set({ followRedirects: on });
        return true;
      case 'location':
        this.#set({ followRedirects: on });
        return true;
      case 'http1.1':
        this.#set({ httpVersion: '1.1' });
        return true;
      case 'http2':
        this.#set({ httpVersion: 'auto' });
        return true;
      case 'http2-prior-knowledge':
        this.#set({ httpVersion: '2' });
        return true;
      case 'http1.0':
      case 'http0.9':
      case 'http3':
      case 'http3-only':
        this.#note(`${spelling}: this version of HTTP is not spoken; the version is chosen with the server.`);
        return true;
      default:
        return false;
    }
  }

  /** @returns false for options that are none of the transport */
  apply(spelling: string, name: string, value: string): boolean {
    switch (name) {
      case 'max-time': {
        const millis = this.#millis(spelling, value);
        if (millis !== null) this.#set({ maxTimeMillis: millis });
        return true;
      }
      case 'connect-timeout': {
        const millis = this.#millis(spelling, value);
        if (millis !== null) this.#set({ connectTimeoutMillis: millis });
        return true;
      }
      case 'proxy':
        this.#proxy = value;
        return true;
      case 'proxy-user':
        this.#proxyUser = value;
        return true;
      case 'noproxy':
        this.#noProxy = value;
        return true;
      case 'cacert': {
        const text = this.#text('The trusted certificates', value);
        if (text !== null) this.#set({ caPem: text });
        return true;
      }
      case 'cert':
        this.#certificate = value;
        return true;
      case 'key':
        this.#key = value;
        return true;
      case 'pass':
        this.#passphrase = value;
        return true;
      case 'unix-socket':
        this.#set({ unixSocketPath: value });
        return true;
      case 'cookie-jar':
        this.#set({ keepCookies: true });
        return true;
      default:
        return false;
    }
  }

  /** `--cookie` without an equals sign: a file, or nothing at all to keep cookies from now on. */
  cookieFile(file: string): void {
    this.#set({ keepCookies: true });
    const text = file === '' ? null : this.#text('Cookies', file);
    if (text !== null) this.#set({ cookieFileText: text });
  }

  finish(): RequestOptions {
    this.#finishProxy();
    const certificate = this.#clientCertificate();
    return certificate === null ? this.#options : { ...this.#options, clientCertificate: certificate };
  }

  #set(changed: Partial<RequestOptions>): void {
    this.#options = { ...this.#options, ...changed };
  }

  #finishProxy(): void {
    if (this.#proxy === null) {
      if (this.#noProxy === '*') this.#set({ proxy: { kind: 'none' } });
      else if (this.#noProxy !== null) {
        this.#note('--noproxy without -x changes only what the environment says; it was left out.');
      }
      return;
    }
    if (this.#proxy === '' || this.#noProxy === '*') {
      this.#set({ proxy: { kind: 'none' } });
      return;
    }
    const given = /^[a-z][a-z\d+.-]*:\/\//i.test(this.#proxy) ? this.#proxy : `http://${this.#proxy}`;
    const noProxy = this.#noProxy === null ? {} : { noProxy: this.#noProxy };
    this.#set({ proxy: { kind: 'url', url: withUser(given, this.#proxyUser), ...noProxy } });
  }

  /** curl manual, `--cert`: `file[:password]`; `\:` is a colon of the file's name, as is one after a drive's letter. */
  #clientCertificate(): ClientCertificate | null {
    if (this.#certificate === null) {
      if (this.#key !== null) this.#note('--key has no --cert beside it; it was left out.');
      return null;
    }
    const [, written = this.#certificate, password] =
      /^((?:^[A-Za-z]:(?=[\\/])|[^:\\]|\\.)*)(?::(.*))?$/s.exec(this.#certificate) ?? [];
    const file = written.replaceAll('\\:', ':');
    const certificatePem = this.#text('The client certificate', file);
    if (certificatePem === null) return null;
    const keyPem = this.#key === null ? certificatePem : this.#text('The key of the client certificate', this.#key);
    if (keyPem === null) return null;
    const passphrase = this.#passphrase ?? password;
    return { certificatePem, keyPem, ...(passphrase === undefined ? {} : { passphrase }) };
  }

  #text(what: string, file: string): string | null {
    if (this.#files === null) {
      this.#note(missingFileNote(what, file));
      return null;
    }
    const text = exactText(this.#files.read(file));
    if (text === null) this.#note(`${what}: "${file}" is no text; it was left out.`);
    return text;
  }

  #millis(spelling: string, value: string): number | null {
    const seconds = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
    if (Number.isNaN(seconds)) {
      this.#note(`${spelling} takes seconds, not "${value}"; it was left out.`);
      return null;
    }
    const millis = Math.min(Math.round(seconds * 1000), 2_147_483_647);
    // For curl 0 means no limit.
    return millis === 0 ? null : millis;
  }
}

function withUser(proxy: string, user: string | null): string {
  if (user === null) return proxy;
  const [, scheme = '', rest = ''] = /^([a-z][a-z\d+.-]*:\/\/)(?:[^/@]*@)?(.*)$/is.exec(proxy) ?? [];
  const colon = user.indexOf(':');
  const name = encodeURIComponent(colon === -1 ? user : user.slice(0, colon));
  const password = colon === -1 ? '' : `:${encodeURIComponent(user.slice(colon + 1))}`;
  return `${scheme}${name}${password}@${rest}`;
}
