/** CRC-32 as IEEE 802.3, zlib and PNG use it: reflected polynomial 0xEDB88320, inverted before and after. */

const polynomial = 0xedb88320;
const lanes = 8;

/** `tables[lane][byte]`: what a byte contributes that has `lane` more bytes after it in a step of `lanes` bytes. */
const tables = buildTables();

/**
 * The checksum of a range, or of everything so far when it goes on from the checksum of what came before.
 * @param previous checksum of the bytes before these; 0 for none
 * @returns an unsigned 32-bit number
 */
export function crc32(bytes: Uint8Array, from = 0, to: number = bytes.length, previous = 0): number {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables;
  let crc = ~previous;
  let at = from;
  for (; at + lanes <= to; at += lanes) {
    const low = crc ^ word(bytes, at);
    const high = word(bytes, at + 4);
    crc =
      (t7[low & 0xff] as number) ^
      (t6[(low >>> 8) & 0xff] as number) ^
      (t5[(low >>> 16) & 0xff] as number) ^
      (t4[low >>> 24] as number) ^
      (t3[high & 0xff] as number) ^
      (t2[(high >>> 8) & 0xff] as number) ^
      (t1[(high >>> 16) & 0xff] as number) ^
      (t0[high >>> 24] as number);
  }
  for (; at < to; at++) crc = (t0[(crc ^ (bytes[at] as number)) & 0xff] as number) ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** Four bytes, the first in the low bits. */
function word(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  );
}

type Table = Int32Array;

function buildTables(): readonly [Table, Table, Table, Table, Table, Table, Table, Table] {
  const first = new Int32Array(256);
  for (let value = 0; value < 256; value++) {
    let crc = value;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ polynomial;
    first[value] = crc;
  }
  const next = (table: Table): Table => table.map((crc) => (first[crc & 0xff] as number) ^ (crc >>> 8));
  const t1 = next(first);
  const t2 = next(t1);
  const t3 = next(t2);
  const t4 = next(t3);
  const t5 = next(t4);
  const t6 = next(t5);
  return [first, t1, t2, t3, t4, t5, t6, next(t6)];
}
