import type { EngineClient } from '../../shared/calls.ts';
import type { TimelineColumns } from '../../shared/columns.ts';
import type { Failure } from '../../shared/failure.ts';
import type { RecordingId } from '../../shared/words.ts';
import { failureOf, isCancelled } from '../state/failureOf.ts';
import { latestWins } from '../state/pull.ts';
import type { TimeWindow } from '../ui/time/timeScale.ts';

/** Pulled beyond either edge of the window, as a share of it, so that a pan finds its columns there already. */
const margin = 0.5;
const mostColumns = 8_192;
/** A tile is replaced when its columns became coarser or finer than this many pixels. */
const coarsest = 1.25;
const finest = 0.6;

/** What is wanted: the window and how many pixels show it. */
export interface TileWish {
  readonly window: TimeWindow;
  readonly pixels: number;
  /** Grows with the recording: a tile of an older version is drawn, and pulled again. */
  readonly version: number;
}

export interface TileEvents {
  readonly onTile: () => void;
  readonly onFailure: (failure: Failure) => void;
}

/**
 * Keeps the columns of the window that is shown. At most one pull is under way; meanwhile the older columns stay, to be
 * drawn rescaled, and only the newest wish is pulled next.
 */
export class Tiles {
  readonly #engine: EngineClient;
  readonly #id: RecordingId;
  readonly #events: TileEvents;
  readonly #pulls = latestWins((signal) => this.#pull(signal));
  #wished: TileWish | null = null;
  #tile: TimelineColumns | null = null;
  #version = -1;

  constructor(engine: EngineClient, id: RecordingId, events: TileEvents) {
    this.#engine = engine;
    this.#id = id;
    this.#events = events;
  }

  get tile(): TimelineColumns | null {
    return this.#tile;
  }

  /** Pulls what the wish lacks; may be called for every drawing. */
  wish(wish: TileWish): void {
    this.#wished = wish;
    if (!this.serves(wish)) this.#pulls.ask();
  }

  /** True when the tile is of that version and shows that window as finely as its pixels can. */
  serves({ window, pixels, version }: TileWish): boolean {
    const tile = this.#tile;
    if (tile === null || this.#version !== version) return false;
    if (tile.fromMicros > Math.max(0, window.fromMicros) || tile.toMicros < window.toMicros) return false;
    const columnMicros = (tile.toMicros - tile.fromMicros) / tile.columns;
    const pixelsPerColumn = columnMicros / ((window.toMicros - window.fromMicros) / pixels);
    return (pixelsPerColumn <= coarsest || tile.columns === mostColumns) && pixelsPerColumn >= finest;
  }

  dispose(): void {
    this.#pulls.end();
  }

  async #pull(signal: AbortSignal): Promise<void> {
    const wish = this.#wished;
    if (wish === null || this.serves(wish)) return;
    const width = wish.window.toMicros - wish.window.fromMicros;
    const fromMicros = Math.max(0, Math.floor(wish.window.fromMicros - margin * width));
    const toMicros = Math.ceil(wish.window.toMicros + margin * width);
    const columns = Math.max(1, Math.min(mostColumns, Math.round((wish.pixels * (toMicros - fromMicros)) / width)));
    try {
      const input = { id: this.#id, fromMicros, toMicros, columns };
      this.#tile = await this.#engine.call('recording.timeline', input, signal);
      this.#version = wish.version;
      this.#events.onTile();
    } catch (error) {
      if (!isCancelled(error)) this.#events.onFailure(failureOf(error));
    }
  }
}
