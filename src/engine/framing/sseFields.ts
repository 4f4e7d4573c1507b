import { byte, hasAsciiAt } from '../bytes/ascii.ts';

/** Fields that HTML Standard §9.2.6 knows; `unknown` is every other name, `comment` a line that begins with a colon. */
export type SseField = 'data' | 'event' | 'id' | 'retry' | 'comment' | 'unknown';

/**
 * The field of a line. Names are compared literally: `Data`, ` data` and `data\0` are unknown.
 * @param start of the line @param end after its last byte, terminator excluded; `start < end`
 */
export function fieldOf(bytes: Uint8Array, start: number, end: number): SseField {
  switch (bytes[start]) {
    case byte.colon:
      return 'comment';
    case 0x64:
      return isName(bytes, start, end, 'data') ? 'data' : 'unknown';
    case 0x65:
      return isName(bytes, start, end, 'event') ? 'event' : 'unknown';
    case 0x69:
      return isName(bytes, start, end, 'id') ? 'id' : 'unknown';
    case 0x72:
      return isName(bytes, start, end, 'retry') ? 'retry' : 'unknown';
    case undefined:
    default:
      return 'unknown';
  }
}

/** Where the value of a field with a name of `nameLength` bytes begins: after the colon and at most one space. */
export function valueStart(bytes: Uint8Array, start: number, end: number, nameLength: number): number {
  const afterColon = start + nameLength + 1;
  if (afterColon >= end) return end;
  return bytes[afterColon] === byte.space ? afterColon + 1 : afterColon;
}

function isName(bytes: Uint8Array, start: number, end: number, name: string): boolean {
  const after = start + name.length;
  if (after > end || !hasAsciiAt(bytes, start, name)) return false;
  return after === end || bytes[after] === byte.colon;
}
