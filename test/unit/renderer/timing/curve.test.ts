import { expect, test } from 'vitest';
import { axisTop, filledBins, stepPath } from '../../../../src/renderer/timing/curve.ts';
import { rateFigures, timeFigures } from '../../../../src/renderer/timing/definitions.ts';
import type { TimingReport } from '../../../../src/shared/recording.ts';

test.each([
  [0, 1],
  [1, 1],
  [143, 200],
  [29_200, 50_000],
  [600_000, 1_000_000],
])('an axis for %d ends at %d', (largest, top) => {
  expect(axisTop(largest)).toBe(top);
});

test('a total stays as it is until the next arrival', () => {
  const path = stepPath(Float64Array.of(25, 50, 100), Float64Array.of(1, 1, 4), 100, 4, 400, 100);
  expect(path).toBe('M0 100H100.0V75.0H400.0V0.0');
});

test('only the bins that hold something, and those between', () => {
  expect(filledBins([0, 3, 0, 1, 0])).toEqual({ first: 1, end: 4 });
  expect(filledBins([0, 0])).toEqual({ first: 0, end: 0 });
});

test('what is not known is called unknown, each with its definition', () => {
  const none = { count: 0, p50: null, p90: null, p99: null, max: null };
  const report: TimingReport = {
    times: {
      headersMicros: null,
      firstByteMicros: null,
      firstFrameMicros: null,
      lastChunkMicros: null,
      endMicros: null,
    },
    frameGaps: none,
    chunkGaps: none,
    frameGapHistogram: { edgesMicros: [], counts: [] },
    stalls: [],
    burstShare: null,
    bytesPerSecond: null,
    framesPerSecond: null,
    uncertaintyMicros: null,
    cumulative: { micros: new Float64Array(0), bytes: new Float64Array(0), frames: new Float64Array(0) },
  };
  for (const figure of [...timeFigures(report), ...rateFigures(report)]) {
    expect(figure.value).toBe('unknown');
    expect(figure.means.length).toBeGreaterThan(20);
  }
});
