import { expect, it } from 'vitest';
import { Arrivals } from '../../../../src/engine/timing/arrivals.ts';
import { frameKindCode } from '../../../../src/shared/words.ts';

const { record } = frameKindCode;

/** Chunks every 100 ms; those of `frames` complete so many frames each. */
function arrivals(frames: readonly number[]): Arrivals {
  const measured = new Arrivals();
  let n = 0;
  frames.forEach((count, chunk) => {
    const micros = chunk * 100_000;
    measured.chunk(micros, 100);
    for (let i = 0; i < count; i++) measured.frame(n++, record, chunk, micros);
  });
  measured.end();
  return measured;
}

it('the wait before a burst is measured from the chunk before, also where that completed no frame', () => {
  // Bytes came all the time, so these frames are large and not held back.
  expect(arrivals([1, 0, 0, 0, 0, 0, 30]).burstShare(31)).toBe(0);
});

it('chunks that one read brought are one arrival', () => {
  const measured = new Arrivals();
  let n = 0;
  for (let chunk = 0; chunk < 60; chunk++) {
    // Twenty reads of one frame each, then one of forty frames in chunks of their own.
    const micros = chunk < 20 ? chunk * 10_000 : 2_000_000;
    measured.chunk(micros, 10);
    measured.frame(n++, record, chunk, micros);
  }
  measured.end();
  expect(measured.buffering()).toBeUndefined();
  expect(measured.burstShare(n)).toBeCloseTo(40 / 60);
});
