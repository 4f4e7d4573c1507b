import { isIP, type Socket } from 'node:net';
import tls, { type TLSSocket } from 'node:tls';
import type { Mark, MarkFacts } from '../../shared/recording.ts';
import type { ClientCertificate } from '../../shared/request.ts';
import type { Micros } from '../../shared/words.ts';
import { certificateChain } from './certificates.ts';
import {
  certificateFault,
  errorCode,
  handshakeFault,
  notNegotiatedFault,
  type ConnectFailure,
} from './connectFault.ts';
import { TlsTransport } from './tlsTransport.ts';

/** By their ALPN names (RFC 9112 §9, RFC 9113 §3.1). */
export type HttpProtocol = 'http/1.1' | 'h2';

export interface SecureOptions {
  /** Carries the encrypted bytes: a TCP socket, or TLS with a proxy. */
  readonly socket: Socket;
  /** Whose certificate it has to be. */
  readonly url: URL;
  /** Addresses of it, for sentences. */
  readonly tried: readonly string[];
  readonly insecureTls: boolean;
  readonly caPem: string | undefined;
  readonly clientCertificate: ClientCertificate | undefined;
  /** Offered by ALPN, best first. */
  readonly protocols: readonly HttpProtocol[];
  /** Name of the proxy, when it is the proxy that TLS is made with. */
  readonly proxy: string | null;
  readonly now: () => Micros;
  readonly mark: (mark: Mark) => void;
}

export interface SecureConnection {
  readonly secured: TLSSocket;
  readonly transport: TlsTransport;
  readonly protocol: HttpProtocol;
}

/**
 * Shakes hands and adds the `tls` mark. The certificate is verified here and not by the TLS library, so that its facts
 * are in the mark even when it is refused; nothing is sent before that. Never rejects; the socket stays the caller's.
 */
export function secureConnection(options: SecureOptions): Promise<SecureConnection | ConnectFailure> {
  const { socket, url, tried, protocols } = options;
  return new Promise((resolve) => {
    const host = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname;
    const transport = new TlsTransport(socket);
    const { clientCertificate } = options;
    const secured = tls.connect({
      socket: transport,
      host,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ALPNProtocols: [...protocols],
      rejectUnauthorized: false,
      ...(options.caPem === undefined ? {} : { ca: [...trustedByDefault(), options.caPem] }),
      ...(clientCertificate === undefined ? {} : contextOf(clientCertificate)),
    });
    const onlyHttp2 = protocols.length === 1 && protocols[0] === 'h2';
    // Its listeners stay: whatever comes after the result has somebody who hears it.
    secured.on('error', (error: Error) => {
      const refusedProtocol = errorCode(error) === 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL';
      const fault = refusedProtocol && onlyHttp2 ? notNegotiatedFault(url) : handshakeFault(error, url, tried);
      resolve({ fault, isProtocolRefused: refusedProtocol });
    });
    secured.once('close', () => resolve({ fault: handshakeFault(null, url, tried) }));
    socket.once('error', (error: Error) => resolve({ fault: handshakeFault(error, url, tried) }));
    secured.once('secureConnect', () => {
      const atMicros = options.now();
      const problem = secured.authorized ? null : verificationProblem(secured);
      options.mark({ name: 'tls', atMicros, facts: { ...tlsFacts(secured, problem), ...proxyFact(options.proxy) } });
      const protocol = secured.alpnProtocol === 'h2' ? 'h2' : 'http/1.1';
      if (problem !== null && !options.insecureTls) resolve({ fault: certificateFault(problem, url, secured) });
      else if (onlyHttp2 && protocol !== 'h2') resolve({ fault: notNegotiatedFault(url) });
      else resolve({ secured, transport, protocol });
    });
  });
}

function contextOf({ certificatePem, keyPem, passphrase }: ClientCertificate): tls.SecureContextOptions {
  return { cert: certificatePem, key: keyPem, ...(passphrase === undefined ? {} : { passphrase }) };
}

function proxyFact(proxy: string | null): MarkFacts {
  return proxy === null ? {} : { proxy };
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

function trustedByDefault(): readonly string[] {
  // Node 20 has no way to ask for what the operator added; the bundled roots are its default.
  const runtime: Partial<Pick<typeof tls, 'getCACertificates'>> = tls;
  return runtime.getCACertificates?.('default') ?? tls.rootCertificates;
}
