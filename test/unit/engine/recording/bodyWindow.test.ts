import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BodyWindow } from '../../../../src/engine/recording/bodyWindow.ts';

describe('BodyWindow', () => {
  it('reads every frame whole, wherever the chunks were cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 40 }),
        fc.array(fc.nat({ max: 60 }), { minLength: 1, maxLength: 40 }),
        (frameLengths, chunkLengths) => {
          const total = frameLengths.reduce((sum, length) => sum + length, 0);
          const body = Uint8Array.from({ length: total }, (_, i) => i % 251);
          const window = new BodyWindow(1_000);
          const ends = frameLengths.reduce<number[]>((list, length) => [...list, (list.at(-1) ?? 0) + length], []);
          let at = 0;
          let framedTo = 0;
          let next = 0;
          const feed = (length: number): void => {
            const chunk = body.slice(at, at + length);
            at += chunk.length;
            window.begin(chunk);
            for (let end = ends[next]; end !== undefined && end <= at; end = ends[next]) {
              expect([...window.read(framedTo, end - framedTo)]).toEqual([...body.subarray(framedTo, end)]);
              framedTo = end;
              next++;
            }
            window.settle(framedTo);
            chunk.fill(0);
          };
          for (const length of chunkLengths) feed(length);
          feed(total);
          expect(next).toBe(ends.length);
        },
      ),
    );
  });

  it('keeps the beginning of a frame that is too long, and the next frame whole', () => {
    const window = new BodyWindow(10);
    for (let i = 0; i < 5; i++) {
      window.begin(new Uint8Array(4).fill(i));
      if (i < 4) window.settle(0);
    }
    expect([...window.read(0, 18)]).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 2, 2]);
    expect([...window.read(18, 2)]).toEqual([4, 4]);
    window.settle(18);
    window.begin(new Uint8Array([9]));
    expect([...window.read(18, 3)]).toEqual([4, 4, 9]);
  });
});
