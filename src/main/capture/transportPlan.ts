import { createPrivateKey, X509Certificate } from 'node:crypto';
import tls from 'node:tls';
import { readCookieFile } from '../../engine/request/cookieFile.ts';
import { failed, succeeded, type Failure, type Outcome } from '../../shared/failure.ts';
import type { ClientCertificate, RequestOptions } from '../../shared/request.ts';
import { errorCode } from './connectFault.ts';
import { proxyFor, type Environment } from './proxy.ts';
import type { RequestPlan } from './requestPlan.ts';

/**
 * The plan again, once it is sure that it can be carried as its options say; nothing is opened. Failures are
 * `request/invalid-proxy`, `request/invalid-certificate` and `request/invalid-cookie-file`.
 */
export function checkTransport(
  plan: RequestPlan,
  options: RequestOptions,
  environment: Environment,
): Outcome<RequestPlan> {
  if (options.unixSocketPath !== undefined && options.proxy?.kind === 'url') {
    const message = 'A Unix socket and a proxy exclude each other: the request goes to one of them. Take one out.';
    return failed({ code: 'request/invalid-proxy', message });
  }
  if (options.unixSocketPath === undefined) {
    const proxy = proxyFor(plan.url, options.proxy ?? { kind: 'environment' }, environment);
    if (!proxy.ok) return proxy;
  }
  const problem =
    cookieFileProblem(options) ??
    (options.caPem === undefined ? null : trustProblem(options.caPem)) ??
    (options.clientCertificate === undefined ? null : clientCertificateProblem(options.clientCertificate));
  return problem === null ? succeeded(plan) : failed(problem);
}

function cookieFileProblem({ cookieFileText }: RequestOptions): Failure | null {
  const read = cookieFileText === undefined ? null : readCookieFile(cookieFileText);
  return read === null || read.ok ? null : { code: 'request/invalid-cookie-file', message: read.message };
}

const pemCertificate =
  /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^-]*-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;

/** Why PEM text cannot be what is to be trusted; null: it can. */
export function trustProblem(pem: string): Failure | null {
  const certificates = pem.match(pemCertificate) ?? [];
  if (certificates.length > 0 && certificates.every(isCertificate)) return null;
  return invalid(
    certificates.length === 0
      ? 'What is to be trusted holds no certificate in PEM: it should have “-----BEGIN CERTIFICATE-----” in it. openssl x509 -inform DER converts other files.'
      : 'What is to be trusted holds a certificate that cannot be read. Export it again.',
  );
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.byteLength > 0;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}

/** The key is opened and held against the certificate: what does not fit is told before a connection is made. */
function clientCertificateProblem({ certificatePem, keyPem, passphrase }: ClientCertificate): Failure | null {
  const [own] = certificatePem.match(pemCertificate) ?? [];
  if (own === undefined || !isCertificate(own)) {
    return invalid('The client certificate is not readable PEM: it should have “-----BEGIN CERTIFICATE-----” in it.');
  }
  if (!/-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/.test(keyPem)) {
    return invalid(
      'The key of the client certificate is not readable PEM: it should have “-----BEGIN PRIVATE KEY-----” in it. Choose the file that holds the key.',
    );
  }
  if (passphrase === undefined && /ENCRYPTED/.test(keyPem)) {
    return invalid('The key of the client certificate is encrypted: its passphrase is needed.');
  }
  try {
    const key = createPrivateKey({ key: keyPem, ...(passphrase === undefined ? {} : { passphrase }) });
    if (!new X509Certificate(own).checkPrivateKey(key)) {
      return invalid(
        'The key is not that of the client certificate: they do not belong together. Choose the other half of the pair.',
      );
    }
    tls.createSecureContext({ cert: certificatePem, key: keyPem, ...(passphrase === undefined ? {} : { passphrase }) });
    return null;
  } catch (error) {
    return invalid(keySentence(error, passphrase));
  }
}

function keySentence(error: unknown, passphrase: string | undefined): string {
  const code = error instanceof Error ? errorCode(error) : '';
  if (
    passphrase !== undefined &&
    /BAD_DECRYPT|BAD_PASSWORD|CIPHERFINAL|PROCESSING_ERROR|UNSUPPORTED|MAC_VERIFY/i.test(code)
  ) {
    return 'The passphrase does not open the key of the client certificate. Check it.';
  }
  const reason = error instanceof Error ? error.message : String(error);
  return `The key of the client certificate cannot be used: ${reason}.`;
}

function invalid(message: string): Failure {
  return { code: 'request/invalid-certificate', message };
}
