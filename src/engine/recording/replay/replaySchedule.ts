import type { ReplayOptions } from '../../../shared/replay.ts';
import type { ByteOffset, Micros } from '../../../shared/words.ts';
import type { ChunkIndex } from '../chunkIndex.ts';
import { isCut, stalledMicros, withByteFaults, type ByteFault } from './bodyFaults.ts';
import { coalesced, jittered, splitChunks } from './chunkFaults.ts';
import type { CutTail, ReplayPiece } from './piece.ts';
import { recordedEnd, type ReplayEnd } from './recordedEnd.ts';
import type { Ending } from '../../../shared/recording.ts';

/** One answer of a recording: what a connection brought. */
export interface RecordedAnswer {
  readonly chunks: ChunkIndex;
  /** Its chunks are `[firstChunk, endChunk)` of the recording. */
  readonly firstChunk: number;
  readonly endChunk: number;
  /** When the server had the request, when its head came and when it ended, by the recording's clock. */
  readonly requestMicros: Micros;
  readonly headMicros: Micros;
  readonly endMicros: Micros;
  /** False: every time is unknown, and nothing is waited for. */
  readonly timesKnown: boolean;
  /** Null: it was interrupted. */
  readonly ending: Ending | null;
  /** The bytes are all that came instead of a head, and are sent as they are. */
  readonly isRaw: boolean;
}

/** What a replay does next. Times are absolute, since the request was received: lateness never adds up. */
export type ReplayStep =
  | { readonly kind: 'head'; readonly atMicros: Micros }
  | {
      readonly kind: 'data';
      readonly atMicros: Micros;
      /** Wire bytes of the recording. */
      readonly from: ByteOffset;
      readonly length: number;
      /** An HTTP chunk of this many bytes begins here; null: they go on with one. Never null where the body is not chunked. */
      readonly opensBytes: number | null;
      /** The HTTP chunk is over after them. */
      readonly closes: boolean;
    }
  | { readonly kind: 'end'; readonly atMicros: Micros; readonly end: ReplayEnd };

/** Chunks unpacked at a time. */
const batchChunks = 512;
/** How fine a slowed body is sliced: slices a second. */
const slicesPerSecond = 50;

/**
 * The whole course of a replay, step by step: without faults the recorded bytes at the recorded times with the recorded
 * borders. Takes no more memory than the pieces of one HTTP chunk.
 * @param faults those of the options, in wire bytes
 * @param isChunked whether HTTP chunks are announced with their length
 */
export function* replaySteps(
  answer: RecordedAnswer,
  options: ReplayOptions,
  faults: readonly ByteFault[],
  isChunked: boolean,
): Generator<ReplayStep, void> {
  const scale = scaleOf(answer, options);
  const headMicros = options.delayMicros + Math.round((answer.headMicros - answer.requestMicros) * scale);
  yield { kind: 'head', atMicros: headMicros };

  const tail: CutTail = { missingBytes: 0 };
  const planned = endOf(answer, faults);
  const stops = faults.some((fault) => isCut(fault) && isWithin(answer, fault.at));
  const periodMicros = Math.round((answer.endMicros - answer.headMicros) * scale) + stalledMicros(faults, Infinity);
  const passes = stops || answer.firstChunk === answer.endChunk ? 1 : (options.passes ?? Infinity);

  function* allPasses(): Generator<ReplayPiece, void> {
    for (let pass = 0; pass < passes; pass++) {
      const beginMicros = headMicros + pass * periodMicros;
      let isEmpty = true;
      for (const piece of withByteFaults(recordedPieces(answer, beginMicros, scale), faults, tail)) {
        isEmpty = false;
        yield piece;
      }
      // Every frame may have been dropped: such a body would be repeated for ever without anything to wait for.
      if (isEmpty) return;
    }
  }

  let pieces: Iterable<ReplayPiece> = allPasses();
  for (const fault of faults) if (fault.kind === 'coalesce') pieces = coalesced(pieces, fault.chunks);
  let isSplit = false;
  for (const fault of faults) {
    if (fault.kind !== 'split') continue;
    pieces = splitChunks(pieces, fault.bytes);
    isSplit = true;
  }
  if (options.jitterMicros > 0) pieces = jittered(pieces, options.jitterMicros, options.seed);

  // What is cut off was of the chunk before it was split.
  const missing = (): number => (isSplit ? 0 : tail.missingBytes + (stops ? 0 : planned.missingBytes));
  let lastMicros = headMicros;
  for (const step of slowed(
    isChunked ? sized(pieces, missing, planned.leavesChunkOpen === true) : unsized(pieces),
    slowest(faults),
  )) {
    lastMicros = Math.max(lastMicros, step.atMicros);
    yield step;
  }
  const endMicros = headMicros + (Number.isFinite(passes) ? passes : 0) * periodMicros;
  const atMicros = stops ? lastMicros + stalledAtCut(faults) : Math.max(lastMicros, endMicros);
  yield { kind: 'end', atMicros, end: planned };
}

/** A fault that changes how many bytes the body has, as far as it is sent. */
export function changesLength(options: ReplayOptions): boolean {
  return options.passes !== 1 || options.faults.some(({ kind }) => kind === 'drop' || kind === 'duplicate');
}

/** Bytes of a step as they are sent: fresh ones, whose bits are inverted where a fault says so. */
export function withCorruption(bytes: Uint8Array, from: ByteOffset, faults: readonly ByteFault[]): Uint8Array {
  for (const fault of faults) {
    if (fault.kind !== 'corrupt') continue;
    const byte = bytes[fault.at - from];
    if (byte !== undefined) bytes[fault.at - from] = byte ^ 0xff;
  }
  return bytes;
}

function scaleOf({ timesKnown }: RecordedAnswer, { speed }: ReplayOptions): number {
  return typeof speed === 'number' && timesKnown ? 1 / speed : 0;
}

function isWithin({ chunks, firstChunk, endChunk }: RecordedAnswer, at: ByteOffset): boolean {
  return at >= chunks.offsetOf(firstChunk) && at <= chunks.offsetOf(endChunk);
}

function endOf(answer: RecordedAnswer, faults: readonly ByteFault[]): ReplayEnd & { readonly missingBytes: number } {
  const cuts = faults.filter(isCut).filter(({ at }) => isWithin(answer, at));
  const first = cuts.sort((a, b) => a.at - b.at)[0];
  if (first === undefined) {
    const end = recordedEnd(answer.ending);
    return answer.isRaw ? { how: end.how === 'reset' ? 'reset' : 'close', note: null, missingBytes: 0 } : end;
  }
  return { how: first.kind === 'reset' ? 'reset' : 'close', note: null, missingBytes: 0 };
}

/** A stall at the very byte of a cut: silence first, then the cut. */
function stalledAtCut(faults: readonly ByteFault[]): Micros {
  const at = Math.min(...faults.filter(isCut).map((fault) => fault.at));
  return stalledMicros(faults, at) - stalledMicros(faults, at - 1);
}

function slowest(faults: readonly ByteFault[]): number {
  return Math.min(...faults.map((fault) => (fault.kind === 'slow' ? fault.bytesPerSecond : Infinity)));
}

function* recordedPieces(answer: RecordedAnswer, beginMicros: Micros, scale: number): Generator<ReplayPiece, void> {
  const { chunks, firstChunk, endChunk, headMicros } = answer;
  for (let next = firstChunk; next < endChunk; next += batchChunks) {
    const batch: ReplayPiece[] = [];
    chunks.visit(next, Math.min(next + batchChunks, endChunk), (run, first, from, to) => {
      for (let i = from; i < to; i++) {
        const start = run.offset[i] as number;
        const sinceHead = Math.max(0, (run.micros[i] as number) - headMicros);
        batch.push({
          atMicros: beginMicros + Math.round(sinceHead * scale),
          from: start,
          length: (run.offset[i + 1] as number) - start,
          continues: run.continues[i] === 1 && first + i > firstChunk,
        });
      }
    });
    yield* batch;
  }
}

type DataStep = Extract<ReplayStep, { kind: 'data' }>;

/** Gives every HTTP chunk its length: its pieces are looked through before the first one goes. */
function* sized(pieces: Iterable<ReplayPiece>, missing: () => number, leavesOpen: boolean): Generator<DataStep, void> {
  let chunk: ReplayPiece[] = [];
  for (const piece of pieces) {
    if (!piece.continues && chunk.length > 0) {
      yield* announced(chunk, 0, false);
      chunk = [];
    }
    chunk.push(piece);
  }
  if (chunk.length > 0) yield* announced(chunk, missing(), leavesOpen);
}

function* announced(
  chunk: readonly ReplayPiece[],
  missingBytes: number,
  leavesOpen: boolean,
): Generator<DataStep, void> {
  const sum = chunk.reduce((total, { length }) => total + length, missingBytes);
  for (const [i, { atMicros, from, length }] of chunk.entries()) {
    const closes = i === chunk.length - 1 && missingBytes === 0 && !leavesOpen;
    yield { kind: 'data', atMicros, from, length, opensBytes: i === 0 ? sum : null, closes };
  }
}

function* unsized(pieces: Iterable<ReplayPiece>): Generator<DataStep, void> {
  for (const { atMicros, from, length } of pieces) {
    yield { kind: 'data', atMicros, from, length, opensBytes: length, closes: true };
  }
}

function* slowed(steps: Iterable<DataStep>, bytesPerSecond: number): Generator<DataStep, void> {
  if (bytesPerSecond === Infinity) {
    yield* steps;
    return;
  }
  const most = Math.max(1, Math.floor(bytesPerSecond / slicesPerSecond));
  let readyMicros = 0;
  for (const step of steps) {
    readyMicros = Math.max(readyMicros, step.atMicros);
    for (let done = 0; done < step.length;) {
      const length = Math.min(most, step.length - done);
      readyMicros += (length / bytesPerSecond) * 1e6;
      yield {
        ...step,
        atMicros: Math.round(readyMicros),
        from: step.from + done,
        length,
        opensBytes: done === 0 ? step.opensBytes : null,
        closes: step.closes && done + length === step.length,
      };
      done += length;
    }
  }
}
