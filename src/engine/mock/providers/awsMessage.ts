import { crc32 } from '../../bytes/crc32.ts';
import type { MockStep } from '../step.ts';

const utf8 = new TextEncoder();
const stringType = 7;
const preludeBytes = 12;
const crcBytes = 4;

/** A message of `application/vnd.amazon.eventstream` with its two checksums. @param headers all of them strings */
function awsMessage(headers: Readonly<Record<string, string>>, payload: Uint8Array): Uint8Array {
  const coded = Object.entries(headers).map(([name, value]) => ({
    name: utf8.encode(name),
    value: utf8.encode(value),
  }));
  // Each: a byte for the name's length, one for the type, two for the value's length.
  const headerBytes = coded.reduce((sum, { name, value }) => sum + 4 + name.length + value.length, 0);
  const total = preludeBytes + headerBytes + payload.length + crcBytes;
  const bytes = new Uint8Array(total);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, total);
  view.setUint32(4, headerBytes);
  view.setUint32(8, crc32(bytes, 0, 8));
  let at = preludeBytes;
  for (const { name, value } of coded) {
    view.setUint8(at, name.length);
    bytes.set(name, at + 1);
    at += 1 + name.length;
    view.setUint8(at, stringType);
    view.setUint16(at + 1, value.length);
    bytes.set(value, at + 3);
    at += 3 + value.length;
  }
  bytes.set(payload, at);
  view.setUint32(total - crcBytes, crc32(bytes, 0, total - crcBytes));
  return bytes;
}

/** A step that sends an event with a JSON payload. */
export function awsEventStep(delayMillis: number, type: string, payload: object): MockStep {
  const headers = { ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' };
  return { delayMillis, bytes: awsMessage(headers, utf8.encode(JSON.stringify(payload))) };
}

/** A step that sends an exception: what an event stream says instead of an HTTP status. */
export function awsExceptionStep(delayMillis: number, type: string, message: string): MockStep {
  const headers = { ':exception-type': type, ':content-type': 'application/json', ':message-type': 'exception' };
  return { delayMillis, bytes: awsMessage(headers, utf8.encode(JSON.stringify({ message }))) };
}
