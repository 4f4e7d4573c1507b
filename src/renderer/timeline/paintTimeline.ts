import { drawChunks, drawFlags, drawFrames } from './arrivalLanes.ts';
import { drawOverview, drawPhases, drawRuler, drawTimesUnknown, drawTitles } from './backdrop.ts';
import { drawBreaks } from './breaks.ts';
import { drawGaps, drawStalls, shadeStalls } from './gapLane.ts';
import { drawTokens, drawTokensTitle } from './tokenLane.ts';
import { drawnText, type Drawing, type Marks, type Scene } from './scene.ts';

/** Draws the lower canvas anew: everything but what follows the pointer and the selection. */
export function paintScene(context: Drawing, scene: Scene): void {
  const { layout } = scene;
  context.clearRect(0, 0, layout.width, layout.height);
  drawTitles(context, scene);
  drawTokensTitle(context, scene);
  if (!scene.timesKnown) {
    drawTimesUnknown(context, scene);
    return;
  }
  drawOverview(context, scene);
  context.save();
  context.beginPath();
  context.rect(layout.plotLeft, 0, layout.width - layout.plotLeft, layout.height);
  context.clip();
  drawRuler(context, scene);
  drawBreaks(context, scene);
  shadeStalls(context, scene);
  drawPhases(context, scene);
  drawChunks(context, scene);
  drawGaps(context, scene);
  drawStalls(context, scene);
  drawFrames(context, scene);
  drawFlags(context, scene);
  drawTokens(context, scene);
  context.restore();
}

/** Draws the upper canvas anew: selected span, pointer, cursor of the selected frame. */
export function paintMarks(context: Drawing, scene: Scene, marks: Marks): void {
  const { layout, palette, scale } = scene;
  context.clearRect(0, 0, layout.width, layout.height);
  if (!scene.timesKnown) return;
  const top = layout.ruler.top + layout.ruler.height;
  const bottom = layout.bottom;
  const line = Math.max(1, Math.round(layout.ratio));
  if (marks.span !== null) {
    const left = Math.round(scale.clampedX(marks.span.fromMicros));
    const right = Math.round(scale.clampedX(marks.span.toMicros));
    context.fillStyle = palette.accent;
    context.globalAlpha = 0.16;
    context.fillRect(left, layout.ruler.top, Math.max(1, right - left), bottom - layout.ruler.top);
    context.globalAlpha = 1;
    context.fillRect(left, layout.ruler.top, line, bottom - layout.ruler.top);
    context.fillRect(Math.max(left, right - line), layout.ruler.top, line, bottom - layout.ruler.top);
  }
  if (marks.hoverMicros !== null) {
    context.fillStyle = palette.textWeak;
    context.globalAlpha = 0.5;
    context.fillRect(Math.round(scale.clampedX(marks.hoverMicros)), top, line, bottom - top);
    context.globalAlpha = 1;
  }
  if (marks.selectedMicros !== null) drawCursor(context, scene, marks.selectedMicros);
}

function drawCursor(context: Drawing, scene: Scene, micros: number): void {
  const { layout, palette, scale } = scene;
  if (micros < scale.fromMicros || micros > scale.toMicros) return;
  const { ratio } = layout;
  const x = Math.round(scale.x(micros));
  const width = Math.max(1, Math.round(2 * ratio));
  const bottom = layout.bottom;
  context.fillStyle = palette.accent;
  context.fillRect(
    x - Math.floor(width / 2),
    layout.ruler.top + layout.ruler.height,
    width,
    bottom - layout.ruler.top - layout.ruler.height,
  );
  context.font = `600 ${String(Math.round(11 * ratio))}px ${palette.fontData}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  const label = (micros / 1e6).toFixed(scale.microsPerPixel * ratio < 500 ? 6 : 3);
  const half = context.measureText(label).width / 2 + 6 * ratio;
  const middle = Math.min(layout.width - half, Math.max(layout.plotLeft + half, x));
  const height = Math.round(16 * ratio);
  const top = layout.ruler.top + Math.round((layout.ruler.height - height) / 2);
  context.beginPath();
  context.roundRect(Math.round(middle - half), top, Math.round(2 * half), height, 3 * ratio);
  context.fill();
  context.fillStyle = palette.onAccent;
  drawnText(context, label, middle, top + height / 2);
}
