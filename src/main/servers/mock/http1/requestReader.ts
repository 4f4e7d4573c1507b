import { addHeader, RequestBody } from '../wire/receivedRequest.ts';
import { ChunkedBody } from './chunkedBody.ts';

/** A request head with its body, as HTTP/1.x brought it. */
export interface Http1Request {
  readonly method: string;
  readonly target: string;
  readonly version: '1.0' | '1.1';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

export type ReadRequest =
  | { readonly kind: 'request'; readonly request: Http1Request }
  /** A head whose body the client only sends when it is told to go on. */
  | { readonly kind: 'expects-continue' }
  /** No HTTP/1.x request; what follows cannot be understood. */
  | { readonly kind: 'bad'; readonly status: number; readonly message: string };

interface Head extends Omit<Http1Request, 'body'> {
  readonly headers: Record<string, string>;
}

/** All of the head together. */
const headLimit = 65_536;
const headEnd = Buffer.from('\r\n\r\n');

/** Takes the bytes of a connection apart into requests (RFC 9112), however they are split. */
export class RequestReader {
  #held: Buffer = Buffer.alloc(0);
  #head: Head | null = null;
  #body = new RequestBody();
  /** Bytes of a body with Content-Length that are still to come. */
  #left = 0;
  #chunks: ChunkedBody | null = null;
  #isBroken = false;

  /** The next bytes; answers with what they complete. */
  *push(bytes: Buffer): Generator<ReadRequest, void, undefined> {
    this.#held = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    while (this.#held.length > 0 && !this.#isBroken) {
      if (this.#head === null) {
        const read = this.#readHead();
        if (read === null) return;
        if (read.kind === 'bad') {
          this.#isBroken = true;
          yield read;
          return;
        }
        if (read.expectsContinue && this.#held.length === 0) yield { kind: 'expects-continue' };
      }
      const isOver = this.#readBody();
      if (isOver === null) {
        this.#isBroken = true;
        yield { kind: 'bad', status: 400, message: 'The request body is not in chunked coding.' };
        return;
      }
      if (!isOver || this.#head === null) return;
      const request: Http1Request = { ...this.#head, body: this.#body.text() };
      this.#head = null;
      this.#body = new RequestBody();
      yield { kind: 'request', request };
    }
  }

  #readHead(): { readonly kind: 'head'; readonly expectsContinue: boolean } | (ReadRequest & { kind: 'bad' }) | null {
    // Empty lines before a request line are to be ignored (RFC 9112 §2.2).
    let from = 0;
    while (this.#held[from] === 13 || this.#held[from] === 10) from++;
    const end = this.#held.indexOf(headEnd, from);
    if ((end < 0 ? this.#held.length : end) - from > headLimit) return bad(431, 'The head of the request is too long.');
    if (end < 0) return null;
    const lines = this.#held.toString('latin1', from, end).split('\r\n');
    this.#held = this.#held.subarray(end + headEnd.length);
    const [, method, target, version] = /^([!#$%&'*+.^_`|~\w-]+) (\S+) HTTP\/(1\.[01])$/.exec(lines[0] ?? '') ?? [];
    if (method === undefined || target === undefined) return bad(400, 'This is no HTTP/1.1 request line.');
    const headers: Record<string, string> = {};
    for (const line of lines.slice(1)) {
      const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
      if (name === undefined || value === undefined) return bad(400, 'A header of the request is malformed.');
      addHeader(headers, name.toLowerCase(), value);
    }
    const length = headers['content-length'];
    const coding = headers['transfer-encoding'];
    if (length !== undefined && (coding !== undefined || !/^\d{1,15}$/.test(length))) {
      return bad(400, 'The length of the request body is not clear.');
    }
    if (coding !== undefined && coding.toLowerCase() !== 'chunked') return bad(501, 'Only chunked bodies are read.');
    this.#left = Number(length ?? 0);
    this.#chunks = coding === undefined ? null : new ChunkedBody((bytes) => this.#body.push(bytes));
    this.#head = { method, target, version: version === '1.0' ? '1.0' : '1.1', headers };
    const hasBody = coding !== undefined || this.#left > 0;
    return {
      kind: 'head',
      expectsContinue: hasBody && version === '1.1' && headers['expect']?.toLowerCase() === '100-continue',
    };
  }

  /** Whether the body is over; null: it is malformed. */
  #readBody(): boolean | null {
    if (this.#chunks !== null) {
      const result = this.#chunks.push(this.#held);
      if (result === null) return null;
      this.#held = this.#held.subarray(result.read);
      return result.isOver;
    }
    const piece = this.#held.subarray(0, this.#left);
    if (piece.length > 0) this.#body.push(piece);
    this.#held = this.#held.subarray(piece.length);
    this.#left -= piece.length;
    return this.#left === 0;
  }
}

function bad(status: number, message: string): ReadRequest & { kind: 'bad' } {
  return { kind: 'bad', status, message };
}
