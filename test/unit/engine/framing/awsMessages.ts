import { crc32 } from 'node:zlib';

/** The first twelve bytes of a message: its two lengths and their checksum. */
export function prelude(totalBytes: number, headersBytes: number): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32BE(totalBytes, 0);
  bytes.writeUInt32BE(headersBytes, 4);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 8)), 8);
  return bytes;
}

/** A whole message with its checksums in order; `headers` as they are on the wire. */
export function awsMessage(headers: Uint8Array, payload: Uint8Array | string): Buffer {
  const body = Buffer.from(payload);
  const before = Buffer.concat([prelude(headers.length + body.length + 16, headers.length), headers, body]);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(before));
  return Buffer.concat([before, checksum]);
}

/** A header on the wire. @param value without the length that strings and bytes have before it */
export function header(name: string, type: number, value: Uint8Array = Buffer.of()): Buffer {
  const length = type === 6 || type === 7 ? [value.length >> 8, value.length & 0xff] : [];
  return Buffer.concat([Buffer.of(Buffer.byteLength(name)), Buffer.from(name), Buffer.of(type, ...length), value]);
}

/** Headers whose values are strings. */
export function stringHeaders(values: Readonly<Record<string, string>>): Buffer {
  return Buffer.concat(Object.entries(values).map(([name, value]) => header(name, 7, Buffer.from(value))));
}

/** A message as providers send them. */
export function event(type: string, payload: string): Buffer {
  const headers = { ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' };
  return awsMessage(stringHeaders(headers), payload);
}
