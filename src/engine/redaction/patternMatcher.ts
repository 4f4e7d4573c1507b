/** Something to find: its bytes, and which of them are to be hidden: `[hideFrom, hideTo)`. */
export interface Pattern {
  readonly bytes: Uint8Array;
  readonly hideFrom: number;
  readonly hideTo: number;
  /** Of whoever made the pattern. */
  readonly secret: number;
}

const root = 0;
const none = -1;

/**
 * Finds all of many patterns in one pass: the automaton of Aho and Corasick ("Efficient string matching", 1975). Time is
 * linear in the bytes whatever they are; memory is linear in the patterns.
 */
export class PatternMatcher {
  readonly patterns: readonly Pattern[];
  /** The state for each byte at the root, where nearly all bytes of a stream are looked at. */
  readonly #fromRoot = new Int32Array(256);
  readonly #edgeKeys: Int32Array;
  readonly #edgeStates: Int32Array;
  readonly #edgeMask: number;
  readonly #fail: Int32Array;
  readonly #depth: Int32Array;
  /** The pattern that a state completes; none for most. */
  readonly #completes: Int32Array;
  /** The nearest state, over failures, that completes a pattern. */
  readonly #alsoCompletes: Int32Array;
  #states = 1;

  constructor(patterns: readonly Pattern[]) {
    this.patterns = patterns;
    const most = patterns.reduce((sum, { bytes }) => sum + bytes.length, 1);
    const slots = 2 ** Math.ceil(Math.log2(Math.max(16, most * 2)));
    this.#edgeKeys = new Int32Array(slots).fill(none);
    this.#edgeStates = new Int32Array(slots);
    this.#edgeMask = slots - 1;
    this.#fail = new Int32Array(most);
    this.#depth = new Int32Array(most);
    this.#completes = new Int32Array(most).fill(none);
    this.#alsoCompletes = new Int32Array(most).fill(none);
    const edges: { readonly from: number; readonly byte: number; readonly to: number }[] = [];
    patterns.forEach(({ bytes }, n) => {
      let state = root;
      for (const byte of bytes) {
        let next = this.#edge(state, byte);
        if (next === none) {
          next = this.#states++;
          this.#addEdge(state, byte, next);
          this.#depth[next] = (this.#depth[state] as number) + 1;
          edges.push({ from: state, byte, to: next });
        }
        state = next;
      }
      if (this.#completes[state] === none) this.#completes[state] = n;
    });
    this.#linkFailures(edges);
  }

  #linkFailures(edges: { readonly from: number; readonly byte: number; readonly to: number }[]): void {
    edges.sort((a, b) => (this.#depth[a.to] as number) - (this.#depth[b.to] as number));
    for (const { from, byte, to } of edges) {
      const fail = from === root ? root : this.next(this.#fail[from] as number, byte);
      this.#fail[to] = fail;
      this.#alsoCompletes[to] = this.#completes[fail] === none ? (this.#alsoCompletes[fail] as number) : fail;
    }
  }

  /** The state after one more byte; the first state is 0. */
  next(state: number, byte: number): number {
    let at = state;
    while (at !== root) {
      const to = this.#edge(at, byte);
      if (to !== none) return to;
      at = this.#fail[at] as number;
    }
    return this.#fromRoot[byte] as number;
  }

  /** From `at` on, the first place at which a pattern may begin; the first state changes nowhere before it. */
  nextBeginning(bytes: Uint8Array, at: number): number {
    const fromRoot = this.#fromRoot;
    let next = at;
    while (next < bytes.length && fromRoot[bytes[next] as number] === root) next++;
    return next;
  }

  /** How many of the last bytes may still become part of a match. */
  depthOf(state: number): number {
    return this.#depth[state] as number;
  }

  /** Numbers of the patterns that end with the last byte, longest first; stops behind the first that is hidden whole. */
  forEachMatch(state: number, found: (pattern: number) => void): void {
    let at = this.#completes[state] === none ? (this.#alsoCompletes[state] as number) : state;
    while (at !== none) {
      const n = this.#completes[at] as number;
      found(n);
      const pattern = this.patterns[n];
      // What else ends here lies within it.
      if (pattern?.hideFrom === 0) return;
      at = this.#alsoCompletes[at] as number;
    }
  }

  #edge(state: number, byte: number): number {
    if (state === root) return (this.#fromRoot[byte] as number) || none;
    const key = state * 256 + byte;
    for (let slot = Math.imul(key, 0x9e3779b1) >>> 0; ; slot++) {
      const held = this.#edgeKeys[slot & this.#edgeMask] as number;
      if (held === key) return this.#edgeStates[slot & this.#edgeMask] as number;
      if (held === none) return none;
    }
  }

  #addEdge(state: number, byte: number, to: number): void {
    if (state === root) {
      this.#fromRoot[byte] = to;
      return;
    }
    const key = state * 256 + byte;
    let slot = Math.imul(key, 0x9e3779b1) >>> 0;
    while (this.#edgeKeys[slot & this.#edgeMask] !== none) slot++;
    this.#edgeKeys[slot & this.#edgeMask] = key;
    this.#edgeStates[slot & this.#edgeMask] = to;
  }
}
