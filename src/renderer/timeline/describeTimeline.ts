import type { TimelineColumns } from '../../shared/columns.ts';
import { formatBytes, formatCount, formatDuration, formatQuantity } from '../ui/format.ts';
import type { TimeWindow } from '../ui/time/timeScale.ts';

/** What the picture shows, in words. */
export interface TimelineDescription {
  readonly sentence: string;
  /** One line a stall in the window, at most `shownStalls`. */
  readonly stalls: readonly string[];
}

const shownStalls = 20;

/** The part of the columns that lies in the window, summed up for those who cannot see it. */
export function describeTimeline(tile: TimelineColumns | null, window: TimeWindow): TimelineDescription {
  const from = formatDuration(Math.max(0, window.fromMicros));
  const shown = `From ${from} to ${formatDuration(window.toMicros)}`;
  if (tile === null) return { sentence: `${shown}.`, stalls: [] };
  const width = (tile.toMicros - tile.fromMicros) / tile.columns;
  const first = Math.max(0, Math.floor((window.fromMicros - tile.fromMicros) / width));
  const end = Math.min(tile.columns, Math.ceil((window.toMicros - tile.fromMicros) / width));
  let frames = 0;
  let chunks = 0;
  let bytes = 0;
  let faults = 0;
  let longest = 0;
  for (let column = first; column < end; column++) {
    frames += tile.frameCount[column] as number;
    chunks += tile.chunkCount[column] as number;
    bytes += tile.chunkBytes[column] as number;
    faults += tile.frameFaults[column] as number;
    longest = Math.max(longest, tile.gapMicros[column] as number);
  }
  const stalls = stallsIn(tile, window);
  const parts = [formatQuantity(frames, 'frame'), `${formatQuantity(chunks, 'chunk')} of ${formatBytes(bytes)}`];
  if (longest > 0) parts.push(`longest gap ${formatDuration(longest)}`);
  if (faults > 0) parts.push(formatQuantity(faults, 'faulty frame'));
  parts.push(...tokenParts(tile, first, end));
  parts.push(stalls.length === 0 ? 'no stall' : formatQuantity(stalls.length, 'stall'));
  return { sentence: `${shown}: ${parts.join(', ')}.`, stalls: stalls.slice(0, shownStalls) };
}

/** `first token at 412 ms`, `38 tokens/s from first to last`: of the content in columns `[first, end)`. */
function tokenParts(tile: TimelineColumns, first: number, end: number): string[] {
  const { tokens } = tile;
  if (tokens === null) return [];
  const parts: string[] = [];
  if (!Number.isNaN(tokens.firstTokenMicros)) parts.push(`first token at ${formatDuration(tokens.firstTokenMicros)}`);
  let units = 0;
  let from = -1;
  let last = -1;
  for (let column = first; column < end; column++) {
    const here = tokens.contentUnits[column] as number;
    if (here === 0) continue;
    if (from < 0) from = column;
    last = column;
    units += here;
  }
  if (tokens.tokensPerUnit === null || last <= from) return parts;
  const { ratio, source } = tokens.tokensPerUnit;
  const seconds = ((last - from + 1) * (tile.toMicros - tile.fromMicros)) / tile.columns / 1e6;
  const rate = formatCount(Math.round((units * ratio) / seconds));
  parts.push(`${source === 'assumed' ? 'about ' : ''}${rate} tokens/s from the first content in view to the last`);
  return parts;
}

function stallsIn(tile: TimelineColumns, window: TimeWindow): string[] {
  const found: string[] = [];
  for (let i = 0; i + 1 < tile.stallMicros.length; i += 2) {
    const fromMicros = tile.stallMicros[i] as number;
    const toMicros = tile.stallMicros[i + 1] as number;
    if (toMicros < window.fromMicros || fromMicros > window.toMicros) continue;
    found.push(`Stall of ${formatDuration(toMicros - fromMicros)} from ${formatDuration(fromMicros)}`);
  }
  return found;
}
