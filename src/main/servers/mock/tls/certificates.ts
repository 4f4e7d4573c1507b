import { generateKeyPair, type KeyPairKeyObjectResult } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import { promisify } from 'node:util';
import type { BadCertificate } from '../../../../engine/mock/faults/effect.ts';
import { certificatePem } from './certificate.ts';

/** Which certificate a port has: the good one, or one that no client should accept. */
export type CertificateKind = 'trusted' | BadCertificate;

export interface Certificates {
  /** PEM of the authority behind all of them but `self-signed`. */
  readonly authorityPem: string;
  contextOf(kind: CertificateKind): Promise<SecureContext>;
}

const dayMillis = 86_400_000;
/** The longest that clients take from an authority they know. */
const validMillis = 397 * dayMillis;
const authorityName = 'Streamscope mock authority';
const elsewhere = 'elsewhere.invalid';
const longAgo = { since: new Date(Date.UTC(2019, 0, 1)), until: new Date(Date.UTC(2020, 0, 1)) };

const newKeys = (): Promise<KeyPairKeyObjectResult> => promisify(generateKeyPair)('ec', { namedCurve: 'P-256' });

/**
 * An authority made for this run of the server, and certificates by it (ECDSA on P-256). Keys are only held in memory,
 * so whoever trusts the authority trusts nothing beyond this run.
 * @param host where the server listens
 */
export async function createCertificates(host: string): Promise<Certificates> {
  const since = new Date(Date.now() - dayMillis);
  const valid = { since, until: new Date(since.getTime() + validMillis) };
  const authority = await newKeys();
  const authorityPem = certificatePem({
    ...valid,
    subject: authorityName,
    issuer: authorityName,
    publicKey: authority.publicKey,
    signingKey: authority.privateKey,
    issuerPublicKey: authority.publicKey,
    names: null,
  });
  const ownNames = [
    ...new Set(['localhost', '*.localhost', '127.0.0.1', '127.0.0.2', '::1', ...(isIPv4(host) ? [host] : [])]),
  ];

  async function make(kind: CertificateKind): Promise<SecureContext> {
    const own = await newKeys();
    const isSelfSigned = kind === 'self-signed';
    const subject = kind === 'wrong-name' ? elsewhere : 'localhost';
    const cert = certificatePem({
      ...(kind === 'expired' ? longAgo : valid),
      subject,
      issuer: isSelfSigned ? subject : authorityName,
      publicKey: own.publicKey,
      signingKey: isSelfSigned ? own.privateKey : authority.privateKey,
      issuerPublicKey: isSelfSigned ? own.publicKey : authority.publicKey,
      names: kind === 'wrong-name' ? [elsewhere] : ownNames,
    });
    return createSecureContext({ key: own.privateKey.export({ type: 'pkcs8', format: 'pem' }), cert });
  }

  const made = new Map<CertificateKind, Promise<SecureContext>>();
  return {
    authorityPem,
    contextOf: (kind) => {
      const before = made.get(kind) ?? make(kind);
      made.set(kind, before);
      return before;
    },
  };
}
