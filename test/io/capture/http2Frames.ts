import { Buffer } from 'node:buffer';

/** Frames as a server writes them, by hand (RFC 9113 §4.1): nothing of the product, so that both cannot err alike. */
export function frame(type: number, flags: number, stream: number, payload: Uint8Array | string = ''): Buffer {
  const body = Buffer.from(payload);
  const length = body.byteLength;
  const head = [length >> 16, (length >> 8) & 255, length & 255, type, flags, 0, 0, stream >> 8, stream & 255];
  return Buffer.concat([Buffer.from(head), body]);
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** Header fields as HPACK literals without a table and without Huffman (RFC 7541 §6.2.2). */
export function block(fields: readonly (readonly [name: string, value: string])[]): Buffer {
  const text = (value: string): Buffer => {
    const bytes = Buffer.from(value, 'latin1');
    if (bytes.byteLength < 127) return Buffer.concat([Buffer.from([bytes.byteLength]), bytes]);
    const digits = [127];
    let rest = bytes.byteLength - 127;
    while (rest > 127) {
      digits.push((rest & 127) | 128);
      rest >>= 7;
    }
    return Buffer.concat([Buffer.from([...digits, rest]), bytes]);
  };
  return Buffer.concat(fields.map(([name, value]) => Buffer.concat([Buffer.from([0]), text(name), text(value)])));
}

export const endStream = 1;
export const endHeaders = 4;
export const padded = 8;

export const settings = (...pairs: readonly (readonly [id: number, value: number])[]): Buffer =>
  frame(4, 0, 0, Buffer.concat(pairs.map(([id, value]) => Buffer.concat([Buffer.from([0, id]), uint32(value)]))));
export const headers = (
  fields: readonly (readonly [name: string, value: string])[],
  flags = endHeaders,
  stream = 1,
): Buffer => frame(1, flags, stream, block(fields));
export const data = (text: Uint8Array | string, flags = 0, stream = 1): Buffer => frame(0, flags, stream, text);
export const rst = (code: number): Buffer => frame(3, 0, 1, uint32(code));
export const goaway = (lastStream: number, code: number, debug = ''): Buffer =>
  frame(7, 0, 0, Buffer.concat([uint32(lastStream), uint32(code), Buffer.from(debug)]));
export const ping = (): Buffer => frame(6, 0, 0, '12345678');
