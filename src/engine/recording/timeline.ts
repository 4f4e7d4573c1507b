import type { SpanStatistics, TimelineColumns, TokenColumns } from '../../shared/columns.ts';
import type { Stall } from '../../shared/recording.ts';
import { frameFlag, severities, type Micros } from '../../shared/words.ts';
import type { ChunkIndex } from './chunkIndex.ts';
import type { DiagnosticList } from './diagnosticList.ts';
import type { FrameIndex } from './frameIndex.ts';
import type { Assembly } from '../dialects/assemble.ts';
import { TimeBins, type Overview } from '../timing/timeBins.ts';
import { tokensPerUnit } from '../timing/tokensPerUnit.ts';

/** Beyond this many frames and chunks in the span the overview's bins answer: its width then hides nothing. */
export const exactTimelineLimit = 300_000;
const shownMarks = 1_000;

/** What a timeline is drawn from. */
export interface TimelineSource {
  readonly chunks: ChunkIndex;
  readonly frames: FrameIndex;
  readonly overview: Overview;
  readonly stalls: readonly Stall[];
  readonly diagnostics: DiagnosticList;
  /** The message of a token stream; absent for none. */
  readonly message?: TimelineMessage;
}

export interface TimelineMessage {
  readonly assembly: Assembly;
  /** Name and variant of the dialect: they decide what the provider's count means. */
  readonly dialect: string;
  readonly variant: string | null;
}

/** Frames of a column whose kind of delta is looked at. */
const sampledFrames = 16;

/** The columns of `[fromMicros, toMicros)`; exact unless the span holds more than 300,000 frames and chunks. */
export function timelineColumns(
  source: TimelineSource,
  fromMicros: Micros,
  toMicros: Micros,
  columns: number,
): TimelineColumns {
  const to = Math.max(toMicros, fromMicros + 1);
  const { frames, chunks } = source;
  const firstFrame = frames.countBefore(fromMicros);
  const endFrame = frames.countBefore(to);
  const firstChunk = chunks.countBefore(fromMicros);
  const endChunk = chunks.countBefore(to);
  const bins = new TimeBins(columns);
  const perMicro = columns / (to - fromMicros);
  if (endFrame - firstFrame + (endChunk - firstChunk) <= exactTimelineLimit) {
    addExactly(source, bins, { fromMicros, perMicro, firstFrame, endFrame, firstChunk, endChunk });
  } else {
    addFromOverview(source.overview, bins, fromMicros, to);
  }
  const kind = new Uint8Array(columns);
  for (let column = 0; column < columns; column++) kind[column] = bins.dominantKind(column);
  return {
    fromMicros,
    toMicros: to,
    columns,
    chunkCount: bins.chunkCount,
    chunkBytes: bins.chunkBytes,
    chunkMaxBytes: bins.chunkMaxBytes,
    frameCount: bins.frameCount,
    frameKind: kind,
    frameFaults: bins.faults,
    gapMicros: bins.gapMicros,
    firstFrame: bins.firstFrame,
    ...gapAcross(frames, endFrame, to),
    stallMicros: stallsIn(source.stalls, fromMicros, to),
    ...flagsIn(source, bins, fromMicros, to),
    tokens: source.message === undefined ? null : tokenColumns(source.message, frames, fromMicros, to, columns),
  };
}

function tokenColumns(
  message: TimelineMessage,
  frames: FrameIndex,
  fromMicros: Micros,
  toMicros: Micros,
  columns: number,
): TokenColumns {
  const { index, firstContentFrame } = message.assembly;
  const deltaKind = new Uint8Array(columns);
  const contentUnits = new Float64Array(columns);
  const width = (toMicros - fromMicros) / columns;
  let first = frames.countBefore(fromMicros);
  const last = frames.countBefore(toMicros);
  for (let column = 0; column < columns && first < last; column++) {
    // Most columns of a zoomed view are empty: one look at the next frame's time says so.
    const columnEnd = column === columns - 1 ? toMicros : fromMicros + (column + 1) * width;
    if (frames.microsOf(first) >= columnEnd) continue;
    const end = frames.countBefore(columnEnd);
    deltaKind[column] = commonKind(index, first, end);
    contentUnits[column] = index.unitsBefore(end) - index.unitsBefore(first);
    first = end;
  }
  return {
    deltaKind,
    contentUnits,
    tokensPerUnit: tokensPerUnit(message.assembly, message.dialect, message.variant),
    firstTokenMicros: firstContentFrame < 0 ? NaN : frames.microsOf(firstContentFrame),
  };
}

const kindTally = new Uint32Array(256);

function commonKind(index: Assembly['index'], first: number, end: number): number {
  const count = Math.min(sampledFrames, end - first);
  kindTally.fill(0);
  let common = 0;
  for (let i = 0; i < count; i++) {
    const kind = index.kindOf(first + Math.floor((i * (end - first)) / count));
    if (kind === 0) continue;
    const seen = (kindTally[kind] as number) + 1;
    kindTally[kind] = seen;
    if (common === 0 || seen > (kindTally[common] as number)) common = kind;
  }
  return common;
}

function addExactly(
  source: TimelineSource,
  bins: TimeBins,
  span: {
    readonly fromMicros: Micros;
    readonly perMicro: number;
    readonly firstFrame: number;
    readonly endFrame: number;
    readonly firstChunk: number;
    readonly endChunk: number;
  },
): void {
  const last = bins.length - 1;
  const binOf = (micros: Micros): number => Math.min(last, Math.floor((micros - span.fromMicros) * span.perMicro));
  source.chunks.visit(span.firstChunk, span.endChunk, (run, _first, from, to) => {
    for (let i = from; i < to; i++) {
      const bytes = (run.offset[i + 1] as number) - (run.offset[i] as number);
      bins.addChunk(binOf(run.micros[i] as number), bytes);
    }
  });
  let previous = span.firstFrame > 0 ? source.frames.microsOf(span.firstFrame - 1) : undefined;
  source.frames.visit(span.firstFrame, span.endFrame, (run, first, from, to) => {
    for (let i = from; i < to; i++) {
      const micros = run.micros[i] as number;
      const gapMicros = previous === undefined ? 0 : micros - previous;
      const hasError = ((run.flags[i] as number) & frameFlag.hasError) !== 0;
      bins.addFrame(binOf(micros), first + i, run.kind[i] as number, gapMicros, hasError);
      previous = micros;
    }
    return true;
  });
}

function addFromOverview(overview: Overview, bins: TimeBins, fromMicros: Micros, toMicros: Micros): void {
  const width = overview.binMicros;
  const firstBin = Math.max(0, Math.floor(fromMicros / width));
  const endBin = Math.min(overview.bins.length, Math.ceil(toMicros / width));
  const perMicro = bins.length / (toMicros - fromMicros);
  for (let bin = firstBin; bin < endBin; bin++) {
    const column = Math.floor(((bin + 0.5) * width - fromMicros) * perMicro);
    bins.addBin(Math.min(bins.length - 1, Math.max(0, column)), overview.bins, bin);
  }
}

function gapAcross(
  frames: FrameIndex,
  endFrame: number,
  toMicros: Micros,
): { readonly gapAcrossFromMicros: number; readonly gapAcrossToMicros: number } {
  if (endFrame > 0 && endFrame < frames.count) {
    const before = frames.microsOf(endFrame - 1);
    const after = frames.microsOf(endFrame);
    if (before < toMicros) return { gapAcrossFromMicros: before, gapAcrossToMicros: after };
  }
  return { gapAcrossFromMicros: NaN, gapAcrossToMicros: NaN };
}

function stallsIn(stalls: readonly Stall[], fromMicros: Micros, toMicros: Micros): Float64Array {
  const pairs: number[] = [];
  for (const stall of stalls) {
    if (stall.toMicros < fromMicros) continue;
    if (stall.fromMicros >= toMicros || pairs.length >= 2 * shownMarks) break;
    pairs.push(stall.fromMicros, stall.toMicros);
  }
  return Float64Array.from(pairs);
}

/** Flags of the listed diagnostics, and one a column for the faults beyond those. */
function flagsIn(
  { diagnostics, frames }: TimelineSource,
  bins: TimeBins,
  fromMicros: Micros,
  toMicros: Micros,
): Pick<TimelineColumns, 'flagMicros' | 'flagSeverity' | 'flagFrame'> {
  const placed = diagnostics.placed(fromMicros, toMicros, shownMarks);
  const flags = placed.map(({ diagnostic, micros }) => ({
    micros,
    severity: severities.indexOf(diagnostic.severity),
    frame: diagnostic.frame ?? -1,
  }));
  const flagged = new Set(flags.map(({ frame }) => frame));
  for (const frame of bins.firstFault) {
    if (frame >= 0 && !flagged.has(frame)) flags.push({ micros: frames.microsOf(frame), severity: 0, frame });
  }
  flags.sort((a, b) => a.micros - b.micros);
  return {
    flagMicros: Float64Array.from(flags, ({ micros }) => micros),
    flagSeverity: Uint8Array.from(flags, ({ severity }) => severity),
    flagFrame: Float64Array.from(flags, ({ frame }) => frame),
  };
}

/** What came in a selected span. Rates are over the span's own length. */
export function spanStatistics(source: TimelineSource, fromMicros: Micros, toMicros: Micros): SpanStatistics {
  const to = Math.max(toMicros, fromMicros + 1);
  const firstFrame = source.frames.countBefore(fromMicros);
  const endFrame = source.frames.countBefore(to);
  const firstChunk = source.chunks.countBefore(fromMicros);
  const endChunk = source.chunks.countBefore(to);
  const wireBytes = endChunk > firstChunk ? source.chunks.offsetOf(endChunk) - source.chunks.offsetOf(firstChunk) : 0;
  const seconds = (to - fromMicros) / 1e6;
  return {
    fromMicros,
    toMicros: to,
    chunks: endChunk - firstChunk,
    frames: endFrame - firstFrame,
    wireBytes,
    firstFrame: endFrame > firstFrame ? firstFrame : null,
    lastFrame: endFrame > firstFrame ? endFrame - 1 : null,
    longestGapMicros: longestGap(source, firstFrame, endFrame),
    framesPerSecond: (endFrame - firstFrame) / seconds,
    bytesPerSecond: wireBytes / seconds,
  };
}

/**
 * The longest time between two of the frames `[from, end)`; null for fewer than two. Of very many, those that lie in whole
 * bins of the overview are not looked at one by one: the bins know.
 */
function longestGap({ frames, overview }: TimelineSource, from: number, end: number): Micros | null {
  if (end - from < 2) return null;
  if (end - from <= exactTimelineLimit) return longestGapOneByOne(frames, from, end);
  const { bins, binMicros } = overview;
  const firstBin = Math.floor(frames.microsOf(from) / binMicros) + 1;
  const endBin = Math.floor(frames.microsOf(end - 1) / binMicros);
  const within = frames.countBefore(firstBin * binMicros);
  const beyond = frames.countBefore(endBin * binMicros);
  if (beyond <= within) return longestGapOneByOne(frames, from, end);
  let longest = Math.max(longestGapOneByOne(frames, from, within), longestGapOneByOne(frames, beyond - 1, end));
  for (let bin = firstBin; bin < endBin; bin++) longest = Math.max(longest, bins.gapMicros[bin] as number);
  return longest;
}

function longestGapOneByOne(frames: FrameIndex, from: number, end: number): Micros {
  let longest = 0;
  let previous: Micros | undefined;
  frames.visit(from, end, (run, _first, first, stop) => {
    for (let i = first; i < stop; i++) {
      const micros = run.micros[i] as number;
      if (previous !== undefined && micros - previous > longest) longest = micros - previous;
      previous = micros;
    }
    return true;
  });
  return longest;
}
