import type { SpanStatistics, TimelineColumns } from '../../shared/columns.ts';
import type { Stall } from '../../shared/recording.ts';
import { frameFlag, severities, type Micros } from '../../shared/words.ts';
import type { ChunkIndex } from './chunkIndex.ts';
import type { DiagnosticList } from './diagnosticList.ts';
import type { FrameIndex } from './frameIndex.ts';
import { TimeBins, type Overview } from '../timing/timeBins.ts';

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
}

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
  };
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
  let wireBytes = 0;
  source.chunks.visit(firstChunk, endChunk, (run, _first, from, end) => {
    wireBytes += (run.offset[end] as number) - (run.offset[from] as number);
  });
  let longest: number | null = null;
  let previous: number | undefined;
  source.frames.visit(firstFrame, endFrame, (run, _first, from, end) => {
    for (let i = from; i < end; i++) {
      const micros = run.micros[i] as number;
      if (previous !== undefined && (longest === null || micros - previous > longest)) longest = micros - previous;
      previous = micros;
    }
    return true;
  });
  const seconds = (to - fromMicros) / 1e6;
  return {
    fromMicros,
    toMicros: to,
    chunks: endChunk - firstChunk,
    frames: endFrame - firstFrame,
    wireBytes,
    firstFrame: endFrame > firstFrame ? firstFrame : null,
    lastFrame: endFrame > firstFrame ? endFrame - 1 : null,
    longestGapMicros: longest,
    framesPerSecond: (endFrame - firstFrame) / seconds,
    bytesPerSecond: wireBytes / seconds,
  };
}
