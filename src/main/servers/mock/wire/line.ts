import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Socket } from 'node:net';

/** A connection that is closed whose client does not close is let go of after this long. */
const lingerMillis = 5_000;
/** What was sent before a reset is the client's to read: a reset takes with it what is still on its way. */
const beforeResetMillis = 30;

/** The connection below an answer, with every way to end it. */
export class Line {
  /** What HTTP is spoken on: the TLS socket, or `tcp`. */
  readonly socket: Socket;
  readonly tcp: Socket;
  readonly isSecure: boolean;
  /** Aborts when the connection is closed or the client has left. */
  readonly signal: AbortSignal;
  readonly #left = new AbortController();

  constructor(socket: Socket, tcp: Socket) {
    this.socket = socket;
    this.tcp = tcp;
    this.isSecure = socket !== tcp;
    this.signal = this.#left.signal;
    // Why a connection was lost is nothing that a mock server has to say; that it is must be known before `close` comes.
    socket.on('error', () => this.leave());
    tcp.on('error', () => this.leave());
    socket.once('close', () => this.leave());
  }

  leave(): void {
    if (!this.#left.signal.aborted) this.#left.abort(new Error('the client has left'));
  }

  /** Null: the client keeps up. Else resolves when it does again; rejects when it has left. */
  write(bytes: Uint8Array | string): Promise<void> | null {
    this.#mustBeOpen();
    if (this.socket.write(bytes)) return null;
    return this.drained();
  }

  async drained(): Promise<void> {
    this.#mustBeOpen();
    if (this.socket.writableNeedDrain) await once(this.socket, 'drain', { signal: this.signal });
  }

  /** Resolves when the system has everything that was written. */
  async written(): Promise<void> {
    this.#mustBeOpen();
    await new Promise<void>((resolve) => this.socket.write('', () => resolve()));
  }

  /** FIN, under TLS behind close_notify. */
  close(): void {
    this.socket.end();
    this.#linger();
  }

  /** FIN without close_notify; without TLS the same as `close`. */
  async cut(): Promise<void> {
    await this.written();
    this.tcp.end();
    this.#linger();
  }

  /** RST. */
  async reset(): Promise<void> {
    await this.written();
    await delay(beforeResetMillis, undefined, { signal: this.signal }).catch(() => undefined);
    this.tcp.resetAndDestroy();
    this.socket.destroy();
  }

  /** Bytes below TLS, which are then no records of it. */
  async writeBelow(bytes: Uint8Array): Promise<void> {
    await this.written();
    await new Promise<void>((resolve) => this.tcp.write(bytes, () => resolve()));
  }

  async lose(kind: 'fin' | 'reset' | 'tls-cut'): Promise<void> {
    if (kind === 'reset') await this.reset();
    else if (kind === 'tls-cut') await this.cut();
    else {
      await this.written();
      this.close();
    }
  }

  destroy(): void {
    this.socket.destroy();
    this.tcp.destroy();
  }

  /**
   * A socket that is destroyed takes nothing and has nothing to wait for, but tells of it only in a later turn: who goes
   * on writing until then would never let that turn come.
   */
  #mustBeOpen(): void {
    if (this.socket.destroyed) this.leave();
    this.signal.throwIfAborted();
  }

  #linger(): void {
    const timer = setTimeout(() => this.destroy(), lingerMillis);
    this.tcp.once('close', () => clearTimeout(timer));
  }
}
