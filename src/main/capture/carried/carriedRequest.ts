import type { ResponseHead } from '../../../shared/recording.ts';
import type { HeaderList } from '../../../shared/request.ts';
import type { EndingFacts } from '../endings.ts';

/** A request of somebody else that is handed on as it came. Its texts hold one byte a character, as the wire does. */
export interface CarriedRequest {
  readonly method: string;
  /** Whom it is for; what is asked for is `target`. */
  readonly url: URL;
  /** Path and query as they came. */
  readonly target: string;
  /** In the order and spelling they came in, `Host` and `Content-Length` included, those of a connection not. */
  readonly headers: HeaderList;
  readonly body: CarriedBody | null;
}

export interface CarriedBody {
  /** As announced; null: it goes out in chunks. */
  readonly length: number | null;
  /** The bytes as they come in; once. */
  open(): AsyncIterable<Uint8Array>;
}

/** The head of an answer that is handed on. */
export interface CarriedHead extends ResponseHead {
  /** As they came, one byte a character. */
  readonly wireHeaders: HeaderList;
  /** How its body is delimited; `frames`: HTTP/2, where `data` and `over` say it. */
  readonly delimiter: 'none' | 'length' | 'chunks' | 'close' | 'frames';
}

/** How an answer came to its end, as whoever it is handed on to should see it. */
export type CarriedEnd =
  | { readonly how: 'complete' }
  /** The connection was closed (`close`) or reset where the answer stands. */
  | { readonly how: 'close' | 'reset'; readonly facts: EndingFacts };

/**
 * Takes an answer as it passes, before it is recorded. Bytes are views that stay valid after the call. After `over`
 * nothing is told any more.
 */
export interface AnswerTap {
  /** An interim (1xx) head of HTTP/1.1, blank line included. */
  informational(raw: Uint8Array): void;
  head(head: CarriedHead): void;
  /** Of HTTP/1.1: the body as it stands on the wire, transfer coding and trailers included; what broke it as well. */
  wire(bytes: Uint8Array): void;
  /** The same body without transfer coding, after `wire`. @param continues as in `CaptureSink.chunk` */
  data(bytes: Uint8Array, continues: boolean): void;
  trailers(headers: HeaderList): void;
  /** What one read brought has been told. */
  flush(): void;
  /** Once, last. Without a `head` before it there is no answer to hand on. */
  over(end: CarriedEnd): void;
}
