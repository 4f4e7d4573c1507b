import type { ChunkSpan } from '../../../shared/columns.ts';
import type { Failure } from '../../../shared/failure.ts';
import { failureOf, isCancelled } from '../../state/failureOf.ts';
import { latestWins } from '../../state/pull.ts';
import { VirtualRows } from '../virtual/virtualRows.ts';
import { BytePages, type ReadBytes } from './bytePages.ts';

const byteRowPixels = 20;
const heldMillis = 150;
/** Bytes known around a row, so that a character that crosses its border can be read. */
const contextBytes = 3;

/** @returns the chunks that overlap wire bytes `[offset, offset + length)` */
export type ReadChunks = (offset: number, length: number, signal: AbortSignal) => Promise<ChunkSpan>;

/** The bytes that are shown: `length` of them from `base`. */
export interface ByteRange {
  readonly base: number;
  readonly length: number;
  readonly bytesPerRow: number;
}

export interface ByteRow {
  readonly offset: number;
  readonly length: number;
  /** The row's bytes begin at `start` of it; null while they are not there. */
  readonly bytes: Uint8Array | null;
  readonly start: number;
}

export interface BytesSnapshot {
  readonly rows: readonly ByteRow[];
  readonly shiftPixels: number;
  /** Null where borders are not known. */
  readonly chunks: ChunkSpan | null;
  readonly failure: Failure | null;
}

/** Which bytes are in view, what is known of them, and what is shown meanwhile; without its elements. */
export class BytesModel {
  readonly scroll = new VirtualRows(byteRowPixels);
  readonly #pages: BytePages;
  readonly #readChunks: ReadChunks | null;
  readonly #chunkPulls = latestWins((signal) => this.#pullChunks(signal));
  readonly #listeners = new Set<() => void>();
  readonly #endScroll: () => void;
  #range: ByteRange = { base: 0, length: 0, bytesPerRow: 16 };
  #snapshot: BytesSnapshot = { rows: [], shiftPixels: 0, chunks: null, failure: null };
  #chunks: ChunkSpan | null = null;
  #chunksFrom = 0;
  #chunksTo = 0;
  #failure: Failure | null = null;
  #holdTimer: ReturnType<typeof setTimeout> | undefined;
  #holdOver = false;

  constructor(read: ReadBytes, readChunks: ReadChunks | null) {
    this.#readChunks = readChunks;
    const onFailure = (failure: Failure): void => {
      this.#failure = failure;
      this.#refresh();
    };
    this.#pages = new BytePages(read, {
      onBytes: () => {
        this.#failure = null;
        this.#refresh();
      },
      onFailure,
    });
    this.#endScroll = this.scroll.subscribe(() => this.#refresh());
  }

  dispose(): void {
    clearTimeout(this.#holdTimer);
    this.#endScroll();
    this.#pages.dispose();
    this.#chunkPulls.end();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): BytesSnapshot => this.#snapshot;

  /** Shows other or more bytes; the byte at the top stays there when rows get another length. */
  setRange(range: ByteRange): void {
    const { base, length, bytesPerRow } = this.#range;
    if (base === range.base && length === range.length && bytesPerRow === range.bytesPerRow) return;
    const topOffset = this.scroll.window().first * bytesPerRow;
    this.#range = range;
    this.scroll.setRows(Math.ceil(range.length / range.bytesPerRow), false);
    if (base !== range.base) this.scroll.showAtTop(0);
    else if (bytesPerRow !== range.bytesPerRow) this.scroll.showAtTop(Math.floor(topOffset / range.bytesPerRow));
    this.#refresh();
  }

  /** Brings a byte into view. @param offset absolute, as `base` is */
  reveal(offset: number): void {
    const { base, length, bytesPerRow } = this.#range;
    if (offset < base || offset >= base + length) return;
    this.scroll.reveal(Math.floor((offset - base) / bytesPerRow));
  }

  retry(): void {
    this.#failure = null;
    if (this.#chunksTo === Infinity) this.#chunksTo = 0;
    this.#pages.retry();
    this.#refresh();
  }

  #refresh(): void {
    const { base, length, bytesPerRow } = this.#range;
    const { first, count, shiftPixels } = this.scroll.window();
    const from = base + first * bytesPerRow;
    const to = Math.min(base + length, from + count * bytesPerRow);
    if (to > from) {
      this.#pages.want(Math.max(base, from - contextBytes), Math.min(base + length, to + contextBytes));
      this.#wantChunks(from, to);
    }
    const rows: ByteRow[] = [];
    let complete = true;
    for (let offset = from; offset < to; offset += bytesPerRow) {
      const end = Math.min(to, offset + bytesPerRow);
      const wideFrom = Math.max(base, offset - contextBytes);
      const wideTo = Math.min(base + length, end + contextBytes);
      const wide = this.#pages.find(wideFrom, wideTo);
      const bytes = wide ?? this.#pages.find(offset, end);
      if (bytes === null) complete = false;
      rows.push({ offset, length: end - offset, bytes, start: wide === null ? 0 : offset - wideFrom });
    }
    if (complete || this.#failure !== null) this.#stopHolding();
    else if (!this.#holdOver && this.#snapshot.rows.length > 0) {
      this.#holdTimer ??= setTimeout(() => {
        this.#holdOver = true;
        this.#refresh();
      }, heldMillis);
      return;
    }
    this.#snapshot = { rows, shiftPixels, chunks: this.#chunks, failure: this.#failure };
    for (const listener of this.#listeners) listener();
  }

  #wantChunks(from: number, to: number): void {
    if (this.#readChunks === null || (this.#chunksFrom <= from && to <= this.#chunksTo)) return;
    this.#chunkPulls.ask();
  }

  async #pullChunks(signal: AbortSignal): Promise<void> {
    const { base, length, bytesPerRow } = this.#range;
    const { first, count } = this.scroll.window();
    const from = base + first * bytesPerRow;
    const to = Math.min(base + length, from + count * bytesPerRow);
    if (this.#readChunks === null || to <= from) return;
    try {
      this.#chunks = await this.#readChunks(from, to - from, signal);
      this.#chunksFrom = from;
      this.#chunksTo = to;
      this.#refresh();
    } catch (error) {
      if (isCancelled(error)) return;
      // The bytes can be read without their borders, which are not asked for again until the user does.
      this.#chunksFrom = 0;
      this.#chunksTo = Infinity;
      this.#failure = failureOf(error);
      this.#refresh();
    }
  }

  #stopHolding(): void {
    clearTimeout(this.#holdTimer);
    this.#holdTimer = undefined;
    this.#holdOver = false;
  }
}
