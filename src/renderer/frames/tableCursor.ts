import type { EngineClient } from '../../shared/calls.ts';
import type { Failure } from '../../shared/failure.ts';
import type { RecordingId } from '../../shared/words.ts';
import { failureOf, isCancelled } from '../state/failureOf.ts';
import { latestWins } from '../state/pull.ts';
import { useView, viewActions, type SelectionOrigin } from '../state/view.ts';
import type { FrameTable } from './frameTable.ts';

/**
 * The selected row. Keys move it by rows, which is exact in a filtered table and needs no frame number; the frame
 * follows as soon as it is known. A selection made elsewhere comes the other way: its row is asked for.
 */
export class TableCursor {
  readonly #engine: EngineClient;
  readonly #id: RecordingId;
  readonly #table: FrameTable;
  readonly #onFailure: (failure: Failure) => void;
  readonly #frames = latestWins((signal) => this.#pullFrame(signal));
  readonly #rows = latestWins((signal) => this.#pullRow(signal));
  /** −1: none. */
  #row = -1;
  /** What this cursor itself selected, so that the echo does not move it. */
  #selected: number | null = null;
  #wantedFrame: number | null = null;

  constructor(engine: EngineClient, id: RecordingId, table: FrameTable, onFailure: (failure: Failure) => void) {
    this.#engine = engine;
    this.#id = id;
    this.#table = table;
    this.#onFailure = onFailure;
  }

  dispose(): void {
    this.#frames.end();
    this.#rows.end();
  }

  get row(): number {
    return this.#row;
  }

  /** Goes by so many rows; without a selection to the first row in view. */
  moveBy(rows: number): void {
    const { first } = this.#table.scroll.window();
    this.moveTo(this.#row < 0 ? first : this.#row + rows);
  }

  moveTo(row: number, origin: SelectionOrigin = 'keys'): void {
    const { total } = this.#table.snapshot();
    if (total === 0) return;
    this.#row = Math.min(total - 1, Math.max(0, row));
    this.#table.scroll.reveal(this.#row);
    const frame = this.#table.frameOfRow(this.#row);
    if (frame === null) this.#frames.ask();
    else this.#select(frame, origin);
  }

  /** A frame was selected, here or elsewhere. */
  selectionChanged(frame: number | null): void {
    if (frame === null) {
      this.#row = -1;
      this.#selected = null;
    } else if (frame !== this.#selected) {
      this.show(frame);
    }
  }

  /** Brings a frame's row into view, wherever it is now. */
  show(frame: number): void {
    this.#selected = frame;
    this.#wantedFrame = frame;
    this.#rows.ask();
  }

  #select(frame: number, origin: SelectionOrigin): void {
    this.#selected = frame;
    viewActions.selectFrame(frame, origin);
  }

  async #pullFrame(signal: AbortSignal): Promise<void> {
    const row = this.#row;
    if (row < 0) return;
    const { filterId, foldHeartbeats } = useView.getState();
    try {
      const input = { id: this.#id, from: row, count: 1, filterId, foldHeartbeats };
      const rows = await this.#engine.call('recording.rows', input, signal);
      const frame = rows.n[0];
      if (row === this.#row && frame !== undefined) this.#select(frame, 'keys');
    } catch (error) {
      if (!isCancelled(error)) this.#onFailure(failureOf(error));
    }
  }

  async #pullRow(signal: AbortSignal): Promise<void> {
    const frame = this.#wantedFrame;
    if (frame === null) return;
    const { filterId, foldHeartbeats } = useView.getState();
    try {
      const input = { id: this.#id, frame, filterId, foldHeartbeats };
      const { row } = await this.#engine.call('recording.rowOfFrame', input, signal);
      if (frame !== this.#selected || row < 0) return;
      this.#row = row;
      this.#table.scroll.reveal(row);
    } catch (error) {
      if (!isCancelled(error)) this.#onFailure(failureOf(error));
    }
  }
}
