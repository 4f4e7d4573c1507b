import { createHash, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';
import {
  bitString,
  explicit,
  implicit,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  set,
  truth,
  utcTime,
  utf8String,
} from './der.ts';

export interface CertificateContents {
  /** Common names. */
  readonly subject: string;
  readonly issuer: string;
  readonly since: Date;
  readonly until: Date;
  readonly publicKey: KeyObject;
  /** Of the issuer; ECDSA on P-256. */
  readonly signingKey: KeyObject;
  readonly issuerPublicKey: KeyObject;
  /** Host names and addresses (IPv4, or `::1`) that it is for; null: it is an authority. */
  readonly names: readonly string[] | null;
}

const ecdsaWithSha256 = sequence(objectIdentifier('1.2.840.10045.4.3.2'));
const commonName = objectIdentifier('2.5.4.3');
const serverAuthentication = objectIdentifier('1.3.6.1.5.5.7.3.1');
/** Extensions (RFC 5280 §4.2.1). */
const extensionIds = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAlternativeName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
} as const;
/** Bits of the key usage: `digitalSignature`; `keyCertSign` and `cRLSign`. */
const signsHandshakes = bitString(Buffer.from([0x80]), 7);
const signsCertificates = bitString(Buffer.from([0x06]), 1);
const loopbackV6 = Buffer.from([...Array.from({ length: 15 }, () => 0), 1]);

/** An X.509 certificate (RFC 5280) in PEM. */
export function certificatePem(contents: CertificateContents): string {
  const { subject, issuer, since, until, publicKey, signingKey } = contents;
  const toBeSigned = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(serialNumber()),
    ecdsaWithSha256,
    distinguishedName(issuer),
    sequence(utcTime(since), utcTime(until)),
    distinguishedName(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    explicit(3, sequence(...extensions(contents))),
  );
  const signature = sign('sha256', toBeSigned, signingKey);
  return pem('CERTIFICATE', sequence(toBeSigned, ecdsaWithSha256, bitString(signature)));
}

function extensions({ names, publicKey, issuerPublicKey }: CertificateContents): readonly Buffer[] {
  const identifiers = [
    extension('subjectKeyIdentifier', octetString(keyIdentifier(publicKey))),
    extension('authorityKeyIdentifier', sequence(implicit(0, keyIdentifier(issuerPublicKey)))),
  ];
  if (names === null) {
    return [
      extension('basicConstraints', sequence(truth()), true),
      extension('keyUsage', signsCertificates, true),
      ...identifiers,
    ];
  }
  return [
    extension('basicConstraints', sequence(), true),
    extension('keyUsage', signsHandshakes, true),
    extension('extendedKeyUsage', sequence(serverAuthentication)),
    extension('subjectAlternativeName', sequence(...names.map(alternativeName))),
    ...identifiers,
  ];
}

function extension(name: keyof typeof extensionIds, value: Buffer, isCritical = false): Buffer {
  const critical = isCritical ? [truth()] : [];
  return sequence(objectIdentifier(extensionIds[name]), ...critical, octetString(value));
}

function alternativeName(name: string): Buffer {
  if (name === '::1') return implicit(7, loopbackV6);
  if (isIPv4(name)) return implicit(7, Buffer.from(name.split('.').map(Number)));
  return implicit(2, Buffer.from(name, 'latin1'));
}

function distinguishedName(name: string): Buffer {
  return sequence(set(sequence(commonName, utf8String(name))));
}

function keyIdentifier(key: KeyObject): Buffer {
  return createHash('sha1')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest();
}

/** 16 random bytes that stand for a positive number as they are. */
function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes;
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
