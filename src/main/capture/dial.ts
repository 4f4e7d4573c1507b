import { lookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import tls, { type TLSSocket } from 'node:tls';
import type { Mark, MarkFacts } from '../../shared/recording.ts';
import type { Micros } from '../../shared/words.ts';
import { certificateChain } from './certificates.ts';
import {
  certificateFault,
  connectFault,
  connectTimeoutFault,
  errorCode,
  handshakeFault,
  notNegotiatedFault,
} from './connectFault.ts';
import type { EndingFacts } from './endings.ts';
import { TlsTransport } from './tlsTransport.ts';

/** An open connection, handed over with no byte read and no error pending. The receiver destroys `tcp`. */
export interface Connection {
  readonly tcp: Socket;
  /** Carries HTTP: the TCP socket itself, or TLS over it. */
  readonly carrier: Socket | TLSSocket;
  /** Between TCP and TLS; null for plain connections. */
  readonly tlsTransport: TlsTransport | null;
  /** What is spoken on it: negotiated under TLS (ALPN), known beforehand without. */
  readonly protocol: HttpProtocol;
}

/** By their ALPN names (RFC 9112 §9, RFC 9113 §3.1). */
export type HttpProtocol = 'http/1.1' | 'h2';

export interface DialOptions {
  readonly url: URL;
  readonly connectTimeoutMillis: number;
  readonly insecureTls: boolean;
  readonly caPem: string | undefined;
  readonly httpVersion: 'auto' | '1.1' | '2';
  /** Aborts the attempt; every socket is then closed. */
  readonly signal: AbortSignal;
  readonly now: () => Micros;
  readonly mark: (mark: Mark) => void;
}

export type Dialled = { readonly connection: Connection } | { readonly fault: EndingFacts } | 'aborted';

const offeredProtocols = {
  auto: ['h2', 'http/1.1'],
  '1.1': ['http/1.1'],
  '2': ['h2'],
} as const satisfies Readonly<Record<DialOptions['httpVersion'], readonly HttpProtocol[]>>;

/**
 * Resolves, connects (happy eyeballs, RFC 8305) and where the URL says so shakes hands, with a mark for each step.
 * A certificate is verified here and not by the TLS library, so that its facts are in the `tls` mark even when it is
 * refused; nothing is sent before that. Never rejects.
 */
export function dial(options: DialOptions): Promise<Dialled> {
  const { url, signal, now } = options;
  return new Promise((resolve) => {
    const secure = url.protocol === 'https:';
    const host = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname;
    const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
    let tried: readonly string[] = [];
    let settled = false;
    let isConnected = false;

    const settle = (result: Dialled): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      tcp.off('error', onTcpError);
      tcp.off('close', onTcpClose);
      if (typeof result === 'object' && 'connection' in result) {
        resolve(result);
        return;
      }
      // Errors may still follow from operations in flight; the attempt has its result already.
      tcp.on('error', ignoreLateError);
      if (!tcp.destroyed || !tcp.closed) {
        tcp.once('close', () => resolve(result));
        tcp.destroy();
      } else resolve(result);
    };
    const onAbort = (): void => settle('aborted');
    const onTcpError = (error: Error): void => {
      const fault = isConnected ? handshakeFault : connectFault;
      settle({ fault: fault(error, url, tried) });
    };
    const onTcpClose = (): void => {
      settle({ fault: (isConnected ? handshakeFault : connectFault)(null, url, tried) });
    };

    const watchedLookup: LookupFunction = (name, lookupOptions: LookupOptions, callback) => {
      lookup(name, { ...lookupOptions, all: true }, (error, found: LookupAddress[]) => {
        const atMicros = now();
        if (error === null) {
          tried = found.map((entry) => entry.address);
          if (!settled) options.mark({ name: 'dns', atMicros, facts: { addresses: tried } });
        }
        if (lookupOptions.all === true) callback(error, error === null ? found : []);
        else callback(error, found[0]?.address ?? '', found[0]?.family);
      });
    };

    const timer = setTimeout(() => {
      settle({ fault: connectTimeoutFault(options.connectTimeoutMillis, url, tried) });
    }, options.connectTimeoutMillis);
    if (isIP(host) !== 0) tried = [host];
    const tcp = connectTcp({ host, port, lookup: watchedLookup, autoSelectFamily: true, noDelay: true });
    tcp.on('error', onTcpError);
    tcp.on('close', onTcpClose);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) {
      onAbort();
      return;
    }
    tcp.once('connect', () => {
      const atMicros = now();
      isConnected = true;
      if (settled) return;
      options.mark({ name: 'connect', atMicros, facts: addressFacts(tcp) });
      if (!secure) {
        // Without TLS nothing is negotiated: HTTP/2 only where somebody knows that the server speaks it.
        const protocol = options.httpVersion === '2' ? 'h2' : 'http/1.1';
        settle({ connection: { tcp, carrier: tcp, tlsTransport: null, protocol } });
        return;
      }
      const tlsTransport = new TlsTransport(tcp);
      const secured = tls.connect({
        socket: tlsTransport,
        host,
        ...(isIP(host) === 0 ? { servername: host } : {}),
        ALPNProtocols: [...offeredProtocols[options.httpVersion]],
        rejectUnauthorized: false,
        ...(options.caPem === undefined ? {} : { ca: [...trustedByDefault(), options.caPem] }),
      });
      secured.on('error', (error: Error) => {
        const refusedProtocol = errorCode(error) === 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL';
        const fault = refusedProtocol && options.httpVersion === '2' ? notNegotiatedFault(url) : null;
        settle({ fault: fault ?? handshakeFault(error, url, tried) });
      });
      secured.once('close', () => settle({ fault: handshakeFault(null, url, tried) }));
      secured.once('secureConnect', () => {
        const secureAtMicros = now();
        if (settled) return;
        const problem = secured.authorized ? null : verificationProblem(secured);
        options.mark({ name: 'tls', atMicros: secureAtMicros, facts: tlsFacts(secured, problem) });
        if (problem !== null && !options.insecureTls) settle({ fault: certificateFault(problem, url, secured) });
        else {
          const protocol = secured.alpnProtocol === 'h2' ? 'h2' : 'http/1.1';
          if (options.httpVersion === '2' && protocol !== 'h2') settle({ fault: notNegotiatedFault(url) });
          else settle({ connection: { tcp, carrier: secured, tlsTransport, protocol } });
        }
      });
    });
  });
}

function ignoreLateError(): void {
  // The cause is already told; what destroying the socket adds to it says nothing new.
}

/** The code of why a certificate was not accepted. The declared type is Error, the runtime gives a string. */
function verificationProblem(socket: TLSSocket): string {
  const problem: unknown = socket.authorizationError;
  if (typeof problem === 'string') return problem;
  if (problem instanceof Error)
    return 'code' in problem && typeof problem.code === 'string' ? problem.code : problem.message;
  return 'unknown reason';
}

function tlsFacts(socket: TLSSocket, problem: string | null): MarkFacts {
  const cipher = socket.getCipher();
  return {
    tlsVersion: socket.getProtocol() ?? 'unknown',
    cipher: cipher.standardName,
    ...(typeof socket.alpnProtocol === 'string' ? { alpn: socket.alpnProtocol } : {}),
    certificates: certificateChain(socket.getPeerCertificate(true)),
    ...(problem === null ? {} : { reason: problem }),
  };
}

function addressFacts(tcp: Socket): MarkFacts {
  return {
    remote: addressText(tcp.remoteAddress, tcp.remotePort),
    local: addressText(tcp.localAddress, tcp.localPort),
  };
}

function addressText(address: string | undefined, port: number | undefined): string {
  const host = address ?? 'unknown';
  return `${host.includes(':') ? `[${host}]` : host}:${String(port ?? 0)}`;
}

function trustedByDefault(): readonly string[] {
  // Node 20 has no way to ask for what the operator added; the bundled roots are its default.
  const runtime: Partial<Pick<typeof tls, 'getCACertificates'>> = tls;
  return runtime.getCACertificates?.('default') ?? tls.rootCertificates;
}
