import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Mark } from '../../shared/recording.ts';
import type { ClientCertificate } from '../../shared/request.ts';
import type { Micros } from '../../shared/words.ts';
import { connectFault, connectTimeoutFault, proxyFault, unixSocketFault, type ConnectFailure } from './connectFault.ts';
import { connectTcp, type TcpTarget } from './connectTcp.ts';
import type { EndingFacts } from './endings.ts';
import type { Proxy } from './proxy.ts';
import { secureConnection, type HttpProtocol } from './secureConnection.ts';
import type { TlsTransport } from './tlsTransport.ts';
import { openTunnel } from './tunnel.ts';

/**
 * An open connection, handed over with no error pending. Bytes that came already wait in the carrier's read buffer. The
 * receiver destroys `tcp`.
 */
export interface Connection {
  readonly tcp: Socket;
  /** Carries HTTP: the TCP socket itself, or TLS over it. */
  readonly carrier: Socket | TLSSocket;
  /** Under the carrier when that is TLS; null for plain connections. */
  readonly tlsTransport: TlsTransport | null;
  /** What is spoken on it: negotiated under TLS (ALPN), known beforehand without. */
  readonly protocol: HttpProtocol;
  /**
   * Not null: the other end is this proxy and no tunnel, so requests name their target in absolute form and carry the
   * proxy's authorization (RFC 9112 §3.2.2).
   */
  readonly forwardProxy: Proxy | null;
}

export interface DialOptions {
  readonly url: URL;
  readonly connectTimeoutMillis: number;
  readonly insecureTls: boolean;
  readonly caPem: string | undefined;
  readonly clientCertificate: ClientCertificate | undefined;
  readonly httpVersion: 'auto' | '1.1' | '2';
  /** Null: directly. */
  readonly proxy: Proxy | null;
  /** Connected to in place of the URL's host; undefined: not. */
  readonly unixSocketPath: string | undefined;
  /** Aborts the attempt; every socket is then closed. */
  readonly signal: AbortSignal;
  readonly now: () => Micros;
  readonly mark: (mark: Mark) => void;
}

export type Dialled = { readonly connection: Connection } | ConnectFailure | 'aborted';

const offeredProtocols = {
  auto: ['h2', 'http/1.1'],
  '1.1': ['http/1.1'],
  '2': ['h2'],
} as const satisfies Readonly<Record<DialOptions['httpVersion'], readonly HttpProtocol[]>>;

/**
 * Connects to the server of a URL, or to the proxy or Unix socket on the way, and where the URL says so shakes hands,
 * with a mark for each step. Never rejects.
 */
export async function dial(options: DialOptions): Promise<Dialled> {
  const { signal } = options;
  if (signal.aborted) return 'aborted';
  const attempt = new Attempt(options);
  const interrupted = new Promise<Dialled>((resolve) => {
    attempt.interrupt = resolve;
  });
  const timer = setTimeout(() => attempt.interrupt({ fault: attempt.timeoutFault() }), options.connectTimeoutMillis);
  const onAbort = (): void => attempt.interrupt('aborted');
  signal.addEventListener('abort', onAbort, { once: true });
  const result = await Promise.race([attempt.run(), interrupted]);
  attempt.over = true;
  clearTimeout(timer);
  signal.removeEventListener('abort', onAbort);
  if (result === 'aborted' || 'fault' in result) await attempt.close();
  return result;
}

class Attempt {
  over = false;
  interrupt: (result: Dialled) => void = () => {};
  readonly #options: DialOptions;
  #tcp: Socket | null = null;
  #tried: readonly string[] = [];

  constructor(options: DialOptions) {
    this.#options = options;
  }

  async run(): Promise<Dialled> {
    const { url, proxy, httpVersion, now } = this.#options;
    const target = this.#target();
    const connecting = connectTcp({
      target,
      proxy: proxy?.name ?? null,
      now,
      mark: this.#mark,
      resolved: (addresses) => {
        this.#tried = addresses;
      },
    });
    const tcp = connecting.socket;
    this.#tcp = tcp;
    const error = await connecting.connected;
    if (error !== null) return { fault: this.#connectFault(error === 'closed' ? null : error, target) };

    let carrier: Socket | TLSSocket = tcp;
    let tlsTransport: TlsTransport | null = null;
    if (proxy?.url.protocol === 'https:') {
      const made = await secureConnection({
        ...this.#options,
        socket: tcp,
        url: proxy.url,
        tried: this.#tried,
        // Trusting a server without a proof is no word about the proxy.
        insecureTls: false,
        clientCertificate: undefined,
        protocols: ['http/1.1'],
        proxy: proxy.name,
        mark: this.#mark,
      });
      if ('fault' in made) return { fault: proxyFault('end/proxy-tls', proxy.name, made.fault) };
      carrier = made.secured;
      tlsTransport = made.transport;
    }
    const secure = url.protocol === 'https:';
    // Without TLS nothing is negotiated: HTTP/2 only where somebody knows that the server speaks it.
    const knownProtocol = httpVersion === '2' ? 'h2' : 'http/1.1';
    if (proxy !== null) {
      if (!secure && knownProtocol === 'http/1.1') {
        return { connection: { tcp, carrier, tlsTransport, protocol: knownProtocol, forwardProxy: proxy } };
      }
      const fault = await openTunnel(carrier, proxy, authorityOf(url));
      if (fault !== null) return { fault };
      this.#mark({ name: 'tunnel', atMicros: now(), facts: { proxy: proxy.name } });
    }
    if (!secure) return { connection: { tcp, carrier, tlsTransport, protocol: knownProtocol, forwardProxy: null } };
    const made = await secureConnection({
      ...this.#options,
      socket: carrier,
      tried: proxy === null ? this.#tried : [],
      protocols: offeredProtocols[httpVersion],
      proxy: null,
      mark: this.#mark,
    });
    if ('fault' in made) return made;
    const { secured, transport, protocol } = made;
    return { connection: { tcp, carrier: secured, tlsTransport: transport, protocol, forwardProxy: null } };
  }

  timeoutFault(): EndingFacts {
    const { connectTimeoutMillis, url, proxy } = this.#options;
    return connectTimeoutFault(connectTimeoutMillis, url, proxy === null ? this.#tried : [], proxy?.name ?? null);
  }

  async close(): Promise<void> {
    const tcp = this.#tcp;
    if (tcp === null || tcp.closed) return;
    await new Promise<void>((resolve) => {
      tcp.once('close', () => resolve());
      tcp.destroy();
    });
  }

  readonly #mark = (mark: Mark): void => {
    if (!this.over) this.#options.mark(mark);
  };

  #target(): TcpTarget {
    const { url, proxy, unixSocketPath } = this.#options;
    if (unixSocketPath !== undefined) return { kind: 'unix', path: unixSocketPath };
    const peer = proxy?.url ?? url;
    const host = peer.hostname.startsWith('[') ? peer.hostname.slice(1, -1) : peer.hostname;
    return { kind: 'host', host, port: portOf(peer) };
  }

  #connectFault(error: Error | null, target: TcpTarget): EndingFacts {
    const { url, proxy } = this.#options;
    if (target.kind === 'unix') return unixSocketFault(error, target.path);
    const fault = connectFault(error, proxy?.url ?? url, this.#tried);
    return proxy === null ? fault : proxyFault('end/proxy-refused', proxy.name, fault);
  }
}

function portOf(url: URL): number {
  return url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
}

function authorityOf(url: URL): string {
  return `${url.hostname}:${String(portOf(url))}`;
}
