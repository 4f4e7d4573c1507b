import { describe, expect, test } from 'vitest';
import { describeTimeline } from '../../../../src/renderer/timeline/describeTimeline.ts';
import { readoutAt } from '../../../../src/renderer/timeline/readout.ts';
import { TimeScale } from '../../../../src/renderer/ui/time/timeScale.ts';
import { addArrival, emptyTile } from './sceneFor.ts';

const scale = new TimeScale({ fromMicros: 0, toMicros: 10_000_000 }, 0, 1_000);

function tileWithTwo() {
  const tile = { ...emptyTile(0, 10_000_000, 1_000), stallMicros: Float64Array.of(1_005_000, 6_005_000) };
  addArrival(tile, 100, 200, 0, 0);
  addArrival(tile, 600, 800, 0, 5_000_000);
  return tile;
}

describe('under the pointer', () => {
  test('what arrived there', () => {
    const readout = readoutAt(tileWithTwo(), scale, 601, 3);
    expect(readout).toMatchObject({ chunks: 1, bytes: 800, frames: 1, faults: 0, gapMicros: 5_000_000 });
  });

  test('inside of a gap: the gap', () => {
    expect(readoutAt(tileWithTwo(), scale, 300, 3)).toMatchObject({ frames: 0, gapMicros: 5_000_000, stall: true });
  });

  test('before the first arrival and after the last there is no gap', () => {
    expect(readoutAt(tileWithTwo(), scale, 50, 3)?.gapMicros).toBeNull();
    expect(readoutAt(tileWithTwo(), scale, 900, 3)?.gapMicros).toBeNull();
  });

  test('a gap that ends after the tile', () => {
    const tile = { ...tileWithTwo(), gapAcrossFromMicros: 6_005_000, gapAcrossToMicros: 46_005_000 };
    expect(readoutAt(tile, scale, 900, 3)?.gapMicros).toBe(40_000_000);
  });

  test('off the plot there is nothing', () => {
    expect(readoutAt(tileWithTwo(), scale, -1, 3)).toBeNull();
    expect(readoutAt(null, scale, 10, 3)).toBeNull();
  });
});

test('the picture in words', () => {
  expect(describeTimeline(tileWithTwo(), scale)).toEqual({
    sentence: 'From 0 µs to 10.0 s: 2 frames, 2 chunks of 1.00 kB, longest gap 5.00 s, 1 stall.',
    stalls: ['Stall of 5.00 s from 1.00 s'],
  });
  const right = new TimeScale({ fromMicros: 7_000_000, toMicros: 9_000_000 }, 0, 1_000);
  expect(describeTimeline(tileWithTwo(), right).sentence).toBe(
    'From 7.00 s to 9.00 s: 0 frames, 0 chunks of 0 B, no stall.',
  );
});
