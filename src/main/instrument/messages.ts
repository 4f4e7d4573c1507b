import type { Assembly } from '../../engine/dialects/assemble.ts';
import { DialectReader } from '../../engine/dialects/reader.ts';
import type { Analysis } from '../../engine/recording/analysis.ts';
import type { Limits } from '../../shared/limits.ts';
import { frameKinds, type FrameKind } from '../../shared/words.ts';
import { dialectHints, framingOf, type OpenedRecording } from './openedRecording.ts';

/** Body bytes that are read from the store at once. */
const readBytes = 1_048_576;
const sliceMillis = 8;

/** Messages that were read again from stored frames; they live as long as the analysis they belong to. */
const read = new WeakMap<Analysis, Promise<DialectReader>>();
/** Those of them that were read to their end. */
const whole = new WeakMap<Analysis, DialectReader>();

/** The message as far as it is at hand; `stored` where `messageReader` has to read it first, null for no token stream. */
export function messageAtHand({ analysis }: OpenedRecording): Assembly | 'stored' | null {
  if (analysis.dialect !== undefined) return analysis.dialect.message;
  if (analysis.message === null) return null;
  return whole.get(analysis)?.message ?? 'stored';
}

/** Stored messages of so many frames are read before an answer that would be poorer without them. */
const framesReadAtOnce = 20_000;

/**
 * The reader of a recording's message, for an answer that must not wait: a long stored message is not read for it.
 * @returns null also where `messageReader` has to read a long stored message first
 */
export async function messageSoon(recording: OpenedRecording, limits: Limits): Promise<DialectReader | null> {
  const { analysis } = recording;
  if (analysis.dialect !== undefined || analysis.frames.count <= framesReadAtOnce) {
    return messageReader(recording, limits);
  }
  return whole.get(analysis) ?? null;
}

/**
 * The reader with the recording's message as far as it came. An analysis that was taken from its cache has no message:
 * then its frames are read again, in slices, and kept while the recording is open.
 * @returns null where the recording is no token stream
 */
export async function messageReader(recording: OpenedRecording, limits: Limits): Promise<DialectReader | null> {
  const { analysis } = recording;
  if (analysis.dialect !== undefined) return analysis.dialect.decision === null ? null : analysis.dialect;
  if (analysis.message === null) return null;
  let reading = read.get(analysis);
  if (reading === undefined) {
    reading = readAgain(recording, analysis, limits);
    read.set(analysis, reading);
    reading.catch(() => read.delete(analysis));
  }
  return reading;
}

async function readAgain(recording: OpenedRecording, analysis: Analysis, limits: Limits): Promise<DialectReader> {
  const facts = recording.facts();
  const reader = new DialectReader({
    framing: framingOf(recording),
    hints: dialectHints(facts),
    limits,
    dialect: facts.dialectOverride ?? null,
  });
  const { frames } = analysis;
  let next = 0;
  while (next < frames.count && !reader.isIdle) {
    const until = performance.now() + sliceMillis;
    while (next < frames.count && performance.now() < until) next = readRun(recording, analysis, reader, next);
    await new Promise((resolve) => setImmediate(resolve));
  }
  reader.end();
  whole.set(analysis, reader);
  return reader;
}

/** Feeds the frames whose bytes one read covers; at least one. */
function readRun(recording: OpenedRecording, analysis: Analysis, reader: DialectReader, from: number): number {
  let next = from;
  analysis.frames.visit(from, analysis.frames.count, (columns, first, i, to) => {
    const start = columns.offset[i] as number;
    let end = i;
    let last = start;
    while (end < to) {
      const frameEnd = (columns.offset[end] as number) + (columns.length[end] as number);
      if (end > i && frameEnd - start > readBytes) break;
      last = Math.max(last, frameEnd);
      end++;
    }
    const bytes = recording.reader.read('body', start, last - start);
    for (let at = i; at < end; at++) {
      const offset = (columns.offset[at] as number) - start;
      const kind = frameKinds[columns.kind[at] as number] as FrameKind;
      reader.push(first + at, kind, bytes.subarray(offset, offset + (columns.length[at] as number)));
    }
    next = first + end;
    return false;
  });
  return next;
}
