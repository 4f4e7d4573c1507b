import type { SegmentSummary } from '../../engine/recording/chunkPairs.ts';
import { failed, succeeded, type Failure, type Outcome } from '../../shared/failure.ts';
import type { ExchangeFacts, RecordingSummary } from '../../shared/recording.ts';
import type { ByteOffset, RecordingId } from '../../shared/words.ts';
import { DerivedBlocks } from './derivedBlocks.ts';
import { factsToJson, summaryToJson } from './factsJson.ts';
import type { ByteSpace, DerivedBlock, RecordingWriter } from './recordingStore.ts';
import type { StoredReader } from './storedReader.ts';
import { readingRecording } from './storedReader.ts';
import type { WriterChannel } from './writerChannel.ts';

export interface DerivedWriterOptions {
  readonly stored: StoredReader;
  /** Opens the way to the writer thread; called at the first change. */
  readonly openChannel: () => WriterChannel;
  readonly onClosed: () => void;
}

/** A recording that is not live, with derived caches and facts that can be written anew. */
export class DerivedWriter implements RecordingWriter {
  readonly id: RecordingId;
  readonly #options: DerivedWriterOptions;
  readonly #stored: StoredReader;
  readonly #derived: DerivedBlocks;
  #channel: WriterChannel | undefined;
  #facts: ExchangeFacts;
  #onFailure: ((failure: Failure) => void) | undefined;
  #closed = false;

  constructor(options: DerivedWriterOptions) {
    this.id = options.stored.id;
    this.#options = options;
    this.#stored = options.stored;
    this.#facts = options.stored.facts();
    this.#derived = new DerivedBlocks(
      () => this.#openChannel(),
      () => this.#stored.tables,
    );
  }

  #openChannel(): WriterChannel {
    if (this.#channel !== undefined) return this.#channel;
    if (this.#closed) throw new Error(`recording ${this.id} is closed`);
    this.#channel = this.#options.openChannel();
    this.#channel.onFailure((failure) => {
      this.#onFailure?.(failure);
    });
    return this.#channel;
  }

  /** @throws Error always: an ended recording takes no bytes */
  chunk(): boolean {
    throw new Error(`recording ${this.id} takes no bytes after its ending`);
  }

  /** @throws Error always: an ended recording takes no bytes */
  body(): boolean {
    throw new Error(`recording ${this.id} takes no bytes after its ending`);
  }

  /** The request is history by now: its body is not written again. */
  writeFacts(facts: ExchangeFacts): void {
    this.#facts = facts;
    this.#openChannel().write({ kind: 'facts', json: factsToJson(facts) }, 0);
  }

  putDerived(kind: string, version: string, n: number, block: DerivedBlock): void {
    this.#derived.put(kind, version, n, block);
  }

  dropDerived(kind: string): void {
    this.#derived.drop(kind);
  }

  onSealed(): void {
    // No segment is sealed any more.
  }

  onDrain(): void {
    // Nothing here asks for a pause.
  }

  onFailure(listener: (failure: Failure) => void): void {
    this.#onFailure = listener;
  }

  get unwrittenBytes(): number {
    return this.#channel?.unwrittenBytes ?? 0;
  }

  async finish(facts: ExchangeFacts, summary: RecordingSummary): Promise<Outcome<void>> {
    this.#facts = facts;
    const { failure } = await this.#openChannel().finish([
      { kind: 'facts', json: factsToJson(facts) },
      { kind: 'summary', json: summaryToJson(summary) },
    ]);
    return failure === null ? succeeded(undefined) : failed(failure);
  }

  facts(): ExchangeFacts {
    return this.#facts;
  }

  segments(fromSegment: number): Iterable<SegmentSummary> {
    return this.#stored.segments(fromSegment);
  }

  pairs(segment: number): Uint8Array {
    return this.#stored.pairs(segment);
  }

  get bodySegments(): number {
    return this.#stored.bodySegments;
  }

  bodyPieces(segment: number): Uint8Array | undefined {
    return this.#stored.bodyPieces(segment);
  }

  get hasDecodedBody(): boolean {
    return this.#stored.hasDecodedBody;
  }

  byteLength(space: ByteSpace): number {
    return this.#stored.byteLength(space);
  }

  read(space: ByteSpace, offset: ByteOffset, length: number): Uint8Array {
    return this.#stored.read(space, offset, length);
  }

  derivedSummaries(kind: string, version: string): readonly Uint8Array[] {
    return readingRecording(this.id, 'in derived data', () => this.#derived.summaries(kind, version));
  }

  derivedBlock(kind: string, version: string, n: number): Uint8Array | undefined {
    return readingRecording(this.id, 'in derived data', () => this.#derived.block(kind, version, n));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stored.close();
    void this.#channel?.close();
    this.#options.onClosed();
  }
}
