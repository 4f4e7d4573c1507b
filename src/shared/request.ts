/** A header list in the order and spelling it has on the wire. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

/** The body of a request. Text is sent as UTF-8. */
export type RequestBody =
  | { readonly kind: 'none' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array };

export type RequestAuth =
  | { readonly kind: 'none' }
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  | { readonly kind: 'bearer'; readonly token: string };

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
