import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Analysis, type AnalysisOptions } from '../../../../src/engine/recording/analysis.ts';
import type { BlockPort } from '../../../../src/engine/recording/frameIndex.ts';
import { defaultLimits } from '../../../../src/shared/limits.ts';
import { frameFlag, frameKinds } from '../../../../src/shared/words.ts';

const utf8 = new TextEncoder();

function memoryPort() {
  const blocks: Uint8Array[] = [];
  const summaries: Uint8Array[] = [];
  const port: BlockPort = {
    put: (n, summary, bytes) => {
      blocks[n] = bytes;
      summaries[n] = summary;
    },
    get: (n) => blocks[n] ?? new Uint8Array(0),
  };
  return { port, summaries };
}

const options: AnalysisOptions = {
  contentType: null,
  url: null,
  framing: null,
  limits: defaultLimits,
  timesKnown: true,
};

interface Chunk {
  readonly micros: number;
  readonly bytes: Uint8Array;
}

function analyse(chunks: readonly Chunk[], over: Partial<AnalysisOptions> = {}, port = memoryPort().port): Analysis {
  const analysis = new Analysis(port, { ...options, ...over });
  chunks.forEach(({ micros, bytes }, n) => {
    analysis.chunk(micros, bytes.length);
    analysis.body(n, micros, bytes);
  });
  analysis.end();
  return analysis;
}

function framesOf(analysis: Analysis) {
  const found: {
    kind: string;
    offset: number;
    length: number;
    flags: number;
    type: string;
    micros: number;
    chunk: number;
  }[] = [];
  analysis.frames.visit(0, analysis.frames.count, (columns, _first, from, to) => {
    for (let i = from; i < to; i++) {
      found.push({
        kind: frameKinds[columns.kind[i] ?? 0] ?? '',
        offset: columns.offset[i] ?? -1,
        length: columns.length[i] ?? -1,
        flags: columns.flags[i] ?? -1,
        type: analysis.types.name(columns.type[i] ?? 0),
        micros: columns.micros[i] ?? -1,
        chunk: columns.chunk[i] ?? -1,
      });
    }
    return true;
  });
  return found;
}

const bodies = {
  sse: ': hi\n\nevent: tick\r\nid: 4\r\ndata: {"é":"漢"}\r\n\r\ndata: two\ndata: lines\n\nnope\n\ndata: end',
  ndjson: '{"type":"metadata"}\n{"type":"row","v":1}\n\n{bad}\n{"type":"row","v":2}',
  json: '[{"a":1},\n {"a":[2,{"b":"]"}]} , 3]',
  text: 'plain words\nand more\r\n\nthe end',
};

function split(text: string, cuts: readonly number[]): Chunk[] {
  const bytes = utf8.encode(text);
  const borders = [...new Set([0, ...cuts.map((cut) => cut % bytes.length), bytes.length])].sort((a, b) => a - b);
  return borders.slice(1).map((end, i) => ({ micros: (i + 1) * 1_000, bytes: bytes.slice(borders[i], end) }));
}

describe('the analysis of a recording', () => {
  it.each(Object.entries(bodies))('detects %s and finds the same in it however it was split', (framing, text) => {
    const whole = analyse(split(text, []));
    expect(whole.decision?.framing).toBe(framing);
    expect(whole.bodyBytes).toBe(utf8.encode(text).length);
    const withoutTimes = (analysis: Analysis) =>
      framesOf(analysis).map(({ kind, offset, length, flags, type }) => ({ kind, offset, length, flags, type }));
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 200 }), { maxLength: 30 }), (cuts) => {
        const pieces = analyse(split(text, cuts));
        expect(withoutTimes(pieces)).toEqual(withoutTimes(whole));
        expect(pieces.diagnostics.kept.map((item) => item.diagnostic)).toEqual(
          whole.diagnostics.kept.map((item) => item.diagnostic),
        );
        expect(pieces.types.counts()).toEqual(whole.types.counts());
      }),
      { numRuns: 200 },
    );
  });

  it('times a frame by the chunk that completed it, also while the framing is undecided', () => {
    const frames = framesOf(analyse(split(bodies.ndjson, [3, 8, 25])));
    expect(frames[0]).toMatchObject({ micros: 3_000, chunk: 2 });
  });

  it('marks a stall of content, and says whether heartbeats came meanwhile', () => {
    const at = (micros: number, text: string): Chunk => ({ micros, bytes: utf8.encode(text) });
    const steady = Array.from({ length: 20 }, (_, i) => at(i * 50_000, `data: ${String(i)}\n\n`));
    const analysis = analyse([...steady, at(1_500_000, ': ping\n\n'), at(2_500_000, 'data: late\n\n')], {
      contentType: 'text/event-stream',
    });
    expect(analysis.arrivals.stalls).toEqual([{ fromMicros: 950_000, toMicros: 2_500_000, frame: 21, heartbeats: 1 }]);
    const late = framesOf(analysis)[21];
    expect((late?.flags ?? 0) & frameFlag.afterStall).not.toBe(0);
    expect(analysis.diagnostics.ofFrame(21).map(({ code }) => code)).toEqual(['timing/stall']);
  });

  it('measures nothing where times are not known', () => {
    const analysis = analyse(split(bodies.sse, [9, 20]), { timesKnown: false });
    expect(analysis.arrivals.frameGaps.count).toBe(0);
    expect(analysis.arrivals.keyTimes(null, null).firstFrameMicros).toBeNull();
    expect(analysis.frames.count).toBeGreaterThan(3);
  });

  it('is the same again after it was kept', () => {
    const { port, summaries } = memoryPort();
    const many = Array.from({ length: 10_000 }, (_, i) => `data: ${String(i)}\n\n`).join('');
    const analysis = analyse(split(many, [5, 500, 50_000, 90_000]), {}, port);
    const kept = JSON.parse(JSON.stringify(analysis.toKept(5))) as ReturnType<Analysis['toKept']>;
    const restored = Analysis.restore(port, options, kept, summaries);
    expect(framesOf(restored)).toEqual(framesOf(analysis));
    expect(restored.types.counts()).toEqual(analysis.types.counts());
    expect(restored.arrivals.frameGaps.statistics()).toEqual(analysis.arrivals.frameGaps.statistics());
    expect(restored.decision).toEqual(analysis.decision);
    expect(restored.diagnostics.counts).toEqual(analysis.diagnostics.counts);
  });

  it('takes the user at their word, and an empty body for nothing', () => {
    expect(analyse(split(bodies.json, []), { framing: 'text' }).decision).toMatchObject({
      framing: 'text',
      by: 'user',
    });
    const empty = analyse([]);
    expect(empty.frames.count).toBe(0);
    expect(empty.decision).toBeNull();
    expect(empty.diagnostics.total).toBe(0);
  });
});
