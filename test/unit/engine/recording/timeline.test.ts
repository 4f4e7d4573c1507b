import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChunkIndex } from '../../../../src/engine/recording/chunkIndex.ts';
import { DiagnosticList } from '../../../../src/engine/recording/diagnosticList.ts';
import { FrameIndex } from '../../../../src/engine/recording/frameIndex.ts';
import { spanStatistics, timelineColumns, type TimelineSource } from '../../../../src/engine/recording/timeline.ts';
import { Arrivals } from '../../../../src/engine/timing/arrivals.ts';
import { frameKindCode } from '../../../../src/shared/words.ts';

interface Arrival {
  readonly wait: number;
  readonly bytes: number;
  readonly frames: number;
}

function sourceOf(
  arrivals: readonly Arrival[],
): TimelineSource & { readonly frameMicros: number[]; readonly chunkMicros: number[] } {
  const chunks = new ChunkIndex(() => new Uint8Array(0));
  const blocks: Uint8Array[] = [];
  const frames = new FrameIndex({
    put: (n, _summary, bytes) => void (blocks[n] = bytes),
    get: (n) => blocks[n] ?? new Uint8Array(0),
  });
  const measured = new Arrivals();
  const frameMicros: number[] = [];
  const chunkMicros: number[] = [];
  let micros = 0;
  let offset = 0;
  arrivals.forEach((arrival, chunk) => {
    micros += arrival.wait;
    chunks.append(micros, arrival.bytes, false);
    measured.chunk(micros, arrival.bytes);
    chunkMicros.push(micros);
    for (let i = 0; i < arrival.frames; i++) {
      measured.frame(frames.count, frameKindCode.event, chunk, micros);
      frames.append(frameKindCode.event, offset, 10, 0, 0, micros, chunk);
      frameMicros.push(micros);
      offset += 10;
    }
  });
  return {
    chunks,
    frames,
    overview: measured.overview,
    stalls: measured.stalls,
    diagnostics: new DiagnosticList(),
    frameMicros,
    chunkMicros,
  };
}

const anyArrivals = fc.array(
  fc.record({
    wait: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 0, max: 9_000_000 })),
    bytes: fc.integer({ min: 0, max: 70_000 }),
    frames: fc.integer({ min: 0, max: 6 }),
  }),
  { minLength: 1, maxLength: 80 },
);

const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((total, value) => total + value, 0);

describe('timeline columns', () => {
  it('count every chunk, byte and frame of their span once, in the column of its time', () => {
    fc.assert(
      fc.property(
        anyArrivals,
        fc.integer({ min: 1, max: 300 }),
        fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
        (arrivals, columns, shares) => {
          const source = sourceOf(arrivals);
          const end = (source.chunkMicros.at(-1) ?? 0) + 1;
          const from = Math.floor(Math.min(...shares) * end);
          const to = Math.max(from + 1, Math.ceil(Math.max(...shares) * end));
          const answer = timelineColumns(source, from, to, columns);
          const inSpan = (micros: number): boolean => micros >= from && micros < to;
          expect(sum(answer.frameCount)).toBe(source.frameMicros.filter(inSpan).length);
          expect(sum(answer.chunkCount)).toBe(source.chunkMicros.filter(inSpan).length);
          expect(sum(answer.chunkBytes)).toBe(
            arrivals.reduce((total, { bytes }, i) => (inSpan(source.chunkMicros[i] ?? -1) ? total + bytes : total), 0),
          );
          source.frameMicros.forEach((micros) => {
            if (!inSpan(micros)) return;
            const column = Math.min(columns - 1, Math.floor(((micros - from) * columns) / (to - from)));
            expect(answer.frameCount[column]).toBeGreaterThan(0);
          });
          const after = source.frameMicros.find((micros) => micros >= to);
          const before = source.frameMicros.findLast((micros) => micros < to);
          expect(answer.gapAcrossToMicros).toBe(after !== undefined && before !== undefined ? after : NaN);
        },
      ),
    );
  });

  it('show a stall that spans the whole view', () => {
    const source = sourceOf([
      { wait: 1_000, bytes: 10, frames: 1 },
      { wait: 5_000_000, bytes: 10, frames: 1 },
    ]);
    const answer = timelineColumns(source, 1_000_000, 2_000_000, 100);
    expect(sum(answer.frameCount)).toBe(0);
    expect([...answer.stallMicros]).toEqual([1_000, 5_001_000]);
    expect(answer.gapAcrossFromMicros).toBe(1_000);
    expect(answer.gapAcrossToMicros).toBe(5_001_000);
    expect(answer.frameKind[50]).toBe(255);
  });

  it('of a recording too long to walk come from the overview, and miss nothing', () => {
    const arrivals = Array.from({ length: 120_000 }, () => ({ wait: 1_000, bytes: 30, frames: 3 }));
    const source = sourceOf(arrivals);
    const answer = timelineColumns(source, 0, 120_000_001, 500);
    expect(sum(answer.frameCount)).toBe(360_000);
    expect(sum(answer.chunkBytes)).toBe(3_600_000);
    expect(Math.max(...answer.frameCount) - Math.min(...answer.frameCount)).toBeLessThan(360_000 / 500);
  });
});

describe('a span', () => {
  it('of very many frames has the same figures as one that is looked at frame by frame', () => {
    const arrivals = Array.from({ length: 310_000 }, (_, n) => ({
      wait: 50 + ((n * 7_919) % 97) + (n === 200_000 ? 900_000 : 0),
      bytes: 10,
      frames: 1,
    }));
    const source = sourceOf(arrivals);
    const end = (source.frameMicros.at(-1) ?? 0) + 1;
    const figures = spanStatistics(source, 0, end);
    expect(figures).toMatchObject({ chunks: 310_000, frames: 310_000, wireBytes: 3_100_000 });
    const gaps = source.frameMicros.slice(1).map((micros, i) => micros - (source.frameMicros[i] ?? NaN));
    expect(figures.longestGapMicros).toBe(gaps.reduce((longest, gap) => Math.max(longest, gap), 0));
  });

  it('has the statistics of what arrived in it', () => {
    const source = sourceOf([
      { wait: 100, bytes: 10, frames: 2 },
      { wait: 400, bytes: 20, frames: 1 },
      { wait: 500, bytes: 30, frames: 0 },
      { wait: 9_000, bytes: 40, frames: 1 },
    ]);
    expect(spanStatistics(source, 0, 1_001)).toMatchObject({
      chunks: 3,
      frames: 3,
      wireBytes: 60,
      firstFrame: 0,
      lastFrame: 2,
      longestGapMicros: 400,
    });
    expect(spanStatistics(source, 2_000, 3_000)).toMatchObject({
      chunks: 0,
      frames: 0,
      firstFrame: null,
      longestGapMicros: null,
    });
  });
});
