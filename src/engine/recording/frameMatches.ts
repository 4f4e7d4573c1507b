import { countAtMost, GrowingFloat64 } from './growing.ts';

/** Frames of one block of counts. */
const blockFrames = 4_096;
const wordsPerBlock = blockFrames / 32;

/**
 * A set of frames that can be asked for its k-th, one bit a frame: a filter that fits all 40 million frames of a
 * recording takes 5 MB, not 320.
 */
export class FrameMatches implements Iterable<number> {
  #words = new Uint32Array(wordsPerBlock);
  /** Matches before each block that was begun. */
  readonly #before = new GrowingFloat64();
  #length = 0;
  #last = -1;

  constructor() {
    this.#before.push(0);
  }

  get length(): number {
    return this.#length;
  }

  /** @param frame beyond all that were added */
  add(frame: number): void {
    if (frame <= this.#last) throw new RangeError(`frame ${String(frame)} comes after ${String(this.#last)}`);
    const block = Math.floor(frame / blockFrames);
    this.#makeRoom((block + 1) * wordsPerBlock);
    while (this.#before.length <= block) this.#before.push(this.#length);
    this.#set(frame);
    this.#length++;
    this.#last = frame;
  }

  /** Puts frames in and takes others out, wherever they are. @param frames with whether each is in */
  change(frames: Iterable<readonly [frame: number, isIn: boolean]>): void {
    let last = this.#last;
    for (const [frame, isIn] of frames) {
      this.#makeRoom((Math.floor(frame / blockFrames) + 1) * wordsPerBlock);
      if (isIn) this.#set(frame);
      else this.#words[frame >>> 5] = (this.#words[frame >>> 5] as number) & ~(1 << (frame & 31));
      if (isIn) last = Math.max(last, frame);
    }
    this.#last = last;
    this.#count(Math.floor(Math.max(0, last) / blockFrames) + 1);
  }

  clear(): void {
    this.#words = new Uint32Array(wordsPerBlock);
    this.#before.clear();
    this.#before.push(0);
    this.#length = 0;
    this.#last = -1;
  }

  /** The `k`-th frame, from 0. @throws RangeError beyond the last */
  at(k: number): number {
    if (!(k >= 0 && k < this.#length)) throw new RangeError(`match ${String(k)} of ${String(this.#length)}`);
    const block = countAtMost(this.#before.view(), k) - 1;
    let left = k - this.#before.at(block);
    for (let word = block * wordsPerBlock; ; word++) {
      const bits = this.#words[word] as number;
      const here = bitCount(bits);
      if (left < here) return word * 32 + bitAt(bits, left);
      left -= here;
    }
  }

  /** Matches up to and including `frame`. */
  countUpTo(frame: number): number {
    if (frame < 0) return 0;
    if (frame >= this.#last) return this.#length;
    const block = Math.floor(frame / blockFrames);
    let count = this.#before.at(block);
    const word = frame >>> 5;
    for (let i = block * wordsPerBlock; i < word; i++) count += bitCount(this.#words[i] as number);
    return count + bitCount((this.#words[word] as number) & (0xffff_ffff >>> (31 - (frame & 31))));
  }

  *[Symbol.iterator](): Generator<number, void, undefined> {
    for (let word = 0; word * 32 <= this.#last; word++) {
      const bits = this.#words[word] as number;
      for (let bit = 0; bit < 32; bit++) if (((bits >>> bit) & 1) === 1) yield word * 32 + bit;
    }
  }

  #set(frame: number): void {
    this.#words[frame >>> 5] = (this.#words[frame >>> 5] as number) | (1 << (frame & 31));
  }

  #makeRoom(words: number): void {
    if (words <= this.#words.length) return;
    const grown = new Uint32Array(Math.max(words, 2 * this.#words.length));
    grown.set(this.#words);
    this.#words = grown;
  }

  #count(blocks: number): void {
    this.#before.clear();
    this.#length = 0;
    for (let block = 0; block < blocks; block++) {
      this.#before.push(this.#length);
      for (let i = 0; i < wordsPerBlock; i++) {
        this.#length += bitCount(this.#words[block * wordsPerBlock + i] as number);
      }
    }
  }
}

function bitCount(bits: number): number {
  let count = bits - ((bits >>> 1) & 0x5555_5555);
  count = (count & 0x3333_3333) + ((count >>> 2) & 0x3333_3333);
  return Math.imul((count + (count >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}

/** Place of the `k`-th bit that is set, from 0. */
function bitAt(bits: number, k: number): number {
  let rest = bits;
  for (let left = k; left > 0; left--) rest &= rest - 1;
  return 31 - Math.clz32(rest & -rest);
}
