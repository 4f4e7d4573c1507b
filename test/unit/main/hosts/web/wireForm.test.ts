import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readWire, wireProblem } from '../../../../../src/main/hosts/web/wireForm.ts';
import { encodeWire } from '../../../../../src/shared/wireCodec.ts';

const column = fc.oneof(
  fc.uint8Array(),
  fc.float64Array().map((array) => new Float64Array(array)),
  fc.uint32Array().map((array) => new Uint32Array(array)),
);
/** MessagePack writes −0 as the integer 0; no number of the contract tells them apart. */
const anyDouble = fc.double().map((double) => (Object.is(double, -0) ? 0 : double));
const value = fc.letrec((tie) => ({
  leaf: fc.oneof(fc.constant(null), fc.boolean(), fc.integer(), anyDouble, fc.string({ unit: 'grapheme' }), column),
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('leaf'),
    fc.array(tie('tree')),
    fc.dictionary(
      fc.string({ minLength: 1 }).filter((key) => key !== '__proto__'),
      tie('tree'),
      { noNullPrototype: true },
    ),
  ),
})).tree;

describe('the form of a message', () => {
  it('of everything we encode is right, and it reads back the same', () => {
    fc.assert(
      fc.property(value, (given) => {
        const bytes = encodeWire(given);
        expect(wireProblem(bytes)).toBeUndefined();
        expect(readWire(bytes)).toEqual({ value: given });
      }),
      { numRuns: 500 },
    );
  });

  it('is wrong for everything cut short, and for anything that follows', () => {
    fc.assert(
      fc.property(value, fc.nat(), (given, cut) => {
        const bytes = encodeWire(given);
        expect(wireProblem(bytes.subarray(0, cut % bytes.length))).toBeDefined();
        expect(wireProblem(new Uint8Array([...bytes, 0xc0]))).toBe('bytes follow the end of the value');
      }),
      { numRuns: 300 },
    );
  });

  it('of random bytes is told without an exception', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const read = readWire(bytes);
        expect('value' in read || read.problem.length > 0).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });

  it('allows 64 levels', () => {
    const nested = (levels: number) => new Uint8Array([...new Uint8Array(levels).fill(0x91), 0xc0]);
    expect(wireProblem(nested(64))).toBeUndefined();
    expect(wireProblem(nested(65))).toMatch(/deeper than 64/);
  });

  it.each([0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xd9, 0xda, 0xdb, 0xdc, 0xdd, 0xde, 0xdf, 0x81, 0x9f, 0xbf])(
    'is cut short after the lone head %i',
    (head) => {
      expect(wireProblem(new Uint8Array([head]))).toBe('the value is cut short');
    },
  );
});
