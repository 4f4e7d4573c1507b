import { describe, expect, it } from 'vitest';
import type { MessageText } from '../../../../src/shared/message.ts';
import { PulledText } from '../../../../src/renderer/state/message.ts';

const piece = (from: number, text: string, runs: readonly (readonly [frame: number, end: number])[]): MessageText => ({
  from,
  text,
  length: from + text.length,
  frames: Float64Array.from(runs, ([frame]) => frame),
  ends: Float64Array.from(runs, ([, end]) => end),
  omitted: 0,
});

describe('a text that is pulled in pieces', () => {
  it('grows, and leads from a position to its frame and back', () => {
    const text = new PulledText();
    text.add(
      piece(0, 'Hello', [
        [3, 2],
        [4, 5],
      ]),
    );
    text.add(
      piece(5, ' you', [
        [4, 6],
        [7, 9],
      ]),
    );
    expect(text.text).toBe('Hello you');
    expect([0, 1, 2, 4, 5, 6, 8].map((at) => text.frameAt(at))).toEqual([3, 3, 4, 4, 4, 7, 7]);
    expect(text.frameAt(9)).toBeNull();
    expect(text.rangeOf(4)).toEqual({ from: 2, to: 6 });
    expect(text.rangeOf(7)).toEqual({ from: 6, to: 9 });
    expect(text.rangeOf(5)).toBeNull();
  });

  it('takes a piece that overlaps what is there already once', () => {
    const text = new PulledText();
    text.add(piece(0, 'abc', [[0, 3]]));
    text.add(
      piece(0, 'abcdef', [
        [0, 3],
        [1, 6],
      ]),
    );
    expect(text.text).toBe('abcdef');
    expect(text.rangeOf(1)).toEqual({ from: 3, to: 6 });
  });

  it('leaves out a piece after a hole, which is asked for again', () => {
    const text = new PulledText();
    text.add(piece(10, 'later', [[9, 15]]));
    expect(text.text).toBe('');
    expect(text.length).toBe(15);
    expect(text.frames).toEqual([]);
  });
});
