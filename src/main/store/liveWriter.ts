import type { SegmentSummary } from '../../engine/recording/chunkPairs.ts';
import { failed, succeeded, type Failure, type Outcome } from '../../shared/failure.ts';
import type { ExchangeFacts, RecordingSummary } from '../../shared/recording.ts';
import type { RequestBody } from '../../shared/request.ts';
import type { ByteOffset, Micros, RecordingId } from '../../shared/words.ts';
import { DerivedBlocks } from './derivedBlocks.ts';
import { factsToJson, requestBodyToJson, summaryToJson } from './factsJson.ts';
import type { ByteSpace, DerivedBlock, RecordingWriter } from './recordingStore.ts';
import { RecordingTables } from './recordingTables.ts';
import { SegmentStream } from './segmentStream.ts';
import { readingRecording } from './storedReader.ts';
import type { Finished, WriterChannel } from './writerChannel.ts';
import type { WriteOperation } from './writerMessages.ts';

const freeFactsCharacters = 2 ** 20;
const factsShare = 1 / 16;

export interface LiveWriterOptions {
  readonly facts: ExchangeFacts;
  readonly path: string;
  readonly channel: WriterChannel;
  /** The ending is on the disk, or is known not to be. */
  readonly onFinished: (summary: RecordingSummary, finished: Finished) => void;
  /** The log of a long recording was copied after its ending: its size on the disk is another now. */
  readonly onOneFile: () => void;
  /** Its owner let go of it, with or without an ending; resolved when its file was let go of too. */
  readonly onClosed: (closed: Promise<void>) => void;
}

/** Writes one recording while it happens, and reads of it what is in memory and what is on the disk. */
export class LiveWriter implements RecordingWriter {
  readonly id: RecordingId;
  readonly #options: LiveWriterOptions;
  readonly #channel: WriterChannel;
  readonly #wire: SegmentStream;
  #body: SegmentStream | undefined;
  readonly #derived: DerivedBlocks;
  #tables: RecordingTables | undefined;
  #facts: ExchangeFacts;
  #factsChanged = false;
  /** Characters of facts that were handed over so far. */
  #factsWritten = 0;
  #keptBody: RequestBody | undefined;
  #handOverDue = false;
  #state: 'live' | 'finishing' | 'finished' | 'closed' = 'live';
  #onSealed: ((segment: SegmentSummary) => void) | undefined;

  constructor(options: LiveWriterOptions) {
    this.id = options.facts.id;
    this.#options = options;
    this.#facts = options.facts;
    this.#keptBody = options.facts.request?.body;
    this.#channel = options.channel;
    this.#wire = this.#stream('wire');
    this.#channel.onEndingLog(() => {
      this.#closeTables();
    });
    this.#channel.onOneFile(options.onOneFile);
    this.#derived = new DerivedBlocks(
      () => this.#channel,
      () => this.#openTables(),
    );
  }

  #stream(space: ByteSpace): SegmentStream {
    return new SegmentStream(space, this.#channel.pool, {
      part: (part, freshBytes) => {
        this.#channel.write(part, freshBytes);
      },
      sealed: (segment, freshBytes, written) => {
        this.#channel.write(segment, freshBytes, written);
        if (space === 'wire') this.#onSealed?.(segment.summary);
      },
    });
  }

  /** The file for reading, once it holds anything that memory does not. */
  #openTables(): RecordingTables | undefined {
    if (this.#tables !== undefined || !this.#channel.anyCommitted || this.#state === 'closed') return this.#tables;
    this.#tables = RecordingTables.open(this.#options.path).tables;
    return this.#tables;
  }

  chunk(atMicros: Micros, bytes: Uint8Array, continues: boolean): boolean {
    this.#mustBeLive();
    if (this.#channel.failure !== undefined) return false;
    this.#channel.take(bytes.length);
    this.#wire.appendChunk(atMicros, bytes, continues);
    this.#scheduleHandOver();
    return this.#channel.mayGoOn();
  }

  body(chunk: number, bytes: Uint8Array): boolean {
    this.#mustBeLive();
    // Nothing is kept any more, and nobody would say when to go on: what is still being decoded may run out.
    if (this.#channel.failure !== undefined) return true;
    this.#body ??= this.#stream('body');
    this.#channel.take(bytes.length);
    this.#body.appendBody(chunk, bytes);
    this.#scheduleHandOver();
    return this.#channel.mayGoOn();
  }

  writeFacts(facts: ExchangeFacts): void {
    this.#facts = facts;
    // After the ending they go along with what is derived: nothing else changes then.
    if (this.#state === 'closed') return;
    this.#factsChanged = true;
    this.#scheduleHandOver();
  }

  #mustBeLive(): void {
    if (this.#state !== 'live') throw new Error(`recording ${this.id} takes no bytes after its ending`);
  }

  #scheduleHandOver(): void {
    if (this.#handOverDue) return;
    this.#handOverDue = true;
    this.#channel.scheduleHandOver(() => {
      this.#handOver();
    });
  }

  #handOver(): void {
    this.#handOverDue = false;
    if (this.#state === 'closed') return;
    this.#wire.handOver();
    this.#body?.handOver();
    if (this.#mayRewriteFacts()) this.#handOverFacts();
  }

  /**
   * Facts are written whole, and grow with each pause of a long stream: rewriting them may cost a share of what the
   * stream itself costs, no more. What is put off goes along with a later hand-over, or with the ending.
   */
  #mayRewriteFacts(): boolean {
    const received = this.#wire.length + (this.#body?.length ?? 0);
    return this.#factsWritten <= freeFactsCharacters + received * factsShare;
  }

  #handOverFacts(): void {
    if (!this.#factsChanged) return;
    for (const operation of this.#factsOperations()) this.#channel.write(operation, 0);
  }

  /** Writes the facts; the request's body only when it is another than before. */
  #factsOperations(): readonly WriteOperation[] {
    this.#factsChanged = false;
    const facts = { kind: 'facts', json: factsToJson(this.#facts) } as const;
    this.#factsWritten += facts.json.length;
    const body = this.#facts.request?.body;
    if (body === undefined || body === this.#keptBody) return [facts];
    this.#keptBody = body;
    return [facts, { kind: 'requestBody', json: requestBodyToJson(body) }];
  }

  putDerived(kind: string, version: string, n: number, block: DerivedBlock): void {
    this.#derived.put(kind, version, n, block);
  }

  dropDerived(kind: string): void {
    this.#derived.drop(kind);
  }

  onSealed(listener: (segment: SegmentSummary) => void): void {
    this.#onSealed = listener;
  }

  onDrain(listener: () => void): void {
    this.#channel.onDrain(listener);
  }

  onFailure(listener: (failure: Failure) => void): void {
    this.#channel.onFailure(listener);
  }

  get unwrittenBytes(): number {
    return this.#channel.unwrittenBytes;
  }

  async finish(facts: ExchangeFacts, summary: RecordingSummary): Promise<Outcome<void>> {
    this.#mustBeLive();
    this.#state = 'finishing';
    this.#facts = facts;
    this.#wire.seal();
    this.#body?.seal();
    const finished = await this.#channel.finish([
      ...this.#factsOperations(),
      { kind: 'summary', json: summaryToJson(summary) },
      { kind: 'ended' },
    ]);
    // `close` may have been called meanwhile.
    if (this.#isFinishing()) this.#state = 'finished';
    this.#options.onFinished(summary, finished);
    return finished.failure === null ? succeeded(undefined) : failed(finished.failure);
  }

  #isFinishing(): boolean {
    return this.#state === 'finishing';
  }

  facts(): ExchangeFacts {
    return this.#facts;
  }

  segments(fromSegment: number): readonly SegmentSummary[] {
    return this.#wire.summaries.slice(fromSegment);
  }

  pairs(segment: number): Uint8Array {
    const held = this.#wire.heldPairs(segment);
    if (held !== undefined) return held;
    return this.#reading(`in the times of segment ${String(segment)}`, (tables) => tables.pairs(segment));
  }

  get bodySegments(): number {
    return this.#body?.summaries.length ?? 0;
  }

  bodyPieces(segment: number): Uint8Array | undefined {
    const held = this.#body?.heldPairs(segment);
    if (held !== undefined) return held;
    const where = `in the chunks of body segment ${String(segment)}`;
    return this.#reading(where, (tables) => tables.bodyPieces(segment));
  }

  get hasDecodedBody(): boolean {
    return this.#body !== undefined;
  }

  byteLength(space: ByteSpace): number {
    return this.#space(space).length;
  }

  read(space: ByteSpace, offset: ByteOffset, length: number): Uint8Array {
    const stream = this.#space(space);
    const start = Math.min(Math.max(0, offset), stream.length);
    const target = new Uint8Array(Math.min(Math.max(0, length), stream.length - start));
    const stored = Math.min(target.length, Math.max(0, stream.heldFrom - start));
    if (stored > 0) {
      const from = stream === this.#wire ? 'wire' : 'body';
      this.#reading(`at ${from} bytes ${String(start)} to ${String(start + stored)}`, (tables) => {
        tables.copy(from, start, target.subarray(0, stored));
      });
    }
    stream.copyHeld(start, target);
    return target;
  }

  #space(space: ByteSpace): SegmentStream {
    return space === 'body' ? (this.#body ?? this.#wire) : this.#wire;
  }

  derivedSummaries(kind: string, version: string): readonly Uint8Array[] {
    return readingRecording(this.id, 'in derived data', () => this.#derived.summaries(kind, version));
  }

  derivedBlock(kind: string, version: string, n: number): Uint8Array | undefined {
    return readingRecording(this.id, 'in derived data', () => this.#derived.block(kind, version, n));
  }

  #reading<T>(where: string, read: (tables: RecordingTables) => T): T {
    return readingRecording(this.id, where, () => {
      const tables = this.#openTables();
      if (tables === undefined) throw new Error(`recording ${this.id} is closed`);
      return read(tables);
    });
  }

  #closeTables(): void {
    this.#tables?.close();
    this.#tables = undefined;
  }

  close(): void {
    if (this.#state === 'closed') return;
    if (this.#state === 'live') {
      this.#wire.seal();
      this.#body?.seal();
    }
    this.#handOverFacts();
    this.#state = 'closed';
    this.#closeTables();
    this.#options.onClosed(this.#channel.close());
  }
}
