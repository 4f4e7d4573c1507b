import type { ByteOffset, Micros } from '../../../shared/words.ts';

/** Wire bytes of a recording on their way into a replay. */
export interface ReplayPiece {
  /** When they are due, since the request was received. */
  readonly atMicros: Micros;
  readonly from: ByteOffset;
  readonly length: number;
  /** They go on with the HTTP chunk or DATA frame that the piece before began. */
  readonly continues: boolean;
}

/** What was left out at the end of a body because it is cut there; filled while the pieces are taken. */
export interface CutTail {
  /** Bytes that the last HTTP chunk was announced with and that are never sent. */
  missingBytes: number;
}
