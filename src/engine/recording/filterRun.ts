import { frameKinds, type FrameKind, type Severity } from '../../shared/words.ts';
import type { FrameFilter } from './filterExpression.ts';
import type { FrameIndex } from './frameIndex.ts';
import { FrameMatches } from './frameMatches.ts';

/** What a running filter reads. */
export interface FilterSource {
  readonly frames: FrameIndex;
  readonly timesKnown: boolean;
  typeName(typeId: number): string;
  /** Code of what a frame says in its dialect; absent where the recording has none. */
  deltaOf?(frame: number): number;
  /** Whether something of this severity is known of a frame; of one code only the first findings are. */
  found(frame: number, severity: Severity): boolean;
  /** Of a frame longer than this many bytes only the beginning is searched. */
  readonly searchedBytes: number;
  /** The payload of a frame as text, as far as it is searched. */
  text(kind: FrameKind, offset: number, length: number): string;
}

/** Frames, or bytes of text, between two looks at the clock. */
const framesPerLook = 256;
const bytesPerLook = 1_048_576;

/** A filter working its way through a recording, in slices; it goes on when the recording grows. */
export class FilterRun {
  readonly #filter: FrameFilter;
  readonly #matches = new FrameMatches();
  #scanned = 0;
  /** Changes of flags that were regarded. */
  #flagChanges = 0;
  readonly #partlySearched = new Set<number>();
  #searchedSinceLook = 0;

  constructor(filter: FrameFilter) {
    this.#filter = filter;
  }

  /** Whether it asks what frames say in their dialect. */
  get asksForDeltas(): boolean {
    return this.#filter.asksForDeltas;
  }

  /** Frames judged so far. */
  get scanned(): number {
    return this.#scanned;
  }

  /** Frames of which only the beginning was searched for text. */
  get partlySearched(): number {
    return this.#partlySearched.size;
  }

  /** The matching frames, as of now. */
  get matches(): FrameMatches {
    return this.#matches;
  }

  /** Judges frames until there are no more or `mayGoOn` says stop; true when all that there are were judged. */
  advance(source: FilterSource, mayGoOn: () => boolean): boolean {
    this.regardFlagChanges(source);
    source.frames.visit(this.#scanned, source.frames.count, (columns, first, from, to) => {
      for (let i = from; i < to; i++) {
        const isLookDue = (first + i) % framesPerLook === 0 || this.#searchedSinceLook > bytesPerLook;
        if (isLookDue && first + i > this.#scanned) {
          this.#searchedSinceLook = 0;
          if (!mayGoOn()) {
            this.#scanned = first + i;
            return false;
          }
        }
        if (this.#judge(source, columns, first, i)) this.#matches.add(first + i);
      }
      this.#scanned = first + to;
      return mayGoOn();
    });
    return this.#scanned === source.frames.count;
  }

  /** Judges frames again whose flags changed since they were judged; `advance` begins with it. */
  regardFlagChanges(source: FilterSource): void {
    const { flagChanges } = source.frames;
    if (flagChanges.count === this.#flagChanges) return;
    const changed = flagChanges.since(this.#flagChanges)?.filter((frame) => frame < this.#scanned);
    this.#flagChanges = flagChanges.count;
    if (!this.#filter.asksForFlags || changed?.length === 0) return;
    if (changed === undefined) {
      this.#matches.clear();
      this.#scanned = 0;
      this.#partlySearched.clear();
      return;
    }
    for (const frame of changed) this.#partlySearched.delete(frame);
    this.#matches.change(
      changed.map((frame) => [
        frame,
        source.frames.at(frame, (columns, i) => this.#judge(source, columns, frame - i, i)),
      ]),
    );
  }

  #judge(
    source: FilterSource,
    columns: Parameters<Parameters<FrameIndex['visit']>[2]>[0],
    first: number,
    i: number,
  ): boolean {
    const frame = first + i;
    const kind = columns.kind[i] as number;
    const subject = {
      kind,
      flags: columns.flags[i] as number,
      type: source.typeName(columns.type[i] as number),
      length: columns.length[i] as number,
      gapMicros:
        source.timesKnown && frame > 0
          ? (columns.micros[i] as number) - this.#microsBefore(source, columns, first, i)
          : -1,
      chunk: columns.chunk[i] as number,
      delta: source.deltaOf?.(frame) ?? 0,
      found: (severity: Severity) => source.found(frame, severity),
    };
    if (!this.#filter.columnTests.every((test) => test(subject))) return false;
    if (this.#filter.textTests.length === 0) return true;
    if (subject.length > source.searchedBytes) this.#partlySearched.add(frame);
    this.#searchedSinceLook += Math.min(subject.length, source.searchedBytes);
    const text = source.text(frameKinds[kind] as FrameKind, columns.offset[i] as number, subject.length);
    return this.#filter.textTests.every((test) => test(text));
  }

  #microsBefore(source: FilterSource, columns: { readonly micros: Float64Array }, first: number, i: number): number {
    return i > 0 ? (columns.micros[i - 1] as number) : source.frames.microsOf(first - 1);
  }
}
