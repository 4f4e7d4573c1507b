import { Leb128Reader, maxLeb128Bytes, writeLeb128 } from '../../engine/recording/leb128.ts';
import { DamagedFileError } from './storeFailure.ts';

/**
 * Pairs as format 1 keeps them, (time, length), as pairs of the present format: whether a chunk goes on with an HTTP
 * chunk was not kept then, so no chunk says so, and the recording's facts say that borders are not known.
 * @throws DamagedFileError when the bytes are no pairs
 */
export function pairsOfFormatOne(pairs: Uint8Array): Uint8Array {
  // Twice a length takes at most one byte more than the length; no number is written in less than one byte.
  const packed = new Uint8Array(pairs.length + pairs.length / 2 + maxLeb128Bytes);
  const numbers = new Leb128Reader(pairs);
  let at = 0;
  try {
    while (numbers.position < pairs.length) {
      at = writeLeb128(packed, at, numbers.next());
      at = writeLeb128(packed, at, numbers.next() * 2);
    }
  } catch (error) {
    if (error instanceof RangeError) throw new DamagedFileError('its chunk times are damaged', { cause: error });
    throw error;
  }
  return packed.slice(0, at);
}
