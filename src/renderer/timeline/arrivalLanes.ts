import type { TimelineColumns } from '../../shared/columns.ts';
import { frameKindCode } from '../../shared/words.ts';
import type { Lane } from './layout.ts';
import { markWidth, visitColumns, type Drawing, type Scene } from './scene.ts';

/** Height of the largest chunk's bar stands for this many bytes: the next power of two, so that bars keep their size while a stream runs. */
function byteScale(tile: TimelineColumns): number {
  let largest = 1;
  for (const bytes of tile.chunkMaxBytes) if (bytes > largest) largest = bytes;
  return 2 ** Math.ceil(Math.log2(largest));
}

/** Chunks as bars on the lane's floor. Heights grow with the square root, so that a chunk a hundredth as large is still seen. */
export function drawChunks(context: Drawing, scene: Scene): void {
  const { tile, scale, layout, palette } = scene;
  if (tile === null) return;
  const lane = layout.lanes.chunks;
  const full = byteScale(tile);
  const width = markWidth(tile, tile.chunkCount, scale, layout.ratio);
  const floor = lane.top + lane.height;
  context.fillStyle = palette.chunk;
  visitColumns(tile, scale, (column, left, right) => {
    const count = tile.chunkCount[column] as number;
    if (count === 0) return;
    const share = Math.sqrt((tile.chunkMaxBytes[column] as number) / full);
    const height = Math.max(Math.round(2 * layout.ratio), Math.round(share * lane.height));
    context.fillRect(left, floor - height, count === 1 ? width : Math.max(width, right - left), height);
  });
}

/** Frames as ticks coloured by kind, of a token stream by what they say; heartbeats are half as high, faults reach out of the lane with a wedge on top. */
export function drawFrames(context: Drawing, scene: Scene): void {
  const { tile, scale, layout, palette } = scene;
  if (tile === null) return;
  const lane = layout.lanes.frames;
  const width = markWidth(tile, tile.frameCount, scale, layout.ratio);
  const densest = densestColumn(tile);
  const faults: number[] = [];
  let fill = '';
  visitColumns(tile, scale, (column, left, right) => {
    const count = tile.frameCount[column] as number;
    if (count === 0) return;
    const kind = tile.frameKind[column] as number;
    const faulty = (tile.frameFaults[column] as number) > 0;
    const delta = tile.tokens?.deltaKind[column] ?? 0;
    const own = delta === 0 ? palette.kinds[kind] : palette.deltas[delta];
    const color = (faulty ? palette.severities[0] : own) ?? palette.chunk;
    if (color !== fill) {
      context.fillStyle = color;
      fill = color;
    }
    const share = isQuiet(kind) && !faulty ? 0.5 : densityShare(count, densest);
    const height = Math.max(1, Math.round(lane.height * share));
    const wide = count === 1 || densest === 1 ? width : Math.max(width, right - left);
    context.fillRect(left, lane.top + lane.height - height, wide, height);
    if (faulty) faults.push(left + Math.floor(wide / 2));
  });
  context.fillStyle = palette.severities[0] ?? palette.text;
  let lastDrawn = -Infinity;
  for (const x of faults) {
    if (x - lastDrawn < 4 * layout.ratio) continue;
    lastDrawn = x;
    drawWedge(context, x, lane, layout.ratio);
  }
}

function isQuiet(kind: number): boolean {
  return kind === frameKindCode.comment || kind === frameKindCode.blank;
}

function densestColumn(tile: TimelineColumns): number {
  let densest = 1;
  for (const count of tile.frameCount) if (count > densest) densest = count;
  return densest;
}

/** Full height where no column holds more than one frame; else the logarithm of the count, from two thirds up. */
function densityShare(count: number, densest: number): number {
  return densest === 1 ? 1 : 0.67 + (0.33 * Math.log(count)) / Math.log(densest);
}

function drawWedge(context: Drawing, x: number, lane: Lane, ratio: number): void {
  const size = Math.round(3 * ratio);
  context.beginPath();
  context.moveTo(x - size, lane.top - size);
  context.lineTo(x + size + 1, lane.top - size);
  context.lineTo(x + 0.5, lane.top + size);
  context.closePath();
  context.fill();
}

/** Diagnostics' flags: shape and colour by severity. Flags closer than they are wide become one, the gravest. */
export function drawFlags(context: Drawing, scene: Scene): void {
  const { tile, scale, layout, palette } = scene;
  if (tile === null) return;
  const lane = layout.lanes.flags;
  const size = Math.round(4 * layout.ratio);
  const middle = lane.top + Math.floor(lane.height / 2);
  let x = -Infinity;
  let severity = 2;
  const draw = (): void => {
    if (x === -Infinity) return;
    context.fillStyle = palette.severities[severity] ?? palette.text;
    context.beginPath();
    flagShapes[severity]?.(context, x, middle, size);
    context.fill();
  };
  for (let i = 0; i < tile.flagMicros.length; i++) {
    const at = Math.round(scale.x(tile.flagMicros[i] as number));
    if (at < scale.left || at > scale.right) continue;
    const its = tile.flagSeverity[i] as number;
    if (at - x < 2 * size) {
      severity = Math.min(severity, its);
      continue;
    }
    draw();
    x = at;
    severity = its;
  }
  draw();
}

const flagShapes: readonly ((context: Drawing, x: number, y: number, size: number) => void)[] = [
  (context, x, y, size) => {
    context.moveTo(x, y - size);
    context.lineTo(x + size, y);
    context.lineTo(x, y + size);
    context.lineTo(x - size, y);
    context.closePath();
  },
  (context, x, y, size) => {
    context.moveTo(x - size, y - size / 2);
    context.lineTo(x + size, y - size / 2);
    context.lineTo(x, y + size);
    context.closePath();
  },
  (context, x, y, size) => {
    context.arc(x, y, size / 2, 0, 2 * Math.PI);
  },
];
