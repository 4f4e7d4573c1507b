import { deltaKinds, type DeltaKind } from '../../shared/words.ts';
import { GrowingFloat64 } from '../recording/growing.ts';
import type { Delta } from './delta.ts';
import type { Pieces } from './pieces.ts';
import type { AssembledCall } from './toolCall.ts';

/** Frames that are indexed, 16 bytes each; the deltas of later ones are in the message and in no row. */
export const indexedFramesAtMost = 4_194_304;
const sourcesAtMost = 100_000;

/** Which kind a frame goes by that says several things: the first of these. */
const order: readonly DeltaKind[] = [
  'error',
  'tool',
  'text',
  'refusal',
  'reasoning',
  'tool-result',
  'citation',
  'media',
  'finish',
  'usage',
  'end',
  'start',
  'timing',
  'unknown',
  'heartbeat',
  'event',
];
/** By kind, in the order of `deltaKinds`' codes: its bit, and its place in the order. */
const bits = Object.fromEntries(deltaKinds.map((kind, code) => [kind, 1 << code])) as Record<DeltaKind, number>;
const ranks = Object.fromEntries(deltaKinds.map((kind) => [kind, order.indexOf(kind)])) as Record<DeltaKind, number>;
const orderedCodes = order.map((kind) => deltaKinds.indexOf(kind));
/** A frame's kinds are the low bits of its word, its source the high ones. */
const sourceFactor = 2 ** deltaKinds.length;

/** Where the words of a frame are. */
export interface DeltaSource {
  readonly pieces: Pieces;
  /** Of arguments: the call they belong to. */
  readonly call: AssembledCall | null;
}

/** The kind a delta makes its frame; `none` for a fault, and for text, which counts by its content. */
export function deltaKindOf(delta: Delta): DeltaKind {
  switch (delta.type) {
    case 'fault':
      return 'none';
    case 'text':
    case 'reasoning':
    case 'refusal':
      return delta.text === '' ? 'event' : 'none';
    case 'final':
      return 'event';
    case 'tool-start':
    case 'tool-arguments':
    case 'tool-end':
      return 'tool';
    case 'meta':
      return 'start';
    case 'terminator':
      return 'end';
    default:
      return delta.type;
  }
}

/**
 * What each frame of a token stream says, packed: kinds as bits, the words' place, and content added up, so that rows
 * and columns of a million frames are quick. Frames are numbered as in the recording.
 */
export class DeltaIndex {
  /** By frame before the current one: bits of kinds + place of the source × 2^17; 0 for a frame that says nothing. */
  readonly #words = new GrowingFloat64(16);
  /** By frame before the current one: content units up to its end. */
  readonly #units = new GrowingFloat64(16);
  /** Place 0 stands for none. */
  readonly #sources: (DeltaSource | undefined)[] = [undefined];
  readonly #places = new Map<Pieces, number>();
  #lastPieces: Pieces | undefined;
  #lastPlace = 0;
  /** The frame that is being added, −1 before the first; what it says so far. */
  #frame = -1;
  #bits = 0;
  #place = 0;
  /** Rank of the kind whose words the place is. */
  #placeRank = 0;
  #totalUnits = 0;

  /** @param frame not lower than any before */
  note(frame: number, kind: DeltaKind): void {
    if (frame === this.#frame || this.#moveTo(frame)) this.#bits |= bits[kind];
  }

  /** Content of `units` came: the words are what the frame brought to `pieces`. */
  noteContent(frame: number, kind: DeltaKind, units: number, pieces: Pieces, call: AssembledCall | null): void {
    if (frame !== this.#frame && !this.#moveTo(frame)) return;
    this.#bits |= bits[kind];
    this.#totalUnits += units;
    const rank = ranks[kind];
    if (this.#place !== 0 && rank >= this.#placeRank) return;
    this.#place = pieces === this.#lastPieces ? this.#lastPlace : this.#placeOf(pieces, call);
    this.#placeRank = rank;
  }

  /** Frames up to the last that said something. */
  get length(): number {
    return this.#frame + 1;
  }

  /** Code of the kind that a frame goes by; 0 for none. */
  kindOf(frame: number): number {
    const said = this.#wordOf(frame) % sourceFactor;
    for (const code of orderedCodes) if ((said & (1 << code)) !== 0) return code;
    return 0;
  }

  /** Everything that a frame says. */
  kindsOf(frame: number): readonly DeltaKind[] {
    const said = this.#wordOf(frame) % sourceFactor;
    return order.filter((kind) => (said & bits[kind]) !== 0);
  }

  /** Where the words of a frame are; undefined where it has none. */
  sourceOf(frame: number): DeltaSource | undefined {
    return this.#sources[Math.floor(this.#wordOf(frame) / sourceFactor)];
  }

  /** UTF-16 units of content in the frames before `frame`. */
  unitsBefore(frame: number): number {
    if (frame > this.#frame) return this.#totalUnits;
    return frame <= 0 ? 0 : this.#units.at(frame - 1);
  }

  #wordOf(frame: number): number {
    if (frame === this.#frame) return this.#bits + this.#place * sourceFactor;
    return frame < this.#words.length ? this.#words.at(frame) : 0;
  }

  /** Ends the current frame and begins `frame`, those between having said nothing; false beyond the limit. */
  #moveTo(frame: number): boolean {
    if (frame >= indexedFramesAtMost || frame < this.#frame) return false;
    if (this.#frame >= 0) {
      this.#words.push(this.#bits + this.#place * sourceFactor);
      this.#units.push(this.#totalUnits);
    }
    while (this.#words.length < frame) {
      this.#words.push(0);
      this.#units.push(this.#totalUnits);
    }
    this.#frame = frame;
    this.#bits = 0;
    this.#place = 0;
    return true;
  }

  #placeOf(pieces: Pieces, call: AssembledCall | null): number {
    if (pieces === this.#lastPieces) return this.#lastPlace;
    let place = this.#places.get(pieces);
    if (place === undefined) {
      if (this.#sources.length > sourcesAtMost) return 0;
      place = this.#sources.push({ pieces, call }) - 1;
      this.#places.set(pieces, place);
    }
    this.#lastPieces = pieces;
    this.#lastPlace = place;
    return place;
  }
}
