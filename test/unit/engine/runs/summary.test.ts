import { describe, expect, it } from 'vitest';
import { compareRuns } from '../../../../src/engine/runs/compare.ts';
import { runsToCsv, runsToJson } from '../../../../src/engine/runs/exportRuns.ts';
import { summaryOf } from '../../../../src/engine/runs/summary.ts';
import { runWith } from './runs.ts';

const ending = (kind: 'cut' | 'stopped' | 'refused') => ({ kind, code: `end/${kind}`, message: kind });

describe('the summary of a run set', () => {
  it('has the rates of metrics.md over all runs', () => {
    const { success, error, completion, reconnection, endings, unknownEndings } = summaryOf(
      [
        runWith({ isTerminated: true }),
        runWith({ isTerminated: true, streamErrors: 1 }),
        runWith({ isTerminated: false, ending: ending('cut'), reconnections: 2 }),
        runWith({ isTerminated: false, ending: ending('stopped') }),
      ],
      [],
    );
    expect(success).toEqual({ count: 2, unknown: 0, share: 0.5 });
    expect(error).toEqual({ count: 2, unknown: 0, share: 0.5 });
    expect(completion).toEqual({ count: 2, unknown: 0, share: 0.5 });
    expect(reconnection).toEqual({ count: 1, unknown: 0, share: 0.25 });
    expect(endings.map(({ code, count }) => [code, count])).toEqual([
      ['end/complete', 2],
      ['end/cut', 1],
      ['end/stopped', 1],
    ]);
    expect(unknownEndings).toBe(0);
  });

  it('counts what is not known as unknown', () => {
    const { success, error, completion } = summaryOf(
      [runWith({ ending: null, streamErrors: null }), runWith({}), runWith({ isTerminated: true })],
      [],
    );
    expect(success).toEqual({ count: 2, unknown: 1, share: 1 });
    expect(error).toEqual({ count: 0, unknown: 1, share: 0 });
    expect(completion).toEqual({ count: 1, unknown: 2, share: 1 });
    expect(summaryOf([], [])).toMatchObject({
      success: { count: 0, unknown: 0, share: null },
      durationMicros: null,
      runsPerSecond: null,
      goodput: null,
    });
  });

  it('has a goodput of runs that met every objective over the duration from the first start to the last end', () => {
    const objectives = [
      { figure: 'ttft', bound: 'at-most', value: 500 },
      { figure: 'tps', bound: 'at-least', value: 30 },
    ] as const;
    const { goodput, durationMicros } = summaryOf(
      [
        runWith({ startedMicros: 1_000_000, figures: { ttft: 400, tps: 40, e2e: 500_000 } }),
        runWith({ startedMicros: 1_500_000, figures: { ttft: 500, tps: 30, e2e: 2_500_000 } }),
        runWith({ startedMicros: 1_200_000, figures: { ttft: 501, tps: 40, e2e: 10 } }),
        runWith({ figures: { ttft: 400 }, startedMicros: 1_300_000 }),
        runWith({ figures: { ttft: 1, tps: 99 }, startedMicros: 1_300_000, ending: ending('cut') }),
      ],
      objectives,
    );
    expect(durationMicros).toBe(3_000_000);
    expect(goodput).toMatchObject({ good: 2, unknown: 1 });
    expect(goodput?.perSecond).toBeCloseTo(2 / 3, 12);
    expect(goodput?.objectives.map(({ met, missed, failed, unknown }) => [met, missed, failed, unknown])).toEqual([
      [3, 1, 1, 0],
      [3, 0, 1, 1],
    ]);
  });
});

describe('two run sets', () => {
  const set = (ttfts: readonly number[]) => ttfts.map((ttft, n) => runWith({ n, figures: { ttft, tps: 1e6 / ttft } }));
  const slow = set([100, 101, 102, 103, 104, 105, 106, 107]);
  const fast = set([50, 51, 52, 53, 54, 55, 56, 57]);
  const verdict = (a: typeof slow, b: typeof slow, figure: string) =>
    compareRuns(a, b).find((each) => each.figure === figure)?.verdict;

  it('differ where the interval leaves out 0, for the better or for the worse', () => {
    expect(verdict(slow, fast, 'ttft')).toBe('better');
    expect(verdict(slow, fast, 'tps')).toBe('better');
    expect(verdict(fast, slow, 'ttft')).toBe('worse');
  });

  it('do not differ beyond noise when they are alike, and nothing is said of few or unknown values', () => {
    expect(verdict(slow, set([99, 100, 104, 105, 106, 110]), 'ttft')).toBe('within-noise');
    expect(verdict(slow, slow, 'ttft')).toBe('within-noise');
    expect(verdict(slow, fast.slice(0, 5), 'ttft')).toBe('unknown');
    expect(verdict(slow, fast, 'itl')).toBe('unknown');
  });

  it('share the edges of their histograms', () => {
    const ttft = compareRuns(slow, fast).find(({ figure }) => figure === 'ttft');
    expect(ttft?.a.histogram.edges).toEqual(ttft?.b.histogram.edges);
    expect(ttft?.relative).toBeCloseTo(-50 / 103, 12);
  });
});

describe('an export', () => {
  const run = runWith({ n: 4, model: 'a "model", of\nsorts', figures: { ttft: 1_500 }, isTerminated: false });

  it('as CSV has a header, CRLF, quoted fields and empty ones for what is not known', () => {
    const [header, line, end] = runsToCsv([{ id: 's', runs: [run] }]).split('\r\n');
    expect(header?.split(',').slice(0, 6)).toEqual(['set', 'n', 'recording', 'startedUs', 'ending', 'endingCode']);
    expect(line).toBe(
      's,5,20261121-105900-abcdef,0,complete,end/complete,200,sse,openai-chat,"a ""model"", of\nsorts",,,1500,,,,,,,,,0,0,0,0,false,0,',
    );
    expect(end).toBe('');
  });

  it('as CSV is no formula for a spreadsheet', () => {
    expect(runsToCsv([{ id: 's', runs: [runWith({ model: '=HYPERLINK("x")' })] }])).toContain(`"'=HYPERLINK(""x"")"`);
  });

  it('as JSON says the set, its summary and every run with the same names', () => {
    const line = {
      id: 's',
      startedAt: 0,
      state: 'over',
      label: '',
      method: 'GET',
      url: 'http://a/',
      count: 1,
      concurrency: 1,
      delayMillis: 0,
      objectives: [],
      startedRuns: 1,
      endedRuns: 1,
    } as const;
    expect(runsToJson(line, summaryOf([run], []), [run])).toMatchObject({
      format: 'streamscope-runs',
      version: 1,
      set: { id: 's', startedAt: '1970-01-01T00:00:00.000Z', state: 'over' },
      summary: { runs: 1, figures: { ttftUs: { p50: 1_500 }, itlUs: { count: 0, unknown: 1, p50: null } } },
      runs: [{ n: 5, ttftUs: 1_500, itlUs: null, terminated: false }],
    });
  });
});
