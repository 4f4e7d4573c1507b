import type { ByteOffset } from '../../shared/words.ts';

/** Where frames stop to count: by their number while a stream is recorded, by where that was ever after. */
export interface FrameLimits {
  /** Frames of the first connection that brings any, at most. */
  readonly firstConnection?: number;
  /** Frames of the recording, at most. */
  readonly whole?: number;
  /** Body offsets where counting stopped when it was recorded, ascending, at most one a connection. */
  readonly offsets: readonly ByteOffset[];
}

/**
 * Ends counting exactly at a frame, whatever else came in the same read. A framing that was chosen later has other
 * frames, so what is kept is not their number but the place.
 */
export class FrameLimit {
  readonly #firstConnection: number;
  readonly #whole: number;
  readonly #offsets: ByteOffset[];
  #next = 0;
  /** A connection that brought frames is over. */
  #isFirstOver = false;
  #count = 0;
  #isReached = false;

  constructor(limits: FrameLimits | undefined) {
    this.#firstConnection = limits?.firstConnection ?? Infinity;
    this.#whole = limits?.whole ?? Infinity;
    this.#offsets = [...(limits?.offsets ?? [])];
  }

  /** True: nothing more of this connection counts. */
  get isReached(): boolean {
    return this.#isReached;
  }

  get offsets(): readonly ByteOffset[] {
    return this.#offsets;
  }

  /** A frame counts that ends at body offset `end`; with it there are `count`. */
  counted(count: number, end: ByteOffset): void {
    this.#count = count;
    const known = this.#offsets[this.#next];
    if (known !== undefined) {
      if (end < known) return;
    } else {
      if (count < this.#whole && (this.#isFirstOver || count < this.#firstConnection)) return;
      this.#offsets.push(end);
    }
    this.#next++;
    this.#isReached = true;
  }

  /** Another connection begins at body offset `offset`: its frames count. */
  reconnected(offset: ByteOffset): void {
    if (this.#count > 0) this.#isFirstOver = true;
    this.#isReached = false;
    while (this.#next < this.#offsets.length && (this.#offsets[this.#next] as number) <= offset) this.#next++;
  }
}
