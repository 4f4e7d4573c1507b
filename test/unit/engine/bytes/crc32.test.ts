import { crc32 as zlibCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { crc32 } from '../../../../src/engine/bytes/crc32.ts';

it('is the checksum that everybody means by CRC-32', () => {
  expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926);
  expect(crc32(Buffer.of())).toBe(0);
});

it('agrees with zlib on any range, also in pieces', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(200), fc.nat(200), (bytes, a, b) => {
      const from = Math.min(a, bytes.length);
      const to = Math.max(from, Math.min(b, bytes.length));
      const expected = zlibCrc32(bytes.subarray(from, to));
      const middle = (from + to) >> 1;
      expect(crc32(bytes, from, to)).toBe(expected);
      expect(crc32(bytes, middle, to, crc32(bytes, from, middle))).toBe(expected);
    }),
    { numRuns: 500 },
  );
});
