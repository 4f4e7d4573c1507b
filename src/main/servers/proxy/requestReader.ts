import { Buffer } from 'node:buffer';
import { malformed, readRequestHead, type RequestFault, type RequestHead } from './requestHead.ts';

/** Longest head of a request, and longest trailer section. */
const headLimit = 64 * 1024;
const cr = 0x0d;
const lf = 0x0a;
const nothing: Uint8Array = Buffer.alloc(0);

export interface RequestListener {
  head(head: RequestHead): void;
  /** Bytes of the body, transfer coding removed; views that stay valid. */
  data(bytes: Uint8Array): void;
  /** The request is all there. Nothing is told of the next one until `next`. */
  end(): void;
  /** Nothing of the connection can be trusted any more. */
  fault(fault: RequestFault): void;
}

type State = 'head' | 'length' | 'size' | 'chunk' | 'chunk-end' | 'trailers' | 'waiting' | 'faulty';

/** Takes the requests of one connection apart (RFC 9112), one after another, in any splitting. */
export class RequestReader {
  readonly #listener: RequestListener;
  #state: State = 'head';
  /** Bytes that are not taken yet: a line in progress, or requests that wait for their turn. */
  #held: Uint8Array = nothing;
  #left = 0;
  #trailerBytes = 0;

  constructor(listener: RequestListener) {
    this.#listener = listener;
  }

  /** Bytes of later requests that wait. */
  get waitingBytes(): number {
    return this.#state === 'waiting' ? this.#held.byteLength : 0;
  }

  /** Between two requests, with nothing of the next. */
  get isIdle(): boolean {
    return (this.#state === 'head' || this.#state === 'waiting') && this.#held.byteLength === 0;
  }

  push(bytes: Uint8Array): void {
    if (this.#state === 'faulty') return;
    this.#held = this.#held.byteLength === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    this.#read();
  }

  /** The answer to the request before is over: goes on with the next one. */
  next(): void {
    if (this.#state !== 'waiting') return;
    this.#state = 'head';
    this.#read();
  }

  #read(): void {
    while (this.#held.byteLength > 0 && this.#step());
  }

  /** Takes what can be taken; false when more is needed, or nothing more is wanted now. */
  #step(): boolean {
    switch (this.#state) {
      case 'head':
        return this.#readHead();
      case 'length':
      case 'chunk':
        return this.#readData();
      case 'size': {
        const line = this.#line();
        return line !== null && this.#begin(line);
      }
      case 'chunk-end': {
        const line = this.#line();
        if (line === null) return false;
        if (line !== '') return this.#refuse(malformed('a chunk of its body is longer than announced'));
        this.#state = 'size';
        return true;
      }
      case 'trailers': {
        const line = this.#line();
        if (line === null) return false;
        this.#trailerBytes += line.length + 2;
        if (this.#trailerBytes > headLimit) return this.#refuse(tooLong('trailer section'));
        if (line === '') this.#ended();
        return line !== '';
      }
      case 'waiting':
      case 'faulty':
        return false;
    }
  }

  #readHead(): boolean {
    // An empty line before a request is to be overlooked (RFC 9112 §2.2).
    while (this.#held[0] === cr && this.#held[1] === lf) this.#held = this.#held.subarray(2);
    const end = headEnd(this.#held);
    if (end < 0) {
      if (this.#held.byteLength > headLimit) return this.#refuse(tooLong('head'));
      return false;
    }
    if (end > headLimit) return this.#refuse(tooLong('head'));
    const head = readRequestHead(this.#held.subarray(0, end));
    if ('status' in head) return this.#refuse(head);
    this.#held = this.#held.subarray(end);
    this.#trailerBytes = 0;
    this.#left = head.body.by === 'length' ? head.body.bytes : 0;
    this.#state = head.body.by === 'chunks' ? 'size' : this.#left > 0 ? 'length' : 'waiting';
    this.#listener.head(head);
    if (this.#state === 'waiting') this.#listener.end();
    return this.#isReading();
  }

  #isReading(): boolean {
    return this.#state !== 'waiting' && this.#state !== 'faulty';
  }

  #readData(): boolean {
    const bytes = this.#held.subarray(0, this.#left);
    this.#held = this.#held.subarray(bytes.byteLength);
    this.#left -= bytes.byteLength;
    this.#listener.data(bytes);
    if (this.#left > 0) return false;
    if (this.#state === 'chunk') this.#state = 'chunk-end';
    else this.#ended();
    return this.#isReading();
  }

  #begin(line: string): boolean {
    const size = /^([0-9a-f]{1,13})[ \t]*(?:;.*)?$/i.exec(line)?.[1];
    if (size === undefined) return this.#refuse(malformed('a chunk of its body has no size'));
    this.#left = Number.parseInt(size, 16);
    this.#state = this.#left === 0 ? 'trailers' : 'chunk';
    return true;
  }

  #ended(): void {
    this.#state = 'waiting';
    this.#listener.end();
  }

  /** The next line without its end, null while it is not all there. */
  #line(): string | null {
    const end = this.#held.indexOf(lf);
    if (end < 0) {
      if (this.#held.byteLength > headLimit) this.#refuse(tooLong('line of a chunk'));
      return null;
    }
    if (end === 0 || this.#held[end - 1] !== cr) {
      this.#refuse(malformed('a line of its chunked body ends with a line feed alone'));
      return null;
    }
    const line = this.#held.subarray(0, end - 1);
    this.#held = this.#held.subarray(end + 1);
    return Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString('latin1');
  }

  #refuse(fault: RequestFault): false {
    this.#state = 'faulty';
    this.#held = nothing;
    this.#listener.fault(fault);
    return false;
  }
}

/** Offset just past the empty line that ends a head, -1 while it is not there. LF LF counts: it is refused later. */
function headEnd(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(lf); at >= 0; at = bytes.indexOf(lf, at + 1)) {
    if (bytes[at + 1] === lf) return at + 2;
    if (bytes[at + 1] === cr && bytes[at + 2] === lf) return at + 3;
  }
  return -1;
}

function tooLong(what: string): RequestFault {
  const message = `The ${what} of the request is longer than 65,536 bytes, which is the limit.`;
  return { status: 431, code: 'too-long', message };
}
