import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromBase64, toBase64 } from '../../../../src/engine/bytes/base64.ts';

it('agrees with the runtime’s own', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const text = Buffer.from(bytes).toString('base64');
      expect(toBase64(bytes)).toBe(text);
      expect(fromBase64(text)).toEqual(bytes);
    }),
  );
});

it.each(['a', 'ab', 'abc', 'ab=c', '====', 'ab==ab==', 'a===', 'ab!=', 'aé==', 'ab\n=', 'ah==', '4pz='])(
  '%j is none',
  (text) => {
    expect(fromBase64(text)).toBeNull();
  },
);
