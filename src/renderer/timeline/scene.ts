import type { TimelineColumns } from '../../shared/columns.ts';
import type { Micros } from '../../shared/words.ts';
import type { TimelineLayout } from './layout.ts';
import type { Palette } from './palette.ts';
import type { Phase } from './phases.ts';
import { type TimeScale } from '../ui/time/timeScale.ts';

/** How far the recording reaches. */
export interface Extent {
  /** The recording's clock while live, else its end or its last chunk; 0 when nothing is known. */
  readonly endMicros: Micros;
  readonly lastChunkMicros: Micros | null;
  readonly live: boolean;
}

/** Everything the lower canvas is drawn from. */
export interface Scene {
  readonly layout: TimelineLayout;
  readonly palette: Palette;
  readonly scale: TimeScale;
  readonly extent: Extent;
  readonly timesKnown: boolean;
  readonly phases: readonly Phase[];
  /** The newest answer; it may cover another window than the scale shows, and is drawn where its times lie. */
  readonly tile: TimelineColumns | null;
  readonly overview: TimelineColumns | null;
}

/** What the upper canvas shows over it. */
export interface Marks {
  readonly selectedMicros: Micros | null;
  readonly hoverMicros: Micros | null;
  readonly span: { readonly fromMicros: Micros; readonly toMicros: Micros } | null;
}

/** The context's members that drawings use; a test records them. */
export type Drawing = Pick<
  CanvasRenderingContext2D,
  | 'fillStyle'
  | 'strokeStyle'
  | 'globalAlpha'
  | 'lineWidth'
  | 'font'
  | 'textAlign'
  | 'textBaseline'
  | 'fillRect'
  | 'clearRect'
  | 'fillText'
  | 'measureText'
  | 'beginPath'
  | 'moveTo'
  | 'lineTo'
  | 'closePath'
  | 'arc'
  | 'rect'
  | 'roundRect'
  | 'fill'
  | 'stroke'
  | 'save'
  | 'restore'
  | 'clip'
  | 'setLineDash'
>;

/** Visits a tile's columns that can be seen as whole pixels `[left, right)`, `right > left`. */
export function visitColumns(
  tile: TimelineColumns,
  scale: TimeScale,
  visit: (column: number, left: number, right: number) => void,
): void {
  const width = (tile.toMicros - tile.fromMicros) / tile.columns;
  const first = Math.max(0, Math.floor((scale.fromMicros - tile.fromMicros) / width));
  const end = Math.min(tile.columns, Math.ceil((scale.toMicros - tile.fromMicros) / width));
  let left = Math.round(scale.x(tile.fromMicros + first * width));
  for (let column = first; column < end; column++) {
    const right = Math.round(scale.x(tile.fromMicros + (column + 1) * width));
    visit(column, left, Math.max(right, left + 1));
    left = right;
  }
}

/** Width of a mark that stands for something at one time: slim where arrivals are dense, so that gaps stay visible. */
export function markWidth(tile: TimelineColumns, counts: Uint32Array, scale: TimeScale, ratio: number): number {
  let filled = 0;
  let first = -1;
  let last = -1;
  visitColumns(tile, scale, (column) => {
    if ((counts[column] as number) === 0) return;
    if (first < 0) first = column;
    last = column;
    filled++;
  });
  if (filled < 2) return Math.max(1, Math.round(2 * ratio));
  const columnWidth = (tile.toMicros - tile.fromMicros) / tile.columns / scale.microsPerPixel;
  const spacing = ((last - first) * columnWidth) / (filled - 1);
  return Math.max(1, Math.min(Math.round(2 * ratio), Math.floor(spacing / 2)));
}

/** Draws text on whole pixels: a canvas blurs what lies between. */
export function drawnText(context: Drawing, text: string, x: number, y: number): void {
  context.fillText(text, Math.round(x), Math.round(y));
}
