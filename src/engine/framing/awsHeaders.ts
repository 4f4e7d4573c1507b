import type { MessageHeader } from '../../shared/recording.ts';
import { toBase64 } from '../bytes/base64.ts';
import { decodeUtf8 } from '../bytes/decode.ts';

/** The value types of the format, by their number on the wire, and how long each value is; −1: a u16 says. */
const valueTypes = [
  { type: 'boolean', length: 0 },
  { type: 'boolean', length: 0 },
  { type: 'byte', length: 1 },
  { type: 'short', length: 2 },
  { type: 'integer', length: 4 },
  { type: 'long', length: 8 },
  { type: 'bytes', length: -1 },
  { type: 'string', length: -1 },
  { type: 'timestamp', length: 8 },
  { type: 'uuid', length: 16 },
] as const satisfies readonly { readonly type: MessageHeader['type']; readonly length: number }[];

const trueCode = 0;
const stringCode = 7;

/** A header that is there but was not decoded: indexes into the block's bytes, `to` after the last. */
interface HeaderPlace {
  readonly nameFrom: number;
  readonly nameTo: number;
  readonly typeCode: number;
  readonly valueFrom: number;
  readonly valueTo: number;
}

/** Where and why a block of headers cannot be read on. */
export interface HeaderFault {
  readonly at: number;
  /** To follow "the headers cannot be read:". */
  readonly reason: string;
}

/**
 * Goes through a block of headers: u8 length of the name, the name, u8 type, the value.
 * @returns the first fault, after `visit` was given what came before it
 */
function walkHeaders(
  bytes: Uint8Array,
  from: number,
  to: number,
  visit: (header: HeaderPlace) => void,
): HeaderFault | undefined {
  let at = from;
  while (at < to) {
    const nameFrom = at + 1;
    const nameTo = nameFrom + (bytes[at] as number);
    if (nameTo >= to) return { at, reason: 'a name goes on beyond their end' };
    const typeCode = bytes[nameTo] as number;
    const valueType = valueTypes[typeCode];
    if (valueType === undefined) return { at: nameTo, reason: `there is no type ${String(typeCode)}` };
    const hasLength = valueType.length === -1;
    const valueFrom = nameTo + (hasLength ? 3 : 1);
    const length = hasLength && valueFrom <= to ? uint16At(bytes, nameTo + 1) : valueType.length;
    const valueTo = valueFrom + length;
    if (valueFrom > to || valueTo > to) return { at: nameTo + 1, reason: 'a value goes on beyond their end' };
    visit({ nameFrom, nameTo, typeCode, valueFrom, valueTo });
    at = valueTo;
  }
  return undefined;
}

/** The headers of a block in order, up to the first fault. */
export function readHeaders(bytes: Uint8Array, from: number, to: number): readonly MessageHeader[] {
  const headers: MessageHeader[] = [];
  walkHeaders(bytes, from, to, ({ nameFrom, nameTo, typeCode, valueFrom, valueTo }) => {
    headers.push({
      name: decodeUtf8(bytes, nameFrom, nameTo),
      type: valueTypes[typeCode]?.type ?? 'bytes',
      value: valueText(bytes, typeCode, valueFrom, valueTo),
    });
  });
  return headers;
}

/** Which header names the type of a message, in order of preference: of an event, of an exception, of an error. */
const typeHeaders = [':event-type', ':exception-type', ':error-code'] as const;

/** Where the name of a message's type stands, and what is wrong with its headers. */
export interface MessageType {
  readonly from: number;
  readonly to: number;
  readonly fault: HeaderFault | undefined;
}

/** Finds the type of a message in its headers; `from === to` for none. */
export function messageType(bytes: Uint8Array, from: number, to: number): MessageType {
  let found: number = typeHeaders.length;
  let typeFrom = from;
  let typeTo = from;
  const fault = walkHeaders(bytes, from, to, ({ nameFrom, nameTo, typeCode, valueFrom, valueTo }) => {
    // The first byte spares decoding the names of the application's own headers.
    if (typeCode !== stringCode || bytes[nameFrom] !== 0x3a) return;
    const rank = typeHeaders.findIndex((name) => name === decodeUtf8(bytes, nameFrom, nameTo));
    if (rank === -1 || rank >= found) return;
    found = rank;
    typeFrom = valueFrom;
    typeTo = valueTo;
  });
  return { from: typeFrom, to: typeTo, fault };
}

function valueText(bytes: Uint8Array, typeCode: number, from: number, to: number): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset + from, to - from);
  switch (valueTypes[typeCode]?.type) {
    case 'boolean':
      return String(typeCode === trueCode);
    case 'byte':
      return String(view.getInt8(0));
    case 'short':
      return String(view.getInt16(0));
    case 'integer':
      return String(view.getInt32(0));
    case 'long':
      return String(view.getBigInt64(0));
    case 'string':
      return decodeUtf8(bytes, from, to);
    case 'timestamp':
      return timestampText(view.getBigInt64(0));
    case 'uuid':
      return uuidText(bytes.subarray(from, to));
    case 'bytes':
    case undefined:
      return toBase64(bytes.subarray(from, to));
  }
}

/** As RFC 3339 writes it; what lies beyond the years that a Date knows stays a number of milliseconds. */
function timestampText(epochMillis: bigint): string {
  const date = new Date(Number(epochMillis));
  return Number.isNaN(date.getTime()) ? `${String(epochMillis)} ms` : date.toISOString();
}

function uuidText(bytes: Uint8Array): string {
  const digits = Array.from(bytes, (value) => value.toString(16).padStart(2, '0')).join('');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function uint16At(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}
