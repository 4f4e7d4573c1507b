/** A header list in the order and spelling it has on the wire. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

/** What a part of a multipart body holds. */
export type PartContent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** A file of this machine, read while it is sent. Only the command line may name one: a window sends bytes. */
  | { readonly kind: 'file'; readonly path: string };

/** A part of a `multipart/form-data` body (RFC 7578). */
export interface FormPart {
  readonly name: string;
  readonly content: PartContent;
  readonly fileName?: string;
  readonly contentType?: string;
}

/** The body of a request. Text is sent as UTF-8. */
export type RequestBody =
  | { readonly kind: 'none' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** A file of this machine, read while it is sent. Only the command line may name one: a window sends bytes. */
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'multipart'; readonly parts: readonly FormPart[] };

export type RequestAuth =
  | { readonly kind: 'none' }
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  | { readonly kind: 'bearer'; readonly token: string };

/** A certificate that the client shows, in PEM. The key never reaches a recording. */
export interface ClientCertificate {
  readonly certificatePem: string;
  readonly keyPem: string;
  readonly passphrase?: string;
}

/** Which proxy a request goes through; absent: as `environment`. */
export type ProxyChoice =
  /** `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` of the process, as curl reads them. */
  | { readonly kind: 'environment' }
  | { readonly kind: 'none' }
  /**
   * `http://` or `https://`, with user and password if it wants them. `noProxy`: hosts that are asked directly, as
   * `NO_PROXY` lists them.
   */
  | { readonly kind: 'url'; readonly url: string; readonly noProxy?: string };

/** How a lost or ended stream is opened again within the same recording; absent: not at all. */
export type ReconnectPlan =
  /** As the HTML standard says for EventSource: `retry`, `Last-Event-ID`, 204 and error statuses stop. */
  | { readonly kind: 'sse'; readonly attempts: number; readonly waitMillis?: number }
  /** Asks again from the last whole record: its value at `field` goes into a query parameter or a header. */
  | {
      readonly kind: 'records';
      readonly attempts: number;
      readonly waitMillis?: number;
      /** Key or dotted path in a record, such as `id` or `meta.cursor`. */
      readonly field: string;
      readonly into: 'query' | 'header';
      readonly name: string;
    };

/** Headers that are sent where the request has none of its own, by their names in lower case. */
export const usualHeaders = ['user-agent', 'accept', 'accept-encoding'] as const;
export type UsualHeader = (typeof usualHeaders)[number];

/** How the transport treats a request. */
export interface RequestOptions {
  /** Follow 3xx answers, at most ten. Credentials do not cross to another origin. */
  readonly followRedirects: boolean;
  /** Accept a certificate that does not verify. Never on by default. */
  readonly insecureTls: boolean;
  /** Ask for `gzip, deflate, br, zstd` (as far as the runtime decodes them). Off: identity, the truest timing. */
  readonly compressed: boolean;
  /** PEM text of certificates trusted beside the runtime's own. */
  readonly caPem?: string;
  /** Give up when no connection stands after this long. */
  readonly connectTimeoutMillis: number;
  /** Give up when no response head came after this long; undefined waits for ever. */
  readonly headersTimeoutMillis?: number;
  /** Stop the whole exchange after this long (`--max-time`); undefined: never. */
  readonly maxTimeMillis?: number;
  /** Stop after this many body bytes on the wire; undefined: the recording limit alone. */
  readonly maxBytes?: number;
  /** Stop after this many frames; undefined: never. */
  readonly maxFrames?: number;
  /**
   * `auto` (or absent): HTTP/2 where TLS negotiates it, else HTTP/1.1. `1.1`: nothing else is offered. `2`: HTTP/2 or
   * nothing; without TLS with prior knowledge (RFC 9113 §3.3).
   */
  readonly httpVersion?: 'auto' | '1.1' | '2';
  readonly proxy?: ProxyChoice;
  readonly clientCertificate?: ClientCertificate;
  /** Connect to this Unix socket; the URL still says what is asked for. */
  readonly unixSocketPath?: string;
  /** Keep what answers set in Set-Cookie, for redirects and reconnections of this exchange (RFC 6265). */
  readonly keepCookies?: boolean;
  /** Text of a cookie file as curl and browsers write it; each cookie goes only where its domain and path allow. */
  readonly cookieFileText?: string;
  /** Not sent though they are otherwise. */
  readonly leftOutHeaders?: readonly UsualHeader[];
  readonly reconnect?: ReconnectPlan;
  /** The reconnect lab: cut the first connection ourselves once it has brought this many frames. */
  readonly cutAfterFrames?: number;
}

/** A request as the user asked for it. */
export interface RequestSpec {
  readonly method: string;
  /** Absolute, http or https. */
  readonly url: string;
  readonly headers: HeaderList;
  readonly body: RequestBody;
  readonly auth: RequestAuth;
  readonly options: RequestOptions;
}

export const defaultRequestOptions: RequestOptions = Object.freeze({
  followRedirects: true,
  insecureTls: false,
  compressed: false,
  connectTimeoutMillis: 30_000,
});
