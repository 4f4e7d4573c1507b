import type { EngineClient } from '../../shared/calls.ts';
import type { TimelineColumns } from '../../shared/columns.ts';
import type { Failure } from '../../shared/failure.ts';
import type { Micros, RecordingId } from '../../shared/words.ts';
import { layOut, type TimelineLayout } from './layout.ts';
import { paintMarks, paintScene } from './paintTimeline.ts';
import type { Palette } from './palette.ts';
import type { Phase } from './phases.ts';
import { readoutAt, type Readout } from './readout.ts';
import type { Extent, Marks, Scene } from './scene.ts';
import { Tiles } from './tiles.ts';
import { TimeScale, type TimeWindow } from '../ui/time/timeScale.ts';
import { shownWindow, wholeWindow } from './timeWindow.ts';

/** What is known of the recording and chosen by the user. A live `extent` was true at `extentMillis` and has run on since. */
export interface TimelineInputs {
  readonly timesKnown: boolean;
  readonly phases: readonly Phase[];
  /** There is a dialect, so there are tokens. */
  readonly hasTokens: boolean;
  readonly extent: Extent;
  /** `performance.now()` when `extent` was told. */
  readonly extentMillis: number;
  /** Grows with the recording. */
  readonly version: number;
  readonly visible: TimeWindow | null;
  readonly follow: boolean;
  readonly span: TimeWindow | null;
  readonly selectedMicros: Micros | null;
}

/** A pointer's position, in CSS pixels from the canvas's corner. */
export interface PointerAt {
  readonly x: number;
  readonly y: number;
}

export interface TimelineEvents {
  /** @param at where the pointer is; null when it is nowhere, then there is no readout either */
  readonly onReadout: (readout: Readout | null, at: PointerAt | null) => void;
  /** Newer columns came. */
  readonly onTile: () => void;
  readonly onFailure: (failure: Failure) => void;
}

const overviewPixels = 1_024;
const hoverReach = 3;

/**
 * Draws one recording's timeline on two canvases, the lower redrawn when data or window change, the upper when pointer
 * or selection do; at most once per animation frame, and not at all while nothing changes.
 */
export class TimelineController {
  readonly #lower: CanvasRenderingContext2D;
  readonly #upper: CanvasRenderingContext2D;
  readonly #events: TimelineEvents;
  readonly #tiles: Tiles;
  readonly #overview: Tiles;
  #palette: Palette;
  #inputs: TimelineInputs | null = null;
  #width = 0;
  #height = 0;
  #ratio = 1;
  #pointer: PointerAt | null = null;
  #drag: TimeWindow | null = null;
  #frameRequest = 0;
  #lowerDirty = true;
  #upperDirty = true;
  #drawnScale: TimeScale | null = null;
  #liveMicros: Micros = 0;

  constructor(
    lower: CanvasRenderingContext2D,
    upper: CanvasRenderingContext2D,
    engine: EngineClient,
    id: RecordingId,
    palette: Palette,
    events: TimelineEvents,
  ) {
    this.#lower = lower;
    this.#upper = upper;
    this.#palette = palette;
    this.#events = events;
    const tileEvents = {
      onTile: (): void => {
        this.#invalidate();
        events.onTile();
      },
      onFailure: events.onFailure,
    };
    this.#tiles = new Tiles(engine, id, tileEvents);
    this.#overview = new Tiles(engine, id, tileEvents);
  }

  dispose(): void {
    cancelAnimationFrame(this.#frameRequest);
    this.#tiles.dispose();
    this.#overview.dispose();
  }

  update(inputs: TimelineInputs): void {
    this.#inputs = inputs;
    this.#invalidate();
  }

  setPalette(palette: Palette): void {
    this.#palette = palette;
    this.#invalidate();
  }

  /** @param width @param height of the canvases in device pixels */
  resize(width: number, height: number, ratio: number): void {
    this.#width = width;
    this.#height = height;
    this.#ratio = ratio;
    for (const { canvas } of [this.#lower, this.#upper]) {
      canvas.width = width;
      canvas.height = height;
    }
    // A resized canvas is empty: waiting for the next animation frame would show it so.
    this.#lowerDirty = true;
    this.#upperDirty = true;
    cancelAnimationFrame(this.#frameRequest);
    this.#draw();
  }

  setPointer(at: PointerAt | null): void {
    this.#pointer = at;
    this.#upperDirty = true;
    this.#schedule();
  }

  /** A span that is being dragged, before it is chosen. */
  setDrag(span: TimeWindow | null): void {
    this.#drag = span;
    this.#upperDirty = true;
    this.#schedule();
  }

  /** The window as it is shown at this moment; null where nothing can be drawn. */
  scale(): TimeScale | null {
    const layout = this.#layout();
    return layout === null ? null : this.#scaleOf(layout);
  }

  extent(): Extent {
    const inputs = this.#inputs;
    if (inputs === null) return { endMicros: 0, lastChunkMicros: null, live: false };
    if (!inputs.extent.live) return inputs.extent;
    const elapsed = Math.max(0, (performance.now() - inputs.extentMillis) * 1_000);
    // Events are delayed unevenly; a clock that steps back would make the whole picture shiver.
    this.#liveMicros = Math.max(this.#liveMicros, inputs.extent.endMicros + elapsed);
    return { ...inputs.extent, endMicros: this.#liveMicros };
  }

  layout(): TimelineLayout | null {
    return this.#layout();
  }

  /** The newest columns, whatever window they cover. */
  tile(): TimelineColumns | null {
    return this.#tiles.tile;
  }

  /** True when the newest columns are those of the recording as it is known now, in the whole window that is shown. */
  isTileWhole(): boolean {
    const inputs = this.#inputs;
    const layout = this.#layout();
    if (inputs === null || layout === null) return false;
    const window = this.#scaleOf(layout);
    return this.#tiles.serves({ window, pixels: layout.plotWidth, version: inputs.version });
  }

  #layout(): TimelineLayout | null {
    const zoomed = this.#inputs !== null && this.#inputs.visible !== null;
    return layOut(this.#width, this.#height, this.#ratio, zoomed, this.#inputs?.hasTokens ?? false);
  }

  #scaleOf(layout: TimelineLayout): TimeScale {
    const inputs = this.#inputs;
    const window = shownWindow(inputs?.visible ?? null, this.extent(), inputs?.follow ?? false);
    return new TimeScale(window, layout.plotLeft, layout.plotWidth);
  }

  #invalidate(): void {
    this.#lowerDirty = true;
    this.#upperDirty = true;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#frameRequest !== 0) return;
    this.#frameRequest = requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    this.#frameRequest = 0;
    const inputs = this.#inputs;
    const layout = this.#layout();
    if (inputs === null || layout === null) return;
    const extent = this.extent();
    const scale = this.#scaleOf(layout);
    if (inputs.timesKnown) this.#pull(inputs, layout, scale, extent);
    const scene: Scene = {
      layout,
      palette: this.#palette,
      scale,
      extent,
      timesKnown: inputs.timesKnown,
      phases: inputs.phases,
      tile: this.#tiles.tile,
      overview: this.#overview.tile,
    };
    const moved = this.#drawnScale === null || movedVisibly(this.#drawnScale, scale);
    if (this.#lowerDirty || moved) {
      paintScene(this.#lower, scene);
      this.#drawnScale = scale;
      this.#lowerDirty = false;
    }
    if (this.#upperDirty || moved) {
      paintMarks(this.#upper, scene, this.#marks(inputs, scale));
      this.#upperDirty = false;
      this.#tellReadout(scene);
    }
    if (extent.live && (inputs.visible === null || inputs.follow)) this.#schedule();
  }

  #pull(inputs: TimelineInputs, layout: TimelineLayout, scale: TimeScale, extent: Extent): void {
    this.#tiles.wish({ window: scale, pixels: layout.plotWidth, version: inputs.version });
    if (layout.overview === null) return;
    const whole = wholeWindow(extent.endMicros);
    this.#overview.wish({ window: whole, pixels: Math.min(overviewPixels, layout.plotWidth), version: inputs.version });
  }

  #marks(inputs: TimelineInputs, scale: TimeScale): Marks {
    const x = this.#pointer === null ? null : this.#pointer.x * this.#ratio;
    const onPlot = x !== null && x >= scale.left && x <= scale.right;
    return {
      selectedMicros: inputs.selectedMicros,
      hoverMicros: onPlot ? scale.micros(x) : null,
      span: this.#drag ?? inputs.span,
    };
  }

  #tellReadout(scene: Scene): void {
    const at = this.#pointer;
    if (at === null || !scene.timesKnown) {
      this.#events.onReadout(null, null);
      return;
    }
    const reach = hoverReach * this.#ratio;
    this.#events.onReadout(readoutAt(scene.tile, scene.scale, at.x * this.#ratio, reach), at);
  }
}

/** A live clock moves the picture by fractions of a pixel; only whole steps are worth a drawing. */
function movedVisibly(drawn: TimeScale, now: TimeScale): boolean {
  if (drawn.left !== now.left || drawn.width !== now.width) return true;
  const tolerance = now.microsPerPixel / 4;
  return Math.abs(drawn.fromMicros - now.fromMicros) > tolerance || Math.abs(drawn.toMicros - now.toMicros) > tolerance;
}
