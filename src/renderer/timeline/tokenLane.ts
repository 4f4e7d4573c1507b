import type { TimelineColumns } from '../../shared/columns.ts';
import { formatCount } from '../ui/format.ts';
import type { Lane } from './layout.ts';
import { drawnText, type Drawing, type Scene } from './scene.ts';
import { rateCurve, type RateCurve } from './tokenRate.ts';

/** Tokens a second as a curve on the lane's floor, and where the first one came. */
export function drawTokens(context: Drawing, scene: Scene): void {
  const { tile, scale, layout, palette } = scene;
  const lane = layout.tokens;
  const tokens = tile?.tokens ?? null;
  if (tile === null || lane === null || tokens === null) return;
  const curve = rateCurve(tile, scale);
  if (curve !== null) drawCurve(context, scene, tile, lane, curve);
  if (Number.isNaN(tokens.firstTokenMicros)) return;
  const x = Math.round(scale.x(tokens.firstTokenMicros));
  if (x < scale.left || x > scale.right) return;
  const line = Math.max(1, Math.round(layout.ratio));
  context.strokeStyle = palette.firstToken;
  context.lineWidth = line;
  context.setLineDash([3 * layout.ratio, 3 * layout.ratio]);
  context.beginPath();
  context.moveTo(x + line / 2, layout.lanes.chunks.top);
  context.lineTo(x + line / 2, layout.bottom);
  context.stroke();
  context.setLineDash([]);
  context.font = `${String(Math.round(11 * layout.ratio))}px ${palette.fontUi}`;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  const label = 'first token';
  const left = x + 4 * layout.ratio;
  if (left + context.measureText(label).width > layout.width) return;
  context.fillStyle = palette.firstToken;
  drawnText(context, label, left, layout.bottom - 6 * layout.ratio);
}

function drawCurve(context: Drawing, scene: Scene, tile: TimelineColumns, lane: Lane, curve: RateCurve): void {
  const { scale, layout, palette } = scene;
  const width = (tile.toMicros - tile.fromMicros) / tile.columns;
  const line = Math.max(1, Math.round(1.5 * layout.ratio));
  const floor = lane.top + lane.height - line / 2;
  const room = lane.height - line - Math.round(4 * layout.ratio);
  const full = curve.scale;
  const yOf = (rate: number): number => floor - (rate / full) * room;
  const xOf = (column: number): number => scale.x(tile.fromMicros + (column + 0.5) * width);
  const trace = (): void => {
    context.beginPath();
    context.moveTo(xOf(curve.first), floor);
    curve.rates.forEach((rate, i) => context.lineTo(xOf(curve.first + i), yOf(rate)));
    context.lineTo(xOf(curve.first + curve.rates.length - 1), floor);
  };
  trace();
  context.closePath();
  context.fillStyle = palette.accent;
  context.globalAlpha = 0.14;
  context.fill();
  context.globalAlpha = 1;
  trace();
  context.strokeStyle = palette.accent;
  context.lineWidth = line;
  context.stroke();
}

/** The lane's name, and what its height stands for: marked ≈ until the provider says how many tokens there are. */
export function drawTokensTitle(context: Drawing, scene: Scene): void {
  const { layout, palette, tile, scale } = scene;
  const lane = layout.tokens;
  if (lane === null) return;
  context.font = `${String(Math.round(11 * layout.ratio))}px ${palette.fontUi}`;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.fillStyle = palette.textWeak;
  const curve = tile === null ? null : rateCurve(tile, scale);
  const isTwoLines = curve !== null && lane.height >= 32 * layout.ratio;
  const middle = lane.top + lane.height / 2;
  drawnText(context, 'tokens/s', 12 * layout.ratio, isTwoLines ? middle - 7 * layout.ratio : middle);
  if (!isTwoLines) return;
  const top = `${curve.isAssumed ? '≈ ' : ''}0–${formatCount(curve.scale)}`;
  drawnText(context, top, 12 * layout.ratio, middle + 8 * layout.ratio);
}
