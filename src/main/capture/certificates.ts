import type { DetailedPeerCertificate } from 'node:tls';
import type { CertificateFacts } from '../../shared/recording.ts';

const longestChain = 16;

/** The chain a peer presented, its own certificate first; empty where it presented none. */
export function certificateChain(leaf: DetailedPeerCertificate): readonly CertificateFacts[] {
  const chain: CertificateFacts[] = [];
  const seen = new Set<string>();
  // The runtime links a self-signed root to itself, and gives an empty object where there is no certificate at all.
  let current: Partial<DetailedPeerCertificate> | undefined = leaf;
  while (current?.fingerprint256 !== undefined && chain.length < longestChain && !seen.has(current.fingerprint256)) {
    seen.add(current.fingerprint256);
    chain.push({
      subject: nameText(current.subject),
      issuer: nameText(current.issuer),
      validFrom: isoDate(current.valid_from),
      validTo: isoDate(current.valid_to),
      ...(current.subjectaltname === undefined ? {} : { altNames: current.subjectaltname }),
      fingerprint256: current.fingerprint256,
    });
    current = current.issuerCertificate;
  }
  return chain;
}

function nameText(name: Readonly<Record<string, unknown>> | undefined): string {
  if (name === undefined) return '';
  return Object.entries(name)
    .map(([key, value]) => `${key}=${Array.isArray(value) ? value.join('+') : String(value)}`)
    .join(', ');
}

function isoDate(openSslDate: string | undefined): string {
  const millis = openSslDate === undefined ? Number.NaN : Date.parse(openSslDate);
  return Number.isNaN(millis) ? (openSslDate ?? '') : new Date(millis).toISOString();
}
