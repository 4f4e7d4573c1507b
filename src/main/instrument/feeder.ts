import type { Analysis } from '../../engine/recording/analysis.ts';
import type { ChunkIndex } from '../../engine/recording/chunkIndex.ts';
import type { Limits } from '../../shared/limits.ts';
import { ContentDecoder, type Coding } from '../capture/contentDecoder.ts';
import type { RecordingReader } from '../store/recordingStore.ts';

const pieceBytes = 262_144;
/** Coded bytes that may wait for the decoder before feeding waits for it. */
const pendingBytes = 1_048_576;

/** Feeds an analysis the chunks of a stored recording, in slices, decoding their content where it is coded. */
export class Feeder {
  readonly #chunks: ChunkIndex;
  readonly #reader: RecordingReader;
  readonly #analysis: Analysis;
  readonly #decoder: ContentDecoder | undefined;
  #progressed: (() => void) | undefined;
  #next = 0;

  /** @param codings as in Content-Encoding; none: the body is the wire bytes */
  constructor(
    chunks: ChunkIndex,
    reader: RecordingReader,
    analysis: Analysis,
    codings: readonly Coding[],
    limits: Limits,
  ) {
    this.#chunks = chunks;
    this.#reader = reader;
    this.#analysis = analysis;
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
      this.#feedPiece();
      while (this.#decoder !== undefined && this.#decoder.pendingBytes > pendingBytes) await this.#decoderProgress();
      if (!mayGoOn()) break;
    }
    if (this.#next < this.#chunks.count) return false;
    await this.#decoder?.finish();
    return true;
  }

  /** Feeds everything at once. Only for bodies that are not coded. */
  feedAll(): void {
    if (this.#decoder !== undefined) throw new Error('a coded body cannot be fed at once');
    while (this.#next < this.#chunks.count) this.#feedPiece();
  }

  #decoderProgress(): Promise<void> {
    return new Promise((resolve) => {
      this.#progressed = resolve;
    });
  }

  /** Feeds as many chunks as one read of the store covers, at least one. */
  #feedPiece(): void {
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
    this.#analysis.chunk(micros, bytes.length);
    if (this.#decoder === undefined) this.#analysis.body(chunk, micros, bytes);
    else this.#decoder.push(chunk, bytes);
  }
}
