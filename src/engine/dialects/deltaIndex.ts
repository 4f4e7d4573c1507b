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
const codes: ReadonlyMap<DeltaKind, number> = new Map(deltaKinds.map((kind, code) => [kind, code]));
const orderedCodes = order.map(codeOf);
/** A frame's kinds are the low bits of its word, its source the high ones. */
const sourceFactor = 2 ** deltaKinds.length;

function codeOf(kind: DeltaKind): number {
  return codes.get(kind) ?? 0;
}

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
  /** By frame: bits of kinds + place of the source × 2^17; 0 for a frame that says nothing. */
  readonly #words = new GrowingFloat64(16);
  /** By frame: content units up to its end. */
  readonly #units = new GrowingFloat64(16);
  /** Place 0 stands for none. */
  readonly #sources: (DeltaSource | undefined)[] = [undefined];
  readonly #places = new Map<Pieces, number>();
  #lastPieces: Pieces | undefined;
  #lastPlace = 0;

  /** @param frame not lower than any before */
  note(frame: number, kind: DeltaKind): void {
    if (!this.#reach(frame)) return;
    const word = this.#words.last() ?? 0;
    const bit = 2 ** codeOf(kind);
    if (!hasBit(word, bit)) this.#words.replaceLast(word + bit);
  }

  /** Content of `units` came: the words are what the frame brought to `pieces`. */
  noteContent(frame: number, kind: DeltaKind, units: number, pieces: Pieces, call: AssembledCall | null): void {
    if (!this.#reach(frame)) return;
    const word = this.#words.last() ?? 0;
    const kindBefore = kindOfWord(word);
    const bit = 2 ** codeOf(kind);
    const bits = (word % sourceFactor) + (hasBit(word, bit) ? 0 : bit);
    const before = Math.floor(word / sourceFactor);
    const isLeading = before === 0 || (kindBefore !== codeOf(kind) && kindOfWord(bits) === codeOf(kind));
    this.#words.replaceLast(bits + (isLeading ? this.#placeOf(pieces, call) : before) * sourceFactor);
    this.#units.replaceLast((this.#units.last() ?? 0) + units);
  }

  /** Frames up to the last that said something. */
  get length(): number {
    return this.#words.length;
  }

  /** Code of the kind that a frame goes by; 0 for none. */
  kindOf(frame: number): number {
    return frame < this.#words.length ? kindOfWord(this.#words.at(frame)) : 0;
  }

  /** Everything that a frame says. */
  kindsOf(frame: number): readonly DeltaKind[] {
    const word = frame < this.#words.length ? this.#words.at(frame) : 0;
    return order.filter((kind) => hasBit(word, 2 ** codeOf(kind)));
  }

  /** Where the words of a frame are; undefined where it has none. */
  sourceOf(frame: number): DeltaSource | undefined {
    if (frame >= this.#words.length) return undefined;
    return this.#sources[Math.floor(this.#words.at(frame) / sourceFactor)];
  }

  /** UTF-16 units of content in the frames before `frame`. */
  unitsBefore(frame: number): number {
    const last = Math.min(frame, this.#units.length) - 1;
    return last < 0 ? 0 : this.#units.at(last);
  }

  /** True where the last frame is `frame`, frames between having said nothing; false beyond the limit. */
  #reach(frame: number): boolean {
    if (frame >= indexedFramesAtMost) return false;
    if (this.#words.length > frame) return this.#words.length === frame + 1;
    const units = this.#units.last() ?? 0;
    while (this.#words.length <= frame) {
      this.#words.push(0);
      this.#units.push(units);
    }
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

function hasBit(word: number, bit: number): boolean {
  return Math.floor(word / bit) % 2 === 1;
}

function kindOfWord(word: number): number {
  const bits = word % sourceFactor;
  for (const code of orderedCodes) if ((bits & (1 << code)) !== 0) return code;
  return 0;
}
