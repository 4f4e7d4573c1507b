import type { AddressInfo, Server } from 'node:net';

export interface ListenRequest {
  readonly host: string;
  /** Where `host` cannot be bound at all, for example 127.0.0.2 outside Linux. */
  readonly fallbackHost: string;
  /** 0: any free port. */
  readonly port: number;
}

export interface ListenResult {
  readonly host: string;
  readonly port: number;
}

/** How many ports after the wanted one are tried before the system chooses. */
const neighbours = 20;

/**
 * Binds a server to the wanted port, or the next free one after it, or any.
 * Rejects with the system's error when neither host can be bound, or when the signal aborts.
 */
export async function listenOnFreePort(
  server: Server,
  { host, fallbackHost, port }: ListenRequest,
  signal: AbortSignal,
): Promise<ListenResult> {
  const candidates =
    port === 0 ? [0] : [...Array.from({ length: neighbours + 1 }, (_, n) => port + n).filter((p) => p <= 65_535), 0];
  for (const [attempt, candidate] of candidates.entries()) {
    signal.throwIfAborted();
    try {
      return { host, port: await bind(server, host, candidate) };
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if ((code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') && host !== fallbackHost) {
        return listenOnFreePort(server, { host: fallbackHost, fallbackHost, port }, signal);
      }
      const mayBeFreeElsewhere = code === 'EADDRINUSE' || code === 'EACCES';
      if (!mayBeFreeElsewhere || attempt === candidates.length - 1) throw error;
    }
  }
  throw new RangeError(`no port to try from ${port}`);
}

function bind(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => () => {
      server.removeListener('error', onError);
      server.removeListener('listening', onListening);
      act();
    };
    const onError = (error: Error) => settle(() => reject(error))();
    const onListening = settle(() => resolve((server.address() as AddressInfo).port));
    server.once('error', onError);
    server.once('listening', onListening);
    server.listen({ host, port, exclusive: true });
  });
}
