import { frameFlag, frameKindCode, frameKinds, type DeltaKind, type FrameKind } from '../../shared/words.ts';
import type { FrameRows } from '../../shared/columns.ts';
import { deltaKindOf, deltaTitle, isNamedByFrame, isWords, visibleWords } from '../ui/deltaWords.ts';
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
      return typeText(rows, i);
    case 'data': {
      const words = deltaText(rows, i);
      return words === '' ? payloadText(rows, i) : `${words} ${payloadText(rows, i)}`;
    }
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
    case 'tokens':
      return tokensText(rows, i);
  }
}

function typeText(rows: FrameRows, i: number): string {
  const kind = deltaOf(rows, i);
  const own = rows.type[i] ?? '';
  if (kind === 'none' || (isNamedByFrame(kind) && own !== '')) return visibleText(own || kindOf(rows, i));
  return deltaTitle(kind);
}

/** What the frame says, its spaces to be seen; empty for nothing. */
export function deltaText(rows: FrameRows, i: number): string {
  const text = rows.deltas?.text[i] ?? '';
  return isWords(deltaOf(rows, i)) ? visibleWords(text) : visibleText(text);
}

export function payloadText(rows: FrameRows, i: number): string {
  return visibleText(rows.preview[i] ?? '');
}

/** Kind of what the frame says in its dialect; `none` for a frame, or a recording, that says nothing. */
export function deltaOf(rows: FrameRows, i: number): DeltaKind {
  return deltaKindOf(rows.deltas?.kind[i]);
}

/** The frame's share of the message's tokens, by its share of the content; empty for a frame without content. */
function tokensText({ deltas }: FrameRows, i: number): string {
  const units = deltas?.units[i] ?? 0;
  const share = deltas?.tokensPerUnit ?? null;
  if (units === 0 || share === null) return '';
  const tokens = units * share.ratio;
  return `≈ ${tokens < 9.95 ? tokens.toFixed(1) : formatCount(Math.round(tokens))}`;
}

/** What the column of tokens means, for hover. */
export const tokensMean =
  'The frame’s share of the message’s tokens, by its share of the content’s characters. The tokens are the provider’s count; until there is one, four characters are taken for a token.';

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
