import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Pages reach a disk one by one. */
const pageBytes = 4_096;

/** One step of a trace, as `traceWrites.c` notes it. */
export interface TraceStep {
  /** Write, truncate, create, rename, unlink; a flush that begins, and one that is done. */
  readonly kind: 'W' | 'T' | 'C' | 'R' | 'U' | 'B' | 'S';
  /** Where a write goes, how long a file is cut, or which handle flushes. */
  readonly at: number;
  readonly name: string;
  readonly other: string;
  readonly bytes: Uint8Array;
}

export function readTrace(trace: Uint8Array): readonly TraceStep[] {
  const steps: TraceStep[] = [];
  const decoder = new TextDecoder();
  let from = 0;
  while (from < trace.length) {
    const lineEnd = trace.indexOf(10, from);
    const words = decoder.decode(trace.subarray(from, lineEnd)).split(' ');
    const [kind, at, count, name, other] = words;
    const bytesEnd = lineEnd + 1 + Number(count);
    if (kind === undefined || name === undefined || other === undefined || !/^[WTCRUBS]$/.test(kind)) {
      throw new Error(`no step of a trace: ${words.join(' ')}`);
    }
    const bytes = trace.subarray(lineEnd + 1, bytesEnd);
    steps.push({ kind: kind as TraceStep['kind'], at: Number(at), name, other, bytes });
    from = bytesEnd;
  }
  return steps;
}

type Change = { readonly at: number; readonly bytes: Uint8Array } | { readonly length: number };

interface File {
  safe: Uint8Array;
  /** Since the last flush, in order; a flush takes those that were there when it began. */
  pending: Change[];
}

type NameChange = { readonly name: string; readonly file: File | null };

/**
 * A disk that loses its power: what was flushed is there; of what was not, any pages may be, in any combination, and of
 * the changes of names the first so many, as a journal of metadata keeps them.
 */
export class SimulatedDisk {
  readonly #names = new Map<string, File>();
  readonly #safeNames = new Map<string, File>();
  readonly #pendingNames: NameChange[] = [];
  readonly #flushes = new Map<string, number>();

  apply({ kind, at, name, other, bytes }: TraceStep): void {
    switch (kind) {
      case 'C':
        this.#rename(name, { safe: new Uint8Array(0), pending: [] });
        return;
      case 'U':
        this.#rename(name, null);
        return;
      case 'R': {
        const file = this.#file(name);
        this.#rename(other, file);
        this.#rename(name, null);
        return;
      }
      case 'W':
        for (let from = 0; from < bytes.length;) {
          const to = Math.min(bytes.length, from + pageBytes - ((at + from) % pageBytes));
          this.#file(name).pending.push({ at: at + from, bytes: bytes.subarray(from, to) });
          from = to;
        }
        return;
      case 'T':
        this.#file(name).pending.push({ length: at });
        return;
      case 'B':
        this.#flushes.set(
          `${name} ${String(at)}`,
          name === '.' ? this.#pendingNames.length : (this.#names.get(name)?.pending.length ?? 0),
        );
        return;
      case 'S':
        this.#flush(name, this.#flushes.get(`${name} ${String(at)}`) ?? 0);
        return;
    }
  }

  #file(name: string): File {
    const file = this.#names.get(name);
    if (file === undefined) throw new Error(`nothing is known of ${name}`);
    return file;
  }

  #rename(name: string, file: File | null): void {
    if (file === null) this.#names.delete(name);
    else this.#names.set(name, file);
    this.#pendingNames.push({ name, file });
  }

  #flush(name: string, count: number): void {
    if (name === '.') {
      for (const change of this.#pendingNames.splice(0, count)) setName(this.#safeNames, change);
      return;
    }
    // A file that was deleted while it was flushed has no name to be found under.
    const file = this.#names.get(name);
    if (file === undefined) return;
    file.safe = withChanges(file.safe, file.pending.splice(0, count));
  }

  /**
   * Writes what is found after a power cut at this moment into a folder.
   * @param random in [0, 1)
   */
  writeAfterCut(folder: string, random: () => number): void {
    const names = new Map(this.#safeNames);
    const keptNames = Math.floor(random() * (this.#pendingNames.length + 1));
    for (const change of this.#pendingNames.slice(0, keptNames)) setName(names, change);
    const share = [0, 0.5, 0.95, 1][Math.floor(random() * 4)] ?? 0;
    mkdirSync(folder, { recursive: true });
    const contents = new Map<File, Uint8Array>();
    for (const [name, file] of names) {
      let content = contents.get(file);
      if (content === undefined) {
        content = withChanges(
          file.safe,
          file.pending.filter(() => random() < share),
        );
        contents.set(file, content);
      }
      writeFileSync(path.join(folder, name), content);
    }
  }
}

function setName(names: Map<string, File>, { name, file }: NameChange): void {
  if (file === null) names.delete(name);
  else names.set(name, file);
}

function withChanges(content: Uint8Array, changes: readonly Change[]): Uint8Array {
  const longest = changes.reduce(
    (length, change) => ('length' in change ? length : Math.max(length, change.at + change.bytes.length)),
    content.length,
  );
  const next = new Uint8Array(longest);
  next.set(content);
  let length = content.length;
  for (const change of changes) {
    if ('length' in change) {
      next.fill(0, Math.min(change.length, length));
      length = change.length;
    } else {
      next.set(change.bytes, change.at);
      length = Math.max(length, change.at + change.bytes.length);
    }
  }
  return length <= longest ? next.subarray(0, length) : new Uint8Array(length).map((_, i) => next[i] ?? 0);
}
