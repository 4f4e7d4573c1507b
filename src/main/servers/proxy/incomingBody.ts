/** Bytes that may wait for whoever takes the body before the client is not read any more, and the level to read on at. */
const waitingHigh = 256 * 1024;
const waitingLow = 64 * 1024;

/** A request's body as it comes in: iterated over once, as far as it is there; the client is held back when it is not taken. */
export class IncomingBody implements AsyncIterable<Uint8Array> {
  /** Bytes that came so far. */
  receivedBytes = 0;
  readonly #flow: { hold(): void; release(): void };
  #pieces: Uint8Array[] = [];
  #waitingBytes = 0;
  #held = false;
  #ended = false;
  #failure: Error | null = null;
  #dropping = false;
  #wake: (() => void) | null = null;

  constructor(flow: { hold(): void; release(): void }) {
    this.#flow = flow;
  }

  /** All of it came. */
  get ended(): boolean {
    return this.#ended;
  }

  push(bytes: Uint8Array): void {
    this.receivedBytes += bytes.byteLength;
    if (this.#dropping) return;
    this.#pieces.push(bytes);
    this.#waitingBytes += bytes.byteLength;
    if (this.#waitingBytes > waitingHigh && !this.#held) {
      this.#held = true;
      this.#flow.hold();
    }
    this.#go();
  }

  end(): void {
    this.#ended = true;
    this.#go();
  }

  /** No more will come. */
  fail(error: Error): void {
    this.#failure ??= error;
    this.#go();
  }

  /** Nobody wants the rest: what still comes is read and dropped. */
  drop(): void {
    this.#dropping = true;
    this.#pieces = [];
    this.#waitingBytes = 0;
    this.#releaseIfLow();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    for (;;) {
      const piece = this.#pieces.shift();
      if (piece !== undefined) {
        this.#waitingBytes -= piece.byteLength;
        this.#releaseIfLow();
        yield piece;
      } else if (this.#failure !== null) throw this.#failure;
      else if (this.#ended) return;
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }

  #releaseIfLow(): void {
    if (!this.#held || this.#waitingBytes > waitingLow) return;
    this.#held = false;
    this.#flow.release();
  }

  #go(): void {
    this.#wake?.();
    this.#wake = null;
  }
}
