/** A stack of bytes: a byte for each entry, so that a million levels cost a megabyte. */
export class ByteStack {
  #bytes = new Uint8Array(64);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The byte pushed last; undefined for none. */
  get top(): number | undefined {
    return this.#length === 0 ? undefined : this.#bytes[this.#length - 1];
  }

  push(value: number): void {
    if (this.#length === this.#bytes.length) {
      const grown = new Uint8Array(2 * this.#length);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes[this.#length++] = value;
  }

  /** Nothing happens to an empty one. */
  pop(): void {
    if (this.#length > 0) this.#length--;
  }
}
