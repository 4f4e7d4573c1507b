/** A deterministic source of numbers: equal seeds give equal sequences on every machine. Not for secrets. */
export interface SeededRandom {
  /** Uniform in [0, 1), 32 bits of it. */
  fraction(): number;
  /** A whole number, uniform in [0, limit); `limit` ≥ 1. */
  below(limit: number): number;
  /** One of a non-empty list. */
  pick<T>(choices: readonly T[]): T;
}

/** The finaliser of MurmurHash3 (Austin Appleby, public domain): every input bit moves every output bit. */
function mix32(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** 2³² divided by the golden ratio: steps of this size visit all 32-bit states, evenly (Weyl sequence). */
const goldenStep = 0x9e3779b9;

/**
 * A sequence of its own for each (seed, position), so that item 9,000,000 of a stream can be made without the items
 * before it, and a resumed stream continues with the same bytes.
 */
export function seededRandom(seed: number, position = 0): SeededRandom {
  let state = mix32(mix32(seed) + Math.imul(position + 1, goldenStep));
  const next32 = (): number => {
    state = (state + goldenStep) | 0;
    return mix32(state);
  };
  const below = (limit: number): number => Math.floor((next32() / 0x1_0000_0000) * limit);
  return {
    fraction: () => next32() / 0x1_0000_0000,
    below,
    pick: <T>(choices: readonly T[]): T => {
      const index = below(choices.length);
      if (index >= choices.length) throw new RangeError('nothing to pick from');
      return choices[index] as T;
    },
  };
}
