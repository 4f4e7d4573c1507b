import type { ByteFault, FramePlace } from '../../engine/recording/replay/bodyFaults.ts';
import { ChunkIndex } from '../../engine/recording/chunkIndex.ts';
import { FailureError } from '../../shared/failure.ts';
import { headerValue } from '../../shared/headerValue.ts';
import { grouped } from '../../shared/grouped.ts';
import type { ExchangeFacts, Mark, ResponseHead } from '../../shared/recording.ts';
import type { ReplayFault } from '../../shared/replay.ts';
import type { Micros } from '../../shared/words.ts';
import type { ReplaySource, ServedAnswer } from '../servers/replay/replaySource.ts';
import type { RecordingReader } from '../store/recordingStore.ts';
import type { OpenedRecording } from './openedRecording.ts';

/** Endings without a byte of answer that can be done again: the connection is lost before it. */
const lostBeforeAnswer: ReadonlySet<string> = new Set([
  'end/closed-before-answer',
  'end/headers-timeout',
  'end/h2-refused',
  'end/h2-reset-before-head',
  'end/h2-goaway-before-head',
]);

/**
 * A recording as a replay serves it.
 * @param reader stays the caller's
 * @throws FailureError where there is no answer in it
 */
export function replaySource(reader: RecordingReader, faults: readonly ByteFault[]): ReplaySource {
  const facts = reader.facts();
  const chunks = new ChunkIndex((segment) => reader.pairs(segment));
  for (const segment of reader.segments(0)) chunks.seal(segment);
  const first = answerOf(facts, chunks, 0);
  const later = (facts.reconnections ?? []).flatMap((reconnection, n) =>
    reconnection.atMicros === null ? [] : [answerOf(facts, chunks, n + 1)],
  );
  return { answers: [first, ...later], faults, read: (from, length) => reader.read('wire', from, length) };
}

/** The answer of the first connection (0) or of a later one. */
function answerOf(facts: ExchangeFacts, chunks: ChunkIndex, connection: number): ServedAnswer {
  const reconnections = facts.reconnections ?? [];
  const began = reconnections[connection - 1];
  const next = reconnections[connection];
  const ending = next === undefined ? facts.ending : next.after;
  const head = began === undefined ? headOf(facts) : began.head;
  const beginMicros = began?.atMicros ?? 0;
  const firstChunk = began?.firstChunk ?? 0;
  const endChunk = next?.firstChunk ?? chunks.count;
  const isRaw = head === null && endChunk > firstChunk;
  if (head === null && !isRaw && !(ending !== null && lostBeforeAnswer.has(ending.code))) {
    throw new FailureError({
      code: 'replay/no-answer',
      message: `There is no answer in this recording that could be served again${ending === null ? '' : `: ${ending.message}`}`,
    });
  }
  const lastMicros = endChunk > firstChunk ? chunks.microsOf(endChunk - 1) : beginMicros;
  const endMicros = ending?.atMicros ?? lastMicros;
  const headMicros = head?.atMicros ?? (isRaw ? chunks.microsOf(firstChunk) : endMicros);
  return {
    chunks,
    firstChunk,
    endChunk,
    requestMicros: requestSent(facts.marks, beginMicros, headMicros),
    headMicros,
    endMicros: Math.max(endMicros, lastMicros, headMicros),
    timesKnown: facts.timesKnown,
    ending,
    isRaw,
    head,
    trailers: next === undefined ? facts.trailers : [],
    resumedFrom: began?.resumedFrom ?? null,
  };
}

/** An imported body without a head is served as the media type it is said to have. */
function headOf(facts: ExchangeFacts): ResponseHead | null {
  if (facts.head !== null || facts.source !== 'import') return facts.head;
  const type = facts.importedContentType;
  const headers = [
    ...(type === undefined ? [] : ([['Content-Type', type]] as const)),
    ['Transfer-Encoding', 'chunked'] as const,
  ];
  return { status: 200, statusText: 'OK', httpVersion: '1.1', headers, atMicros: 0 };
}

/** When the server had the whole request that was answered: the last one before the head, after redirects. */
function requestSent(marks: readonly Mark[], fromMicros: Micros, headMicros: Micros): Micros {
  let sent = fromMicros;
  for (const { name, atMicros } of marks) {
    if (name === 'request-sent' && atMicros >= fromMicros && atMicros <= headMicros) sent = atMicros;
  }
  return sent;
}

/**
 * Faults in terms of wire bytes. Frames of a compressed body have no place on the wire of their own: faults after
 * a frame then happen after the chunk that completed it.
 * @throws FailureError for a frame that is not there, or that cannot be taken out of a compressed body
 */
export function byteFaults(recording: OpenedRecording, faults: readonly ReplayFault[]): readonly ByteFault[] {
  const { frames } = recording.analysis;
  const { head } = recording.facts();
  const coding = head === null ? null : headerValue(head.headers, 'content-encoding');
  const isCoded = coding !== null && coding.trim() !== '' && coding.trim().toLowerCase() !== 'identity';

  const place = (frame: number): FramePlace => {
    if (frame >= frames.count) throw missingFrame(frame + 1, frames.count);
    const from = frames.at(frame, (columns, i) => columns.offset[i] as number);
    const end = from + frames.at(frame, (columns, i) => columns.length[i] as number);
    const to = frame + 1 < frames.count ? frames.at(frame + 1, (columns, i) => columns.offset[i] as number) : end;
    return { from, to: Math.max(to, end) };
  };
  const after = (count: number): number => {
    if (count === 0) return 0;
    if (count > frames.count) throw missingFrame(count, frames.count);
    if (!isCoded) return place(count - 1).to;
    return recording.chunks.offsetOf(frames.at(count - 1, (columns, i) => columns.chunk[i] as number) + 1);
  };
  return faults.map((fault): ByteFault => {
    switch (fault.kind) {
      case 'cut':
      case 'reset':
        return { kind: fault.kind, at: after(fault.afterFrames) };
      case 'stall':
        return { kind: 'stall', at: after(fault.afterFrames), micros: fault.micros };
      case 'drop':
      case 'duplicate': {
        if (!isCoded) return { kind: fault.kind, ...place(fault.frame) };
        const message = `The body is compressed (${coding}): no frame of it can be left out or repeated on the wire. Record it without compression.`;
        throw new FailureError({ code: 'replay/fault-impossible', message });
      }
      case 'corrupt': {
        const length = recording.chunks.wireBytes;
        if (fault.offset < length) return { kind: 'corrupt', at: fault.offset };
        const message = `There is no byte ${grouped(fault.offset)}: the body has ${grouped(length)} bytes, counted from 0.`;
        throw new FailureError({ code: 'replay/fault-impossible', message });
      }
      case 'split':
      case 'coalesce':
      case 'slow':
        return fault;
    }
  });
}

/** @param frame from 1, as people count */
function missingFrame(frame: number, count: number): FailureError {
  const message = `There is no frame ${grouped(frame)}: the recording has ${grouped(count)} frames.`;
  return new FailureError({ code: 'replay/fault-impossible', message });
}
