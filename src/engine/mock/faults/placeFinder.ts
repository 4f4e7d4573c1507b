import type { BodyCircumstances, FrameSource } from './effect.ts';
import { FrameFinder } from './frameFinder.ts';
import type { FaultPlace } from './place.ts';

/** Finds a place in a body that is sent step by step. */
export class PlaceFinder {
  readonly #place: FaultPlace;
  readonly #frames: FrameSource | null;
  #isFound = false;
  #sentBytes = 0;
  #sentChunks = 0;
  #sentFrames = 0;

  constructor(place: FaultPlace, { contentType, coded }: BodyCircumstances) {
    this.#place = place;
    this.#frames = place.kind === 'frame' ? (coded?.frames() ?? new FrameFinder(contentType)) : null;
  }

  /** How many of these bytes, the next ones of the body, stand before the place. Null: it is not here. */
  find(bytes: Uint8Array): number | null {
    if (this.#isFound) return null;
    const at = this.#find(bytes);
    this.#isFound = at !== null;
    this.#sentBytes += bytes.length;
    return at;
  }

  #find(bytes: Uint8Array): number | null {
    const place = this.#place;
    switch (place.kind) {
      case 'head':
        return 0;
      case 'end':
        return null;
      case 'byte':
        return place.n <= this.#sentBytes + bytes.length ? place.n - this.#sentBytes : null;
      case 'chunk': {
        if (!place.isInside && place.n === 0) return 0;
        if (bytes.length === 0) return null;
        this.#sentChunks++;
        if (place.isInside) return this.#sentChunks === place.n + 1 ? Math.floor(bytes.length / 2) : null;
        return this.#sentChunks === place.n ? bytes.length : null;
      }
      case 'frame':
        return this.#findFrame(bytes, place.n, place.isInside);
    }
  }

  #findFrame(bytes: Uint8Array, n: number, isInside: boolean): number | null {
    if (!isInside && n === 0) return 0;
    const wanted = isInside ? n + 1 : n;
    const found = this.#frames?.push(bytes) ?? [];
    const frame = found[wanted - this.#sentFrames - 1];
    this.#sentFrames += found.length;
    if (frame === undefined) return null;
    const at = isInside ? frame.begin + Math.floor((frame.end - frame.begin) / 2) : frame.end;
    return Math.max(0, at - this.#sentBytes);
  }
}
