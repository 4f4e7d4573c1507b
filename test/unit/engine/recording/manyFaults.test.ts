import { beforeAll, describe, expect, it } from 'vitest';
import { Analysis } from '../../../../src/engine/recording/analysis.ts';
import { ChunkIndex } from '../../../../src/engine/recording/chunkIndex.ts';
import { compileFilter } from '../../../../src/engine/recording/filterExpression.ts';
import { FilterRun } from '../../../../src/engine/recording/filterRun.ts';
import { timelineColumns } from '../../../../src/engine/recording/timeline.ts';
import { defaultLimits } from '../../../../src/shared/limits.ts';

const lineCount = 20_000;
/** Every fourth line is no JSON: 5,000 of them, of which 1,000 are listed. */
const isBad = (n: number): boolean => n % 4 === 3;
const badCount = 5_000;
const lineMicros = 1_000;

describe('a stream with five thousand bad lines', () => {
  let analysis: Analysis;

  beforeAll(() => {
    const blocks: Uint8Array[] = [];
    const port = {
      put: (_n: number, _summary: Uint8Array, bytes: Uint8Array) => blocks.push(bytes),
      get: (n: number) => blocks[n] ?? new Uint8Array(0),
    };
    const options = { contentType: 'application/x-ndjson', url: null, framing: null, limits: defaultLimits };
    analysis = new Analysis(port, { ...options, timesKnown: true });
    const utf8 = new TextEncoder();
    for (let n = 0; n < lineCount; n++) {
      const bytes = utf8.encode(isBad(n) ? '{bad}\n' : '{"good":1}\n');
      analysis.chunk(n * lineMicros, bytes.length);
      analysis.body(n, n * lineMicros, bytes);
    }
    analysis.end();
  });

  it('counts all and says how many are listed', () => {
    expect(analysis.diagnostics.counts.error).toBe(badCount);
    expect(analysis.diagnostics.listed).toBe(1_000);
    expect(analysis.diagnostics.omitted).toEqual(new Map([['ndjson/invalid-json', badCount - 1_000]]));
  });

  it('finds all by has:error', () => {
    const compiled = compileFilter('has:error');
    if (!compiled.ok) throw new Error(compiled.failure.message);
    const run = new FilterRun(compiled.value);
    const source = {
      frames: analysis.frames,
      timesKnown: true,
      searchedBytes: Infinity,
      found: () => false,
      typeName: (typeId: number) => analysis.types.name(typeId),
      text: () => '',
    };
    expect(run.advance(source, () => true)).toBe(true);
    expect(run.matches).toHaveLength(badCount);
    expect([...run.matches].every((n) => isBad(n))).toBe(true);
  });

  it('reaches each by next and by previous', () => {
    let found = 0;
    for (let n = analysis.seekDiagnostic(-1, 'next'); n !== null; n = analysis.seekDiagnostic(n, 'next')) {
      if (isBad(n)) found++;
    }
    expect(found).toBe(badCount);
    found = 0;
    for (let n = analysis.seekDiagnostic(lineCount, 'previous'); n !== null;) {
      if (isBad(n)) found++;
      n = analysis.seekDiagnostic(n, 'previous');
    }
    expect(found).toBe(badCount);
  });

  it('flags those at the end of the timeline too', () => {
    const chunks = new ChunkIndex(() => {
      throw new Error('no chunks are kept here');
    });
    const { frames, arrivals, diagnostics } = analysis;
    const source = { chunks, frames, overview: arrivals.overview, stalls: arrivals.stalls, diagnostics };
    const fromMicros = (lineCount - 100) * lineMicros;
    const columns = timelineColumns(source, fromMicros, lineCount * lineMicros, 100);
    expect([...columns.flagFrame]).toEqual(Array.from({ length: 25 }, (_, i) => lineCount - 100 + 4 * i + 3));
    expect(columns.frameFaults.reduce((sum, count) => sum + count, 0)).toBe(25);
  });
});
