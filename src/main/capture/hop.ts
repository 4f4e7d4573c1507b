import type { ResponseHead } from '../../shared/recording.ts';
import type { HeaderList } from '../../shared/request.ts';
import type { Micros } from '../../shared/words.ts';
import type { EndingFacts } from './endings.ts';

export interface HopListener {
  sent(headers: HeaderList): void;
  requestSent(atMicros: Micros): void;
  /** False: the answer's body is not wanted (a redirect); the hop is over. */
  head(head: ResponseHead): boolean;
  /**
   * Body bytes of one HTTP chunk or DATA frame within one read. Valid after the call as well.
   * @param continues the bytes go on with the chunk or frame that the bytes before belong to
   */
  data(atMicros: Micros, bytes: Uint8Array, continues: boolean): void;
  trailers(headers: HeaderList): void;
  diagnostic(code: string, details: Readonly<Record<string, string | number>>): void;
  /** Once, last; not after `close` or a head that was not wanted. */
  finished(end: EndingFacts, atMicros: Micros): void;
}

/** One request and its answer on one connection of its own. */
export interface Hop {
  /** Bytes received that are no part of any answer's body: a head in progress, or what came in its place. */
  readonly unansweredBytes: Uint8Array;
  /** The bytes so far reach the end of the message, though not all of them may have been handed on yet. */
  readonly messageEnded: boolean;
  start(): void;
  /** Stops reading the connection. */
  hold(): void;
  release(): void;
  /** Closes the connection, in whatever state it is; resolves when it is closed. */
  close(): Promise<void>;
}
