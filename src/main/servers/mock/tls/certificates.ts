import { randomBytes } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { BadCertificate } from '../../../../engine/mock/faults/effect.ts';

/** Which certificate a port has: the good one, or one that no client should accept. */
export type CertificateKind = 'trusted' | BadCertificate;

export interface Certificates {
  /** PEM of the authority behind all of them but `self-signed`. */
  readonly authorityPem: string;
  contextOf(kind: CertificateKind): Promise<SecureContext>;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const dayMillis = 86_400_000;
/** The longest that clients take from an authority they know. */
const validMillis = 397 * dayMillis;
const names = { authority: 'CN=Streamscope mock authority', server: 'CN=localhost', elsewhere: 'CN=elsewhere.invalid' };

/**
 * An authority made for this run of the server, and certificates by it. Keys are only held in memory. The library is
 * loaded here and not with the server: nobody pays for it who speaks no TLS.
 */
export async function createCertificates(host: string): Promise<Certificates> {
  // The library's container of parts wants it before it is loaded.
  await import('reflect-metadata');
  const { BasicConstraintsExtension, KeyUsageFlags, KeyUsagesExtension, SubjectAlternativeNameExtension, ...x509 } =
    await import('@peculiar/x509');
  const { ExtendedKeyUsageExtension, X509CertificateGenerator } = x509;
  // Its own view of Web Crypto: the types of the runtime are newer.
  const { subtle } = x509.cryptoProvider.get();
  const keys = () => subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const since = new Date(Date.now() - dayMillis);
  const until = new Date(since.getTime() + validMillis);
  const authorityKeys = await keys();
  const authority = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: names.authority,
    notBefore: since,
    notAfter: until,
    signingAlgorithm: algorithm,
    keys: authorityKeys,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  const isAddress = /^[\d.]+$|:/.test(host);
  const ownNames = new SubjectAlternativeNameExtension([
    { type: 'dns', value: 'localhost' },
    { type: 'dns', value: '*.localhost' },
    ...['127.0.0.1', '127.0.0.2', '::1', ...(isAddress ? [host] : [])]
      .filter((value, at, all) => all.indexOf(value) === at)
      .map((value) => ({ type: 'ip' as const, value })),
  ]);
  const otherNames = new SubjectAlternativeNameExtension([{ type: 'dns', value: 'elsewhere.invalid' }]);

  async function make(kind: CertificateKind): Promise<SecureContext> {
    const own = await keys();
    const isSelfSigned = kind === 'self-signed';
    const subject = kind === 'wrong-name' ? names.elsewhere : names.server;
    const certificate = await X509CertificateGenerator.create({
      serialNumber: serialNumber(),
      subject,
      issuer: isSelfSigned ? subject : authority.subject,
      notBefore: kind === 'expired' ? new Date(Date.UTC(2019, 0, 1)) : since,
      notAfter: kind === 'expired' ? new Date(Date.UTC(2020, 0, 1)) : until,
      signingAlgorithm: algorithm,
      publicKey: own.publicKey,
      signingKey: isSelfSigned ? own.privateKey : authorityKeys.privateKey,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.1']),
        kind === 'wrong-name' ? otherNames : ownNames,
      ],
    });
    const key = await subtle.exportKey('pkcs8', own.privateKey);
    return createSecureContext({
      key: `-----BEGIN PRIVATE KEY-----\n${Buffer.from(key).toString('base64')}\n-----END PRIVATE KEY-----\n`,
      cert: certificate.toString('pem'),
    });
  }

  const made = new Map<CertificateKind, Promise<SecureContext>>();
  return {
    authorityPem: authority.toString('pem'),
    contextOf: (kind) => {
      const before = made.get(kind) ?? make(kind);
      made.set(kind, before);
      return before;
    },
  };
}

/** 16 random bytes in hexadecimal, as a positive number. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x01;
  return bytes.toString('hex');
}
