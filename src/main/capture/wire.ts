import { Buffer } from 'node:buffer';
import { Duplex } from 'node:stream';
import type { HeaderList } from '../../shared/request.ts';
import type { Micros } from '../../shared/words.ts';
import { ConnectionReader, type ReadListener } from './connectionReader.ts';
import type { Connection } from './dial.ts';
import { headerListOfHead } from './headerBytes.ts';

export interface WireListener extends ReadListener {
  /** The request head as it is handed to the socket. */
  sent(headers: HeaderList): void;
  /** The kernel has taken the whole request. */
  requestSent(atMicros: Micros): void;
}

interface Piece {
  readonly atMicros: Micros;
  readonly bytes: Uint8Array;
  readonly isMuchWork: boolean;
}

/**
 * The connection as an HTTP client sees it. It stands between the socket and the client's parser: every read is
 * stamped and shown to the listener first, who hands on (`deliver`) what the parser may see; the end of the connection
 * is told to the listener as it was and to the parser only after all bytes before it. After a piece that is much work the
 * parser gets the next one in another turn of the event loop; the socket is read on when it has them all. What the parser
 * does to this stream does not reach the socket, so that bytes after a message's end can still be noticed.
 */
export class Wire extends Duplex {
  /** Arrival of the read whose bytes the parser is working on. */
  readingMicros: Micros = 0;

  readonly #connection: Connection;
  readonly #reader: ConnectionReader;
  readonly #listener: WireListener;
  readonly #now: () => Micros;
  /** Arrival times of the pieces that wait in this stream's buffer, oldest first. */
  readonly #arrivals: Micros[] = [];
  /** Pieces that the parser gets in later turns. */
  readonly #waiting: Piece[] = [];
  #turn: NodeJS.Immediate | null = null;
  #endWaits = false;
  #held = false;
  #requestHead: Buffer | null = Buffer.alloc(0);
  /** Bytes of the body that the kernel has not taken yet; the head's are none of them. */
  #bodyBytesLeft: number;
  #inputFinished = false;

  /** @param bodyLength of the request, which goes out as it is after the head */
  constructor(connection: Connection, bodyLength: number, listener: WireListener, now: () => Micros) {
    // Object mode keeps reads apart; in byte mode the buffered ones would be glued together and lose their times.
    super({ readableObjectMode: true });
    this.#connection = connection;
    this.#bodyBytesLeft = bodyLength;
    this.#listener = listener;
    this.#now = now;
    this.#reader = new ConnectionReader(connection, listener, now);
  }

  /**
   * Hands bytes of a read to the parser, or a piece of them.
   * @param isMuchWork what follows waits for another turn
   */
  deliver(atMicros: Micros, bytes: Uint8Array, isMuchWork: boolean): void {
    if (this.#inputFinished || this.destroyed) return;
    if (this.#turn === null && this.#waiting.length === 0) {
      this.#hand({ atMicros, bytes, isMuchWork });
      return;
    }
    this.#waiting.push({ atMicros, bytes, isMuchWork });
    this.#reader.hold('parser');
  }

  /** Tells the parser that nothing follows what was delivered. */
  finishInput(): void {
    if (this.#inputFinished || this.destroyed) return;
    this.#inputFinished = true;
    if (this.#waiting.length === 0) this.push(null);
    else this.#endWaits = true;
  }

  /** Stops reading the socket; the kernel's window then holds the peer back. */
  hold(): void {
    this.#held = true;
    this.#reader.hold('exchange');
  }

  release(): void {
    this.#held = false;
    this.#reader.release('exchange');
    if (this.#waiting.length > 0) this.#awaitTurn();
  }

  #hand({ atMicros, bytes, isMuchWork }: Piece): void {
    this.#arrivals.push(atMicros);
    this.push(bytes);
    if (isMuchWork) this.#awaitTurn();
  }

  #awaitTurn(): void {
    this.#turn ??= setImmediate(() => {
      this.#turn = null;
      if (this.#held || this.destroyed) return;
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
        this.#hand(next);
        if (next.isMuchWork) break;
      }
      if (this.#waiting.length > 0) return;
      this.#reader.release('parser');
      if (this.#endWaits) this.push(null);
      this.#endWaits = false;
    });
  }

  /** Closes the connection; resolves when it is closed. Nothing is reported to the listener after this call. */
  close(): Promise<void> {
    const closed = this.#reader.close();
    // A parser in mid-message must not take this for an end it has to judge.
    if (!this.destroyed) this.on('error', afterClosing).destroy(new Error('connection closed by its owner'));
    return closed;
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
    if (this.#reader.over) {
      callback();
      return;
    }
    const bodyBytes = this.#noteRequestHead(bytes);
    this.#connection.carrier.write(bytes, (error) => {
      const atMicros = this.#now();
      // A failed write is seen as the socket's own error, which also tells what kind of end it is.
      if (!error && !this.#reader.over && bodyBytes !== null) {
        this.#bodyBytesLeft -= bodyBytes;
        if (this.#bodyBytesLeft <= 0) this.#listener.requestSent(atMicros);
      }
      callback();
    });
  }

  /** How many of these bytes are body; null while the head is not out. */
  #noteRequestHead(bytes: Buffer): number | null {
    if (this.#requestHead === null) return bytes.byteLength;
    this.#requestHead = Buffer.concat([this.#requestHead, bytes]);
    const end = this.#requestHead.indexOf('\r\n\r\n');
    if (end < 0) return null;
    const head = this.#requestHead.subarray(0, end);
    const bodyBytes = this.#requestHead.byteLength - end - 4;
    this.#requestHead = null;
    this.#listener.sent(headerListOfHead(head));
    return bodyBytes;
  }
}

function afterClosing(): void {
  // Closing is what was asked for.
}
