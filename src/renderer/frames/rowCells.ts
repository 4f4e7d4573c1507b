import { frameFlag, frameKindCode, frameKinds, type FrameKind } from '../../shared/words.ts';
import type { FrameRows } from '../../shared/columns.ts';
import { formatCount, formatMicros, formatOrdinal, formatWallClock } from '../ui/format.ts';
import { visibleText } from '../ui/visibleText.ts';
import type { ColumnId } from './columns.ts';

/** How times are written. */
export interface TimeStyle {
  readonly mode: 'relative' | 'absolute';
  readonly startedAt: number;
}

/** The text of a cell, as it is shown and copied. */
export function cellText(id: ColumnId, rows: FrameRows, i: number, times: TimeStyle): string {
  const at = (column: Float64Array | Uint32Array): number => column[i] ?? NaN;
  switch (id) {
    case 'n':
      return formatOrdinal(at(rows.n));
    case 'type':
      return visibleText((rows.type[i] ?? '') || kindOf(rows, i));
    case 'data':
      return visibleText(rows.preview[i] ?? '');
    case 'size':
      return formatCount(at(rows.length));
    case 'time':
      return times.mode === 'absolute'
        ? formatWallClock(times.startedAt, at(rows.micros))
        : formatMicros(at(rows.micros));
    case 'gap':
      return at(rows.indexInChunk) > 1 ? ofChunk(rows, i) : formatMicros(at(rows.gapMicros), { mode: 'gap' });
    case 'offset':
      return formatCount(at(rows.offset));
    case 'chunk':
      return at(rows.framesInChunk) > 1
        ? `${formatOrdinal(at(rows.chunk))} · ${ofChunk(rows, i)}`
        : formatOrdinal(at(rows.chunk));
    case 'id':
      return visibleText(rows.id[i] ?? '');
  }
}

function ofChunk(rows: FrameRows, i: number): string {
  return `${formatCount(rows.indexInChunk[i])} of ${formatCount(rows.framesInChunk[i])}`;
}

export function kindOf(rows: FrameRows, i: number): FrameKind {
  return frameKinds[rows.kind[i] ?? frameKindCode.invalid] ?? 'invalid';
}

export type Fault = 'error' | 'noted' | null;

/** Whether a row is wrong, or something is said about it. A stall is told by its gap. */
export function faultOf(rows: FrameRows, i: number): Fault {
  const flags = rows.flags[i] ?? 0;
  const kind = rows.kind[i];
  if (kind === frameKindCode.invalid || kind === frameKindCode.incomplete) return 'error';
  if ((flags & frameFlag.jsonInvalid) !== 0) return 'error';
  return (flags & frameFlag.hasDiagnostic) !== 0 && (flags & frameFlag.afterStall) === 0 ? 'noted' : null;
}
