import type { Mark } from '../../shared/recording.ts';
import type { ProxyChoice, RequestOptions } from '../../shared/request.ts';
import type { Micros } from '../../shared/words.ts';
import { ExchangeCookies } from './cookies.ts';
import { dial, type Dialled } from './dial.ts';
import { proxyFor, type Environment } from './proxy.ts';

export interface CarriageOptions {
  readonly options: RequestOptions;
  /** Of the request as it was asked for. */
  readonly origin: string;
  readonly environment: Environment;
}

/** How the connections of one recording are made, and what they share: redirects and reconnections included. */
export class Carriage {
  /** Null: none but those that the user wrote into the request. */
  readonly cookies: ExchangeCookies | null;
  readonly #given: CarriageOptions;

  constructor(given: CarriageOptions) {
    this.#given = given;
    this.cookies = ExchangeCookies.for(given.options);
  }

  /** The request's options leave it to the server which protocol is spoken. */
  get isProtocolOpen(): boolean {
    return this.#httpVersion === 'auto';
  }

  get #httpVersion(): 'auto' | '1.1' | '2' {
    return this.#given.options.httpVersion ?? 'auto';
  }

  /**
   * Connects to the server of a URL in the way that the request's options say. Never rejects.
   * @param httpVersion in place of what the options say
   */
  async dial(
    url: URL,
    { signal, now, mark }: { signal: AbortSignal; now: () => Micros; mark: (mark: Mark) => void },
    httpVersion = this.#httpVersion,
  ): Promise<Dialled> {
    const { options, origin, environment } = this.#given;
    const { connectTimeoutMillis, insecureTls, caPem, clientCertificate, unixSocketPath } = options;
    const chosen: ProxyChoice = options.proxy ?? { kind: 'environment' };
    const proxy = proxyFor(url, unixSocketPath === undefined ? chosen : { kind: 'none' }, environment);
    // What the request itself needs was checked before; a redirect may lead where another variable decides.
    if (!proxy.ok) return { fault: { code: 'end/proxy-refused', message: proxy.failure.message, offset: null } };
    return dial({
      url,
      connectTimeoutMillis,
      insecureTls,
      caPem,
      // A certificate says who asks: as with other credentials, only the origin it was meant for gets to see it.
      clientCertificate: url.origin === origin ? clientCertificate : undefined,
      httpVersion,
      proxy: proxy.value,
      unixSocketPath,
      signal,
      now,
      mark,
    });
  }
}
