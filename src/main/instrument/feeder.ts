import type { Analysis } from '../../engine/recording/analysis.ts';
import type { ChunkIndex } from '../../engine/recording/chunkIndex.ts';
import type { RecordingReader } from '../store/recordingStore.ts';

const piece = 262_144;

/** Feeds an analysis the chunks of a stored recording whose body is its wire bytes, in slices. */
export class Feeder {
  readonly #chunks: ChunkIndex;
  readonly #reader: RecordingReader;
  readonly #analysis: Analysis;
  #next = 0;

  constructor(chunks: ChunkIndex, reader: RecordingReader, analysis: Analysis) {
    this.#chunks = chunks;
    this.#reader = reader;
    this.#analysis = analysis;
  }

  /** Share of the chunks that were fed, 0…1. */
  get progress(): number {
    return this.#chunks.count === 0 ? 1 : this.#next / this.#chunks.count;
  }

  /** Feeds until all chunks were fed or `mayGoOn` says stop; true when all were. */
  advance(mayGoOn: () => boolean): boolean {
    while (this.#next < this.#chunks.count) {
      this.#feedPiece();
      if (!mayGoOn()) break;
    }
    return this.#next === this.#chunks.count;
  }

  /** Feeds as many chunks as one read of the store covers, at least one. */
  #feedPiece(): void {
    let end = this.#next;
    this.#chunks.visit(this.#next, this.#next + 1, (run, first, from) => {
      const start = run.offset[from] as number;
      let to = from + 1;
      while (to < run.micros.length && (run.offset[to + 1] as number) - start <= piece) to++;
      const bytes = this.#reader.read('wire', start, (run.offset[to] as number) - start);
      for (let i = from; i < to; i++) {
        const at = (run.offset[i] as number) - start;
        const body = bytes.subarray(at, (run.offset[i + 1] as number) - start);
        this.#analysis.chunk(run.micros[i] as number, body.length);
        this.#analysis.body(first + i, run.micros[i] as number, body);
      }
      end = first + to;
    });
    this.#next = end;
  }
}
