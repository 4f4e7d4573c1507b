import type { Limits } from '../../shared/limits.ts';
import type { Ending } from '../../shared/recording.ts';
import type { RequestSpec } from '../../shared/request.ts';
import type { EpochMillis, Micros } from '../../shared/words.ts';
import type { BodyDelivery } from './bodyDelivery.ts';
import type { ImportSink } from './sink.ts';

/** Reads one kind of file, from its first byte on, and tells the sink everything but the ending. */
export interface FileReader {
  /** The bytes stay the caller's. */
  append(bytes: Uint8Array): void;
  /** The file is whole; resolves to its ending when everything else was told. Called once, last. */
  finish(): Promise<Ending>;
}

/** What a reader works with. */
export interface ReaderSurroundings {
  readonly sink: ImportSink;
  readonly limits: Limits;
  /** Told the head, and asked for the end of decoding. */
  readonly body: BodyDelivery;
  /**
   * Takes body bytes, which may be views of what was appended; counts and limits them.
   * @param continues they go on with the HTTP chunk or DATA frame of the bytes before
   */
  readonly chunk: (atMicros: Micros, bytes: Uint8Array, continues: boolean) => void;
  /** Wall clock of t0. */
  readonly startedAt: EpochMillis;
  /** False: nobody knows when the bytes came, and every time is 0. */
  readonly timesKnown: boolean;
  /** Since t0; 0 where times are not known. */
  readonly now: () => Micros;
  readonly request: RequestSpec | null;
  readonly contentType: string | null;
}
