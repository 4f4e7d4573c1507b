import type { FrameTypeCount } from '../../shared/recording.ts';
import { frameKinds } from '../../shared/words.ts';

/** Distinct names a recording keeps; later ones share `otherName`. Enough for every known protocol. */
const capacity = 1_024;
const otherName = '(other)';

/** The type names of a recording's frames, numbered in order of appearance, and how many frames of each kind have them. */
export class TypeTable {
  readonly #names: string[] = [''];
  readonly #ids = new Map<string, number>([['', 0]]);
  /** Counter of (kind, type) at `type × kinds + kind`. */
  #counts = new Float64Array(frameKinds.length * 16);

  idOf(name: string): number {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    if (this.#names.length >= capacity && name !== otherName) return this.idOf(otherName);
    const id = this.#names.length;
    this.#names.push(name);
    this.#ids.set(name, id);
    return id;
  }

  name(id: number): string {
    return this.#names[id] ?? '';
  }

  count(kindCode: number, typeId: number): void {
    const at = typeId * frameKinds.length + kindCode;
    if (at >= this.#counts.length) {
      const grown = new Float64Array(Math.max(this.#counts.length * 2, at + 1));
      grown.set(this.#counts);
      this.#counts = grown;
    }
    this.#counts[at] = (this.#counts[at] as number) + 1;
  }

  /** Every (kind, type) that occurred, most frequent first. */
  counts(): readonly FrameTypeCount[] {
    const found: FrameTypeCount[] = [];
    this.#counts.forEach((count, at) => {
      const kind = frameKinds[at % frameKinds.length];
      if (count > 0 && kind !== undefined) {
        found.push({ kind, type: this.name(Math.floor(at / frameKinds.length)), count });
      }
    });
    return found.sort((a, b) => b.count - a.count);
  }

  /** Frames of one kind, over all types. */
  ofKind(kindCode: number): number {
    let sum = 0;
    for (let at = kindCode; at < this.#counts.length; at += frameKinds.length) sum += this.#counts[at] as number;
    return sum;
  }

  toKept(): { readonly names: readonly string[]; readonly counts: readonly number[] } {
    return { names: this.#names, counts: [...this.#counts] };
  }

  restore(kept: ReturnType<TypeTable['toKept']>): void {
    for (const name of kept.names) this.idOf(name);
    this.#counts = Float64Array.from(kept.counts);
  }
}
