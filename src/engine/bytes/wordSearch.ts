/** A search of the host's own, faster than script. */
export type NativeSearch = (bytes: Uint8Array, word: Uint8Array, from: number) => number;

/** Bytes from which on the way to the host's search is shorter than a search here. */
const worthNative = 1_024;

/**
 * Finds a word of ASCII in bytes, after Horspool, "Practical fast searching in strings" (1980): for a word of seven
 * bytes it looks at about every sixth byte of the text.
 */
export class WordSearch {
  readonly #word: Uint8Array;
  readonly #shift: Uint8Array;

  /** @param word of 1 to 255 ASCII characters */
  constructor(word: string) {
    const last = word.length - 1;
    this.#word = Uint8Array.from(word, (letter) => letter.charCodeAt(0));
    this.#shift = new Uint8Array(256).fill(word.length);
    for (let i = 0; i < last; i++) this.#shift[this.#word[i] as number] = last - i;
  }

  /** Where the word begins at or after `from` in all of `bytes`; −1 where it is not. */
  findNext(bytes: Uint8Array, from: number, native: NativeSearch | undefined): number {
    if (native === undefined || bytes.length - from < worthNative) return this.find(bytes, from);
    return native(bytes, this.#word, from);
  }

  /** Where the word begins at or after `from`; −1 where it is not in `[from, end)`. */
  find(bytes: Uint8Array, from: number, end: number = bytes.length): number {
    const word = this.#word;
    const last = word.length - 1;
    const lastLetter = word[last];
    let at = from + last;
    while (at < end) {
      const value = bytes[at] as number;
      if (value === lastLetter) {
        let i = 0;
        while (i < last && bytes[at - last + i] === word[i]) i++;
        if (i === last) return at - last;
      }
      at += this.#shift[value] as number;
    }
    return -1;
  }
}
