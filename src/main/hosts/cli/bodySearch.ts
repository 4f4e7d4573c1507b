import { Buffer } from 'node:buffer';

/** Looks for texts in a body as it comes, across the borders of its pieces, without keeping it. */
export class BodySearch {
  readonly #needles: readonly Buffer[];
  readonly #found: boolean[];
  readonly #longest: number;
  #tail: Buffer = Buffer.alloc(0);

  constructor(texts: readonly string[]) {
    this.#needles = texts.map((text) => Buffer.from(text, 'utf8'));
    this.#found = this.#needles.map(({ length }) => length === 0);
    this.#longest = Math.max(0, ...this.#needles.map(({ length }) => length));
  }

  /** The bytes stay the caller's. */
  push(bytes: Uint8Array): void {
    if (this.#found.every(Boolean)) return;
    const joined = Buffer.concat([this.#tail, bytes]);
    this.#needles.forEach((needle, i) => {
      if (this.#found[i] === false && joined.includes(needle)) this.#found[i] = true;
    });
    this.#tail = joined.subarray(Math.max(0, joined.length - this.#longest + 1));
  }

  /** Whether the text with this number came. */
  found(text: number): boolean {
    return this.#found[text] ?? false;
  }
}
