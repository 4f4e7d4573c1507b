import { once } from 'node:events';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { trustedCertificate, type TestCertificate } from './testCertificates.ts';

/** One accepted connection whose answer is written byte by byte, without an HTTP library to keep it honest. */
export interface RawPeer {
  /** Resolves when these bytes are with the kernel. */
  write(bytes: string | Uint8Array): Promise<void>;
  /** Bytes past TLS, which are then no TLS records. The same as `write` on a plain connection. */
  writeBelow(bytes: string | Uint8Array): Promise<void>;
  /** FIN, under TLS after close_notify. */
  close(): void;
  /** FIN without close_notify. The same as `close` on a plain connection. */
  cut(): void;
  /** RST. */
  reset(): void;
  /** Resolves when the client has closed the connection. */
  readonly gone: Promise<void>;
}

export interface RawServerOptions {
  readonly certificate?: TestCertificate;
  readonly host?: string;
}

export interface RawServer {
  readonly origin: string;
  /** Connections that are open now. */
  readonly openConnections: number;
  close(): Promise<void>;
}

export type Accept = (socket: Socket | TLSSocket, peer: RawPeer) => void;

/** Listens on loopback; under TLS it takes the one protocol that is named. */
export async function startRawServer(
  scheme: 'http' | 'https',
  protocol: 'http/1.1' | 'h2',
  accept: Accept,
  options: RawServerOptions = {},
): Promise<RawServer> {
  const connections = new Set<Socket>();
  const accepted = (socket: Socket | TLSSocket, tcp: Socket): void => {
    // Faults are the purpose here; what the client makes of them is what the tests look at.
    socket.on('error', () => {});
    accept(socket, peerOf(socket, tcp));
  };
  const server =
    scheme === 'http'
      ? createTcpServer((socket) => accepted(socket, socket))
      : secureServer(protocol, options, accepted);
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.once('close', () => connections.delete(socket));
  });
  const host = options.host ?? '127.0.0.1';
  server.listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    origin: `${scheme}://${host.includes(':') ? `[${host}]` : host}:${String(address.port)}`,
    get openConnections() {
      return connections.size;
    },
    close: async () => {
      for (const socket of connections) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function peerOf(socket: Socket | TLSSocket, tcp: Socket): RawPeer {
  const writeTo =
    (to: Socket) =>
    (bytes: string | Uint8Array): Promise<void> =>
      new Promise<void>((resolve) => {
        to.write(bytes, () => resolve());
      });
  return {
    write: writeTo(socket),
    writeBelow: writeTo(tcp),
    close: () => socket.end(),
    cut: () => tcp.end(),
    reset: () => {
      // Lets what was written go out as a segment of its own before the reset overtakes it.
      void nextTurn().then(() => tcp.resetAndDestroy());
    },
    gone: new Promise<void>((resolve) => socket.once('close', () => resolve())),
  };
}

function secureServer(
  protocol: string,
  options: RawServerOptions,
  accept: (socket: TLSSocket, tcp: Socket) => void,
): Server {
  const { key, cert } = options.certificate ?? trustedCertificate;
  // TLS sockets do not name the TCP socket below them, so the server is put on top of accepted ones by hand.
  const secured = createTlsServer({ key, cert, ALPNProtocols: [protocol] });
  const byPort = new Map<string, Socket>();
  const keyOf = (socket: Socket): string => `${socket.remoteAddress ?? ''} ${String(socket.remotePort)}`;
  secured.on('connection', (tcp: Socket) => byPort.set(keyOf(tcp), tcp));
  secured.on('secureConnection', (socket) => {
    const tcp = byPort.get(keyOf(socket));
    if (tcp === undefined) throw new Error('no TCP socket below TLS');
    accept(socket, tcp);
  });
  secured.on('tlsClientError', () => {});
  return secured;
}
