import { Buffer, isUtf8 } from 'node:buffer';
import {
  defaultRequestOptions,
  usualHeaders,
  type HeaderList,
  type RequestBody,
  type RequestSpec,
} from '../../../shared/request.ts';
import { headerText } from '../../capture/headerBytes.ts';
import type { CarriedRequest } from '../../capture/carried/carriedRequest.ts';
import { withoutHopByHop } from '../../servers/proxy/hopByHop.ts';
import type { RequestHead } from '../../servers/proxy/requestHead.ts';
import type { RoutedTarget } from '../../servers/proxy/routes.ts';
import type { IncomingBody } from '../../servers/proxy/incomingBody.ts';

/** Headers that the transport writes by itself when the request is sent again. */
const carried = new Set(['host', 'content-length', 'transfer-encoding', 'keep-alive', 'upgrade', 'expect', 'te']);

/** The request as it goes to the upstream: nothing changed but whom it is for and what belongs to one connection. */
export function carriedRequest(
  head: RequestHead,
  { upstream, target }: RoutedTarget,
  body: CarriedRequest['body'],
): CarriedRequest {
  const kept = withoutHopByHop(head.headers).filter(([name]) => name.toLowerCase() !== 'transfer-encoding');
  const hosted = kept.map(([name, value]): HeaderList[number] =>
    name.toLowerCase() === 'host' ? [name, upstream.host] : [name, value],
  );
  const hasHost = hosted.some(([name]) => name.toLowerCase() === 'host');
  const headers = hasHost ? hosted : ([['Host', upstream.host], ...hosted] as const);
  return { method: head.method, url: upstream, target, headers, body };
}

/** The body as it is handed on, each piece shown to `passing` first. */
export function carriedBody(
  head: RequestHead,
  body: IncomingBody | null,
  passing: (bytes: Uint8Array) => void,
): CarriedRequest['body'] {
  if (body === null) return null;
  async function* open(incoming: IncomingBody): AsyncGenerator<Uint8Array, void> {
    for await (const piece of incoming) {
      passing(piece);
      yield piece;
    }
  }
  return { length: head.body.by === 'length' ? head.body.bytes : null, open: () => open(body) };
}

/** The request as a recording keeps it: such that it can be sent again. Its body comes later. */
export function recordedRequest(head: RequestHead, url: string): RequestSpec {
  const headers = withoutHopByHop(head.headers)
    .filter(([name]) => !carried.has(name.toLowerCase()))
    .map(([name, value]): HeaderList[number] => [name, textOf(value)]);
  const given = new Set(headers.map(([name]) => name.toLowerCase()));
  return {
    method: head.method,
    url,
    headers,
    body: { kind: 'none' },
    auth: { kind: 'none' },
    options: {
      ...defaultRequestOptions,
      followRedirects: false,
      leftOutHeaders: usualHeaders.filter((name) => !given.has(name)),
    },
  };
}

export function textOf(wireText: string): string {
  return headerText(Buffer.from(wireText, 'latin1'));
}

/** What is kept of a request's body at most. */
export const keptBodyBytes = 8 * 1024 * 1024;

/** Keeps the beginning of a body that passes. */
export class KeptRequestBody {
  bytes = 0;
  #pieces: Buffer[] = [];
  #kept = 0;

  push(piece: Uint8Array): void {
    this.bytes += piece.byteLength;
    const room = keptBodyBytes - this.#kept;
    if (room <= 0) return;
    const part = Buffer.from(piece.subarray(0, room));
    this.#pieces.push(part);
    this.#kept += part.byteLength;
  }

  get keptBytes(): number {
    return this.#kept;
  }

  body(): RequestBody {
    const bytes = this.all();
    if (bytes.byteLength === 0) return { kind: 'none' };
    return isUtf8(bytes) ? { kind: 'text', text: bytes.toString('utf8') } : { kind: 'bytes', bytes };
  }

  all(): Buffer {
    const [only] = this.#pieces;
    if (this.#pieces.length !== 1 || only === undefined) this.#pieces = [Buffer.concat(this.#pieces, this.#kept)];
    return this.#pieces[0] ?? Buffer.alloc(0);
  }
}
