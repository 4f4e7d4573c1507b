import type { HeaderList } from '../../../shared/request.ts';
import type { AnswerTap, CarriedEnd, CarriedHead } from '../../capture/carried/carriedRequest.ts';
import type { AnswerWriter } from '../../servers/proxy/answerWriter.ts';

export interface RelayOwner {
  /** The client does not take what is sent to it. */
  clientIsSlow(): void;
  headPassed(status: number): void;
  bytesPassed(bytes: number): void;
  /** It is over at the client. Without a head before, there was no answer to hand on. */
  over(end: CarriedEnd): void;
}

/** Hands an answer on to the client as it comes: nothing is held, nothing is changed. */
export class AnswerRelay implements AnswerTap {
  readonly #answer: AnswerWriter;
  readonly #owner: RelayOwner;
  #trailers: HeaderList = [];
  #hasHead = false;

  constructor(answer: AnswerWriter, owner: RelayOwner) {
    this.#answer = answer;
    this.#owner = owner;
  }

  informational(raw: Uint8Array): void {
    this.#answer.informational(raw);
    this.#answer.flush();
  }

  head(head: CarriedHead): void {
    this.#hasHead = true;
    this.#answer.head(head, false);
    this.#owner.headPassed(head.status);
  }

  wire(bytes: Uint8Array): void {
    this.#answer.wire(bytes);
  }

  data(bytes: Uint8Array): void {
    this.#answer.piece(bytes);
    this.#owner.bytesPassed(bytes.byteLength);
  }

  trailers(headers: HeaderList): void {
    this.#trailers = headers;
  }

  flush(): void {
    if (!this.#answer.flush()) this.#owner.clientIsSlow();
  }

  over(end: CarriedEnd): void {
    if (this.#hasHead) this.#answer.end(end.how, this.#trailers);
    this.#owner.over(end);
  }
}
