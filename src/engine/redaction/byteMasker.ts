import type { KnownSecrets } from './knownSecrets.ts';
import type { PatternMatcher } from './patternMatcher.ts';

interface Cover {
  /** Offsets in the stream. */
  readonly from: number;
  readonly to: number;
  readonly secret: number;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Replaces every known secret in a stream of bytes by its label, at equal length and across the borders of what is
 * pushed: as many bytes come out as went in, some of them later. Line ends stay where they are, because they frame.
 */
export class ByteMasker {
  readonly #secrets: KnownSecrets;
  readonly #matcher: PatternMatcher;
  readonly #hidden: Map<number, number>;
  #state = 0;
  /** Taken but not given out: they may be part of a secret. */
  #held: Uint8Array = new Uint8Array(0);
  #heldFrom = 0;
  #covers: Cover[] = [];

  /** @param hidden counts places by secret; may be shared by several maskers */
  constructor(secrets: KnownSecrets, hidden: Map<number, number> = new Map<number, number>()) {
    this.#secrets = secrets;
    this.#matcher = secrets.matcher;
    this.#hidden = hidden;
  }

  /** Takes bytes, which stay the caller's; returns those that are decided, fresh. */
  push(bytes: Uint8Array): Uint8Array {
    const start = this.#heldFrom + this.#held.length;
    const joined = new Uint8Array(this.#held.length + bytes.length);
    joined.set(this.#held);
    joined.set(bytes, this.#held.length);
    this.#held = joined;
    const matcher = this.#matcher;
    let state = this.#state;
    for (let i = 0; i < bytes.length; i++) {
      if (state === 0) {
        i = matcher.nextBeginning(bytes, i);
        if (i === bytes.length) break;
      }
      state = matcher.next(state, bytes[i] as number);
      if (state === 0) continue;
      matcher.forEachMatch(state, (n) => {
        this.#cover(n, start + i + 1);
      });
    }
    this.#state = state;
    return this.#giveOut(start + bytes.length - matcher.depthOf(state));
  }

  /** The rest. Another stream may follow. */
  finish(): Uint8Array {
    this.#state = 0;
    return this.#giveOut(this.#heldFrom + this.#held.length);
  }

  /** All at once. */
  mask(bytes: Uint8Array): Uint8Array {
    const first = this.push(bytes);
    const rest = this.finish();
    if (rest.length === 0) return first;
    const all = new Uint8Array(first.length + rest.length);
    all.set(first);
    all.set(rest, first.length);
    return all;
  }

  #cover(n: number, end: number): void {
    const pattern = this.#matcher.patterns[n];
    if (pattern === undefined) return;
    const start = end - pattern.bytes.length;
    const cover = { from: start + pattern.hideFrom, to: start + pattern.hideTo, secret: pattern.secret };
    // Matches come in the order of their ends: covers stay in the order of both their ends.
    let last = this.#covers.at(-1);
    if (last !== undefined && last.from <= cover.from && last.to >= cover.to) return;
    while (last !== undefined && last.from >= cover.from) {
      this.#covers.pop();
      last = this.#covers.at(-1);
    }
    this.#covers.push(cover);
  }

  #giveOut(decided: number): Uint8Array {
    let end = decided;
    for (let i = this.#covers.length - 1; i >= 0; i--) {
      const { from, to } = this.#covers[i] as Cover;
      if (from < end && to > end) end = from;
    }
    const given = this.#held.slice(0, end - this.#heldFrom);
    const later: Cover[] = [];
    for (const cover of this.#covers) {
      if (cover.to > end) later.push(cover);
      else this.#paint(given, cover);
    }
    this.#covers = later;
    this.#held = this.#held.slice(end - this.#heldFrom);
    this.#heldFrom = end;
    return given;
  }

  #paint(given: Uint8Array, { from, to, secret }: Cover): void {
    const text = this.#secrets.labelOf(secret, to - from);
    const at = from - this.#heldFrom;
    for (let i = 0; i < text.length; i++) {
      const held = given[at + i];
      if (held !== lineFeed && held !== carriageReturn) given[at + i] = text.charCodeAt(i);
    }
    this.#hidden.set(secret, (this.#hidden.get(secret) ?? 0) + 1);
  }
}
