import type { HeaderList } from '../../../shared/request.ts';
import { valuesOf } from './requestHead.ts';

/** Headers of one connection, which go no further (RFC 9110 §7.6.1). */
const ofOneConnection = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'upgrade',
  'proxy-authorization',
]);

/**
 * Headers of a message without those of the connection it came on, by their own name or because Connection names them.
 * `Transfer-Encoding` stays: how the body is carried on is for the caller to say.
 */
export function withoutHopByHop(headers: HeaderList): HeaderList {
  const named = new Set(
    valuesOf(headers, 'connection')
      .join(',')
      .toLowerCase()
      .split(',')
      .map((name) => name.trim()),
  );
  // What delimits the body or says whom it is for cannot be declared to be of the connection.
  for (const name of ['host', 'content-length', 'transfer-encoding']) named.delete(name);
  return headers.filter(([name]) => {
    const lower = name.toLowerCase();
    return !ofOneConnection.has(lower) && !named.has(lower);
  });
}
