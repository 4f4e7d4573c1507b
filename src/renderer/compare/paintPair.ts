import type { TimelineColumns } from '../../shared/columns.ts';
import type { Micros } from '../../shared/words.ts';
import { tickLabel, ticks, tickStep } from '../ui/time/ruler.ts';
import { TimeScale, type TimeWindow } from '../ui/time/timeScale.ts';

export interface PairColours {
  readonly line: string;
  readonly text: string;
  readonly left: string;
  readonly right: string;
  readonly stall: string;
  readonly fault: string;
  readonly font: string;
}

/** A moment that is marked on a lane, on the aligned clock. */
export interface LaneMoment {
  readonly micros: Micros;
  readonly label: string;
}

export interface Lane {
  readonly side: 'left' | 'right';
  /** In the recording's own time; null until it came. */
  readonly columns: TimelineColumns | null;
  readonly originMicros: Micros;
  readonly moments: readonly LaneMoment[];
}

/** Heights in CSS pixels. */
const rulerPixels = 18;
const lanePixels = 46;
export const pairPixels = rulerPixels + 2 * lanePixels;

const ticksApart = 90;
const frameRowPixels = 5;
const labelGap = 6;

/** Draws both lanes below one ruler. @param width in CSS pixels @param hoverX where the pointer is; null: nowhere */
export function paintPair(
  context: CanvasRenderingContext2D,
  width: number,
  ratio: number,
  window: TimeWindow,
  lanes: readonly [Lane, Lane],
  colours: PairColours,
  hoverX: number | null,
): void {
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, pairPixels);
  context.font = `11px ${colours.font}`;
  context.textBaseline = 'middle';
  const scale = new TimeScale(window, 0, width);
  paintRuler(context, scale, colours);
  const highest = Math.max(1, ...lanes.map(({ columns }) => largest(columns)));
  lanes.forEach((lane, i) => paintLane(context, scale, lane, rulerPixels + i * lanePixels, highest, colours));
  if (hoverX !== null) {
    context.fillStyle = colours.text;
    context.fillRect(Math.round(hoverX), rulerPixels, 1, 2 * lanePixels);
  }
}

function paintRuler(context: CanvasRenderingContext2D, scale: TimeScale, colours: PairColours): void {
  const step = tickStep(scale.microsPerPixel * ticksApart);
  for (const { micros } of ticks(scale, ticksApart)) {
    const x = Math.round(scale.x(micros));
    context.fillStyle = colours.line;
    context.fillRect(x, 0, 1, pairPixels);
    context.fillStyle = colours.text;
    const label = tickLabel(Math.abs(micros), step);
    context.fillText(micros < 0 ? `−${label}` : label, x + 4, rulerPixels / 2);
  }
}

function largest(columns: TimelineColumns | null): number {
  let most = 0;
  if (columns !== null) for (const bytes of columns.chunkMaxBytes) most = Math.max(most, bytes);
  return most;
}

function paintLane(
  context: CanvasRenderingContext2D,
  scale: TimeScale,
  lane: Lane,
  top: number,
  highest: number,
  colours: PairColours,
): void {
  const { columns, originMicros, moments, side } = lane;
  const bottom = top + lanePixels - frameRowPixels - 2;
  const room = lanePixels - frameRowPixels - 8;
  context.fillStyle = colours.line;
  context.fillRect(0, top, scale.width, 1);
  if (columns !== null) {
    const wide = (columns.toMicros - columns.fromMicros) / columns.columns;
    const x = (i: number): number => scale.x(columns.fromMicros + i * wide - originMicros);
    context.fillStyle = colours.stall;
    for (let i = 0; i + 1 < columns.stallMicros.length; i += 2) {
      const from = scale.clampedX((columns.stallMicros[i] ?? 0) - originMicros);
      const to = scale.clampedX((columns.stallMicros[i + 1] ?? 0) - originMicros);
      if (to > from) context.fillRect(from, bottom - 3, to - from, 3);
    }
    const barWidth = Math.max(1, x(1) - x(0));
    for (let i = 0; i < columns.columns; i++) {
      const bytes = columns.chunkMaxBytes[i] ?? 0;
      if ((columns.chunkCount[i] ?? 0) > 0) {
        // The square root keeps small chunks visible beside large ones.
        const height = Math.max(2, Math.sqrt(bytes / highest) * room);
        context.fillStyle = colours[side];
        context.fillRect(x(i), bottom - height, barWidth, height);
      }
      if ((columns.frameCount[i] ?? 0) > 0) {
        context.fillStyle = (columns.frameFaults[i] ?? 0) > 0 ? colours.fault : colours[side];
        context.fillRect(x(i), top + lanePixels - frameRowPixels, barWidth, frameRowPixels - 1);
      }
    }
  }
  paintMoments(context, scale, moments, top, colours);
}

function paintMoments(
  context: CanvasRenderingContext2D,
  scale: TimeScale,
  moments: readonly LaneMoment[],
  top: number,
  colours: PairColours,
): void {
  let free = -Infinity;
  context.fillStyle = colours.text;
  for (const { micros, label } of moments) {
    if (micros < scale.fromMicros || micros > scale.toMicros) continue;
    const x = Math.round(scale.x(micros));
    context.fillRect(x, top + 1, 1, lanePixels - 1);
    const width = context.measureText(label).width;
    const at = x + 4 + width > scale.right ? x - 4 - width : x + 4;
    if (at < free) continue;
    context.fillText(label, at, top + 9);
    free = at + width + labelGap;
  }
}
