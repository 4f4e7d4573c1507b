import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assembledTextLimit, Pieces } from '../../../../src/engine/dialects/pieces.ts';

describe('a text put together from pieces', () => {
  it('leads from every position to its frame, and from a frame to what it brought', () => {
    const piece = fc.record({ step: fc.nat(3), text: fc.string({ maxLength: 5 }) });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 3_000 }), (all) => {
        const pieces = new Pieces();
        const frames: number[] = [];
        let frame = 0;
        for (const { step, text } of all) {
          frame += step;
          pieces.push(frame, text);
          for (let i = 0; i < text.length; i++) frames.push(frame);
        }
        expect(pieces.text).toBe(all.map(({ text }) => text).join(''));
        expect(frames.map((_, at) => pieces.frameAt(at))).toEqual(frames);
        for (const n of new Set(frames)) {
          expect(pieces.rangeOf(n)).toEqual({ from: frames.indexOf(n), to: frames.lastIndexOf(n) + 1 });
        }
        expect(pieces.frameAt(frames.length)).toBeUndefined();
        expect(pieces.rangeOf(frame + 1)).toBeUndefined();
      }),
      { numRuns: 30, seed: 11 },
    );
  });

  it('keeps a surrogate pair that two pieces share', () => {
    const pieces = new Pieces();
    pieces.push(1, '\ud83d');
    pieces.push(2, '\ude00');
    expect(pieces.text).toBe('😀');
  });

  it('stops keeping at its limit and says how much came beyond it', () => {
    const pieces = new Pieces();
    const large = 'x'.repeat(assembledTextLimit / 2);
    for (const frame of [1, 2, 3]) pieces.push(frame, large);
    pieces.push(4, 'y');
    // Each of the two runs that are kept costs a little beside its text.
    expect(pieces.length).toBe(assembledTextLimit - 16);
    expect(pieces.length + pieces.omitted).toBe(3 * large.length + 1);
    expect(pieces.frameAt(pieces.length - 1)).toBe(2);
  });
});
