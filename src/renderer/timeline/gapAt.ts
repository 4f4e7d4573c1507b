import type { TimelineColumns } from '../../shared/columns.ts';
import type { Micros } from '../../shared/words.ts';
import type { TimelineLayout } from './layout.ts';
import type { TimeWindow } from '../ui/time/timeScale.ts';

/**
 * The stall, or the gap between two arrivals, that lies at a time: exact for stalls, to a column for other gaps.
 * @param y in device pixels: gaps are chosen in their own lane
 */
export function gapAt(
  tile: TimelineColumns | null,
  layout: TimelineLayout,
  micros: Micros,
  y: number,
): TimeWindow | null {
  const { gaps } = layout.lanes;
  if (tile === null || y < gaps.top || y >= gaps.top + gaps.height) return null;
  for (let i = 0; i + 1 < tile.stallMicros.length; i += 2) {
    const fromMicros = tile.stallMicros[i] as number;
    const toMicros = tile.stallMicros[i + 1] as number;
    if (fromMicros <= micros && micros <= toMicros) return inside(fromMicros, toMicros);
  }
  const width = (tile.toMicros - tile.fromMicros) / tile.columns;
  for (let column = Math.max(0, Math.floor((micros - tile.fromMicros) / width)); column < tile.columns; column++) {
    if (tile.frameCount[column] === 0) continue;
    const end = tile.fromMicros + (column + 0.5) * width;
    const gapMicros = tile.gapMicros[column] as number;
    return gapMicros > 2 * width && end - gapMicros <= micros ? inside(end - gapMicros + width, end - width / 2) : null;
  }
  return null;
}

/** Without the arrivals at its two ends: what a span holds begins at its start and ends before its end. */
function inside(fromMicros: Micros, toMicros: Micros): TimeWindow | null {
  const from = Math.floor(fromMicros) + 1;
  const to = Math.floor(toMicros);
  return to > from ? { fromMicros: from, toMicros: to } : null;
}
