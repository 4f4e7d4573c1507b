import { Buffer } from 'node:buffer';
import type { Ending, ResponseHead } from '../../shared/recording.ts';
import type { HeaderList } from '../../shared/request.ts';
import type { Micros } from '../../shared/words.ts';
import { headerValue } from '../../shared/headerValue.ts';
import { ChunkedCoding } from './chunkedCoding.ts';
import { byteCount, endingFrom, type EndingFacts } from './endings.ts';
import { headerText } from './headerBytes.ts';
import type { FileReader, ReaderSurroundings } from './fileReader.ts';

/** How a dump begins: the status line of any HTTP version. */
export const dumpStart = /^HTTP\/(1\.[01]|2|3)(\.0)? \d{3}/;
const dumpStartBytes = 'HTTP/1.1 200'.length;
/** A first chunk up to this size is looked at whole before the body is believed to be chunked. */
const provenChunkBytes = 64 * 1024;
const longestSizeLine = 1024;

/**
 * A response head with the body after it, as `curl -i` writes it or as it was copied from the wire. Of several heads
 * (100 Continue, redirects, a proxy's own) the last one counts. curl takes the chunked coding off and leaves its
 * header standing: whether the body still has it is seen from its first chunk.
 */
export class DumpReader implements FileReader {
  readonly #surroundings: ReaderSurroundings;
  #pending: Uint8Array = new Uint8Array(0);
  #headers: HeaderList | null = null;
  #framing: 'head' | 'undecided' | 'chunked' | 'plain' = 'head';
  readonly #chunked: ChunkedCoding;
  #bodyBytes = 0;
  #refusal: EndingFacts | null = null;

  constructor(surroundings: ReaderSurroundings) {
    this.#surroundings = surroundings;
    const { sink, request, limits, startedAt, timesKnown } = surroundings;
    this.#chunked = new ChunkedCoding(limits.headerBytes, {
      data: (bytes, continues) => surroundings.chunk(surroundings.now(), bytes, continues),
    });
    // curl takes the chunked coding off and leaves its header: what divided the body then is not known.
    sink.origin({ request, startedAt, timesKnown, bordersKnown: false });
  }

  append(bytes: Uint8Array): void {
    // Bounded: a head by the header limit, an undecided body by the size of the chunk that would prove it.
    this.#pending = this.#pending.byteLength === 0 ? bytes : Buffer.concat([this.#pending, bytes]);
    this.#work(false);
    // What is left waits for the next call, and the bytes belong to the caller.
    if (this.#pending.byteLength > 0) this.#pending = new Uint8Array(this.#pending);
  }

  async finish(): Promise<Ending> {
    this.#work(true);
    const atMicros = this.#surroundings.now();
    if (this.#refusal !== null) return endingFrom(this.#refusal, atMicros);
    const imported = this.#imported();
    const decoded = await this.#surroundings.body.finish(imported);
    // A body that is not coded although its head says so was decoded by whoever wrote the dump.
    if (decoded.code === 'end/coding-mismatch') return endingFrom(imported, atMicros);
    return endingFrom(this.#shortfall() ?? decoded, atMicros);
  }

  #work(isWhole: boolean): void {
    while (this.#framing === 'head') if (!this.#readHead(isWhole)) return;
    if (this.#framing === 'undecided') this.#decideFraming(isWhole);
    if (this.#framing === 'undecided') return;
    const body = this.#pending;
    this.#pending = new Uint8Array(0);
    if (this.#refusal !== null || body.byteLength === 0) return;
    if (this.#framing === 'chunked') this.#chunked.push(body);
    else {
      this.#bodyBytes += body.byteLength;
      this.#surroundings.chunk(this.#surroundings.now(), body, false);
    }
  }

  /** Takes one head off; false when more bytes are needed for it. */
  #readHead(isWhole: boolean): boolean {
    const end = headEnd(this.#pending);
    if (end < 0 && !isWhole && this.#pending.byteLength <= this.#surroundings.limits.headerBytes) return false;
    const headBytes = end < 0 ? this.#pending.byteLength : end;
    if (headBytes > this.#surroundings.limits.headerBytes) {
      const limit = byteCount(this.#surroundings.limits.headerBytes);
      this.#refusal = {
        code: 'end/header-limit',
        message: `The head of the dump is longer than the limit of ${limit}.`,
        offset: 0,
      };
      this.#framing = 'plain';
      return true;
    }
    const rest = this.#pending.subarray(headBytes);
    const next = Buffer.from(rest.subarray(0, dumpStartBytes)).toString('latin1');
    if (!isWhole && next.length < dumpStartBytes && 'HTTP/'.startsWith(next.slice(0, 5))) return false;
    const head = readHead(this.#pending.subarray(0, headBytes), this.#surroundings.now());
    this.#pending = rest;
    if (!dumpStart.test(next)) this.#begin(head);
    return true;
  }

  #begin(head: ResponseHead): void {
    this.#headers = head.headers;
    this.#surroundings.sink.head(head);
    this.#refusal = this.#surroundings.body.begin(head);
    const isChunked = /\bchunked\b/i.test(headerValue(head.headers, 'transfer-encoding') ?? '');
    this.#framing = isChunked ? 'undecided' : 'plain';
  }

  #decideFraming(isWhole: boolean): void {
    const start = Buffer.from(this.#pending.subarray(0, longestSizeLine)).toString('latin1');
    const sizeLine = /^([0-9a-f]{1,16})[ \t]*(?:;[^\r\n]*)?\r\n/i.exec(start);
    if (sizeLine === null) {
      const mayBecomeOne = start.length < longestSizeLine && /^[0-9a-f]{0,16}[ \t]*(?:;[^\r\n]*)?\r?$/i.test(start);
      if (isWhole || !mayBecomeOne) this.#framing = 'plain';
      return;
    }
    const size = Number.parseInt(sizeLine[1] ?? '', 16);
    const dataEnd = sizeLine[0].length + size;
    if (size === 0 || size > provenChunkBytes) this.#framing = 'chunked';
    else if (this.#pending.byteLength >= dataEnd + 2) {
      const isProven = this.#pending[dataEnd] === 0x0d && this.#pending[dataEnd + 1] === 0x0a;
      this.#framing = isProven ? 'chunked' : 'plain';
    } else if (isWhole) this.#framing = 'chunked';
  }

  #imported(): EndingFacts {
    const bytes = this.#framing === 'chunked' ? this.#chunked.dataBytes : this.#bodyBytes;
    return { code: 'end/imported', message: `Imported: a response head and ${byteCount(bytes)}.`, offset: null };
  }

  /** What the head promises and the file does not hold. */
  #shortfall(): EndingFacts | null {
    if (this.#framing === 'chunked') {
      const { fault, dataBytes } = this.#chunked;
      if (fault !== null) return { ...fault, offset: dataBytes };
      const position = this.#chunked.position();
      if (position.in === 'end') return null;
      if (position.in === 'chunk') {
        const message = `The file ends in the middle of a chunk: it holds ${String(position.received)} of its ${byteCount(position.size)}.`;
        return { code: 'end/chunk-cut', message, offset: dataBytes };
      }
      return { code: 'end/no-last-chunk', message: 'The file ends without the last chunk.', offset: dataBytes };
    }
    const length = this.#headers === null ? null : headerValue(this.#headers, 'content-length');
    // A head alone is what a HEAD request gives: nothing is missing from it.
    if (length === null || !/^\d{1,15}$/.test(length) || this.#bodyBytes === 0) return null;
    const expected = Number(length);
    if (this.#bodyBytes > expected) {
      this.#surroundings.sink.transportDiagnostic('end/extra-bytes', {
        bytes: this.#bodyBytes - expected,
        preview: '',
      });
      return null;
    }
    if (this.#bodyBytes === expected) return null;
    const message = `The file holds ${String(this.#bodyBytes)} of ${byteCount(expected)} that Content-Length announces.`;
    return { code: 'end/short-body', message, offset: this.#bodyBytes };
  }
}

/** A head with line ends of either kind, read leniently: it is a document by now, not a protocol. */
function readHead(bytes: Uint8Array, atMicros: Micros): ResponseHead {
  const [statusLine = '', ...lines] = headerText(bytes).split(/\r?\n/);
  const [, httpVersion = '1.1', status = '0', statusText = ''] = /^HTTP\/(\S+) (\d{3}) ?([^]*)$/.exec(statusLine) ?? [];
  const headers: (readonly [string, string])[] = [];
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.push([line.slice(0, colon).trim(), line.slice(colon + 1).trim()]);
  }
  return {
    status: Number(status),
    statusText,
    httpVersion: httpVersion.replace(/^([23])\.0$/, '$1'),
    headers,
    atMicros,
  };
}

/** Offset just past the first blank line, −1 where there is none. */
function headEnd(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) {
    if (bytes[at + 1] === 0x0a) return at + 2;
    if (bytes[at + 1] === 0x0d && bytes[at + 2] === 0x0a) return at + 3;
  }
  return -1;
}
