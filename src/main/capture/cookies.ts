import type { CookieJar } from 'tough-cookie';
import { readCookieFile, type FileCookie } from '../../engine/request/cookieFile.ts';
import type { HeaderList, RequestOptions } from '../../shared/request.ts';
import { headerWireText } from './headerBytes.ts';
import type { RequestPlan } from './requestPlan.ts';

/**
 * The cookies of one exchange (RFC 6265): from a cookie file, and from its own answers where they are kept. They go
 * beside those that the user wrote, which lose where both name a cookie.
 */
export class ExchangeCookies {
  readonly #options: RequestOptions;
  #jar: CookieJar | null = null;

  private constructor(options: RequestOptions) {
    this.#options = options;
  }

  /** Null where an exchange has no cookies but those the user wrote. */
  static for(options: RequestOptions): ExchangeCookies | null {
    return options.keepCookies === true || options.cookieFileText !== undefined ? new ExchangeCookies(options) : null;
  }

  /** To be awaited before the first request; again it does nothing. */
  async load(): Promise<void> {
    if (this.#jar !== null) return;
    // The list of public suffixes is long: only who needs it loads it.
    const { Cookie, CookieJar } = await import('tough-cookie');
    const jar = new CookieJar(undefined, { looseMode: true });
    for (const kept of cookiesOf(this.#options)) {
      const cookie = new Cookie({
        key: kept.name,
        value: kept.value,
        domain: kept.domain,
        hostOnly: !kept.includesSubdomains,
        path: kept.path,
        secure: kept.secure,
        httpOnly: kept.httpOnly,
        expires: kept.expiresSeconds === null ? 'Infinity' : new Date(kept.expiresSeconds * 1_000),
      });
      await jar.store.putCookie(cookie);
    }
    this.#jar = jar;
  }

  /** Takes what an answer sets, if cookies are kept; what breaks the rules is passed over, as browsers do. */
  received(url: URL, headers: HeaderList): void {
    if (this.#options.keepCookies !== true) return;
    for (const [name, value] of headers) {
      if (name.toLowerCase() === 'set-cookie') this.#jar?.setCookieSync(value, url.href, { ignoreError: true });
    }
  }

  /** The request with the cookies for its URL. */
  addedTo(plan: RequestPlan): RequestPlan {
    const kept = this.#jar?.getCookiesSync(plan.url.href) ?? [];
    if (kept.length === 0) return plan;
    const names = new Set(kept.map(({ key }) => key));
    const isCookie = ([name]: readonly [string, string]): boolean => name.toLowerCase() === 'cookie';
    const written = plan.headers
      .filter(isCookie)
      .flatMap(([, value]) => value.split(';'))
      .map((pair) => pair.trim())
      .filter((pair) => pair !== '' && !names.has(pair.split('=', 1)[0]?.trim() ?? ''));
    const header = [...written, ...kept.map((cookie) => cookie.cookieString())].join('; ');
    return {
      ...plan,
      headers: [...plan.headers.filter((line) => !isCookie(line)), ['cookie', headerWireText(header)]],
    };
  }
}

function cookiesOf(options: RequestOptions): readonly FileCookie[] {
  const read = options.cookieFileText === undefined ? null : readCookieFile(options.cookieFileText);
  return read?.ok === true ? read.cookies : [];
}
