import { countAtMost, countBelow, GrowingFloat64 } from '../recording/growing.ts';

/** UTF-16 units of one message that are kept, over all its texts; what comes after is counted and not kept. */
export const assembledTextLimit = 64 * 1024 * 1024;

/** What a message may still keep, shared by all its texts and whatever else it keeps of its frames. */
export class MessageBudget {
  #left: number;

  constructor(units: number = assembledTextLimit) {
    this.#left = units;
  }

  get left(): number {
    return this.#left;
  }

  spend(units: number): void {
    this.#left -= units;
  }
}

/** What the frame and the end of a run of pieces cost, in units of text. */
const unitsPerRun = 8;

/** Pieces joined at a time, so that a long text is not one object a piece. */
const piecesInBlock = 1_024;

/**
 * A text put together from pieces, each of which knows its frame: `frameAt` and `rangeOf` map both ways.
 *
 * Positions count UTF-16 units, as the window's text does. A surrogate pair may be split over two pieces.
 */
export class Pieces {
  #joined = '';
  #open: string[] = [];
  #length = 0;
  /** Frame of each run of pieces, ascending, and where that run ends. */
  readonly #frames = new GrowingFloat64(16);
  readonly #ends = new GrowingFloat64(16);
  #lastFrame = -1;
  #omitted = 0;
  readonly #budget: MessageBudget;

  constructor(budget: MessageBudget = new MessageBudget()) {
    this.#budget = budget;
  }

  /** @param frame not lower than that of the piece before */
  push(frame: number, text: string): void {
    const runUnits = frame === this.#lastFrame ? 0 : unitsPerRun;
    const room = Math.max(0, this.#budget.left - runUnits);
    const kept = text.length <= room ? text : text.slice(0, room);
    this.#omitted += text.length - kept.length;
    if (kept === '') return;
    this.#budget.spend(kept.length + runUnits);
    this.#open.push(kept);
    if (this.#open.length === piecesInBlock) this.#join();
    this.#length += kept.length;
    if (frame === this.#lastFrame) this.#ends.replaceLast(this.#length);
    else {
      this.#frames.push(frame);
      this.#ends.push(this.#length);
      this.#lastFrame = frame;
    }
  }

  get length(): number {
    return this.#length;
  }

  /** UTF-16 units that came beyond the limit. */
  get omitted(): number {
    return this.#omitted;
  }

  get text(): string {
    this.#join();
    return this.#joined;
  }

  slice(from: number, to: number = this.#length): string {
    return this.text.slice(from, to);
  }

  /** Frames of the pieces and the end of each, packed; views that are valid until the next `push`. */
  get packed(): { readonly frames: Float64Array; readonly ends: Float64Array } {
    return { frames: this.#frames.view(), ends: this.#ends.view() };
  }

  /** The frame that brought the unit at `position`; undefined outside the text. */
  frameAt(position: number): number | undefined {
    if (position < 0 || position >= this.#length) return undefined;
    return this.#frames.at(countAtMost(this.#ends.view(), position));
  }

  /** What a frame brought, or undefined. */
  rangeOf(frame: number): { readonly from: number; readonly to: number } | undefined {
    const frames = this.#frames.view();
    const at = countBelow(frames, frame);
    if (frames[at] !== frame) return undefined;
    return { from: at === 0 ? 0 : this.#ends.at(at - 1), to: this.#ends.at(at) };
  }

  #join(): void {
    if (this.#open.length === 0) return;
    this.#joined += this.#open.join('');
    this.#open = [];
  }
}
