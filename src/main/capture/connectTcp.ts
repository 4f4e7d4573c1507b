import { lookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { connect, isIP, type LookupFunction, type Socket } from 'node:net';
import type { Mark, MarkFacts } from '../../shared/recording.ts';
import type { Micros } from '../../shared/words.ts';
import { errorCode } from './connectFault.ts';

/** What a socket is connected to. */
export type TcpTarget =
  | { readonly kind: 'host'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string };

export interface TcpOptions {
  readonly target: TcpTarget;
  /** Of the proxy that is connected to; null: none. */
  readonly proxy: string | null;
  readonly now: () => Micros;
  readonly mark: (mark: Mark) => void;
  /** Addresses that the name has. */
  readonly resolved: (addresses: readonly string[]) => void;
}

/** A connection in the making: `socket` is there at once, so that it can be destroyed at any time. */
export interface ConnectingTcp {
  readonly socket: Socket;
  /** Resolves with null when it stands, or with the error (`closed` without one). Never rejects. */
  readonly connected: Promise<Error | 'closed' | null>;
}

/** Resolves a name and connects (happy eyeballs, RFC 8305), with a mark for each step. */
export function connectTcp(options: TcpOptions): ConnectingTcp {
  const { target, now, mark } = options;
  const failedAttempts: string[] = [];
  const socket = target.kind === 'unix' ? connect({ path: target.path }) : connectToHost(target, options);
  socket.on('connectionAttemptFailed', (address, port, _family, error) => {
    failedAttempts.push(`${addressText(address, port)} ${errorCode(error)}`.trim());
  });
  socket.on('connectionAttemptTimeout', (address, port) => {
    failedAttempts.push(`${addressText(address, port)} too slow`);
  });
  const connected = new Promise<Error | 'closed' | null>((resolve) => {
    const settle = (result: Error | 'closed' | null): void => {
      socket.off('error', settle);
      socket.off('close', onClose);
      // Whoever takes the socket over listens for itself; until then no error may go unheard.
      socket.on('error', ignoreLateError);
      resolve(result);
    };
    const onClose = (): void => settle('closed');
    socket.once('error', settle);
    socket.once('close', onClose);
    socket.once('connect', () => {
      const atMicros = now();
      mark({ name: 'connect', atMicros, facts: { ...connectFacts(socket, target, failedAttempts), ...proxyFact() } });
      settle(null);
    });
  });
  return { socket, connected };

  function proxyFact(): MarkFacts {
    return options.proxy === null ? {} : { proxy: options.proxy };
  }
}

function connectToHost({ host, port }: Extract<TcpTarget, { kind: 'host' }>, options: TcpOptions): Socket {
  const { now, mark, resolved } = options;
  const watchedLookup: LookupFunction = (name, lookupOptions: LookupOptions, callback) => {
    lookup(name, { ...lookupOptions, all: true }, (error, found: LookupAddress[]) => {
      const atMicros = now();
      if (error === null) {
        const addresses = found.map((entry) => entry.address);
        resolved(addresses);
        mark({ name: 'dns', atMicros, facts: { addresses } });
      }
      if (lookupOptions.all === true) callback(error, error === null ? found : []);
      else callback(error, found[0]?.address ?? '', found[0]?.family);
    });
  };
  if (isIP(host) !== 0) resolved([host]);
  return connect({ host, port, lookup: watchedLookup, autoSelectFamily: true, noDelay: true });
}

function connectFacts(socket: Socket, target: TcpTarget, failedAttempts: readonly string[]): MarkFacts {
  if (target.kind === 'unix') return { unixSocketPath: target.path };
  return {
    ...endsOf(socket),
    ...(failedAttempts.length === 0 ? {} : { reason: `tried before: ${failedAttempts.join(', ')}` }),
  };
}

/** Both addresses of a connection that stands. */
export function endsOf(socket: Socket): Pick<MarkFacts, 'remote' | 'local'> {
  return {
    remote: addressText(socket.remoteAddress, socket.remotePort),
    local: addressText(socket.localAddress, socket.localPort),
  };
}

function addressText(address: string | undefined, port: number | undefined): string {
  const host = address ?? 'unknown';
  return `${host.includes(':') ? `[${host}]` : host}:${String(port ?? 0)}`;
}

function ignoreLateError(): void {
  // The cause is already told; what destroying the socket adds to it says nothing new.
}
