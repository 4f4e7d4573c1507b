import { describe, expect, test } from 'vitest';
import { describeTimeline } from '../../../../src/renderer/timeline/describeTimeline.ts';
import { gapAt } from '../../../../src/renderer/timeline/gapAt.ts';
import { paintScene } from '../../../../src/renderer/timeline/paintTimeline.ts';
import { readoutAt } from '../../../../src/renderer/timeline/readout.ts';
import { rateCurve } from '../../../../src/renderer/timeline/tokenRate.ts';
import { layOut } from '../../../../src/renderer/timeline/layout.ts';
import type { TimelineColumns } from '../../../../src/shared/columns.ts';
import { deltaKinds, frameKindCode, type DeltaKind } from '../../../../src/shared/words.ts';
import { drawLog, rects, texts } from './drawLog.ts';
import { addArrival, emptyTile, sceneFor } from './sceneFor.ts';

const window = { fromMicros: 0, toMicros: 10_000_000 };
const columns = 1_000;
const layout = layOut(1_000, 260, 1, false, true);
if (layout === null) throw new Error('no room');

/** A piece of four units every 100 ms: reasoning up to 3 s, text from 6 s to 9 s, nothing in between. */
function tokenStream(source: 'usage' | 'assumed' = 'usage'): TimelineColumns {
  const tile = emptyTile(0, 10_000_000, columns);
  const tokens = {
    deltaKind: new Uint8Array(columns),
    contentUnits: new Float64Array(columns),
    tokensPerUnit: { ratio: 0.25, source },
    firstTokenMicros: 1_005_000,
  };
  const say = (column: number, kind: DeltaKind, gapMicros: number): void => {
    addArrival(tile, column, 200, frameKindCode.event, gapMicros);
    tokens.deltaKind[column] = deltaKinds.indexOf(kind);
    tokens.contentUnits[column] = 4;
  };
  for (let column = 100; column <= 300; column += 10) say(column, 'reasoning', 100_000);
  for (let column = 600; column <= 900; column += 10) say(column, 'text', column === 600 ? 3_000_000 : 100_000);
  return { ...tile, tokens, stallMicros: Float64Array.of(3_005_000, 6_005_000) };
}

describe('the lane of tokens', () => {
  test('is there only with a dialect, below the others', () => {
    expect(layOut(1_000, 260, 1, false)?.tokens).toBeNull();
    expect(layout.tokens!.top).toBeGreaterThanOrEqual(layout.lanes.gaps.top + layout.lanes.gaps.height);
    expect(layout.bottom).toBe(layout.tokens!.top + layout.tokens!.height);
    const { context, calls } = drawLog();
    paintScene(context, sceneFor(window, { tile: emptyTile(0, 10_000_000, columns) }));
    expect(texts(calls)).not.toContain('tokens/s');
  });

  test('shows ten tokens a second as ten, a stall as none, and nothing before the first', () => {
    const tile = tokenStream();
    const scene = sceneFor(window, { tile, layout });
    const curve = rateCurve(tile, scene.scale)!;
    const at = (column: number): number => curve.rates[column - curve.first] ?? NaN;
    expect(at(200)).toBeCloseTo(10, 0);
    expect(at(750)).toBeCloseTo(10, 0);
    expect(at(450)).toBe(0);
    expect(at(350)).toBe(0);
    expect(curve.first).toBeGreaterThanOrEqual(99);
    expect(curve.isAssumed).toBe(false);
    expect(Math.max(...curve.rates)).toBeLessThanOrEqual(curve.scale);
  });

  test('marks the first token, and says ≈ while nobody knows how many tokens there are', () => {
    for (const source of ['usage', 'assumed'] as const) {
      const scene = sceneFor(window, { tile: tokenStream(source), layout });
      const { context, calls } = drawLog();
      paintScene(context, scene);
      expect(texts(calls)).toContain('first token');
      const x = Math.round(scene.scale.x(1_005_000));
      expect(calls.some(({ name, args }) => name === 'moveTo' && args[0] === x + 0.5)).toBe(true);
      expect(calls.some(({ name, args }) => name === 'setLineDash' && (args[0] as number[]).length > 0)).toBe(true);
      expect(texts(calls).some((text) => text.startsWith('≈ 0–'))).toBe(source === 'assumed');
    }
  });

  test('frames are coloured by what they say', () => {
    const scene = sceneFor(window, { tile: tokenStream(), layout });
    const { context, calls } = drawLog();
    paintScene(context, scene);
    const colours = new Set(
      rects(calls)
        .filter(({ y }) => y >= layout.lanes.frames.top && y < layout.lanes.gaps.top)
        .map(({ fillStyle }) => fillStyle),
    );
    expect([...colours]).toEqual(['--k-reason', '--k-text']);
  });

  test('is told in words and at the pointer', () => {
    const tile = tokenStream('assumed');
    expect(describeTimeline(tile, window).sentence).toContain('first token at 1.00 s, about ');
    const { scale } = sceneFor(window, { tile, layout });
    const readout = readoutAt(tile, scale, scale.x(7_500_000), 3);
    expect(readout?.tokensPerSecond).toBeCloseTo(10, 0);
    expect(readout?.isRateAssumed).toBe(true);
    expect(readoutAt(tile, scale, scale.x(500_000), 3)?.tokensPerSecond).toBeNull();
  });
});

describe('a click in the lane of gaps', () => {
  const { gaps, frames } = layout.lanes;

  test('chooses the stall there, without the arrivals at its ends', () => {
    expect(gapAt(tokenStream(), layout, 4_000_000, gaps.top + 2)).toEqual({
      fromMicros: 3_005_001,
      toMicros: 6_005_000,
    });
  });

  test('chooses a gap between two arrivals, and nothing in the other lanes', () => {
    const gap = gapAt(tokenStream(), layout, 2_050_000, gaps.top + 2);
    expect(gap!.fromMicros).toBeGreaterThan(2_000_000);
    expect(gap!.toMicros).toBeLessThanOrEqual(2_105_000);
    expect(gapAt(tokenStream(), layout, 2_050_000, frames.top + 2)).toBeNull();
  });
});
