import { Buffer } from 'node:buffer';
import { Duplex } from 'node:stream';
import type { HeaderList } from '../../shared/request.ts';
import type { Micros } from '../../shared/words.ts';
import { errorCode } from './connectFault.ts';
import type { Connection } from './dial.ts';
import { headerListOfHead } from './headerBytes.ts';

/**
 * How long reads may follow each other before everything else of the process has its turn: a socket that always has
 * more gives up to 32 reads at once, which is tens of milliseconds of work.
 */
const turnMicros = 3_000;

/** How the peer's side of a connection came to its end. */
export type WireEnd =
  /** Orderly: FIN, under TLS after close_notify. */
  | { readonly how: 'closed'; readonly atMicros: Micros }
  /** Under TLS: FIN without close_notify. */
  | { readonly how: 'tls-truncated'; readonly atMicros: Micros }
  | { readonly how: 'reset'; readonly atMicros: Micros; readonly code: string }
  | { readonly how: 'tls-broken'; readonly atMicros: Micros; readonly reason: string };

export interface WireListener {
  /** The request head as it is handed to the socket. */
  sent(headers: HeaderList): void;
  /** The kernel has taken the whole request. */
  requestSent(atMicros: Micros): void;
  /** One read of the socket, stamped before anything else was done with it. The bytes stay valid. */
  received(atMicros: Micros, bytes: Uint8Array): void;
  /** Once, after the last `received`. */
  ended(end: WireEnd): void;
}

/**
 * The connection as an HTTP client sees it. It stands between the socket and the client's parser: every read is
 * stamped and shown to the listener first, who hands on (`deliver`) what the parser may see; the end of the connection
 * is told to the listener as it was and to the parser only after all bytes before it. What the parser does to this
 * stream does not reach the socket, so that bytes after a message's end can still be noticed.
 */
export class Wire extends Duplex {
  /** Arrival of the read whose bytes the parser is working on. */
  readingMicros: Micros = 0;

  readonly #connection: Connection;
  readonly #listener: WireListener;
  readonly #now: () => Micros;
  /** Arrival times of the reads that wait in this stream's buffer, oldest first. */
  readonly #arrivals: Micros[] = [];
  #requestHead: Buffer | null = Buffer.alloc(0);
  /** When the first read of this turn of the event loop came; null between turns. */
  #turnBeganMicros: Micros | null = null;
  #gaveWay = false;
  #held = false;
  #over = false;
  #inputFinished = false;

  constructor(connection: Connection, listener: WireListener, now: () => Micros) {
    // Object mode keeps reads apart; in byte mode the buffered ones would be glued together and lose their times.
    super({ readableObjectMode: true });
    this.#connection = connection;
    this.#listener = listener;
    this.#now = now;
    const { tcp, carrier, tlsTransport } = connection;
    carrier.on('data', (bytes: Buffer) => {
      const atMicros = now();
      if (this.#over) return;
      listener.received(atMicros, bytes);
      this.#giveWay(atMicros);
    });
    carrier.on('end', () => {
      const how = tlsTransport?.finSeen === true ? 'tls-truncated' : 'closed';
      this.#end({ how, atMicros: now() });
    });
    tcp.on('error', (error) => this.#end({ how: 'reset', atMicros: now(), code: errorCode(error) }));
    if (carrier !== tcp) {
      carrier.on('error', (error: Error) => {
        const atMicros = now();
        const code = errorCode(error);
        if (code === 'ECONNRESET' || code === 'EPIPE') this.#end({ how: 'reset', atMicros, code });
        else this.#end({ how: 'tls-broken', atMicros, reason: error.message });
      });
    }
    tcp.on('close', () => this.#end({ how: 'reset', atMicros: now(), code: '' }));
  }

  /** Hands bytes of a read to the parser. */
  deliver(atMicros: Micros, bytes: Uint8Array): void {
    if (this.#inputFinished || this.destroyed) return;
    this.#arrivals.push(atMicros);
    this.push(bytes);
  }

  /** Tells the parser that nothing follows what was delivered. */
  finishInput(): void {
    if (this.#inputFinished || this.destroyed) return;
    this.#inputFinished = true;
    this.push(null);
  }

  /** Stops reading the socket; the kernel's window then holds the peer back. */
  hold(): void {
    this.#held = true;
    this.#connection.tcp.pause();
  }

  release(): void {
    this.#held = false;
    if (!this.#over) this.#connection.tcp.resume();
  }

  /** Ends this turn's reading once it has lasted long enough; the next turn goes on. */
  #giveWay(atMicros: Micros): void {
    if (this.#turnBeganMicros === null) {
      this.#turnBeganMicros = atMicros;
      setImmediate(() => {
        this.#turnBeganMicros = null;
        if (!this.#gaveWay) return;
        this.#gaveWay = false;
        if (!this.#held && !this.#over) this.#connection.tcp.resume();
      });
    }
    if (this.#gaveWay || this.#held || this.#now() - this.#turnBeganMicros < turnMicros) return;
    this.#gaveWay = true;
    this.#connection.tcp.pause();
  }

  /** Closes the connection; resolves when it is closed. Nothing is reported to the listener after this call. */
  close(): Promise<void> {
    this.#over = true;
    const { tcp, carrier } = this.#connection;
    // A parser in mid-message must not take this for an end it has to judge.
    if (!this.destroyed) this.on('error', afterClosing).destroy(new Error('connection closed by its owner'));
    return new Promise((resolve) => {
      if (tcp.closed) {
        resolve();
        return;
      }
      tcp.once('close', () => resolve());
      carrier.destroy();
      tcp.destroy();
    });
  }

  override read(size?: number): unknown {
    const bytes: unknown = super.read(size);
    if (bytes !== null) this.readingMicros = this.#arrivals.shift() ?? this.readingMicros;
    return bytes;
  }

  override unshift(bytes: unknown, encoding?: BufferEncoding): void {
    this.#arrivals.unshift(this.readingMicros);
    super.unshift(bytes, encoding);
  }

  override _read(): void {
    // Bytes come when the socket has them; `hold` is how reading stops.
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this._writev([{ chunk: bytes, encoding: 'binary' }], callback);
  }

  override _writev(
    pieces: readonly { readonly chunk: Buffer; readonly encoding: BufferEncoding }[],
    callback: (error?: Error | null) => void,
  ): void {
    const bytes = pieces.length === 1 && pieces[0] ? pieces[0].chunk : Buffer.concat(pieces.map(({ chunk }) => chunk));
    if (this.#over) {
      callback();
      return;
    }
    this.#noteRequestHead(bytes);
    this.#connection.carrier.write(bytes, (error) => {
      const atMicros = this.#now();
      // A failed write is seen as the socket's own error, which also tells what kind of end it is.
      if (!error && !this.#over && this.writableLength <= bytes.byteLength) this.#listener.requestSent(atMicros);
      callback();
    });
  }

  #noteRequestHead(bytes: Buffer): void {
    if (this.#requestHead === null) return;
    this.#requestHead = Buffer.concat([this.#requestHead, bytes]);
    const end = this.#requestHead.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = this.#requestHead.subarray(0, end);
    this.#requestHead = null;
    this.#listener.sent(headerListOfHead(head));
  }

  #end(end: WireEnd): void {
    if (this.#over) return;
    this.#over = true;
    this.#listener.ended(end);
  }
}

function afterClosing(): void {
  // Closing is what was asked for.
}
