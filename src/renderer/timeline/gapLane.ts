import type { Micros } from '../../shared/words.ts';
import { formatDuration } from '../ui/format.ts';
import { drawnText, visitColumns, type Drawing, type Scene } from './scene.ts';

const shortestMicros = 100;
const decadesToFull = 4;
/** Ordinary gaps stay below the lane's top, which belongs to stalls. */
const highestOrdinary = 0.75;
const silenceShownMicros = 1_000_000;

/** Height of an ordinary gap as a share of the lane: the logarithm, from 100 µs to 1 s. */
function gapShare(gapMicros: Micros): number {
  const decades = Math.log10(Math.max(1, gapMicros / shortestMicros));
  return Math.min(highestOrdinary, 0.12 + (decades / decadesToFull) * (highestOrdinary - 0.12));
}

/** Gaps where they lie, from one arrival to the next; the one that leaves the view is drawn to its edge. */
export function drawGaps(context: Drawing, scene: Scene): void {
  const { tile, scale, layout, palette } = scene;
  if (tile === null) return;
  const lane = layout.lanes.gaps;
  const floor = lane.top + lane.height;
  const half = (tile.toMicros - tile.fromMicros) / tile.columns / 2;
  const spacing = layout.ratio >= 1 ? Math.round(layout.ratio) : 1;
  const bar = (fromMicros: Micros, toMicros: Micros): void => {
    const left = Math.round(scale.clampedX(fromMicros));
    const right = Math.round(scale.clampedX(toMicros));
    const width = right - left > 3 * spacing ? right - left - spacing : Math.max(1, right - left);
    const height = Math.max(1, Math.round(gapShare(toMicros - fromMicros) * lane.height));
    context.fillRect(left, floor - height, width, height);
  };
  context.fillStyle = palette.gap;
  context.globalAlpha = 0.6;
  visitColumns(tile, scale, (column) => {
    const gapMicros = tile.gapMicros[column] as number;
    if (gapMicros === 0) return;
    const toMicros = tile.fromMicros + (2 * column + 1) * half;
    bar(toMicros - gapMicros, toMicros);
  });
  if (!Number.isNaN(tile.gapAcrossFromMicros) && tile.gapAcrossFromMicros < scale.toMicros) {
    bar(tile.gapAcrossFromMicros, tile.gapAcrossToMicros);
  }
  drawSilence(context, scene, bar);
  context.globalAlpha = 1;
}

/** While live: the gap that has not ended yet. */
function drawSilence(context: Drawing, scene: Scene, bar: (from: Micros, to: Micros) => void): void {
  const { extent, palette } = scene;
  if (!extent.live || extent.lastChunkMicros === null) return;
  if (extent.endMicros - extent.lastChunkMicros < silenceShownMicros) return;
  context.fillStyle = palette.stall;
  context.globalAlpha = 0.45;
  bar(extent.lastChunkMicros, extent.endMicros);
}

/** Shades the stalls over all lanes of arrivals; drawn before them. */
export function shadeStalls(context: Drawing, scene: Scene): void {
  const { lanes, tokens } = scene.layout;
  context.fillStyle = scene.palette.stall;
  context.globalAlpha = 0.1;
  visitStalls(scene, (left, right) => {
    context.fillRect(left, lanes.chunks.top, right - left, lanes.gaps.top - lanes.chunks.top);
    if (tokens !== null) context.fillRect(left, tokens.top, right - left, tokens.height);
  });
  context.globalAlpha = 1;
}

/** Stalls fill their place in the lane of gaps, and say how long they are where there is room for it. */
export function drawStalls(context: Drawing, scene: Scene): void {
  const { layout, palette } = scene;
  const { gaps, frames } = layout.lanes;
  const leastWidth = Math.round(3 * layout.ratio);
  context.fillStyle = palette.stall;
  visitStalls(scene, (left, right) => {
    context.fillRect(left, gaps.top, Math.max(leastWidth, right - left), gaps.height);
  });
  context.font = `600 ${String(Math.round(11 * layout.ratio))}px ${palette.fontUi}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  visitStalls(scene, (left, right, stallMicros) => {
    const label = `stall ${formatDuration(stallMicros)}`;
    if (right - left < context.measureText(label).width + 12 * layout.ratio) return;
    drawnText(context, label, (left + right) / 2, frames.top + frames.height / 2);
  });
}

function visitStalls(scene: Scene, visit: (left: number, right: number, stallMicros: Micros) => void): void {
  const { tile, scale } = scene;
  if (tile === null) return;
  for (let i = 0; i + 1 < tile.stallMicros.length; i += 2) {
    const fromMicros = tile.stallMicros[i] as number;
    const toMicros = tile.stallMicros[i + 1] as number;
    if (toMicros < scale.fromMicros || fromMicros > scale.toMicros) continue;
    visit(Math.round(scale.clampedX(fromMicros)), Math.round(scale.clampedX(toMicros)), toMicros - fromMicros);
  }
}
