import { createFramer } from '../../framing/createFramer.ts';
import { createDetector, type Detector } from '../../framing/detect.ts';
import type { Framer, FrameSink } from '../../framing/framer.ts';
import { defaultLimits } from '../../../shared/limits.ts';

/** A frame in body offsets; `end` is behind its line end, where one follows in the same bytes. */
export interface FoundFrame {
  readonly begin: number;
  readonly end: number;
}

const lineFeed = 10;
const carriageReturn = 13;

/** Finds the frames of a body as it is sent, by the framing of its content type and first bytes. Linear work. */
export class FrameFinder {
  readonly #detector: Detector;
  readonly #contentType: string | null;
  /** Until the framing is known. */
  #held: Uint8Array[] = [];
  #framer: Framer | null = null;
  #found: FoundFrame[] = [];
  #at = 0;

  constructor(contentType: string | null) {
    this.#contentType = contentType;
    this.#detector = createDetector({ contentType, url: null });
  }

  /** The frames that are whole with these bytes, which are the next ones of the body. */
  push(bytes: Uint8Array): readonly FoundFrame[] {
    this.#found = [];
    const from = this.#at;
    this.#at += bytes.length;
    if (this.#framer === null) this.#detect(bytes);
    else this.#framer.push(bytes);
    return this.#found.map(({ begin, end }) => ({ begin, end: end + lineEndAt(bytes, end - from) }));
  }

  #detect(bytes: Uint8Array): void {
    this.#held.push(bytes);
    const detection = this.#detector.push(bytes);
    if (detection === undefined) return;
    const limits = { jsonBytes: defaultLimits.jsonBytes, jsonLevels: defaultLimits.jsonLevels };
    const sink: FrameSink = {
      frame: (_kind, begin, length) => this.#found.push({ begin, end: begin + length }),
      typeId: () => 0,
      diagnostic: () => undefined,
    };
    const { framing, shape } = detection;
    const framer = createFramer(framing, { limits, shape: shape ?? null, contentType: this.#contentType }, sink);
    this.#framer = framer;
    for (const each of this.#held) framer.push(each);
    this.#held = [];
  }
}

/** Bytes of a line end that follows a frame at `at`; none behind one that has its own. */
function lineEndAt(bytes: Uint8Array, at: number): number {
  if (at < 1 || bytes[at - 1] === lineFeed) return 0;
  if (bytes[at] === lineFeed) return 1;
  return bytes[at] === carriageReturn && bytes[at + 1] === lineFeed ? 2 : 0;
}
