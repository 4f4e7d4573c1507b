import type { Failure } from '../../../shared/failure.ts';
import { failureOf, isCancelled } from '../../state/failureOf.ts';
import { latestWins } from '../../state/pull.ts';

const pageBytes = 16_384;
const keptPages = 64;

export interface BytePagesEvents {
  readonly onBytes: () => void;
  readonly onFailure: (failure: Failure) => void;
}

/** @returns bytes `[offset, offset + length)`, fewer at the end */
export type ReadBytes = (offset: number, length: number, signal: AbortSignal) => Promise<Uint8Array>;

/** A window of bytes of any length, pulled in pages as it moves; the pages used last are kept. */
export class BytePages {
  readonly #read: ReadBytes;
  readonly #events: BytePagesEvents;
  readonly #pulls = latestWins((signal) => this.#pullAll(signal));
  readonly #pages = new Map<number, Uint8Array>();
  #from = 0;
  #to = 0;
  /** A read failed: the same bytes are not asked for again by themselves. */
  #failed = false;

  constructor(read: ReadBytes, events: BytePagesEvents) {
    this.#read = read;
    this.#events = events;
  }

  dispose(): void {
    this.#pulls.end();
  }

  /** Asks for bytes `[from, to)`, which must exist. */
  want(from: number, to: number): void {
    if (from !== this.#from || to !== this.#to) this.#failed = false;
    this.#from = from;
    this.#to = to;
    if (this.#missing() !== null) this.#pulls.ask();
  }

  /** Asks again for what failed. */
  retry(): void {
    this.#failed = false;
    if (this.#missing() !== null) this.#pulls.ask();
  }

  /** Bytes `[from, to)`; null unless all of them were pulled. The result may share its buffer with what is kept. */
  find(from: number, to: number): Uint8Array | null {
    const first = Math.floor(from / pageBytes);
    const page = this.#pages.get(first);
    const start = from - first * pageBytes;
    if (page === undefined) return null;
    if (to <= (first + 1) * pageBytes)
      return start + to - from <= page.length ? page.subarray(start, start + to - from) : null;
    const head = page.subarray(start);
    const tail = this.find((first + 1) * pageBytes, to);
    if (tail === null || head.length + tail.length < to - from) return null;
    const joined = new Uint8Array(to - from);
    joined.set(head);
    joined.set(tail, head.length);
    return joined;
  }

  #missing(): number | null {
    if (this.#failed) return null;
    for (let page = Math.floor(this.#from / pageBytes); page * pageBytes < this.#to; page++) {
      const needed = Math.min(pageBytes, this.#to - page * pageBytes);
      if ((this.#pages.get(page)?.length ?? 0) < needed) return page;
    }
    return null;
  }

  async #pullAll(signal: AbortSignal): Promise<void> {
    for (let page = this.#missing(); page !== null && !signal.aborted; page = this.#missing()) {
      try {
        const before = this.#pages.get(page)?.length ?? 0;
        const bytes = await this.#read(page * pageBytes, pageBytes, signal);
        this.#keep(page, bytes);
        this.#events.onBytes();
        // Fewer than believed: asking again would ask for ever.
        if (bytes.length <= before) return;
      } catch (error) {
        if (isCancelled(error)) return;
        this.#failed = true;
        this.#events.onFailure(failureOf(error));
        return;
      }
    }
  }

  #keep(page: number, bytes: Uint8Array): void {
    this.#pages.delete(page);
    this.#pages.set(page, bytes);
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= keptPages) break;
      this.#pages.delete(oldest);
    }
  }
}
