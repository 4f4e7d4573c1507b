import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { trustedCertificate, type TestCertificate } from './testCertificates.ts';

/** One accepted connection whose answer is written byte by byte, without an HTTP library to keep it honest. */
export interface Peer {
  /** The request as far as it was read. */
  readonly request: string;
  /** Resolves when these bytes are with the kernel. */
  write(bytes: string | Uint8Array): Promise<void>;
  /** FIN, under TLS after close_notify. */
  close(): void;
  /** FIN without close_notify. The same as `close` on a plain connection. */
  cut(): void;
  /** RST. */
  reset(): void;
  /** Resolves when the client has closed the connection. */
  readonly gone: Promise<void>;
}

export type Performance = (peer: Peer) => Promise<void> | void;

export interface FaultServer {
  readonly url: string;
  /** Requests as they were received, oldest first. */
  readonly requests: readonly string[];
  /** Connections that are open now. */
  readonly openConnections: number;
  close(): Promise<void>;
}

export interface FaultServerOptions {
  readonly certificate?: TestCertificate;
  readonly host?: string;
}

/** Answers each request (whose body, if any, has a Content-Length) with `perform`. */
export async function startFaultServer(
  scheme: 'http' | 'https',
  perform: Performance,
  options: FaultServerOptions = {},
): Promise<FaultServer> {
  const requests: string[] = [];
  const connections = new Set<Socket>();
  const accept = (socket: Socket | TLSSocket, tcp: Socket): void => {
    const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    // Faults are the purpose here; what the client makes of them is what the tests look at.
    socket.on('error', () => {});
    let request = Buffer.alloc(0);
    const onData = (bytes: Buffer): void => {
      request = Buffer.concat([request, bytes]);
      const text = request.toString('latin1');
      const headEnd = text.indexOf('\r\n\r\n');
      if (headEnd < 0) return;
      const length = Number(/^content-length: *(\d+)/im.exec(text)?.[1] ?? 0);
      if (request.byteLength < headEnd + 4 + length) return;
      socket.off('data', onData);
      socket.resume();
      requests.push(text);
      void perform({
        request: text,
        write: (bytes_) =>
          new Promise<void>((resolve) => {
            socket.write(bytes_, () => resolve());
          }),
        close: () => socket.end(),
        cut: () => tcp.end(),
        reset: () => {
          // Lets what was written go out as a segment of its own before the reset overtakes it.
          void nextTurn().then(() => tcp.resetAndDestroy());
        },
        gone,
      });
    };
    socket.on('data', onData);
  };
  const server =
    scheme === 'http' ? createTcpServer((socket) => accept(socket, socket)) : secureServer(options, accept);
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => connections.delete(socket));
  });
  const host = options.host ?? '127.0.0.1';
  server.listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `${scheme}://${host.includes(':') ? `[${host}]` : host}:${String(address.port)}/stream`,
    requests,
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

function secureServer(options: FaultServerOptions, accept: (socket: TLSSocket, tcp: Socket) => void): Server {
  const { key, cert } = options.certificate ?? trustedCertificate;
  // TLS sockets do not name the TCP socket below them, so the server is put on top of accepted ones by hand.
  const secured = createTlsServer({ key, cert, ALPNProtocols: ['http/1.1'] });
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
