import type { TLSSocket } from 'node:tls';
import { certificateChain } from './certificates.ts';
import type { EndingCode, EndingFacts } from './endings.ts';

/** No connection came about. */
export interface ConnectFailure {
  readonly fault: EndingFacts;
  /** The server speaks none of the protocols that were offered. */
  readonly isProtocolRefused?: boolean;
}

/** Why no connection came about, for a person, from the error of the socket. `tried`: the addresses of the name. */
export function connectFault(error: Error | null, url: URL, tried: readonly string[]): EndingFacts {
  const code = errorCode(error);
  const where = whereText(url, tried);
  switch (code) {
    case 'ENOTFOUND':
      return refused(
        'end/dns',
        `No address is known for the name “${url.hostname}”. Check its spelling, and that this machine can reach a name server.`,
      );
    case 'EAI_AGAIN':
      return refused(
        'end/dns',
        `The name server did not answer for “${url.hostname}”. Check the network and try again.`,
      );
    case 'ECONNREFUSED':
      return refused(
        'end/connect-refused',
        `Nothing accepts connections at ${where}. Is the server running, and is the port right?`,
      );
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return refused(
        'end/unreachable',
        `There is no route to ${where} (${code}). Check the network, a VPN or the address.`,
      );
    case 'ETIMEDOUT':
      return refused('end/connect-timeout', `${where} did not answer: the system gave up connecting.`);
    case 'ECONNRESET':
      return refused('end/connect-failed', `${where} reset the connection while it was being made.`);
    default:
      if (code.startsWith('EAI_') || error?.message.includes('getaddrinfo') === true) {
        return refused('end/dns', `The name “${url.hostname}” could not be resolved (${code}).`);
      }
      return refused(
        'end/connect-failed',
        `Connecting to ${where} failed: ${error?.message ?? 'the socket was closed'}.`,
      );
  }
}

/** @param proxy the name of the proxy on the way; null: none */
export function connectTimeoutFault(
  millis: number,
  url: URL,
  tried: readonly string[],
  proxy: string | null = null,
): EndingFacts {
  const where = whereText(url, tried);
  const through = proxy === null ? '' : ` through the proxy ${proxy}`;
  return refused(
    'end/connect-timeout',
    `No connection to ${where}${through} within ${secondsText(millis)}. The limit can be raised.`,
  );
}

/** Why the proxy on the way could not be reached, or TLS with it did not come about. `cause`: as for any other server. */
export function proxyFault(
  code: 'end/proxy-refused' | 'end/proxy-tls',
  proxy: string,
  cause: EndingFacts,
): EndingFacts {
  const what = code === 'end/proxy-refused' ? 'cannot be reached' : 'cannot be spoken to over TLS';
  return refused(code, `The proxy ${proxy} ${what}. ${cause.message}`);
}

/** Why a Unix socket could not be connected to. */
export function unixSocketFault(error: Error | null, path: string): EndingFacts {
  const fault = (message: string): EndingFacts => refused('end/unix-socket', message);
  switch (errorCode(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return fault(`There is no Unix socket “${path}”. Check the path, and that the server is running.`);
    case 'EACCES':
    case 'EPERM':
      return fault(`The Unix socket “${path}” may not be connected to. Check its permissions and your groups.`);
    case 'ENOTSOCK':
      return fault(`“${path}” is no Unix socket. Check the path.`);
    case 'ECONNREFUSED':
      return fault(
        `Nothing listens at “${path}”: it is no socket, or its server has gone. Start the server, or check the path.`,
      );
    default:
      return fault(`Connecting to the Unix socket “${path}” failed: ${error?.message ?? 'it was closed'}.`);
  }
}

/** Why TLS did not come about on a TCP connection that stands. `error` null: the peer closed without a word. */
export function handshakeFault(error: Error | null, url: URL, tried: readonly string[]): EndingFacts {
  const code = errorCode(error);
  const where = whereText(url, tried);
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST/.test(code)) {
    return refused('end/tls-handshake', `${where} does not speak TLS on this port. Try the address with http://.`);
  }
  if (error === null || code === 'ECONNRESET' || code === 'EPIPE') {
    return refused('end/tls-handshake', `${where} closed the connection during the TLS handshake.`);
  }
  const reason = reasonText(error);
  const hint = reason.endsWith('alert handshake failure')
    ? ' It may want a client certificate, or a version of TLS that is not spoken here.'
    : '';
  return refused('end/tls-handshake', `The TLS handshake with ${where} failed: ${reason}.${hint}`);
}

/**
 * TLS that broke after its handshake. Under TLS 1.3 a server refuses the client's certificate only then.
 * @param answered bytes of an answer had come
 */
export function brokenTlsFault(reason: string, bodyBytes: number, answered: boolean): EndingFacts {
  if (!answered && /alert (?:certificate|bad certificate|unknown ca|unsupported certificate)/i.test(reason)) {
    const what = /certificate required/.test(reason)
      ? 'The server wants a client certificate. Choose one for this request.'
      : 'The server did not accept the client certificate. Check that it is the right one and still valid.';
    return refused('end/tls-handshake', `${what} (TLS said: ${reason.replace(/^.*:/, '')}.)`);
  }
  return { code: 'end/tls-broken', message: `The encrypted connection broke: ${reason}.`, offset: bodyBytes };
}

/** HTTP/2 alone was asked for, and the server chose another protocol or none. */
export function notNegotiatedFault(url: URL): EndingFacts {
  return refused(
    'end/http2-not-negotiated',
    `${url.host} does not take HTTP/2, and this request allows nothing else. Let the version be chosen, or ask for HTTP/1.1.`,
  );
}

/** Why a certificate was refused. `problem`: the verifier's code. */
export function certificateFault(problem: string, url: URL, tls: TLSSocket): EndingFacts {
  const leaf = certificateChain(tls.getPeerCertificate(true))[0];
  const wayOut = 'If you trust this server, add its certificate as trusted, or allow insecure TLS for this request.';
  return refused('end/tls-certificate', `The certificate of ${url.host} was refused: ${certificateReason()} ${wayOut}`);

  function certificateReason(): string {
    switch (problem) {
      case 'CERT_HAS_EXPIRED':
        return `it expired on ${leaf?.validTo.slice(0, 10) ?? 'an unknown date'}.`;
      case 'CERT_NOT_YET_VALID':
        return `it is valid only from ${leaf?.validFrom.slice(0, 10) ?? 'an unknown date'}.`;
      case 'ERR_TLS_CERT_ALTNAME_INVALID':
        return `it is made for ${leaf?.altNames ?? leaf?.subject ?? 'other names'}, not for “${url.hostname}”.`;
      case 'DEPTH_ZERO_SELF_SIGNED_CERT':
        return 'it is self-signed.';
      case 'SELF_SIGNED_CERT_IN_CHAIN':
        return 'its chain ends in a self-signed certificate that is not trusted.';
      case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      case 'UNABLE_TO_GET_ISSUER_CERT':
      case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
        return `its issuer (${leaf?.issuer ?? 'unknown'}) is not trusted or not sent along.`;
      case 'CERT_REVOKED':
        return 'it was revoked.';
      default:
        return `it does not verify (${problem}).`;
    }
  }
}

/** `800 ms`, `30 s`. */
export function secondsText(millis: number): string {
  return millis < 1000 ? `${String(millis)} ms` : `${String(Math.round(millis / 100) / 10)} s`;
}

/** The system's or library's code of an error; of several attempts, that of the first. */
export function errorCode(error: Error | null): string {
  if (error === null) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error instanceof AggregateError) {
    const first: unknown = error.errors[0];
    if (first instanceof Error) return errorCode(first);
  }
  return '';
}

function reasonText(error: Error): string {
  return 'reason' in error && typeof error.reason === 'string' ? error.reason : error.message;
}

function whereText(url: URL, tried: readonly string[]): string {
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  const host = `${url.hostname}:${port}`;
  const others = tried.filter((address) => address !== url.hostname && `[${address}]` !== url.hostname);
  return others.length === 0 ? host : `${host} (${others.slice(0, 4).join(', ')})`;
}

function refused(code: EndingCode, message: string): EndingFacts {
  return { code, message, offset: null };
}
