import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { paintMarks, paintScene } from '../../../../src/renderer/timeline/paintTimeline.ts';
import type { Marks, Scene } from '../../../../src/renderer/timeline/scene.ts';
import { frameKindCode } from '../../../../src/shared/words.ts';
import { drawLog, rects, texts } from './drawLog.ts';
import { addArrival, emptyTile, layoutFor, sceneFor } from './sceneFor.ts';

const window = { fromMicros: 0, toMicros: 10_000_000 };
const noMarks: Marks = { selectedMicros: null, hoverMicros: null, span: null };

function painted(scene: Scene) {
  const { context, calls } = drawLog();
  paintScene(context, scene);
  return calls;
}

function paintedMarks(scene: Scene, marks: Partial<Marks>) {
  const { context, calls } = drawLog();
  paintMarks(context, scene, { ...noMarks, ...marks });
  return calls;
}

describe('frames and chunks', () => {
  test('each arrival is a mark at its time, coloured by its kind', () => {
    const tile = emptyTile(0, 10_000_000, 1_000);
    addArrival(tile, 100, 200, frameKindCode.event, 0);
    addArrival(tile, 600, 800, frameKindCode.comment, 5_000_000);
    const scene = sceneFor(window, { tile });
    const { frames, chunks } = scene.layout.lanes;
    const all = rects(painted(scene));
    const inFrames = all.filter((rect) => rect.y >= frames.top && rect.y < frames.top + frames.height);
    expect(inFrames.map(({ x, fillStyle }) => [x, fillStyle])).toEqual([
      [Math.round(scene.scale.x(1_000_000)), '--k-event'],
      [Math.round(scene.scale.x(6_000_000)), '--k-comment'],
    ]);
    const bars = all.filter(
      (rect) => rect.fillStyle === '--k-chunk' && rect.y + rect.height === chunks.top + chunks.height,
    );
    expect(bars).toHaveLength(2);
    expect(bars[1]!.height / bars[0]!.height).toBeCloseTo(2, 1);
  });

  test('a faulty frame has the colour of errors and a wedge over the lane', () => {
    const tile = emptyTile(0, 10_000_000, 1_000);
    addArrival(tile, 100, 200, frameKindCode.invalid, 0);
    tile.frameFaults[100] = 1;
    const scene = sceneFor(window, { tile });
    const calls = painted(scene);
    expect(calls.filter((call) => call.name === 'fill' && call.fillStyle === '--err')).toHaveLength(1);
    const { frames } = scene.layout.lanes;
    expect(calls.some((call) => call.name === 'moveTo' && (call.args[1] as number) < frames.top)).toBe(true);
  });

  test('a tile of another window is drawn where its times lie', () => {
    const tile = emptyTile(4_000_000, 8_000_000, 100);
    addArrival(tile, 50, 200, frameKindCode.event, 0);
    const scene = sceneFor({ fromMicros: 5_000_000, toMicros: 7_000_000 }, { tile });
    const mark = rects(painted(scene)).find((rect) => rect.fillStyle === '--k-event');
    expect(mark?.x).toBe(Math.round(scene.scale.x(6_000_000)));
  });
});

describe('gaps', () => {
  test('a stall spans its time, is shaded over the lanes and says how long it is', () => {
    const tile = { ...emptyTile(0, 10_000_000, 1_000), stallMicros: Float64Array.of(2_000_000, 3_310_000) };
    const scene = sceneFor(window, { tile });
    const calls = painted(scene);
    const left = Math.round(scene.scale.x(2_000_000));
    const right = Math.round(scene.scale.x(3_310_000));
    const { gaps, chunks } = scene.layout.lanes;
    expect(rects(calls)).toContainEqual({
      x: left,
      y: gaps.top,
      width: right - left,
      height: gaps.height,
      fillStyle: '--warn',
      globalAlpha: 1,
    });
    expect(
      rects(calls).some((rect) => rect.y === chunks.top && rect.width === right - left && rect.globalAlpha < 1),
    ).toBe(true);
    expect(texts(calls)).toContain('stall 1.31 s');
  });

  test('a stall too narrow for its label is still a mark', () => {
    const tile = { ...emptyTile(0, 1e9, 1_000), stallMicros: Float64Array.of(2_000_000, 3_310_000) };
    const scene = sceneFor({ fromMicros: 0, toMicros: 1e9 }, { tile });
    const calls = painted(scene);
    const mark = rects(calls).find((rect) => rect.fillStyle === '--warn' && rect.y === scene.layout.lanes.gaps.top);
    expect(mark?.width).toBeGreaterThanOrEqual(3);
    expect(texts(calls).some((text) => text.startsWith('stall'))).toBe(false);
  });

  test('a gap around the whole view fills it', () => {
    const across = { gapAcrossFromMicros: 1_000_000, gapAcrossToMicros: 90_000_000 };
    const tile = { ...emptyTile(0, 60_000_000, 600), ...across };
    const scene = sceneFor({ fromMicros: 20_000_000, toMicros: 30_000_000 }, { tile });
    const gap = rects(painted(scene)).find((rect) => rect.fillStyle === '--k-comment');
    expect(gap?.x).toBe(scene.layout.plotLeft);
    expect(gap!.x + gap!.width).toBeGreaterThanOrEqual(scene.layout.plotLeft + scene.layout.plotWidth - 2);
  });

  test('the silence of a live stream reaches to its clock', () => {
    const tile = emptyTile(0, 10_000_000, 1_000);
    const extent = { endMicros: 8_000_000, lastChunkMicros: 5_000_000, live: true };
    const scene = sceneFor(window, { tile, extent });
    const silence = rects(painted(scene)).find((rect) => rect.fillStyle === '--warn');
    expect(silence?.x).toBe(Math.round(scene.scale.x(5_000_000)));
    expect(silence!.x + silence!.width).toBeGreaterThanOrEqual(Math.round(scene.scale.x(8_000_000)) - 1);
    const ended = sceneFor(window, { tile, extent: { ...extent, live: false } });
    expect(rects(painted(ended)).some((rect) => rect.fillStyle === '--warn')).toBe(false);
  });
});

describe('what surrounds them', () => {
  test('without times nothing is spread, and the drawing says why', () => {
    const tile = emptyTile(0, 10_000_000, 1_000);
    addArrival(tile, 100, 200, frameKindCode.event, 0);
    const calls = painted(sceneFor(window, { tile, timesKnown: false }));
    expect(rects(calls)).toEqual([]);
    expect(texts(calls).join(' ')).toMatch(/Times unknown/);
    expect(
      paintedMarks(sceneFor(window, { timesKnown: false }), { selectedMicros: 1 }).map((call) => call.name),
    ).toEqual(['clearRect']);
  });

  test('an empty recording has its ruler and its lanes', () => {
    const calls = painted(sceneFor({ fromMicros: 0, toMicros: 1_000_000 }));
    expect(texts(calls)).toEqual(expect.arrayContaining(['phases', 'chunks', 'frames', 'gaps', '0.0 s']));
  });

  test('phases are named where the name fits, and a lasting one reaches to the clock', () => {
    const scene = sceneFor(window, {
      phases: [
        { name: 'dns', fromMicros: 0, toMicros: 20_000 },
        { name: 'wait', fromMicros: 20_000, toMicros: 30_000 },
        { name: 'receive', fromMicros: 30_000, toMicros: null },
      ],
      extent: { endMicros: 9_000_000, lastChunkMicros: 9_000_000, live: true },
    });
    const calls = painted(scene);
    expect(texts(calls)).toContain('receive');
    expect(texts(calls)).not.toContain('wait');
    const receive = rects(calls).find((rect) => rect.fillStyle === '--ok');
    expect(receive!.x + receive!.width).toBe(Math.round(scene.scale.x(9_000_000)));
  });

  test('flags that would cover each other become the gravest of them', () => {
    const tile = {
      ...emptyTile(0, 10_000_000, 1_000),
      flagMicros: Float64Array.of(1_000_000, 1_001_000, 6_000_000),
      flagSeverity: Uint8Array.of(2, 0, 1),
      flagFrame: Float64Array.of(1, 2, 3),
    };
    const fills = painted(sceneFor(window, { tile })).filter((call) => call.name === 'fill');
    expect(fills.map((call) => call.fillStyle)).toEqual(['--err', '--warn']);
  });

  test('the overview is drawn when zoomed, with the window in it', () => {
    const layout = layoutFor(1_000, 220, 1, true);
    const overview = emptyTile(0, 10_000_000, 500);
    addArrival(overview, 250, 100, frameKindCode.event, 0);
    const scene = sceneFor(
      { fromMicros: 4_000_000, toMicros: 5_000_000 },
      { layout, overview, extent: { endMicros: 10_000_000, lastChunkMicros: 10_000_000, live: false } },
    );
    const strip = layout.overview!;
    const inStrip = rects(painted(scene)).filter((rect) => rect.y >= strip.top && rect.y < strip.top + strip.height);
    expect(inStrip.some((rect) => rect.fillStyle === '--k-chunk')).toBe(true);
    const shown = inStrip.find((rect) => rect.fillStyle === '--accent');
    expect(shown!.width / layout.plotWidth).toBeCloseTo(0.1, 1);
  });
});

describe('marks', () => {
  test('the selected frame has a line and its time', () => {
    const scene = sceneFor(window);
    const calls = paintedMarks(scene, { selectedMicros: 2_741_308 });
    expect(texts(calls)).toEqual(['2.741']);
    expect(rects(calls).some((rect) => Math.abs(rect.x - scene.scale.x(2_741_308)) <= 2)).toBe(true);
  });

  test('a selection outside of the view draws nothing', () => {
    expect(rects(paintedMarks(sceneFor(window), { selectedMicros: 11_000_000 }))).toEqual([]);
  });

  test('the time under the pointer and a selected span are marked', () => {
    const scene = sceneFor(window);
    const calls = rects(paintedMarks(scene, { hoverMicros: 5e6, span: { fromMicros: 1e6, toMicros: 2e6 } }));
    expect(calls.some((rect) => rect.x === Math.round(scene.scale.x(5e6)))).toBe(true);
    const band = calls.find((rect) => rect.fillStyle === '--accent' && rect.globalAlpha < 1);
    expect(band?.width).toBe(Math.round(scene.scale.x(2e6)) - Math.round(scene.scale.x(1e6)));
  });
});

test('no number that reaches the context is anything but finite, whatever the columns hold', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(199), fc.nat(100_000), fc.nat(9), fc.nat(20_000_000)), { maxLength: 60 }),
      fc.tuple(fc.nat(9_000_000), fc.integer({ min: 200, max: 20_000_000 })),
      fc.constantFrom(1, 1.25, 2),
      fc.boolean(),
      (arrivals, [from, width], ratio, live) => {
        const tile = { ...emptyTile(0, 10_000_000, 200), stallMicros: Float64Array.of(1_000, 2_500_000) };
        for (const [column, bytes, kind, gap] of arrivals) addArrival(tile, column, bytes, kind, gap);
        const layout = layoutFor(Math.round(900 * ratio), Math.round(200 * ratio), ratio, true);
        const scene = sceneFor(
          { fromMicros: from, toMicros: from + width },
          { tile, overview: tile, layout, extent: { endMicros: 10_000_000, lastChunkMicros: null, live } },
        );
        const calls = [
          ...painted(scene),
          ...paintedMarks(scene, { selectedMicros: 3e6, hoverMicros: 1, span: window }),
        ];
        for (const { args } of calls)
          for (const arg of args) if (typeof arg === 'number') expect(Number.isFinite(arg)).toBe(true);
        for (const rect of rects(calls)) expect(rect.width).toBeGreaterThanOrEqual(0);
      },
    ),
  );
});
