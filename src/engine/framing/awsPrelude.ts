import { crc32 } from '../bytes/crc32.ts';
import { grouped } from '../../shared/grouped.ts';

/**
 * The head of a message of `application/vnd.amazon.eventstream` (Smithy, "Amazon Event Stream Specification"):
 * big-endian u32 length of the message, u32 length of its headers, u32 CRC-32 of these eight bytes. Then the headers,
 * the payload, and a u32 CRC-32 of everything before it.
 */
export const preludeBytes = 12;
export const messageCrcBytes = 4;
const shortestMessageBytes = preludeBytes + messageCrcBytes;
export const longestMessageBytes = 16 * 1024 * 1024;
export const longestHeadersBytes = 128 * 1024;

export interface AwsPrelude {
  /** Of the whole message: prelude, headers, payload and checksum. */
  readonly totalBytes: number;
  readonly headersBytes: number;
}

/**
 * Reads the prelude at `at`; there must be `preludeBytes` from there.
 * @returns undefined when it is none: `preludeFault` tells why
 */
export function preludeAt(bytes: Uint8Array, at: number): AwsPrelude | undefined {
  // Longer than any message: the search of a damaged stream ends here for nearly every byte.
  if ((bytes[at] as number) > 1) return undefined;
  const totalBytes = uint32At(bytes, at);
  const headersBytes = uint32At(bytes, at + 4);
  if (totalBytes < shortestMessageBytes || totalBytes > longestMessageBytes) return undefined;
  if (headersBytes > mostHeadersBytes(totalBytes)) return undefined;
  return crc32(bytes, at, at + 8) === uint32At(bytes, at + 8) ? { totalBytes, headersBytes } : undefined;
}

/** Why there is no prelude at `at`, to follow "no message begins here:". */
export function preludeFault(bytes: Uint8Array, at: number): string {
  const computed = crc32(bytes, at, at + 8);
  const sent = uint32At(bytes, at + 8);
  if (computed !== sent)
    return `the checksum there is ${hex32(sent)}, that of the lengths before it ${hex32(computed)}`;
  return lengthFault(uint32At(bytes, at), uint32At(bytes, at + 4)) ?? 'it is in order';
}

function lengthFault(totalBytes: number, headersBytes: number): string | undefined {
  if (totalBytes > longestMessageBytes) {
    return `it announces ${grouped(totalBytes)} bytes, a message has at most ${grouped(longestMessageBytes)}`;
  }
  if (totalBytes < shortestMessageBytes) {
    return `it announces ${grouped(totalBytes)} bytes, a message has at least ${grouped(shortestMessageBytes)}`;
  }
  if (headersBytes > mostHeadersBytes(totalBytes)) {
    return `it announces ${grouped(headersBytes)} bytes of headers, more than there may be`;
  }
  return undefined;
}

function mostHeadersBytes(totalBytes: number): number {
  return Math.min(longestHeadersBytes, totalBytes - shortestMessageBytes);
}

function uint32At(bytes: Uint8Array, at: number): number {
  const high = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
  return ((high << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number)) >>> 0;
}

/** A checksum as it is written: eight digits. */
export function hex32(value: number): string {
  return value.toString(16).padStart(8, '0');
}
