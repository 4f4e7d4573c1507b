import type { Decompressor } from './coding.ts';

/** Input that is remembered as it is; beyond it decompressors remember it by having worked it off. */
const rememberedBytes = 1024 * 1024;
/** The fault is first found to lie in a step of so many bytes, then at a byte. */
const stepBytes = 256;

/**
 * What a decompressor has worked off without fault, so that others can be brought to where it was before the write
 * that failed. Costs a copy of short inputs, and twice the work of decoding of long ones.
 */
export class InputLog {
  readonly #create: () => Decompressor;
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  /** Two of them: the first goes ahead in steps and fails somewhere in one; the second is then right before that step. */
  #followers: readonly [Follower, Follower] | null = null;
  #closed = false;

  constructor(create: () => Decompressor) {
    this.#create = create;
  }

  /** The bytes stay as they are. */
  add(bytes: Uint8Array): void {
    if (this.#closed) return;
    if (this.#followers !== null) for (const follower of this.#followers) void follower.feed(bytes);
    else {
      this.#pieces.push(bytes);
      this.#bytes += bytes.byteLength;
      if (this.#bytes > rememberedBytes) this.#follow();
    }
  }

  /**
   * Decodes further input up to the very byte at which it fails.
   * @param known output that was given already and is left out
   */
  async decodeToFault(bytes: Uint8Array, known: number, output: (bytes: Uint8Array) => void): Promise<void> {
    if (this.#closed) return;
    const [ahead, behind] = this.#follow();
    let passed = 0;
    behind.listen((piece) => {
      const from = Math.max(0, Math.min(piece.byteLength, known - passed));
      passed += piece.byteLength;
      if (from < piece.byteLength) output(piece.subarray(from));
    });
    passed = behind.givenBytes;
    await behind.feed(new Uint8Array(0));
    for (let at = 0; at < bytes.byteLength && !this.#isClosed(); at += stepBytes) {
      const step = bytes.subarray(at, at + stepBytes);
      if (await ahead.feed(step)) {
        await behind.feed(step);
        continue;
      }
      for (let i = 0; i < step.byteLength; i += 1) if (!(await behind.feed(step.subarray(i, i + 1)))) break;
      break;
    }
    this.close();
  }

  close(): void {
    this.#closed = true;
    this.#pieces = [];
    for (const follower of this.#followers ?? []) follower.close();
  }

  #isClosed(): boolean {
    return this.#closed;
  }

  #follow(): readonly [Follower, Follower] {
    if (this.#followers !== null) return this.#followers;
    this.#followers = [new Follower(this.#create()), new Follower(this.#create())];
    for (const piece of this.#pieces) for (const follower of this.#followers) void follower.feed(piece);
    this.#pieces = [];
    return this.#followers;
  }
}

/** A decompressor that works off what another did; its output is counted and, once somebody listens, given. */
class Follower {
  givenBytes = 0;
  readonly #decompressor: Decompressor;
  /** Pieces that are being worked off: refused when the decompressor closes. */
  readonly #underWay = new Set<() => void>();
  #listener: ((bytes: Uint8Array) => void) | null = null;

  constructor(decompressor: Decompressor) {
    this.#decompressor = decompressor;
    decompressor.on('data', (bytes: Uint8Array) => {
      this.givenBytes += bytes.byteLength;
      this.#listener?.(bytes);
    });
    decompressor.once('close', () => {
      for (const refuse of this.#underWay) refuse();
      this.#underWay.clear();
    });
    // Its faults are those of the decompressor it follows, which tells them.
    decompressor.on('error', () => undefined);
  }

  listen(listener: (bytes: Uint8Array) => void): void {
    this.#listener = listener;
  }

  /** Resolves when the bytes are worked off and their output was given: false where they are refused. */
  feed(bytes: Uint8Array): Promise<boolean> {
    return new Promise((resolve) => {
      if (this.#decompressor.destroyed) {
        resolve(false);
        return;
      }
      const refuse = (): void => resolve(false);
      this.#underWay.add(refuse);
      this.#decompressor.write(bytes, (error) => {
        this.#underWay.delete(refuse);
        resolve(!error);
      });
    });
  }

  close(): void {
    this.#decompressor.destroy();
  }
}
