import { createServer, type Server } from 'node:net';
import { isOwnHost } from '../ownHost.ts';
import { listenOnFreePort } from '../listenOnFreePort.ts';
import { ClientConnection, type ClientExchange } from './clientConnection.ts';
import { errorAnswer } from './errorAnswer.ts';
import { valuesOf } from './requestHead.ts';

export interface ProxyServerOptions {
  /** Default: 127.0.0.2 on Linux, so that the proxy is never of one origin or host with the window; else `localhost`. */
  readonly host?: string;
  /** The port wanted; the next free one is taken when it is in use. 0: any. */
  readonly port: number;
  /** Takes every request that is for a name of this machine; the answer is written to it. */
  readonly onExchange: (exchange: ClientExchange) => void;
}

export interface ProxyAddress {
  readonly host: string;
  readonly port: number;
  /** `http://host:port`, without a slash at the end. */
  readonly url: string;
  /** The address that is listened at, as the system writes it. */
  readonly boundTo: string;
  /** The port asked for; another than `port` when that one was in use. */
  readonly wantedPort: number;
}

export interface ProxyServer {
  readonly address: ProxyAddress;
  /** Ends every connection and closes; resolves when the port is free. */
  stop(): Promise<void>;
}

const fallbackHost = 'localhost';

/** Starts to listen. Rejects with the system's error where no port can be had, or when the signal aborts. */
export async function startProxyServer(options: ProxyServerOptions, signal: AbortSignal): Promise<ProxyServer> {
  const host = options.host ?? (process.platform === 'linux' ? '127.0.0.2' : fallbackHost);
  const connections = new Set<ClientConnection>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const connection = new ClientConnection(socket, (exchange) => {
      if (isOwnHost(valuesOf(exchange.head.headers, 'host')[0])) options.onExchange(exchange);
      else refuseHost(exchange);
    });
    connections.add(connection);
    socket.once('close', () => connections.delete(connection));
  });
  const bound = await listenOnFreePort(server, { host, fallbackHost, port: options.port }, signal);
  const urlHost = bound.host.includes(':') ? `[${bound.host}]` : bound.host;
  return {
    address: {
      ...bound,
      boundTo: boundAddress(server),
      url: `http://${urlHost}:${String(bound.port)}`,
      wantedPort: options.port,
    },
    stop: async () => {
      const closed = close(server);
      for (const connection of connections) connection.destroy();
      await closed;
    },
  };
}

function refuseHost({ answer }: ClientExchange): void {
  const { status, statusText, headers, body } = errorAnswer({
    status: 421,
    code: 'foreign-host',
    message: 'The proxy answers only to localhost and 127.x.x.x.',
    wayOut: 'Ask it by one of these names.',
  });
  answer.respond(status, statusText, headers, body);
}

function boundAddress(server: Server): string {
  const address = server.address();
  return address === null || typeof address === 'string' ? '' : address.address;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
