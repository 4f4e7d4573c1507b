import { ticks } from '../ui/time/ruler.ts';
import { drawnText, visitColumns, type Drawing, type Scene } from './scene.ts';
import { TimeScale } from '../ui/time/timeScale.ts';
import { wholeWindow } from './timeWindow.ts';
import type { LaneName } from './layout.ts';

const tickSpacing = 96;

/** Ruler and the lines that carry its ticks down through the lanes. */
export function drawRuler(context: Drawing, scene: Scene): void {
  const { layout, palette, scale } = scene;
  const bottom = layout.bottom;
  context.font = `${String(Math.round(11 * layout.ratio))}px ${palette.fontUi}`;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  const line = Math.max(1, Math.round(layout.ratio));
  for (const tick of ticks(scale, tickSpacing * layout.ratio)) {
    const x = Math.round(scale.x(tick.micros));
    context.fillStyle = palette.line;
    context.fillRect(x, layout.ruler.top + layout.ruler.height, line, bottom - layout.ruler.top - layout.ruler.height);
    if (x + context.measureText(tick.label).width > layout.width) continue;
    context.fillStyle = palette.textWeak;
    drawnText(context, tick.label, x + 3 * layout.ratio, layout.ruler.top + layout.ruler.height / 2);
  }
}

const laneTitles: Readonly<Partial<Record<LaneName, string>>> = {
  phases: 'phases',
  chunks: 'chunks',
  frames: 'frames',
  gaps: 'gaps',
};

/** Names of the lanes, left of the plot. */
export function drawTitles(context: Drawing, scene: Scene): void {
  const { layout, palette } = scene;
  context.font = `${String(Math.round(11 * layout.ratio))}px ${palette.fontUi}`;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.fillStyle = palette.textWeak;
  for (const [name, title] of Object.entries(laneTitles)) {
    const lane = layout.lanes[name as LaneName];
    drawnText(context, title, 12 * layout.ratio, lane.top + lane.height / 2);
  }
}

/** Steps of the connection, named where the name fits. */
export function drawPhases(context: Drawing, scene: Scene): void {
  const { layout, palette, scale, phases, extent } = scene;
  const lane = layout.lanes.phases;
  context.font = `${String(Math.round(11 * layout.ratio))}px ${palette.fontUi}`;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  for (const phase of phases) {
    const toMicros = phase.toMicros ?? extent.endMicros;
    if (toMicros < scale.fromMicros || phase.fromMicros > scale.toMicros) continue;
    const left = Math.round(scale.clampedX(phase.fromMicros));
    const width = Math.max(1, Math.round(scale.clampedX(toMicros)) - left);
    context.fillStyle = palette.phases[phase.name];
    // The long steps carry their names, so they must be pale; the short ones must be seen.
    const long = phase.name === 'receive' || phase.name === 'wait' || phase.name === 'reconnect';
    context.globalAlpha = long ? 0.3 : 0.8;
    context.fillRect(left, lane.top, width, lane.height);
    context.globalAlpha = 1;
    if (!long) continue;
    if (context.measureText(phase.name).width + 10 * layout.ratio > width) continue;
    context.fillStyle = palette.text;
    drawnText(context, phase.name, left + 5 * layout.ratio, lane.top + lane.height / 2);
  }
}

/** The whole recording in a strip, with the part that the lanes show. */
export function drawOverview(context: Drawing, scene: Scene): void {
  const { layout, palette, overview, scale } = scene;
  const lane = layout.overview;
  if (lane === null) return;
  context.fillStyle = palette.line;
  context.globalAlpha = 0.45;
  context.fillRect(layout.plotLeft, lane.top, layout.plotWidth, lane.height);
  context.globalAlpha = 1;
  if (overview === null) return;
  const whole = overviewScale(scene);
  if (whole === null) return;
  let densest = 1;
  for (const count of overview.frameCount) if (count > densest) densest = count;
  context.fillStyle = palette.chunk;
  visitColumns(overview, whole, (column, left, right) => {
    const count = overview.frameCount[column] as number;
    if (count === 0) return;
    const height = Math.max(1, Math.round((lane.height * (0.25 + 0.75 * Math.log1p(count))) / Math.log1p(densest)));
    const drawn = Math.min(lane.height, height);
    context.fillRect(left, lane.top + lane.height - drawn, right - left, drawn);
  });
  context.fillStyle = palette.stall;
  for (let i = 0; i + 1 < overview.stallMicros.length; i += 2) {
    const left = Math.round(whole.clampedX(overview.stallMicros[i] as number));
    const right = Math.round(whole.clampedX(overview.stallMicros[i + 1] as number));
    context.fillRect(left, lane.top, Math.max(Math.round(layout.ratio), right - left), Math.round(3 * layout.ratio));
  }
  const left = Math.round(whole.clampedX(scale.fromMicros));
  const right = Math.max(left + Math.round(4 * layout.ratio), Math.round(whole.clampedX(scale.toMicros)));
  context.fillStyle = palette.accent;
  context.globalAlpha = 0.2;
  context.fillRect(left, lane.top, right - left, lane.height);
  context.globalAlpha = 1;
  const line = Math.max(1, Math.round(layout.ratio));
  context.fillRect(left, lane.top, line, lane.height);
  context.fillRect(right - line, lane.top, line, lane.height);
}

/** Null when there is no time to map. */
export function overviewScale(scene: Pick<Scene, 'layout' | 'extent'>): TimeScale | null {
  const { layout, extent } = scene;
  return extent.endMicros > 0 ? new TimeScale(wholeWindow(extent.endMicros), layout.plotLeft, layout.plotWidth) : null;
}

/** Times are not known: the lanes stay empty, nothing is spread over a time that nobody measured. */
export function drawTimesUnknown(context: Drawing, scene: Scene): void {
  const { layout, palette } = scene;
  context.font = `${String(Math.round(12 * layout.ratio))}px ${palette.fontUi}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillStyle = palette.textWeak;
  drawnText(
    context,
    'Times unknown: these bytes were imported without arrival times.',
    layout.plotLeft + layout.plotWidth / 2,
    layout.height / 2,
  );
}
