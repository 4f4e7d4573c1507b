import { describe, expect, it } from 'vitest';
import { compareFigures, type MeasuredRecording } from '../../../../../src/engine/recording/compare/figures.ts';
import { compareHeads } from '../../../../../src/engine/recording/compare/heads.ts';
import type { HeaderList } from '../../../../../src/shared/request.ts';

function measured(
  firstByteMicros: number | null,
  endMicros: number | null,
  errors = 0,
  uncertaintyMicros: number | null = null,
): MeasuredRecording {
  return {
    times: { headersMicros: 1_000, firstByteMicros, firstFrameMicros: null, lastChunkMicros: null, endMicros },
    metrics: null,
    counts: {
      chunks: 3,
      frames: 4,
      wireBytes: 100,
      bodyBytes: 100,
      diagnostics: { error: errors, warning: 0, info: 0 },
      stalls: 0,
      heartbeats: 0,
    },
    frameGaps: null,
    stalls: null,
    uncertaintyMicros,
  };
}
const figure = (figures: ReturnType<typeof compareFigures>, name: string) => figures.find((each) => each.name === name);

describe('the numbers of two recordings', () => {
  it('are told with their difference, absolute and relative, and which is better', () => {
    const figures = compareFigures(measured(10_000, 50_000), measured(5_000, 50_000, 2), 0, 0);
    expect(figure(figures, 'first-byte')).toMatchObject({ difference: -5_000, relative: -0.5, better: 'right' });
    expect(figure(figures, 'end')).toMatchObject({ difference: 0, relative: 0, better: 'same' });
    expect(figure(figures, 'errors')).toMatchObject({ difference: 2, relative: null, better: 'left' });
    expect(figure(figures, 'wire-bytes')).toMatchObject({ difference: 0, better: null });
  });

  it('say which is better only where the clocks can tell', () => {
    const unsure = compareFigures(measured(10_000, 90_000, 0, 3_000), measured(5_000, 50_000, 0, 2_000), 0, 0);
    expect(figure(unsure, 'first-byte')).toMatchObject({ difference: -5_000, better: null, isWithinUncertainty: true });
    expect(figure(unsure, 'end')).toMatchObject({ better: 'right', isWithinUncertainty: false });
    expect(figure(unsure, 'wire-bytes')).toMatchObject({ isWithinUncertainty: false });
  });

  it('stay unknown where one of them is', () => {
    const figures = compareFigures(measured(null, 50_000), measured(5_000, 50_000), 0, 0);
    expect(figure(figures, 'first-byte')).toMatchObject({ left: null, right: 5_000, difference: null, better: null });
    expect(figure(figures, 'gap-p50')).toMatchObject({ left: null, right: null, difference: null, relative: null });
  });

  it('count moments from where the recordings are aligned, and lengths of time from nowhere', () => {
    const figures = compareFigures(measured(10_000, 50_000), measured(40_000, 60_000), 10_000, 40_000);
    expect(figure(figures, 'first-byte')).toMatchObject({ left: 0, right: 0, difference: 0 });
    expect(figure(figures, 'end')).toMatchObject({ left: 40_000, right: 20_000, better: 'right' });
    expect(figure(figures, 'headers')).toMatchObject({ left: -9_000, right: -39_000, relative: null });
    expect(figure(compareFigures(measured(1, 2), measured(1, 2), null, 0), 'end')).toMatchObject({ left: null });
  });
});

describe('two response heads', () => {
  const head = (headers: HeaderList) => ({ status: 200, statusText: 'OK', httpVersion: '1.1', headers, atMicros: 0 });

  it('differ by added, removed and changed headers, whatever the case of their names', () => {
    const left = head([
      ['Content-Type', 'text/event-stream'],
      ['Date', 'Mon'],
      ['X-Old', '1'],
    ]);
    const right = head([
      ['content-type', 'text/event-stream'],
      ['date', 'Tue'],
      ['x-new', '2'],
    ]);
    expect(compareHeads(left, right)).toEqual({
      status: { left: 200, right: 200 },
      httpVersion: { left: '1.1', right: '1.1' },
      headers: [
        { name: 'date', kind: 'changed', left: ['Mon'], right: ['Tue'], isVolatile: true },
        { name: 'x-new', kind: 'added', left: [], right: ['2'], isVolatile: false },
        { name: 'x-old', kind: 'removed', left: ['1'], right: [], isVolatile: false },
      ],
      sameHeaders: 1,
    });
  });

  it('keep their secrets to themselves', () => {
    const { headers } = compareHeads(head([['set-cookie', 'session=very-secret-one']]), head([]));
    expect(headers[0]?.left.join()).not.toContain('very-secret-one');
  });

  it('do not differ where there is none', () => {
    expect(compareHeads(null, null)).toMatchObject({ headers: [], status: { left: null, right: null } });
  });
});
