import type { EngineClient } from '../../shared/calls.ts';
import type { FrameRows } from '../../shared/columns.ts';
import type { Failure } from '../../shared/failure.ts';
import type { RecordingId } from '../../shared/words.ts';
import { VirtualRows } from '../ui/virtual/virtualRows.ts';
import { RowPages, type RowSource } from './rowPages.ts';

const rowPixels = 24;
/** Rows that are not there yet: so long the ones before stay, then their places are shown empty. */
const heldMillis = 150;

/** A row in view: where its columns lie, null while they are not there. */
export interface RowInView {
  readonly row: number;
  readonly at: { readonly page: FrameRows; readonly i: number } | null;
}

export interface TableSnapshot {
  readonly total: number;
  readonly rows: readonly RowInView[];
  readonly shiftPixels: number;
  readonly failure: Failure | null;
  /** The last row is in view. */
  readonly atEnd: boolean;
}

const empty: TableSnapshot = { total: 0, rows: [], shiftPixels: 0, failure: null, atEnd: true };

/** The frame table without its elements: what is scrolled to, which rows are there, and what is shown meanwhile. */
export class FrameTable {
  readonly scroll = new VirtualRows(rowPixels);
  readonly #pages: RowPages;
  readonly #listeners = new Set<() => void>();
  readonly #endScroll: () => void;
  #snapshot = empty;
  #source: RowSource = { filterId: null, foldHeartbeats: false };
  #total = 0;
  #stick = false;
  #failure: Failure | null = null;
  #holdTimer: ReturnType<typeof setTimeout> | undefined;
  #holdOver = false;

  constructor(engine: EngineClient, id: RecordingId) {
    this.#pages = new RowPages(engine, id, {
      onRows: () => {
        this.#failure = null;
        this.#refresh();
      },
      onTotal: (total) => this.setTotal(total, this.#stick),
      onFailure: (failure) => {
        this.#failure = failure;
        this.#refresh();
      },
    });
    this.#endScroll = this.scroll.subscribe(() => this.#refresh());
  }

  dispose(): void {
    clearTimeout(this.#holdTimer);
    this.#endScroll();
    this.#pages.dispose();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The same object until something changed. */
  readonly snapshot = (): TableSnapshot => this.#snapshot;

  /** Shows other rows: a filter's, or with or without heartbeats. */
  setSource(source: RowSource): void {
    if (source.filterId === this.#source.filterId && source.foldHeartbeats === this.#source.foldHeartbeats) return;
    this.#source = source;
    this.#pages.setSource(source);
    this.#refresh();
  }

  /** Rows in the table now. @param stick keep the last one in view */
  setTotal(total: number, stick: boolean): void {
    this.#stick = stick;
    this.#total = total;
    this.scroll.setRows(total, stick);
    this.#refresh();
  }

  /** Pulls everything anew: the recording was framed differently, or a failure is to be tried again. */
  reload(): void {
    this.#failure = null;
    this.#pages.forget();
    this.#refresh();
  }

  /** Frame number of a row that was pulled; null where it was not. */
  frameOfRow(row: number): number | null {
    const found = this.#pages.find(row);
    return found === null ? null : (found.page.n[found.i] ?? null);
  }

  /** The row of a frame among those in view; null where it is not. */
  rowInView(frame: number): number | null {
    return this.#snapshot.rows.find(({ at }) => at !== null && at.page.n[at.i] === frame)?.row ?? null;
  }

  #refresh(): void {
    const { first, count, shiftPixels, atEnd } = this.scroll.window();
    this.#pages.want(first, count, this.#total);
    const rows: RowInView[] = [];
    let complete = true;
    for (let row = first; row < first + count; row++) {
      const at = this.#pages.find(row);
      if (at === null) complete = false;
      rows.push({ row, at });
    }
    if (complete || this.#failure !== null) this.#stopHolding();
    else if (!this.#holdOver && this.#snapshot.rows.length > 0) {
      this.#hold();
      return;
    }
    this.#snapshot = { total: this.#total, rows, shiftPixels, failure: this.#failure, atEnd };
    for (const listener of this.#listeners) listener();
  }

  #hold(): void {
    this.#holdTimer ??= setTimeout(() => {
      this.#holdOver = true;
      this.#refresh();
    }, heldMillis);
  }

  #stopHolding(): void {
    clearTimeout(this.#holdTimer);
    this.#holdTimer = undefined;
    this.#holdOver = false;
  }
}
