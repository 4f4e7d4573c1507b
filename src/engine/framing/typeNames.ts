import { excerptUtf8 } from '../bytes/decode.ts';
import type { FrameEmitter } from './frameEmitter.ts';

/** Bytes of a type name that are kept; a longer one is cut and marked with `…`. */
const typeNameBytes = 1_024;

interface Known {
  readonly bytes: Uint8Array;
  readonly id: number;
  readonly next: Known | undefined;
}

const capacity = 1_024;

/** Type names as bytes → their numbers, so that the same few names are not decoded again for every frame. */
export class TypeNames {
  readonly #emitter: FrameEmitter;
  readonly #known = new Map<number, Known>();
  #count = 0;

  constructor(emitter: FrameEmitter) {
    this.#emitter = emitter;
  }

  /** Number of the name in `[from, to)`; 0 for an empty one. */
  idOf(bytes: Uint8Array, from: number, to: number): number {
    if (from >= to) return 0;
    const length = Math.min(to - from, typeNameBytes);
    let hash = to - from;
    for (let i = from; i < from + length; i++) hash = (Math.imul(hash, 31) + (bytes[i] as number)) | 0;
    const first = this.#known.get(hash);
    for (let known = first; known !== undefined; known = known.next) {
      if (sameBytes(known.bytes, bytes, from, to)) return known.id;
    }
    const id = this.#emitter.typeId(excerptUtf8(bytes, from, to, typeNameBytes));
    if (this.#count < capacity && to - from <= typeNameBytes) {
      this.#count++;
      this.#known.set(hash, { bytes: bytes.slice(from, to), id, next: first });
    }
    return id;
  }
}

function sameBytes(known: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  if (known.length !== to - from) return false;
  for (let i = 0; i < known.length; i++) if (known[i] !== bytes[from + i]) return false;
  return true;
}
