import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameMatches } from '../../../../src/engine/recording/frameMatches.ts';

function matchesOf(frames: readonly number[]): FrameMatches {
  const matches = new FrameMatches();
  for (const frame of frames) matches.add(frame);
  return matches;
}

const ascending = fc
  .uniqueArray(fc.integer({ min: 0, max: 20_000 }), { maxLength: 400 })
  .map((frames) => frames.sort((a, b) => a - b));

describe('matches of a filter', () => {
  it('give each by its number, and how many there are up to a frame', () => {
    fc.assert(
      fc.property(ascending, fc.integer({ min: -5, max: 21_000 }), (frames, upTo) => {
        const matches = matchesOf(frames);
        expect([...matches]).toEqual(frames);
        expect(frames.map((_, k) => matches.at(k))).toEqual(frames);
        expect(matches.countUpTo(upTo)).toBe(frames.filter((frame) => frame <= upTo).length);
        expect(() => matches.at(frames.length)).toThrow(RangeError);
      }),
    );
  });

  it('take frames in and out wherever they are', () => {
    fc.assert(
      fc.property(ascending, ascending, ascending, (frames, more, fewer) => {
        const matches = matchesOf(frames);
        matches.change([
          ...more.map((frame) => [frame, true] as const),
          ...fewer.map((frame) => [frame, false] as const),
        ]);
        const left = new Set([...frames, ...more]);
        for (const frame of fewer) left.delete(frame);
        const expected = [...left].sort((a, b) => a - b);
        expect([...matches]).toEqual(expected);
        expect(matches).toHaveLength(expected.length);
        expect(expected.map((_, k) => matches.at(k))).toEqual(expected);
        matches.add(30_000);
        expect(matches.at(expected.length)).toBe(30_000);
      }),
    );
  });
});
