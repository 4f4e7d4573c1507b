/** Bytes an unsigned LEB128 of a 53-bit number takes at most. */
export const maxLeb128Bytes = 8;

/** Writes `value` (an integer in [0, 2^53)) as unsigned LEB128 at `at`; returns the position after it. */
export function writeLeb128(target: Uint8Array, at: number, value: number): number {
  let rest = value;
  let position = at;
  while (rest >= 0x80) {
    target[position++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  target[position++] = rest;
  return position;
}

/** Reads unsigned LEB128 numbers one after the other. */
export class Leb128Reader {
  readonly #bytes: Uint8Array;
  position: number;

  constructor(bytes: Uint8Array, position = 0) {
    this.#bytes = bytes;
    this.position = position;
  }

  /** @throws RangeError when the bytes end inside a number or it exceeds 53 bits. */
  next(): number {
    let byte = this.#bytes[this.position++];
    if (byte !== undefined && byte < 0x80) return byte;
    let value = 0;
    let scale = 1;
    while (byte !== undefined && scale <= 2 ** 49) {
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
      byte = this.#bytes[this.position++];
    }
    throw new RangeError('packed numbers are damaged');
  }
}
