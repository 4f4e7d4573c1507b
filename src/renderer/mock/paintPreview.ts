import type { ScenarioPreview } from '../../shared/mock.ts';
import { ticks } from '../ui/time/ruler.ts';
import { TimeScale } from '../ui/time/timeScale.ts';
import { previewColumns, previewSpan } from './previewColumns.ts';

export interface PreviewColors {
  readonly text: string;
  readonly line: string;
  readonly chunk: string;
  readonly fault: string;
}

/** Room at the sides, CSS pixels. */
export const previewSide = 12;
const rulerHeight = 20;
const flagHeight = 10;
const leastTickPixels = 90;

/** Draws when a scenario's chunks go and how large they are. @param width @param height CSS pixels */
export function paintPreview(
  context: CanvasRenderingContext2D,
  preview: ScenarioPreview,
  { text, line, chunk, fault }: PreviewColors,
  font: string,
  { width, height, ratio }: { readonly width: number; readonly height: number; readonly ratio: number },
): void {
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  const plotWidth = Math.floor(width - 2 * previewSide);
  if (plotWidth < 20 || height < rulerHeight + flagHeight + 8) return;
  const span = previewSpan(preview);
  const scale = new TimeScale({ fromMicros: 0, toMicros: span }, previewSide, plotWidth);
  const floor = height - 4;
  context.font = font;
  context.textBaseline = 'middle';
  for (const { micros, label } of ticks(scale, leastTickPixels)) {
    const x = Math.round(scale.x(micros));
    context.fillStyle = line;
    context.fillRect(x, rulerHeight, 1, floor - rulerHeight);
    context.fillStyle = text;
    const room = width - x - context.measureText(label).width - 3;
    context.fillText(label, room < 0 ? x + room : x + 3, rulerHeight / 2);
  }
  context.fillStyle = line;
  context.fillRect(previewSide, floor, plotWidth, 1);

  // Two pixels a column, so that neighbours are told apart.
  const columns = Math.max(1, Math.floor(plotWidth / 2));
  const { count, largest, faults } = previewColumns(preview, span, columns);
  let most = 1;
  for (const bytes of largest) most = Math.max(most, bytes);
  const plotHeight = floor - rulerHeight - flagHeight;
  context.fillStyle = chunk;
  for (let column = 0; column < columns; column++) {
    if ((count[column] ?? 0) === 0) continue;
    const bar = Math.max(2, Math.round(Math.sqrt((largest[column] ?? 0) / most) * plotHeight));
    context.fillRect(previewSide + column * 2, floor - bar, (count[column] ?? 0) > 1 ? 2 : 1.5, bar);
  }
  context.fillStyle = fault;
  for (let column = 0; column < columns; column++) {
    if (faults[column] === 0) continue;
    const x = previewSide + column * 2;
    context.fillRect(x, rulerHeight, 1.5, floor - rulerHeight);
    context.beginPath();
    context.moveTo(x - 4, rulerHeight);
    context.lineTo(x + 5.5, rulerHeight);
    context.lineTo(x + 0.75, rulerHeight + 8);
    context.fill();
  }
}
