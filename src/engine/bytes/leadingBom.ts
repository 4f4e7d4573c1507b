const bom = Uint8Array.of(0xef, 0xbb, 0xbf);

/** Takes a byte order mark off the beginning of a stream, also when it comes in pieces; one anywhere else stays. */
export class LeadingBom {
  #held = 0;
  #settled = false;

  /** True once the first bytes were judged: from then on everything is passed through untouched. */
  get isSettled(): boolean {
    return this.#settled;
  }

  /** @param pass is given what is not the mark, with its body offset, at most twice */
  push(bytes: Uint8Array, pass: (bytes: Uint8Array, offset: number) => void): void {
    let matched = 0;
    while (matched < bytes.length && bytes[matched] === bom[this.#held + matched]) matched++;
    const seen = this.#held + matched;
    if (seen === bom.length) {
      this.#settled = true;
      if (matched < bytes.length) pass(bytes.subarray(matched), seen);
    } else if (matched === bytes.length) {
      this.#held = seen;
    } else {
      this.#settled = true;
      if (this.#held > 0) pass(bom.subarray(0, this.#held), 0);
      pass(bytes, this.#held);
    }
  }

  /** The stream is over: a mark that was cut off is passed as the bytes it is. */
  end(pass: (bytes: Uint8Array, offset: number) => void): void {
    if (this.#settled || this.#held === 0) return;
    this.#settled = true;
    pass(bom.subarray(0, this.#held), 0);
  }
}

/** True when `[at, end)` begins with a byte order mark. */
export function hasBomAt(bytes: Uint8Array, at: number, end: number): boolean {
  return end - at >= bom.length && bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf;
}
