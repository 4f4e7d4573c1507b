/** A request as any of the protocols brought it. */
export interface ReceivedRequest {
  readonly protocol: 'HTTP/1.1' | 'HTTP/2';
  readonly isSecure: boolean;
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** Names in lower case; of a repeated header the values joined by a comma. `host` also holds an `:authority`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Null: longer than `requestBodyLimit`; it was read to its end and dropped. */
  readonly body: string | null;
}

/** A request body is small talk about a stream, not a stream itself. */
export const requestBodyLimit = 1024 * 1024;

/** Adds a header as `ReceivedRequest` holds them. */
export function addHeader(headers: Record<string, string>, name: string, value: string): void {
  const before = Object.hasOwn(headers, name) ? headers[name] : undefined;
  headers[name] = before === undefined ? value : `${before}${name === 'cookie' ? '; ' : ', '}${value}`;
}

/** Collects a body. A longer one is dropped, but counted to its end: a client that still sends would see a reset. */
export class RequestBody {
  #pieces: Uint8Array[] = [];
  #length = 0;

  push(bytes: Uint8Array): void {
    this.#length += bytes.length;
    if (this.#length <= requestBodyLimit) this.#pieces.push(bytes);
    else this.#pieces = [];
  }

  text(): string | null {
    return this.#length > requestBodyLimit ? null : Buffer.concat(this.#pieces, this.#length).toString('utf8');
  }
}
