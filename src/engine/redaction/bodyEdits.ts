import { toBase64 } from '../bytes/base64.ts';
import { TooManySecretsError } from './knownSecrets.ts';
import { latin1Bytes } from './spellings.ts';
import type { CodedJson } from './textPieces.ts';

/** Places that are changed one by one; a recording with more cannot be redacted. */
const editsAtMost = 1_000_000;

interface Edit {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** What is written over a body, at equal length, at places of their own. */
export class BodyEdits {
  readonly #edits = new Map<number, Edit>();
  readonly #coded = new Map<number, CodedJson>();
  #sorted: readonly Edit[] | undefined;

  /** @throws TooManySecretsError */
  add(at: number, bytes: Uint8Array): void {
    this.#sorted = undefined;
    this.#edits.set(at, { at, bytes });
    this.#checkRoom();
  }

  /** Writes over a part of what is coded in the body. @throws TooManySecretsError */
  addCoded(coded: CodedJson, at: number, bytes: Uint8Array): void {
    this.#sorted = undefined;
    const known = this.#coded.get(coded.at) ?? coded;
    known.bytes.set(bytes, at);
    this.#coded.set(coded.at, known);
    this.#checkRoom();
  }

  #checkRoom(): void {
    if (this.#edits.size + this.#coded.size > editsAtMost) throw new TooManySecretsError('more places than are kept');
  }

  get isEmpty(): boolean {
    return this.#edits.size + this.#coded.size === 0;
  }

  /** The bytes from `offset` of the body on, with what is written over them; the same ones where nothing is. */
  applied(bytes: Uint8Array, offset: number): Uint8Array {
    const edits = (this.#sorted ??= this.#inOrder());
    const end = offset + bytes.length;
    let n = firstEndingAfter(edits, offset);
    if (n === edits.length || (edits[n] as Edit).at >= end) return bytes;
    const written = bytes.slice();
    for (let edit = edits[n]; edit !== undefined && edit.at < end; edit = edits[++n]) {
      const from = Math.max(edit.at, offset);
      const to = Math.min(edit.at + edit.bytes.length, end);
      written.set(edit.bytes.subarray(from - edit.at, to - edit.at), from - offset);
    }
    return written;
  }

  #inOrder(): readonly Edit[] {
    const coded = [...this.#coded.values()].map(({ at, bytes }) => ({ at, bytes: latin1Bytes(toBase64(bytes)) }));
    return [...this.#edits.values(), ...coded].sort((a, b) => a.at - b.at);
  }
}

/** Edits do not overlap, so they are in the order of their ends, too. */
function firstEndingAfter(edits: readonly Edit[], offset: number): number {
  let low = 0;
  let high = edits.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const { at, bytes } = edits[middle] as Edit;
    if (at + bytes.length > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}
