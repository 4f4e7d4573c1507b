import type { DerivedBlock } from './recordingStore.ts';
import type { RecordingTables } from './recordingTables.ts';
import type { WriterChannel } from './writerChannel.ts';

interface Waiting {
  readonly version: string;
  readonly block: DerivedBlock;
}

/**
 * A recording's derived caches as its writer sees them: what is on its way to the disk, then what the file holds.
 * Where the file cannot be written, they stay in memory for as long as the recording is open.
 */
export class DerivedBlocks {
  readonly #channel: () => WriterChannel;
  readonly #tables: () => RecordingTables | undefined;
  readonly #waiting = new Map<string, Map<number, Waiting>>();
  /** Kinds whose removal is on its way, with how many: the file's blocks of them do not count. */
  readonly #dropping = new Map<string, number>();

  /** @param tables the file as far as it holds anything, opened when asked for */
  constructor(channel: () => WriterChannel, tables: () => RecordingTables | undefined) {
    this.#channel = channel;
    this.#tables = tables;
  }

  put(kind: string, version: string, n: number, block: DerivedBlock): void {
    const waiting: Waiting = { version, block };
    let blocks = this.#waiting.get(kind);
    if (blocks === undefined) {
      blocks = new Map();
      this.#waiting.set(kind, blocks);
    }
    blocks.set(n, waiting);
    const size = block.bytes.length + block.summary.length;
    const channel = this.#channel();
    channel.take(size);
    channel.write(
      { kind: 'derived', cache: kind, version, n, summary: alone(block.summary), bytes: alone(block.bytes) },
      size,
      () => {
        if (this.#waiting.get(kind)?.get(n) === waiting) this.#waiting.get(kind)?.delete(n);
      },
    );
  }

  drop(kind: string): void {
    this.#waiting.delete(kind);
    this.#dropping.set(kind, (this.#dropping.get(kind) ?? 0) + 1);
    this.#channel().write({ kind: 'dropDerived', cache: kind }, 0, () => {
      const more = (this.#dropping.get(kind) ?? 1) - 1;
      if (more === 0) this.#dropping.delete(kind);
      else this.#dropping.set(kind, more);
    });
  }

  summaries(kind: string, version: string): readonly Uint8Array[] {
    const summaries = new Map<number, Uint8Array>();
    if (!this.#dropping.has(kind)) {
      for (const { n, summary } of this.#tables()?.derivedSummaries(kind, version) ?? []) summaries.set(n, summary);
    }
    for (const [n, waiting] of this.#waiting.get(kind) ?? []) {
      if (waiting.version === version) summaries.set(n, waiting.block.summary);
    }
    return [...summaries.entries()].sort(([a], [b]) => a - b).map(([, summary]) => summary);
  }

  block(kind: string, version: string, n: number): Uint8Array | undefined {
    const waiting = this.#waiting.get(kind)?.get(n);
    if (waiting !== undefined) return waiting.version === version ? waiting.block.bytes : undefined;
    return this.#dropping.has(kind) ? undefined : this.#tables()?.derivedBlock(kind, version, n);
  }
}

/** Bytes with a buffer of their own: posting a view would copy all of the buffer behind it. */
function alone(bytes: Uint8Array): Uint8Array {
  return bytes.length === bytes.buffer.byteLength ? bytes : bytes.slice();
}
