import type { TimelineColumns } from '../../shared/columns.ts';
import type { Micros } from '../../shared/words.ts';
import type { TimeScale } from '../ui/time/timeScale.ts';
import { rateAt } from './tokenRate.ts';

/** What the pointer stands on. */
export interface Readout {
  readonly micros: Micros;
  readonly chunks: number;
  readonly bytes: number;
  readonly frames: number;
  /** Faulty among the frames. */
  readonly faults: number;
  /** The gap that the time lies in, or the longest before a frame near it; null where none is known. */
  readonly gapMicros: Micros | null;
  readonly stall: boolean;
  /** Null without a dialect, and outside of its content. */
  readonly tokensPerSecond: number | null;
  /** The provider has not said how many tokens there are. */
  readonly isRateAssumed: boolean;
}

/** Sums what arrived within `reachPixels` of a position. @returns null off the scale or without columns */
export function readoutAt(
  tile: TimelineColumns | null,
  scale: TimeScale,
  x: number,
  reachPixels: number,
): Readout | null {
  if (tile === null || x < scale.left || x > scale.right) return null;
  const micros = scale.micros(x);
  const width = (tile.toMicros - tile.fromMicros) / tile.columns;
  const columnOf = (at: Micros): number => Math.floor((at - tile.fromMicros) / width);
  const first = Math.max(0, columnOf(scale.micros(x - reachPixels)));
  const last = Math.min(tile.columns - 1, columnOf(scale.micros(x + reachPixels)));
  let chunks = 0;
  let bytes = 0;
  let frames = 0;
  let faults = 0;
  let near: Micros = 0;
  for (let column = first; column <= last; column++) {
    chunks += tile.chunkCount[column] as number;
    bytes += tile.chunkBytes[column] as number;
    frames += tile.frameCount[column] as number;
    faults += tile.frameFaults[column] as number;
    near = Math.max(near, tile.gapMicros[column] as number);
  }
  const around = near > 0 ? near : gapAround(tile, Math.max(0, columnOf(micros)), micros, width);
  const stall = insideStall(tile, micros);
  return {
    micros,
    chunks,
    bytes,
    frames,
    faults,
    gapMicros: around,
    stall,
    tokensPerSecond: rateAt(tile, scale, micros),
    isRateAssumed: tile.tokens?.tokensPerUnit?.source === 'assumed',
  };
}

/** The gap in whose middle nothing arrived: the one that the next arrival ended. */
function gapAround(tile: TimelineColumns, from: number, micros: Micros, width: number): Micros | null {
  for (let column = from; column < tile.columns; column++) {
    if ((tile.frameCount[column] as number) === 0) continue;
    const gapMicros = tile.gapMicros[column] as number;
    return gapMicros > 0 && tile.fromMicros + (column + 1) * width - gapMicros <= micros + width ? gapMicros : null;
  }
  if (tile.gapAcrossFromMicros <= micros) return tile.gapAcrossToMicros - tile.gapAcrossFromMicros;
  return null;
}

function insideStall(tile: TimelineColumns, micros: Micros): boolean {
  for (let i = 0; i + 1 < tile.stallMicros.length; i += 2) {
    if ((tile.stallMicros[i] as number) <= micros && micros <= (tile.stallMicros[i + 1] as number)) return true;
  }
  return false;
}
