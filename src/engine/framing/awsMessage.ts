import type { MessageHeader } from '../../shared/recording.ts';
import { readHeaders } from './awsHeaders.ts';
import { messageCrcBytes, preludeAt, preludeBytes } from './awsPrelude.ts';

/** A message of an AWS event stream taken apart, as far as its bytes go. */
export interface AwsMessage {
  readonly headers: readonly MessageHeader[];
  /** A view into the message's bytes. */
  readonly payload: Uint8Array;
  /** False where the payload goes on beyond the bytes there are. */
  readonly isWhole: boolean;
}

/**
 * Reads the message that begins with `bytes`, whatever its checksum says.
 * @returns undefined where no message begins: the lengths are not known
 */
export function readMessage(bytes: Uint8Array): AwsMessage | undefined {
  if (bytes.length < preludeBytes) return undefined;
  const prelude = preludeAt(bytes, 0);
  if (prelude === undefined) return undefined;
  const payloadFrom = preludeBytes + prelude.headersBytes;
  const payloadTo = prelude.totalBytes - messageCrcBytes;
  return {
    headers: readHeaders(bytes, preludeBytes, Math.min(payloadFrom, bytes.length)),
    payload: bytes.subarray(payloadFrom, payloadTo),
    isWhole: bytes.length >= payloadTo,
  };
}

/** Headers as lines of `name: value`. */
export function headerLines(headers: readonly MessageHeader[]): string {
  return headers.map(({ name, value }) => `${name}: ${value}`).join('\n');
}
