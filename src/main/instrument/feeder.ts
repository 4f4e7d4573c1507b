import type { Analysis } from '../../engine/recording/analysis.ts';
import type { ChunkIndex } from '../../engine/recording/chunkIndex.ts';
import type { Reconnection } from '../../shared/recording.ts';
import type { Limits } from '../../shared/limits.ts';
import { ContentDecoder, type Coding } from '../capture/contentDecoder.ts';
import type { RecordingReader } from '../store/recordingStore.ts';
import { keptBody, KeptBodyReader } from './keptBody.ts';

const pieceBytes = 262_144;
/** Coded bytes that may wait for the decoder before feeding waits for it. */
const pendingBytes = 1_048_576;

/**
 * Feeds an analysis the chunks of a stored recording, in slices. A coded body is fed as it was decoded when it was
 * recorded; only where that was not kept (recordings of format 1) is it decoded again.
 */
export class Feeder {
  readonly #chunks: ChunkIndex;
  readonly #reader: RecordingReader;
  readonly #analysis: Analysis;
  readonly #keptBody: KeptBodyReader | undefined;
  readonly #decoder: ContentDecoder | undefined;
  #progressed: (() => void) | undefined;
  #next = 0;
  /** Some pieces of the chunk `#next` are fed. */
  #amidChunk = false;
  readonly #reconnections: readonly Reconnection[];
  #nextReconnection = 0;

  /**
   * @param codings as in Content-Encoding; none: the body is the wire bytes
   * @param reconnections where the connections after the first begin
   */
  constructor(
    chunks: ChunkIndex,
    reader: RecordingReader,
    analysis: Analysis,
    codings: readonly Coding[],
    limits: Limits,
    reconnections: readonly Reconnection[] = [],
  ) {
    this.#reconnections = reconnections;
    this.#chunks = chunks;
    this.#reader = reader;
    this.#analysis = analysis;
    const kept = keptBody(reader);
    if (kept !== undefined) {
      this.#keptBody = new KeptBodyReader(reader, kept);
      return;
    }
    if (codings.length === 0) return;
    this.#decoder = new ContentDecoder(
      codings,
      limits,
      (chunk, bytes) => {
        analysis.body(chunk, chunks.microsOf(chunk), bytes);
      },
      () => {
        this.#progressed?.();
      },
    );
  }

  /** Share of the chunks that were fed, 0…1. */
  get progress(): number {
    return this.#chunks.count === 0 ? 1 : this.#next / this.#chunks.count;
  }

  /** Feeds until all chunks were fed or `mayGoOn` says stop; resolves to true when all were, and are decoded. */
  async advance(mayGoOn: () => boolean): Promise<boolean> {
    while (this.#next < this.#chunks.count) {
      if (!this.#feedSome(mayGoOn)) break;
      while (this.#decoder !== undefined && this.#decoder.pendingBytes > pendingBytes) await this.#decoderProgress();
      if (!mayGoOn()) break;
    }
    if (this.#next < this.#chunks.count) return false;
    await this.#decoder?.finish();
    this.#beginConnections(Infinity);
    return true;
  }

  /** Feeds everything at once. Only for bodies that need no decoding. */
  feedAll(): void {
    if (this.#decoder !== undefined) throw new Error('a coded body cannot be fed at once');
    while (this.#next < this.#chunks.count) this.#feedSome(() => true);
    this.#beginConnections(Infinity);
  }

  /** Tells of the connections that begin with chunk `chunk` or before. */
  #beginConnections(chunk: number): void {
    for (;;) {
      const next = this.#reconnections[this.#nextReconnection];
      if (next === undefined || next.firstChunk > chunk) return;
      this.#nextReconnection++;
      this.#analysis.reconnected(next.resumedFrom);
    }
  }

  #decoderProgress(): Promise<void> {
    return new Promise((resolve) => {
      this.#progressed = resolve;
    });
  }

  /** False when it had to stop in the middle of a chunk. */
  #feedSome(mayGoOn: () => boolean): boolean {
    if (this.#keptBody !== undefined) return this.#feedKept(this.#keptBody, mayGoOn);
    this.#feedWire();
    return true;
  }

  /** Feeds as many chunks as one read of the store covers, at least one. */
  #feedWire(): void {
    let end = this.#next;
    this.#chunks.visit(this.#next, this.#next + 1, (run, first, from) => {
      const start = run.offset[from] as number;
      let to = from + 1;
      while (to < run.micros.length && (run.offset[to + 1] as number) - start <= pieceBytes) to++;
      const bytes = this.#reader.read('wire', start, (run.offset[to] as number) - start);
      for (let i = from; i < to; i++) {
        const at = (run.offset[i] as number) - start;
        this.#feedChunk(first + i, run.micros[i] as number, bytes.subarray(at, (run.offset[i + 1] as number) - start));
      }
      end = first + to;
    });
    this.#next = end;
  }

  #feedChunk(chunk: number, micros: number, bytes: Uint8Array): void {
    this.#beginConnections(chunk);
    this.#analysis.chunk(micros, bytes.length);
    if (this.#decoder === undefined) this.#analysis.body(chunk, micros, bytes);
    else this.#decoder.push(chunk, bytes);
  }

  /** Feeds one segment's chunks at most, each with the kept pieces of the body that it yielded. */
  #feedKept(body: KeptBodyReader, mayGoOn: () => boolean): boolean {
    let whole = true;
    this.#chunks.visit(this.#next, this.#next + 1, (run, first, from) => {
      for (let i = from; i < run.micros.length && whole; i++) {
        const micros = run.micros[i] as number;
        if (!this.#amidChunk) {
          this.#beginConnections(first + i);
          this.#analysis.chunk(micros, (run.offset[i + 1] as number) - (run.offset[i] as number));
        }
        whole = this.#feedPieces(body, first + i, micros, mayGoOn);
        this.#amidChunk = !whole;
        if (whole) this.#next = first + i + 1;
      }
    });
    return whole;
  }

  /** A chunk may yield a thousand times its bytes: between its pieces there is time for others. */
  #feedPieces(body: KeptBodyReader, chunk: number, micros: number, mayGoOn: () => boolean): boolean {
    for (;;) {
      const bytes = body.next(chunk);
      if (bytes === undefined) return true;
      this.#analysis.body(chunk, micros, bytes);
      if (!mayGoOn()) return false;
    }
  }
}
