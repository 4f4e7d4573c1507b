import { describeFrame, previewFrame } from '../../engine/framing/describe.ts';
import { borderKindOf } from '../../engine/recording/borderKind.ts';
import type { FrameColumns } from '../../engine/recording/frameBlocks.ts';
import type { FrameMatches } from '../../engine/recording/frameMatches.ts';
import type { DialectReader } from '../../engine/dialects/reader.ts';
import type { ChunkSpan, FrameRows } from '../../shared/columns.ts';
import { FailureError } from '../../shared/failure.ts';
import type { Limits } from '../../shared/limits.ts';
import type { FrameDetail, FrameFields } from '../../shared/recording.ts';
import { frameFlag, frameKinds, type FrameKind } from '../../shared/words.ts';
import { deltaRows, deltasOfFrame } from './frameDeltas.ts';
import { framingOf, type OpenedRecording } from './openedRecording.ts';

/** Bytes of a frame that its one-line preview is made from. */
const previewBytes = 1_024;
const previewChars = 400;
/** One read serves neighbouring frames as long as they lie within this many bytes. */
const sharedRead = 131_072;
/** At first it is less: few rows need little. */
const firstSharedRead = 16_384;
const chunksPerSpan = 10_000;

/** Maps rows of the table to frames: all of them, without heartbeats, or a filter's matches. */
export interface RowMapping {
  readonly total: number;
  frameOfRow(row: number): number;
  /** The row of a frame, or of the nearest row before it; −1 if there is none. */
  rowOfFrame(frame: number): number;
}

export function allFrames(recording: OpenedRecording): RowMapping {
  const total = recording.analysis.frames.count;
  return { total, frameOfRow: (row) => row, rowOfFrame: (frame) => Math.min(frame, total - 1) };
}

export function withoutHeartbeats(recording: OpenedRecording): RowMapping {
  const { frames } = recording.analysis;
  return {
    total: frames.contentCount,
    frameOfRow: (row) => frames.contentFrame(row),
    rowOfFrame: (frame) => frames.contentBefore(frame + 1) - 1,
  };
}

export function filtered(matches: FrameMatches): RowMapping {
  return {
    total: matches.length,
    frameOfRow: (row) => matches.at(row),
    rowOfFrame: (frame) => matches.countUpTo(frame) - 1,
  };
}

/** Rows `[from, from + count)` with previews; fewer at the end. */
export function frameRows(
  recording: OpenedRecording,
  mapping: RowMapping,
  from: number,
  count: number,
  message: DialectReader | null,
): FrameRows {
  const rows = Math.max(0, Math.min(count, mapping.total - from));
  const columns = {
    n: new Float64Array(rows),
    offset: new Float64Array(rows),
    length: new Float64Array(rows),
    micros: new Float64Array(rows),
    gapMicros: new Float64Array(rows),
    kind: new Uint8Array(rows),
    flags: new Uint8Array(rows),
    chunk: new Float64Array(rows),
    indexInChunk: new Uint32Array(rows),
    framesInChunk: new Uint32Array(rows),
    stall: new Uint8Array(rows),
  };
  const type: string[] = [];
  const preview: string[] = [];
  const id: string[] = [];
  const read = previewReader(recording);
  for (let row = 0; row < rows; row++) {
    const n = mapping.frameOfRow(from + row);
    columns.n[row] = n;
    recording.analysis.frames.at(n, (frames, i) => {
      columns.offset[row] = frames.offset[i] as number;
      columns.length[row] = frames.length[i] as number;
      columns.kind[row] = frames.kind[i] as number;
      columns.flags[row] = frames.flags[i] as number;
      columns.chunk[row] = frames.chunk[i] as number;
      columns.stall[row] = ((frames.flags[i] as number) & frameFlag.afterStall) === 0 ? 0 : 1;
      type.push(recording.analysis.types.name(frames.type[i] as number));
      preview.push(read(frames, i));
      id.push(((frames.flags[i] as number) & frameFlag.hasId) === 0 ? '' : ownId(recording, frames, i));
    });
    const time = timeOf(recording, n);
    columns.micros[row] = time.micros ?? NaN;
    columns.gapMicros[row] = time.gapMicros ?? NaN;
    const place = placeInChunk(recording, n, columns.chunk[row] as number);
    columns.indexInChunk[row] = place.index;
    columns.framesInChunk[row] = place.of;
  }
  return {
    from,
    total: mapping.total,
    ...columns,
    type,
    id,
    preview,
    deltas: message === null ? null : deltaRows(message, columns.n),
  };
}

function timeOf(
  recording: OpenedRecording,
  n: number,
): { readonly micros: number | null; readonly gapMicros: number | null } {
  if (!recording.analysis.timesKnown) return { micros: null, gapMicros: null };
  const { frames } = recording.analysis;
  const micros = frames.microsOf(n);
  return { micros, gapMicros: n === 0 ? null : micros - frames.microsOf(n - 1) };
}

function placeInChunk(
  recording: OpenedRecording,
  n: number,
  chunk: number,
): { readonly index: number; readonly of: number } {
  const { frames } = recording.analysis;
  const first = frames.countBeforeChunk(chunk);
  return { index: n - first + 1, of: frames.countBeforeChunk(chunk + 1) - first };
}

/** Makes previews, reading the body once for rows that lie close together. */
function previewReader(recording: OpenedRecording): (frames: FrameColumns, i: number) => string {
  const framing = framingOf(recording);
  const read = sharedReads(recording);
  return (frames, i) => {
    const bytes = read(frames.offset[i] as number, Math.min(frames.length[i] as number, previewBytes));
    return previewFrame(framing, frameKinds[frames.kind[i] as number] as FrameKind, bytes, previewChars);
  };
}

/** Gives body bytes, where one read of the store serves those that lie close together. What it gives is not kept. */
export function sharedReads({ reader }: OpenedRecording): (offset: number, length: number) => Uint8Array {
  let bytes: Uint8Array = new Uint8Array(0);
  let start = 0;
  let ahead = firstSharedRead;
  return (offset, length) => {
    if (offset < start || offset + length > start + bytes.length) {
      start = offset;
      bytes = reader.read('body', offset, Math.max(length, ahead));
      ahead = Math.min(sharedRead, 2 * ahead);
    }
    return bytes.subarray(offset - start, offset - start + length);
  };
}

/** One frame taken apart. @throws FailureError for a frame that is not there. */
export function frameDetail(
  recording: OpenedRecording,
  n: number,
  limits: Limits,
  message: DialectReader | null,
): FrameDetail {
  const { frames, types, diagnostics } = recording.analysis;
  if (n >= frames.count) {
    throw new FailureError({
      code: 'call/invalid-input',
      message: `There is no frame ${String(n)}: the recording has ${String(frames.count)}.`,
    });
  }
  return frames.at(n, (columns, i) => {
    const offset = columns.offset[i] as number;
    const length = columns.length[i] as number;
    const kind = frameKinds[columns.kind[i] as number] as FrameKind;
    const chunk = columns.chunk[i] as number;
    const truncated = length > limits.jsonBytes;
    const bytes = recording.reader.read('body', offset, Math.min(length, limits.jsonBytes));
    const described = describeFrame(framingOf(recording), kind, bytes, limits, truncated);
    const place = placeInChunk(recording, n, chunk);
    return {
      n,
      kind,
      offset,
      length,
      ...timeOf(recording, n),
      chunk,
      indexInChunk: place.index,
      framesInChunk: place.of,
      division: divisionOf(recording, chunk),
      type: types.name(columns.type[i] as number),
      fields: {
        ...described.fields,
        ...lastEventId(recording, n),
        ...(framingOf(recording) === 'sse'
          ? { dispatched: ((columns.flags[i] as number) & frameFlag.dispatched) !== 0 }
          : {}),
      },
      text: described.text,
      textTruncated: described.textTruncated,
      json: described.json,
      jsonNote: described.jsonNote,
      diagnostics: diagnostics.ofFrame(n),
      deltas: message === null ? null : deltasOfFrame(message, { n, kind, bytes }, framingOf(recording), limits),
    };
  });
}

/** Reads of one HTTP chunk or DATA frame that are looked at, on either side of a chunk. */
const readsOfDivision = 4_096;

function divisionOf(recording: OpenedRecording, chunk: number): FrameDetail['division'] {
  const { chunks } = recording;
  const borders = borderKindOf(recording.facts());
  if (borders !== 'http-chunk' && borders !== 'data-frame') return null;
  const found = chunks.division(chunk, readsOfDivision);
  if (found === undefined) return null;
  const bytes = chunks.offsetOf(found.end) - chunks.offsetOf(found.first);
  return { bytes, reads: found.end - found.first };
}

/** Longest block whose id is looked for: ids are short, and stand in the first lines. */
const idBytes = 65_536;

/** The id field of an SSE block; empty where it lies beyond the part that is looked at. */
function ownId(recording: OpenedRecording, frames: FrameColumns, i: number): string {
  const bytes = recording.reader.read(
    'body',
    frames.offset[i] as number,
    Math.min(frames.length[i] as number, idBytes),
  );
  return describeFrame('sse', frameKinds[frames.kind[i] as number] as FrameKind, bytes).fields.id ?? '';
}

/** The last event id in force after SSE frame `n`. */
function lastEventId(recording: OpenedRecording, n: number): Pick<FrameFields, 'lastEventId'> {
  if (framingOf(recording) !== 'sse') return {};
  const { frames } = recording.analysis;
  const from = frames.lastWithId(n);
  if (from < 0) return {};
  return { lastEventId: frames.at(from, (columns, i) => ownId(recording, columns, i)) };
}

/** Chunks that overlap wire bytes `[offset, offset + length)`. */
export function chunkSpan(recording: OpenedRecording, offset: number, length: number): ChunkSpan {
  const { chunks } = recording;
  const first = chunks.chunkAt(offset);
  if (first < 0 || length === 0)
    return { first: 0, offset: new Float64Array(0), micros: new Float64Array(0), continues: new Uint8Array(0) };
  const end = Math.min(chunks.chunkAt(offset + length - 1) + 1, first + chunksPerSpan);
  const offsets = new Float64Array(end - first);
  const micros = new Float64Array(end - first);
  const continues = new Uint8Array(end - first);
  chunks.visit(first, end, (run, runFirst, from, to) => {
    offsets.set(run.offset.subarray(from, to), runFirst + from - first);
    micros.set(run.micros.subarray(from, to), runFirst + from - first);
    for (let i = from; i < to; i++) continues[runFirst + i - first] = run.continues[i] as number;
  });
  if (!recording.analysis.timesKnown) micros.fill(NaN);
  return { first, offset: offsets, micros, continues };
}

/** Number of the next or previous frame after a stall; null where there is none. */
export function seekStall(recording: OpenedRecording, from: number, direction: 'next' | 'previous'): number | null {
  const stalls = recording.analysis.arrivals.stalls.map((stall) => stall.frame);
  return (
    (direction === 'next' ? stalls.find((frame) => frame > from) : stalls.findLast((frame) => frame < from)) ?? null
  );
}
