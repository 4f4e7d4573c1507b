import type { Ending, Mark, ResponseHead } from '../../../shared/recording.ts';
import type { HeaderList } from '../../../shared/request.ts';
import type { Micros } from '../../../shared/words.ts';
import type { AnswerTap, CarriedEnd, CarriedHead } from '../../capture/carried/carriedRequest.ts';
import { endingKindOf, type EndingFacts } from '../../capture/endings.ts';
import type { CaptureSink } from '../../capture/sink.ts';

/**
 * Stands before the tap and the sink of an exchange that another one may follow in its place: where the upstream cannot
 * be reached, neither hears of the end.
 */
export class FirstTry implements CaptureSink {
  /** Why the upstream could not be reached; null: it was. */
  failure: EndingFacts | null = null;
  readonly tap: AnswerTap;
  readonly #sink: CaptureSink;

  constructor(tap: AnswerTap, sink: CaptureSink) {
    this.#sink = sink;
    let hasHead = false;
    this.tap = {
      informational: (raw) => tap.informational(raw),
      head: (head: CarriedHead) => {
        hasHead = true;
        tap.head(head);
      },
      wire: (bytes) => tap.wire(bytes),
      data: (bytes, continues) => tap.data(bytes, continues),
      trailers: (headers) => tap.trailers(headers),
      flush: () => tap.flush(),
      over: (end: CarriedEnd) => {
        const isDown = !hasHead && end.how !== 'complete' && isUnreachable(end.facts);
        if (isDown) this.failure = end.facts;
        else tap.over(end);
      },
    };
  }

  mark(mark: Mark): void {
    if (this.failure === null) this.#sink.mark(mark);
  }

  sent(headers: HeaderList): void {
    this.#sink.sent(headers);
  }

  head(head: ResponseHead): void {
    this.#sink.head(head);
  }

  chunk(atMicros: Micros, bytes: Uint8Array, continues: boolean): boolean {
    return this.failure === null ? this.#sink.chunk(atMicros, bytes, continues) : true;
  }

  body(chunk: number, bytes: Uint8Array): boolean {
    return this.failure === null ? this.#sink.body(chunk, bytes) : true;
  }

  trailers(headers: HeaderList): void {
    this.#sink.trailers(headers);
  }

  transportDiagnostic(code: string, details: Readonly<Record<string, string | number>>): void {
    this.#sink.transportDiagnostic(code, details);
  }

  ended(ending: Ending): void {
    if (this.failure === null) this.#sink.ended(ending);
  }
}

/** There is nobody to ask, as far as can be told; what stops an exchange here is something else. */
function isUnreachable({ code }: EndingFacts): boolean {
  const kind = endingKindOf[code];
  return (kind === 'refused' || kind === 'timeout') && code !== 'end/proxy-loop';
}
