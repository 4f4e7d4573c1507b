import { Duplex } from 'node:stream';
import type { Socket } from 'node:net';

/**
 * The encrypted bytes between a TCP socket and TLS, passed on unchanged. TLS over a bare socket reports the same end
 * for an orderly close_notify and for a connection that was merely closed; from here it can be seen which came first.
 */
export class TlsTransport extends Duplex {
  /** The peer closed its side of the TCP connection. */
  finSeen = false;
  readonly #tcp: Socket;

  constructor(tcp: Socket) {
    super({ allowHalfOpen: true });
    this.#tcp = tcp;
    tcp.on('data', (bytes) => {
      this.push(bytes);
    });
    tcp.once('end', () => {
      this.finSeen = true;
      this.push(null);
    });
    tcp.once('close', () => {
      this.destroy();
    });
  }

  override _read(): void {
    // Pausing is done at the TCP socket, by whoever reads the stream above TLS.
  }

  override _write(bytes: Buffer, encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.#tcp.write(bytes, encoding, callback);
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#tcp.end(callback);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#tcp.destroy();
    callback(error);
  }
}
