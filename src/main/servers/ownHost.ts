import { isIP } from 'node:net';

/** Names of this machine only: no page of another site may reach a server of ours by pointing its own name here. */
export function isOwnHost(hostHeader: string | undefined): boolean {
  if (hostHeader === undefined) return true;
  const host = hostHeader
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '')
    .toLowerCase();
  if (host === 'localhost' || host.endsWith('.localhost') || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}
