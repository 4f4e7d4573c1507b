import type { TimelineColumns } from '../../../../src/shared/columns.ts';
import { layOut, type TimelineLayout } from '../../../../src/renderer/timeline/layout.ts';
import { readPalette } from '../../../../src/renderer/timeline/palette.ts';
import type { Scene } from '../../../../src/renderer/timeline/scene.ts';
import { TimeScale, type TimeWindow } from '../../../../src/renderer/ui/time/timeScale.ts';

/** The token's own name stands for its colour, so that a test can say which was used. */
const palette = readPalette((token) => token);

export function layoutFor(width = 1_000, height = 220, ratio = 1, zoomed = false): TimelineLayout {
  const layout = layOut(width, height, ratio, zoomed);
  if (layout === null) throw new Error('no room');
  return layout;
}

export function emptyTile(fromMicros: number, toMicros: number, columns: number): TimelineColumns {
  return {
    fromMicros,
    toMicros,
    columns,
    chunkCount: new Uint32Array(columns),
    chunkBytes: new Float64Array(columns),
    chunkMaxBytes: new Float64Array(columns),
    frameCount: new Uint32Array(columns),
    frameKind: new Uint8Array(columns).fill(255),
    frameFaults: new Uint32Array(columns),
    gapMicros: new Float64Array(columns),
    firstFrame: new Float64Array(columns).fill(-1),
    gapAcrossFromMicros: NaN,
    gapAcrossToMicros: NaN,
    stallMicros: new Float64Array(0),
    flagMicros: new Float64Array(0),
    flagSeverity: new Uint8Array(0),
    flagFrame: new Float64Array(0),
    tokens: null,
  };
}

/** Puts one frame, brought by a chunk of its own, into a column. */
export function addArrival(
  tile: TimelineColumns,
  column: number,
  bytes: number,
  kind: number,
  gapMicros: number,
): void {
  tile.chunkCount[column] = (tile.chunkCount[column] ?? 0) + 1;
  tile.chunkBytes[column] = (tile.chunkBytes[column] ?? 0) + bytes;
  tile.chunkMaxBytes[column] = Math.max(tile.chunkMaxBytes[column] ?? 0, bytes);
  tile.frameCount[column] = (tile.frameCount[column] ?? 0) + 1;
  tile.frameKind[column] = kind;
  tile.gapMicros[column] = Math.max(tile.gapMicros[column] ?? 0, gapMicros);
}

export function sceneFor(window: TimeWindow, parts: Partial<Scene> = {}): Scene {
  const layout = parts.layout ?? layoutFor();
  return {
    layout,
    palette,
    scale: new TimeScale(window, layout.plotLeft, layout.plotWidth),
    extent: { endMicros: window.toMicros, lastChunkMicros: window.toMicros, live: false },
    timesKnown: true,
    phases: [],
    tile: null,
    overview: null,
    ...parts,
  };
}
