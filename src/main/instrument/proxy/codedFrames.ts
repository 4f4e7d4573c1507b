import { FrameFinder, type FoundFrame } from '../../../engine/mock/faults/frameFinder.ts';
import type { FrameSource } from '../../../engine/mock/faults/effect.ts';
import type { Limits } from '../../../shared/limits.ts';
import { readCodings, type Coding } from '../../capture/coding.ts';
import { ContentDecoder } from '../../capture/contentDecoder.ts';

/** The codings of a body that can be removed; empty: none, or one that nobody here knows. */
export function removableCodings(contentEncoding: string | null): readonly Coding[] {
  const list = readCodings(contentEncoding);
  return 'unknown' in list ? [] : list.codings;
}

interface WaitingChunk {
  readonly bytes: Uint8Array;
  /** In coded bytes from the beginning of the body. */
  readonly end: number;
  frames: number;
}

/**
 * Knows where the frames of a compressed body are among its coded bytes: it is decoded beside. A chunk is let go when it
 * has been worked off, so that what is to happen at a frame happens with the first chunk that makes it whole. Of several
 * codings the outermost decides when that is.
 */
export class CodedFrames {
  readonly #decoder: ContentDecoder;
  readonly #finder: FrameFinder;
  readonly #ready: (bytes: Uint8Array) => void;
  readonly #waiting: WaitingChunk[] = [];
  readonly #sources = new Set<CodedFrameSource>();
  #first = 0;
  #pushedBytes = 0;
  #isAborted = false;
  #whenEmpty: (() => void) | null = null;

  /** @param ready gets each chunk as it came, in order, when the frames in it are known */
  constructor(
    codings: readonly Coding[],
    contentType: string | null,
    limits: Limits,
    ready: (bytes: Uint8Array) => void,
  ) {
    this.#ready = ready;
    this.#finder = new FrameFinder(contentType);
    this.#decoder = new ContentDecoder(
      codings,
      limits,
      (chunk, bytes) => {
        const found = this.#finder.push(bytes).length;
        const waiting = this.#waiting[Math.max(0, chunk - this.#first)];
        if (waiting !== undefined) waiting.frames += found;
      },
      () => this.#letGo(),
    );
  }

  /** Frames in offsets of the coded bytes, for one who is given those. */
  frames(): FrameSource {
    const source = new CodedFrameSource();
    this.#sources.add(source);
    return source;
  }

  push(bytes: Uint8Array): void {
    this.#pushedBytes += bytes.byteLength;
    this.#waiting.push({ bytes, end: this.#pushedBytes, frames: 0 });
    this.#decoder.push(this.#first + this.#waiting.length - 1, bytes);
    this.#letGo();
  }

  /** Nothing follows; `then` is called when every chunk has been let go. */
  end(then: () => void): void {
    this.#whenEmpty = then;
    void this.#decoder.finish().then(() => this.#letGo());
  }

  /** Lets no more chunks go, and the decoder with them. */
  abort(): void {
    this.#isAborted = true;
    this.#waiting.length = 0;
    this.#decoder.close();
  }

  #letGo(): void {
    if (this.#isAborted) return;
    const workedOff = this.#pushedBytes - this.#decoder.pendingBytes;
    for (let next = this.#waiting[0]; next !== undefined && next.end <= workedOff; next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#first++;
      for (const source of this.#sources) source.add(next.end, next.frames);
      this.#ready(next.bytes);
    }
    if (this.#waiting.length > 0) return;
    const then = this.#whenEmpty;
    this.#whenEmpty = null;
    then?.();
  }
}

/** The frames that end with a chunk are told when its last byte has been given. */
class CodedFrameSource implements FrameSource {
  readonly #ends: { readonly at: number; readonly frames: number }[] = [];
  #given = 0;
  #begin = 0;

  add(at: number, frames: number): void {
    if (frames > 0) this.#ends.push({ at, frames });
  }

  push(bytes: Uint8Array): readonly FoundFrame[] {
    this.#given += bytes.byteLength;
    const found: FoundFrame[] = [];
    for (let next = this.#ends[0]; next !== undefined && next.at <= this.#given; next = this.#ends[0]) {
      this.#ends.shift();
      for (let n = 0; n < next.frames; n++) {
        found.push({ begin: this.#begin, end: next.at });
        this.#begin = next.at;
      }
    }
    return found;
  }
}
