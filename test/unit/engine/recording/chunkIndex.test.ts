import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChunkIndex } from '../../../../src/engine/recording/chunkIndex.ts';
import {
  maxPairBytes,
  unpackPairs,
  writePair,
  type SegmentSummary,
} from '../../../../src/engine/recording/chunkPairs.ts';

interface Chunk {
  readonly micros: number;
  readonly bytes: number;
  readonly continues: boolean;
}

interface Step {
  readonly wait: number;
  readonly bytes: number;
  readonly seal: boolean;
  readonly continues?: boolean;
}

/** Chunks in segments, as a store would seal them, and the rest that is not sealed yet. */
function build(steps: readonly Step[]) {
  const pairs: Uint8Array[] = [];
  const index = new ChunkIndex((segment) => pairs[segment] ?? new Uint8Array(0));
  const chunks: Chunk[] = [];
  const summaries: SegmentSummary[] = [];
  let micros = 0;
  let open: Chunk[] = [];
  let offset = 0;
  for (const step of steps) {
    micros += step.wait;
    const chunk = { micros, bytes: step.bytes, continues: step.continues ?? false };
    chunks.push(chunk);
    open.push(chunk);
    index.append(micros, step.bytes, chunk.continues);
    if (!step.seal) continue;
    const first = open[0]?.micros ?? 0;
    const packed = new Uint8Array(open.length * maxPairBytes);
    let at = 0;
    let before = first;
    for (const { micros: time, bytes, continues } of open) {
      at = writePair(packed, at, time - before, bytes, continues);
      before = time;
    }
    pairs.push(packed.slice(0, at));
    const bytes = open.reduce((sum, each) => sum + each.bytes, 0);
    const summary = {
      n: summaries.length,
      firstChunk: chunks.length - open.length,
      chunks: open.length,
      wireOffset: offset,
      bytes,
      firstMicros: first,
      lastMicros: micros,
    };
    summaries.push(summary);
    index.seal(summary);
    offset += bytes;
    open = [];
  }
  return { index, chunks, summaries, pairs };
}

const anySteps = fc.array(
  fc.record({
    wait: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 5_000_000_000 })),
    bytes: fc.oneof(fc.constant(0), fc.constant(1), fc.integer({ min: 1, max: 300_000 })),
    seal: fc.boolean(),
    continues: fc.boolean(),
  }),
  { minLength: 1, maxLength: 60 },
);

describe('ChunkIndex', () => {
  it('gives back every chunk with its time, range and border, wherever the segments were cut', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const { index, chunks } = build(steps);
        const seen: Chunk[] = [];
        let next = 0;
        index.visit(0, index.count, (run, first, from, to) => {
          for (let i = from; i < to; i++) {
            expect(first + i).toBe(seen.length);
            expect(run.offset[i]).toBe(next);
            const bytes = (run.offset[i + 1] ?? 0) - (run.offset[i] ?? 0);
            next += bytes;
            seen.push({ micros: run.micros[i] ?? -1, bytes, continues: run.continues[i] === 1 });
          }
        });
        expect(seen).toEqual(chunks);
        expect(index.wireBytes).toBe(next);
        chunks.forEach((chunk, n) => {
          expect(index.microsOf(n)).toBe(chunk.micros);
        });
      }),
    );
  });

  it('finds chunks by time and by byte as a linear search does', () => {
    fc.assert(
      fc.property(anySteps, fc.double({ min: 0, max: 1, noNaN: true }), (steps, share) => {
        const { index, chunks } = build(steps);
        const micros = Math.floor(share * ((chunks[chunks.length - 1]?.micros ?? 0) + 2));
        expect(index.countBefore(micros)).toBe(chunks.filter((chunk) => chunk.micros < micros).length);
        const offset = Math.floor(share * index.wireBytes);
        let end = 0;
        const holder = chunks.findIndex((chunk) => {
          end += chunk.bytes;
          return offset < end;
        });
        if (holder >= 0) expect(index.chunkAt(offset)).toBe(holder);
        expect(index.chunkAt(index.wireBytes + 10)).toBe(chunks.length - 1);
      }),
    );
  });

  it('tells which chunks are one HTTP chunk as a linear search does', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const { index, chunks } = build(steps.map((step, n) => ({ ...step, continues: step.continues && n > 0 })));
        chunks.forEach((_chunk, n) => {
          let first = n;
          while (chunks[first]?.continues === true) first--;
          let end = n + 1;
          while (chunks[end]?.continues === true) end++;
          expect(index.division(n, 100)).toEqual({ first, end });
          const before = chunks.slice(0, n).reduce((sum, { bytes }) => sum + bytes, 0);
          expect(index.offsetOf(n)).toBe(before);
        });
        expect(index.offsetOf(index.count)).toBe(index.wireBytes);
      }),
    );
  });

  it('looks no further for an HTTP chunk than it is told', () => {
    const { index } = build(
      Array.from({ length: 50 }, (_, n) => ({ wait: 1, bytes: 1, seal: n === 30, continues: n > 0 })),
    );
    expect(index.division(20, 50)).toEqual({ first: 0, end: 50 });
    expect(index.division(20, 25)).toBeUndefined();
    expect(index.division(40, 25)).toBeUndefined();
  });

  it('is the same again when its segments are taken back from a store', () => {
    const { index, summaries, pairs } = build([
      { wait: 10, bytes: 5, seal: false },
      { wait: 0, bytes: 7, seal: true },
      { wait: 3, bytes: 0, seal: false },
      { wait: 9, bytes: 9, seal: true },
    ]);
    const restored = new ChunkIndex((segment) => pairs[segment] ?? new Uint8Array(0));
    for (const summary of summaries) restored.seal(summary);
    expect(restored.count).toBe(index.count);
    expect(restored.wireBytes).toBe(21);
    expect(restored.lastMicros).toBe(22);
    expect(restored.chunkAt(12)).toBe(3);
  });

  it('has no chunk at any byte of an empty recording', () => {
    const index = new ChunkIndex(() => new Uint8Array(0));
    expect(index.chunkAt(0)).toBe(-1);
    expect(index.countBefore(5)).toBe(0);
    expect(index.lastMicros).toBeUndefined();
  });
});

describe('packed pairs', () => {
  it('are refused when they do not add up to their segment', () => {
    const { summaries, pairs } = build([{ wait: 5, bytes: 300, seal: true }]);
    const [summary] = summaries;
    const [packed] = pairs;
    if (summary === undefined || packed === undefined) throw new Error('one segment was built');
    expect(unpackPairs(packed, summary).micros[0]).toBe(5);
    expect(() => unpackPairs(packed, { ...summary, bytes: 299 })).toThrow(/do not add up/);
    expect(() => unpackPairs(packed.subarray(0, 1), summary)).toThrow(RangeError);
    expect(() => unpackPairs(new Uint8Array(40).fill(0xff), summary)).toThrow(RangeError);
  });
});
