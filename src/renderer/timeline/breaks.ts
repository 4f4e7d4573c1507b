import { drawnText, type Drawing, type Scene } from './scene.ts';

/** The times between two connections of one recording: nothing can arrive there, so all lanes show a break. */
export function drawBreaks(context: Drawing, scene: Scene): void {
  const { layout, palette, scale, phases, extent } = scene;
  const { top } = layout.lanes.chunks;
  const bottom = layout.bottom;
  const line = Math.max(1, Math.round(layout.ratio));
  context.font = `${String(Math.round(11 * layout.ratio))}px ${palette.fontUi}`;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  for (const phase of phases) {
    const toMicros = phase.toMicros ?? extent.endMicros;
    if (phase.name !== 'reconnect' || toMicros < scale.fromMicros || phase.fromMicros > scale.toMicros) continue;
    const left = Math.round(scale.clampedX(phase.fromMicros));
    const right = Math.max(left + line, Math.round(scale.clampedX(toMicros)));
    context.fillStyle = palette.line;
    context.globalAlpha = 0.5;
    context.fillRect(left, top, right - left, bottom - top);
    context.globalAlpha = 1;
    context.strokeStyle = palette.phases.reconnect;
    context.lineWidth = line;
    context.setLineDash([4 * layout.ratio, 3 * layout.ratio]);
    context.beginPath();
    for (const x of [left, right]) {
      context.moveTo(x + line / 2, top);
      context.lineTo(x + line / 2, bottom);
    }
    context.stroke();
    context.setLineDash([]);
    const label = phase.label ?? '';
    const x = left + 5 * layout.ratio;
    if (x + context.measureText(label).width > layout.width) continue;
    context.fillStyle = palette.text;
    drawnText(context, label, x, top + 8 * layout.ratio);
  }
}
