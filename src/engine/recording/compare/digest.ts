/**
 * 53 bits for a text, so that frames can be told apart by one number each. Two running sums with different odd
 * multipliers, mixed at the end (FNV-1a's scheme with murmur3's finalizer): made to spread ordinary texts, not to
 * withstand somebody who looks for two texts with one digest.
 */
export class Digest {
  #a = 0x811c9dc5;
  #b = 0x9e3779b9;

  text(text: string): void {
    let a = this.#a;
    let b = this.#b;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      a = Math.imul(a ^ unit, 0x01000193);
      b = Math.imul(b ^ unit, 0x85ebca6b);
      b = (b << 13) | (b >>> 19);
    }
    this.#a = a;
    this.#b = b;
  }

  bytes(bytes: Uint8Array): void {
    let a = this.#a;
    let b = this.#b;
    for (let i = 0; i < bytes.length; i++) {
      const value = bytes[i] as number;
      a = Math.imul(a ^ value, 0x01000193);
      b = Math.imul(b ^ value, 0x85ebca6b);
      b = (b << 13) | (b >>> 19);
    }
    this.#a = a;
    this.#b = b;
  }

  /** A whole number from 0 to 2^53 − 1. */
  get value(): number {
    return (mixed(this.#a ^ this.#b) >>> 11) * 0x1_0000_0000 + (mixed(this.#b) >>> 0);
  }
}

function mixed(value: number): number {
  let h = value ^ (value >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}
