import type { Buffer } from 'node:buffer';
import type { Micros } from '../../shared/words.ts';
import { errorCode } from './connectFault.ts';
import type { Connection } from './dial.ts';

/**
 * How long reads may follow each other before everything else of the process has its turn: a socket that always has
 * more gives up to 32 reads at once, which is tens of milliseconds of work.
 */
const turnMicros = 3_000;

/** How the peer's side of a connection came to its end. */
export type ConnectionEnd =
  /** Orderly: FIN, under TLS after close_notify. */
  | { readonly how: 'closed'; readonly atMicros: Micros }
  /** Under TLS: FIN without close_notify. */
  | { readonly how: 'tls-truncated'; readonly atMicros: Micros }
  | { readonly how: 'reset'; readonly atMicros: Micros; readonly code: string }
  | { readonly how: 'tls-broken'; readonly atMicros: Micros; readonly reason: string };

export interface ReadListener {
  /** One read of the socket, stamped before anything else was done with it. The bytes stay valid. */
  received(atMicros: Micros, bytes: Uint8Array): void;
  /** Once, after the last `received`. */
  ended(end: ConnectionEnd): void;
}

/** Who may want the socket not to be read: the exchange, or whoever still works on what was read. */
export type ReadHolder = 'exchange' | 'parser';

/** Reads a connection: every read with its time, and its end as it was, told apart where sockets make them look alike. */
export class ConnectionReader {
  readonly #connection: Connection;
  readonly #listener: ReadListener;
  readonly #now: () => Micros;
  /** When the first read of this turn of the event loop came; null between turns. */
  #turnBeganMicros: Micros | null = null;
  #gaveWay = false;
  readonly #holders = new Set<ReadHolder>();
  readonly #detach: () => void;
  #over = false;

  constructor(connection: Connection, listener: ReadListener, now: () => Micros) {
    this.#connection = connection;
    this.#listener = listener;
    this.#now = now;
    const { tcp, carrier, tlsTransport } = connection;
    const onData = (bytes: Buffer): void => {
      const atMicros = now();
      if (this.#over) return;
      listener.received(atMicros, bytes);
      this.#giveWay(atMicros);
    };
    const onEnd = (): void => {
      const how = tlsTransport?.finSeen === true ? 'tls-truncated' : 'closed';
      this.#end({ how, atMicros: now() });
    };
    const onError = (error: Error): void => this.#end({ how: 'reset', atMicros: now(), code: errorCode(error) });
    const onCarrierError = (error: Error): void => {
      const atMicros = now();
      const code = errorCode(error);
      if (code === 'ECONNRESET' || code === 'EPIPE') this.#end({ how: 'reset', atMicros, code });
      else this.#end({ how: 'tls-broken', atMicros, reason: error.message });
    };
    const onClose = (): void => this.#end({ how: 'reset', atMicros: now(), code: '' });
    carrier.on('data', onData).on('end', onEnd);
    tcp.on('error', onError).on('close', onClose);
    if (carrier !== tcp) carrier.on('error', onCarrierError);
    this.#detach = () => {
      carrier.off('data', onData).off('end', onEnd).off('error', onCarrierError);
      tcp.off('error', onError).off('close', onClose);
    };
  }

  /** The peer's side has ended, or we have closed: nothing is reported any more. */
  get over(): boolean {
    return this.#over;
  }

  /** Stops reading the socket until every holder has released it; the kernel's window then holds the peer back. */
  hold(holder: ReadHolder): void {
    this.#holders.add(holder);
    this.#connection.tcp.pause();
  }

  release(holder: ReadHolder): void {
    if (this.#holders.delete(holder) && !this.#isHeld && !this.#over) this.#connection.tcp.resume();
  }

  get #isHeld(): boolean {
    return this.#holders.size > 0;
  }

  /**
   * Lets go of a connection that stands and is read, for whoever listens to it within this turn; null when it does not.
   * Nothing is reported to the listener after this call.
   */
  giveBack(): Connection | null {
    const { tcp, carrier } = this.#connection;
    if (this.#over || this.#isHeld || tcp.destroyed || carrier.destroyed || carrier.writableNeedDrain) return null;
    this.#over = true;
    this.#detach();
    // Reading may have stopped to give way.
    tcp.resume();
    return this.#connection;
  }

  /** Closes the connection; resolves when it is closed. Nothing is reported to the listener after this call. */
  close(): Promise<void> {
    this.#over = true;
    const { tcp, carrier } = this.#connection;
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

  /** Ends this turn's reading once it has lasted long enough; the next turn goes on. */
  #giveWay(atMicros: Micros): void {
    if (this.#turnBeganMicros === null) {
      this.#turnBeganMicros = atMicros;
      setImmediate(() => {
        this.#turnBeganMicros = null;
        if (!this.#gaveWay) return;
        this.#gaveWay = false;
        if (!this.#isHeld && !this.#over) this.#connection.tcp.resume();
      });
    }
    if (this.#gaveWay || this.#isHeld || this.#now() - this.#turnBeganMicros < turnMicros) return;
    this.#gaveWay = true;
    this.#connection.tcp.pause();
  }

  #end(end: ConnectionEnd): void {
    if (this.#over) return;
    this.#over = true;
    this.#listener.ended(end);
  }
}
