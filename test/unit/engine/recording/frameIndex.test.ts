import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameIndex, type BlockPort } from '../../../../src/engine/recording/frameIndex.ts';
import { frameFlag, frameKindCode } from '../../../../src/shared/words.ts';

function memoryPort(): BlockPort & { readonly summaries: Uint8Array[] } {
  const blocks: Uint8Array[] = [];
  const summaries: Uint8Array[] = [];
  return {
    summaries,
    put(n, summary, bytes) {
      expect(n).toBeLessThanOrEqual(blocks.length);
      blocks[n] = bytes;
      summaries[n] = summary;
    },
    get(n) {
      const block = blocks[n];
      if (block === undefined) throw new Error(`no block ${String(n)}`);
      return block;
    },
  };
}

interface Frame {
  readonly kind: number;
  readonly flags: number;
  readonly type: number;
  readonly offset: number;
  readonly length: number;
  readonly micros: number;
  readonly chunk: number;
}

/** Frames with everything that may vary: gaps of framing whitespace, equal times, many frames a chunk, long jumps. */
function frames(count: number, seed: number): Frame[] {
  let state = seed;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % limit;
  };
  let offset = 0;
  let micros = 0;
  let chunk = 0;
  return Array.from({ length: count }, () => {
    offset += below(3);
    const length = below(10) === 0 ? below(5_000_000) : below(400);
    if (below(4) === 0) {
      chunk += 1 + below(2);
      micros += below(20) === 0 ? below(1_000_000_000) : below(3_000);
    }
    const frame = {
      kind: below(6) === 0 ? frameKindCode.comment : frameKindCode.event,
      flags: below(50) === 0 ? frameFlag.hasId : frameFlag.dispatched,
      type: below(300),
      offset,
      length,
      micros,
      chunk,
    };
    offset += length;
    return frame;
  });
}

function indexOf(list: readonly Frame[], flush: boolean): FrameIndex {
  const index = new FrameIndex(memoryPort());
  for (const f of list) index.append(f.kind, f.offset, f.length, f.flags, f.type, f.micros, f.chunk);
  if (flush) index.flush();
  return index;
}

const anyList = fc
  .record({ count: fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 4_000, max: 13_000 })), seed: fc.nat() })
  .map(({ count, seed }) => frames(count, seed));

describe('FrameIndex', () => {
  it('gives back every column of every frame, sealed or not', () => {
    fc.assert(
      fc.property(anyList, fc.boolean(), (list, flush) => {
        const index = indexOf(list, flush);
        expect(index.count).toBe(list.length);
        const seen: Frame[] = [];
        index.visit(0, index.count, (columns, first, from, to) => {
          for (let i = from; i < to; i++) {
            expect(first + i).toBe(seen.length);
            seen.push({
              kind: columns.kind[i] ?? -1,
              flags: columns.flags[i] ?? -1,
              type: columns.type[i] ?? -1,
              offset: columns.offset[i] ?? -1,
              length: columns.length[i] ?? -1,
              micros: columns.micros[i] ?? -1,
              chunk: columns.chunk[i] ?? -1,
            });
          }
          return true;
        });
        expect(seen).toEqual(list);
      }),
      { numRuns: 12 },
    );
  });

  it('finds frames by time, chunk, offset, content and id as a linear search does', () => {
    fc.assert(
      fc.property(anyList, fc.boolean(), fc.double({ min: 0, max: 1, noNaN: true }), (list, flush, share) => {
        const index = indexOf(list, flush);
        const last = list[list.length - 1];
        if (last === undefined) throw new Error('a list is never empty');
        const n = Math.floor(share * (list.length - 1));
        const micros = Math.floor(share * (last.micros + 2));
        const offset = Math.floor(share * (last.offset + last.length + 2));
        expect(index.countBefore(micros)).toBe(list.filter((f) => f.micros < micros).length);
        const chunk = list[n]?.chunk ?? 0;
        expect(index.countBeforeChunk(chunk)).toBe(list.filter((f) => f.chunk < chunk).length);
        expect(index.countBeforeChunk(chunk + 1)).toBe(list.filter((f) => f.chunk <= chunk).length);
        expect(index.frameAtOffset(offset)).toBe(list.findLastIndex((f) => f.offset <= offset));
        const content = list.flatMap((f, i) => (f.kind === frameKindCode.comment ? [] : [i]));
        expect(index.contentCount).toBe(content.length);
        expect(index.contentBefore(n)).toBe(content.filter((i) => i < n).length);
        if (content.length > 0) {
          const k = Math.floor(share * (content.length - 1));
          expect(index.contentFrame(k)).toBe(content[k]);
        }
        expect(index.lastWithId(n)).toBe(list.findLastIndex((f, i) => i <= n && (f.flags & frameFlag.hasId) !== 0));
      }),
      { numRuns: 40 },
    );
  });

  it('is the same again after its blocks were kept and taken back', () => {
    const list = frames(9_000, 7);
    const port = memoryPort();
    const index = new FrameIndex(port);
    for (const f of list) index.append(f.kind, f.offset, f.length, f.flags, f.type, f.micros, f.chunk);
    index.flush();
    const restored = new FrameIndex(port);
    restored.restore(port.summaries);
    expect(restored.count).toBe(9_000);
    expect(restored.contentCount).toBe(index.contentCount);
    for (const n of [0, 4_095, 4_096, 8_191, 8_192, 8_999]) {
      expect(restored.at(n, (columns, i) => columns.offset[i])).toBe(list[n]?.offset);
    }
    expect(restored.countBefore(Infinity)).toBe(9_000);
  });

  it('packs ordinary frames into nine bytes each', () => {
    let bytes = 0;
    const index = new FrameIndex({
      put: (_n, summary, block) => {
        bytes += summary.length + block.length;
      },
      get: () => new Uint8Array(0),
    });
    for (let n = 0; n < 40_960; n++) index.append(frameKindCode.event, n * 240, 240, 1, 1, n * 1_000, n);
    expect(bytes / 40_960).toBeLessThan(9.1);
  });

  it('says so when a block is damaged', () => {
    const port = memoryPort();
    const index = new FrameIndex(port);
    for (let n = 0; n < 10; n++) index.append(0, n * 10, 10, 0, 0, n, n);
    index.flush();
    const damaged = new FrameIndex({ put: () => undefined, get: (n) => port.get(n).subarray(0, 20) });
    damaged.restore(port.summaries);
    expect(() => damaged.microsOf(5)).toThrow(RangeError);
    expect(() => index.microsOf(10)).toThrow(RangeError);
  });
});
