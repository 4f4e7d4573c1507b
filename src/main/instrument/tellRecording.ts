import { ChunkIndex } from '../../engine/recording/chunkIndex.ts';
import type { UnpackedChunks } from '../../engine/recording/chunkPairs.ts';
import type { Limits } from '../../shared/limits.ts';
import type { Ending, ExchangeFacts, Reconnection, ResponseHead } from '../../shared/recording.ts';
import type { Micros } from '../../shared/words.ts';
import { BodyDelivery } from '../capture/bodyDelivery.ts';
import { endingFrom } from '../capture/endings.ts';
import type { CaptureSink, ImportSink } from '../capture/sink.ts';
import type { RecordingReader } from '../store/recordingStore.ts';
import { keptBody, KeptBodyReader } from './keptBody.ts';

const pieceBytes = 262_144;
/** After so many bytes of the wire and the body it is asked whether to go on; a chunk counts as some by itself. */
const turnBytes = 262_144;
const bytesOfChunk = 64;

/** Lets the listener go on (`true`) or stop (`false`) between two pieces, and wait for a reader that is behind. */
export type MayGoOn = () => Promise<boolean>;

/**
 * Tells a stored recording to a sink as it once happened: facts, head, chunks with the body in them, trailers, ending.
 * A coded body is told as it was decoded then; only where that was not kept (recordings of format 1) it is decoded
 * again. What the sink answers about pausing is not looked at: `mayGoOn` is asked instead.
 * @throws FailureError where the store meets damage
 */
export async function tellRecording(
  reader: RecordingReader,
  sink: ImportSink,
  limits: Limits,
  mayGoOn: MayGoOn,
): Promise<void> {
  const facts = reader.facts();
  sink.origin({
    request: facts.request,
    startedAt: facts.startedAt,
    timesKnown: facts.timesKnown,
    ...(facts.bordersKnown === undefined ? {} : { bordersKnown: facts.bordersKnown }),
    ...(facts.importedContentType === undefined ? {} : { contentType: facts.importedContentType }),
    framingOverride: facts.framingOverride,
    ...(facts.jsonPathOverride === undefined ? {} : { jsonPathOverride: facts.jsonPathOverride }),
    ...(facts.dialectOverride === undefined ? {} : { dialectOverride: facts.dialectOverride }),
    ...(facts.frameLimitOffsets === undefined ? {} : { frameLimitOffsets: facts.frameLimitOffsets }),
  });
  for (const mark of facts.marks) if (mark.name !== 'end') sink.mark(mark);
  if (facts.sentHeaders.length > 0) sink.sent(facts.sentHeaders);
  for (const { code, details } of facts.transportFindings ?? []) sink.transportDiagnostic(code, details);
  if (facts.head !== null) sink.head(facts.head);
  const lastMicros = await tellChunks(reader, facts, sink, limits, mayGoOn);
  if (lastMicros === null) return;
  if (facts.trailers.length > 0) sink.trailers(facts.trailers);
  sink.ended(facts.ending ?? interrupted(lastMicros));
}

/** Resolves to the time of the last chunk, null when it was stopped before the end. */
async function tellChunks(
  reader: RecordingReader,
  facts: ExchangeFacts,
  sink: ImportSink,
  limits: Limits,
  mayGoOn: MayGoOn,
): Promise<Micros | null> {
  const chunks = new ChunkIndex((segment) => reader.pairs(segment));
  for (const segment of reader.segments(0)) chunks.seal(segment);
  const kept = keptBody(reader);
  const body = kept === undefined ? undefined : new KeptBodyReader(reader, kept);
  const reconnections = facts.reconnections ?? [];
  let lastMicros = 0;
  let next = 0;
  let told = 0;
  for (let connection = 0; connection <= reconnections.length; connection++) {
    const reconnection = reconnections[connection - 1];
    if (reconnection !== undefined) tellReconnection(sink, reconnection);
    const end = reconnections[connection]?.firstChunk ?? chunks.count;
    const head = reconnection === undefined ? facts.head : reconnection.head;
    // What the decoder finds was found when it was recorded, and is told with the transport's findings.
    const bodySink = connectionSink(sink, next, facts.transportFindings === undefined);
    const delivery = body === undefined ? new HeldDelivery(bodySink, limits, head) : undefined;
    for (const { micros, bytes, continues } of storedChunks(reader, chunks, next, end)) {
      lastMicros = micros;
      told += bytes.length + bytesOfChunk;
      if (delivery !== undefined) delivery.body.chunk(micros, bytes, continues);
      else sink.chunk(micros, bytes, continues);
      for (let piece = body?.next(next); piece !== undefined; piece = body?.next(next)) {
        sink.body(next, piece);
        told += piece.length;
        if (told < turnBytes) continue;
        told = 0;
        if (!(await mayGoOn())) return null;
      }
      next++;
      if (told < turnBytes) continue;
      told = 0;
      await delivery?.released();
      if (!(await mayGoOn())) return null;
    }
    await delivery?.released();
    if (!(await mayGoOn())) return null;
    await delivery?.body.finish({ code: 'end/imported', message: '', offset: null });
  }
  return lastMicros;
}

/** The delivery of one connection's body, with a wait for a decoder that is behind. */
class HeldDelivery {
  readonly body: BodyDelivery;
  #held = false;
  #wake = (): void => undefined;

  constructor(sink: CaptureSink, limits: Limits, head: ResponseHead | null) {
    this.body = new BodyDelivery(sink, limits, {
      hold: () => {
        this.#held = true;
      },
      release: () => {
        this.#held = false;
        this.#wake();
      },
      sinkIsFull: () => undefined,
    });
    if (head !== null) this.body.begin(head);
  }

  async released(): Promise<void> {
    while (this.#held) await new Promise<void>((resolve) => (this.#wake = resolve));
  }
}

function tellReconnection(sink: ImportSink, reconnection: Reconnection): void {
  sink.position?.();
  sink.reconnecting?.({ ...reconnection, head: null });
  if (reconnection.head !== null) sink.head(reconnection.head);
}

interface StoredChunk {
  readonly micros: Micros;
  readonly bytes: Uint8Array;
  readonly continues: boolean;
}

/** Chunks `[from, end)`, as many in one read of the store as one piece has room for, at least one. */
function* storedChunks(
  reader: RecordingReader,
  chunks: ChunkIndex,
  from: number,
  end: number,
): Generator<StoredChunk, void, undefined> {
  for (let next = from; next < end;) {
    const { run, first } = runOf(chunks, next);
    const start = run.offset[next - first] as number;
    let to = next - first + 1;
    while (to < run.micros.length && first + to < end && (run.offset[to + 1] as number) - start <= pieceBytes) to++;
    const bytes = reader.read('wire', start, (run.offset[to] as number) - start);
    for (let i = next - first; i < to; i++) {
      yield {
        micros: run.micros[i] as number,
        bytes: bytes.subarray((run.offset[i] as number) - start, (run.offset[i + 1] as number) - start),
        continues: run.continues[i] === 1,
      };
    }
    next = first + to;
  }
}

function runOf(chunks: ChunkIndex, chunk: number): { readonly run: UnpackedChunks; readonly first: number } {
  let found: { readonly run: UnpackedChunks; readonly first: number } | undefined;
  chunks.visit(chunk, chunk + 1, (run, first) => {
    found = { run, first };
  });
  if (found === undefined) throw new Error(`there is no chunk ${String(chunk)}`);
  return found;
}

function interrupted(atMicros: Micros): Ending {
  const message = 'Recording broke off: the program that recorded it ended.';
  return endingFrom({ code: 'end/import-unfinished', message, offset: null }, atMicros);
}

/** The sink of one connection's body: its chunks go on with the numbers of those before. */
function connectionSink(sink: ImportSink, firstChunk: number, findsAnew: boolean): CaptureSink {
  return {
    mark: (mark) => {
      sink.mark(mark);
    },
    sent: (headers) => {
      sink.sent(headers);
    },
    head: (head) => {
      sink.head(head);
    },
    chunk: (atMicros, bytes, continues) => sink.chunk(atMicros, bytes, continues),
    body: (chunk, bytes) => sink.body(firstChunk + chunk, bytes),
    trailers: (headers) => {
      sink.trailers(headers);
    },
    transportDiagnostic: (code, details) => {
      if (findsAnew) sink.transportDiagnostic(code, details);
    },
    ended: (ending) => {
      sink.ended(ending);
    },
  };
}
