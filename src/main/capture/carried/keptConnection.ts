import type { Connection } from '../dial.ts';

/** An idle connection is let go of after this long where the server says nothing of it. */
const keptMillis = 4_000;
/** And at the latest after this long, whatever the server says. */
const longestMillis = 60_000;
/** Before the time is over that the server gives (`Keep-Alive: timeout`): it must not close while a request is on its way. */
const earlierMillis = 1_000;

/**
 * The upstream's connection of one client connection, between two requests: as a client without the proxy would go on
 * with its connection, so does the proxy for it, and what a server ties to a connection stays one client's. A
 * connection that the server closes, or says something on, is let go of.
 */
export class KeptConnection {
  /** Origins of which this client found out that they speak HTTP/2 only. */
  readonly onlyHttp2 = new Set<string>();
  #held: { readonly origin: string; readonly connection: Connection; readonly letGo: () => void } | null = null;
  #closed = false;

  /** The connection to an origin, if there is one; the caller owns it and listens to it within this turn. */
  take(origin: string): Connection | null {
    const held = this.#held;
    if (held === null || held.origin !== origin || held.connection.tcp.destroyed) {
      this.#drop();
      return null;
    }
    this.#held = null;
    held.letGo();
    return held.connection;
  }

  /**
   * Takes a connection over whose answer is complete and whose server goes on listening.
   * @param serverMillis how long the server says it waits for another request; null: it does not say
   */
  keep(origin: string, connection: Connection, serverMillis: number | null): void {
    this.#drop();
    const { tcp, carrier } = connection;
    const millis = serverMillis === null ? keptMillis : Math.min(serverMillis - earlierMillis, longestMillis);
    if (this.#closed || millis <= 0) {
      destroy(connection);
      return;
    }
    const drop = (): void => this.#drop();
    const timer = setTimeout(drop, millis);
    timer.unref();
    const sockets = carrier === tcp ? [tcp] : [tcp, carrier];
    for (const socket of sockets) socket.on('error', drop).on('close', drop);
    // Reading is how its end is noticed.
    carrier.on('data', drop).on('end', drop);
    this.#held = {
      origin,
      connection,
      letGo: () => {
        clearTimeout(timer);
        for (const socket of sockets) socket.off('error', drop).off('close', drop);
        carrier.off('data', drop).off('end', drop);
      },
    };
  }

  /** The client's connection is over: so is this. */
  close(): void {
    this.#closed = true;
    this.#drop();
  }

  #drop(): void {
    const held = this.#held;
    if (held === null) return;
    this.#held = null;
    held.letGo();
    destroy(held.connection);
  }
}

function destroy({ tcp, carrier }: Connection): void {
  // What a broken connection still says is for nobody.
  carrier.on('error', () => undefined);
  carrier.destroy();
  tcp.destroy();
}
