import type { EngineClient } from '../../shared/calls.ts';
import type { FrameRows } from '../../shared/columns.ts';
import type { Failure } from '../../shared/failure.ts';
import type { RecordingId } from '../../shared/words.ts';
import { failureOf, isCancelled } from '../state/failureOf.ts';
import { latestWins } from '../state/pull.ts';

export const rowsPerPage = 128;
/** Pages kept: 8,192 rows, a few megabytes at most. */
const keptPages = 64;

/** Which rows: all of them, or those of a filter, or all but the heartbeats. */
export interface RowSource {
  readonly filterId: string | null;
  readonly foldHeartbeats: boolean;
}

export interface RowPagesEvents {
  readonly onRows: () => void;
  /** An answer knew of more or fewer rows than were believed. */
  readonly onTotal: (total: number) => void;
  readonly onFailure: (failure: Failure) => void;
}

/**
 * Rows of the frame table in pages, pulled as they come into view and one page ahead; the pages used last are kept. One
 * pull is under way at a time; where the view went meanwhile is pulled next, not what it passed.
 */
export class RowPages {
  readonly #engine: EngineClient;
  readonly #id: RecordingId;
  readonly #events: RowPagesEvents;
  readonly #pulls = latestWins((signal) => this.#pullAll(signal));
  /** In order of use, oldest first. */
  readonly #pages = new Map<number, FrameRows>();
  #source: RowSource = { filterId: null, foldHeartbeats: false };
  #generation = 0;
  #first = 0;
  #end = 0;
  #total = 0;
  #ahead: 1 | -1 = 1;
  /** A pull failed: the same rows are not asked for again by themselves. */
  #failed = false;

  constructor(engine: EngineClient, id: RecordingId, events: RowPagesEvents) {
    this.#engine = engine;
    this.#id = id;
    this.#events = events;
  }

  dispose(): void {
    this.#pulls.end();
  }

  /** Other rows from now on: nothing that was pulled is true any more. */
  setSource(source: RowSource): void {
    this.#source = source;
    this.forget();
  }

  forget(): void {
    this.#pages.clear();
    this.#generation++;
    this.#failed = false;
  }

  /** Asks for rows `[first, first + count)` of `total`. */
  want(first: number, count: number, total: number): void {
    if (first !== this.#first) {
      this.#ahead = first > this.#first ? 1 : -1;
      this.#failed = false;
    }
    this.#first = first;
    this.#end = Math.min(total, first + count);
    this.#total = total;
    if (this.#missing() !== null) this.#pulls.ask();
  }

  /** The page that holds a row, and the row's place in it; null where it was not pulled. */
  find(row: number): { readonly page: FrameRows; readonly i: number } | null {
    const number = Math.floor(row / rowsPerPage);
    const page = this.#pages.get(number);
    if (page === undefined) return null;
    const i = row - page.from;
    return i < page.n.length ? { page, i } : null;
  }

  /** The nearest page in view that is not there, else the next one in the direction of scrolling. */
  #missing(): number | null {
    if (this.#failed) return null;
    if (this.#end <= this.#first) return null;
    const firstPage = Math.floor(this.#first / rowsPerPage);
    const lastPage = Math.floor((this.#end - 1) / rowsPerPage);
    for (let page = firstPage; page <= lastPage; page++) if (!this.#covers(page, this.#end)) return page;
    const next = this.#ahead > 0 ? lastPage + 1 : firstPage - 1;
    if (next < 0 || next * rowsPerPage >= this.#total) return null;
    return this.#pages.has(next) ? null : next;
  }

  #covers(number: number, end: number): boolean {
    const page = this.#pages.get(number);
    if (page === undefined) return false;
    return page.from + page.n.length >= Math.min(end, (number + 1) * rowsPerPage);
  }

  async #pullAll(signal: AbortSignal): Promise<void> {
    for (let number = this.#missing(); number !== null && !signal.aborted; number = this.#missing()) {
      const generation = this.#generation;
      const input = { id: this.#id, from: number * rowsPerPage, count: rowsPerPage, ...this.#source };
      try {
        const page = await this.#engine.call('recording.rows', input, signal);
        if (generation !== this.#generation) continue;
        this.#keep(number, page);
        if (page.total !== this.#total) {
          this.#total = page.total;
          this.#end = Math.min(this.#end, page.total);
          this.#events.onTotal(page.total);
        }
        this.#events.onRows();
        // Fewer than believed, and no more to come until the total changes: asking again would ask for ever.
        if (number * rowsPerPage < this.#end && !this.#covers(number, this.#end)) return;
      } catch (error) {
        if (isCancelled(error)) return;
        this.#failed = true;
        this.#events.onFailure(failureOf(error));
        return;
      }
    }
  }

  #keep(number: number, page: FrameRows): void {
    this.#pages.delete(number);
    this.#pages.set(number, page);
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= keptPages) break;
      this.#pages.delete(oldest);
    }
  }
}
