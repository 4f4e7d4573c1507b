import type { SegmentSummary } from '../../engine/recording/chunkPairs.ts';
import { FailureError, failed, succeeded, type Outcome } from '../../shared/failure.ts';
import type { ExchangeFacts, RecordingSummary } from '../../shared/recording.ts';
import type { ByteOffset, Micros, RecordingId } from '../../shared/words.ts';
import { factsFromJson, summaryFromJson } from './factsJson.ts';
import { recordingVersion } from './recordingFormat.ts';
import type { ByteSpace, RecordingReader } from './recordingStore.ts';
import { RecordingTables, type Tail } from './recordingTables.ts';
import { copyOverlap } from './segmentStream.ts';
import type { SegmentTable } from './segmentTable.ts';
import { DamagedFileError, newerVersion, readFailure } from './storeFailure.ts';
import { userWordsFromJson, type UserWords } from './userWords.ts';

/** What one space of a file holds. */
interface StoredSpace {
  /** The tail counts as one more. */
  readonly segments: SegmentTable;
  /** Bytes in rows of their own; the tail's follow. */
  readonly sealedBytes: ByteOffset;
  readonly tail: Tail | undefined;
  readonly length: ByteOffset;
}

/**
 * A recording's file as it was when it was opened. Of a file that another process still writes, this is what was
 * committed then. Methods throw a FailureError with `recording/damaged` where the file does not hold what it should.
 */
export class StoredReader implements RecordingReader {
  readonly id: RecordingId;
  readonly hasDecodedBody: boolean;
  /** Name of the lock of the process that writes or wrote it; undefined when it has its ending. */
  readonly writerLock: string | undefined;
  readonly #tables: RecordingTables;
  readonly #facts: ExchangeFacts;
  readonly #wire: StoredSpace;
  readonly #body: StoredSpace;

  static open(path: string, id: RecordingId): Outcome<StoredReader> {
    try {
      const { version, tables } = RecordingTables.open(path);
      if (version.is === 'newer') return newerVersion(`Recording ${id}`, version.version, recordingVersion);
      if (tables === undefined) throw new Error('a file of ours has tables');
      try {
        return succeeded(tables.consistently(() => new StoredReader(tables, id)));
      } catch (error) {
        tables.close();
        throw error;
      }
    } catch (error) {
      return failed(readFailure(error, id, 'at its beginning'));
    }
  }

  private constructor(tables: RecordingTables, id: RecordingId) {
    const facts = tables.meta('facts');
    if (facts === undefined) throw new DamagedFileError('its facts are missing');
    this.id = id;
    this.#tables = tables;
    const kept = factsFromJson(facts, tables.meta('request_body'));
    this.#facts = tables.version === 1 ? { ...kept, bordersKnown: false } : kept;
    this.writerLock = tables.meta('writer');
    this.#wire = storedSpace(tables, 'wire');
    this.#body = storedSpace(tables, 'body');
    this.hasDecodedBody = this.#body.segments.length > 0;
  }

  get tables(): RecordingTables {
    return this.#tables;
  }

  facts(): ExchangeFacts {
    return this.#facts;
  }

  /** The library line as the file keeps it; undefined where it cannot be read. */
  storedSummary(): RecordingSummary | undefined {
    const json = this.#reading('in its line for the library', () => this.#tables.meta('summary'));
    return json === undefined ? undefined : this.#reading('in its line for the library', () => summaryFromJson(json));
  }

  /** What the user said of it. */
  storedWords(): UserWords {
    return userWordsFromJson(this.#reading("in the user's words", () => this.#tables.meta('words')));
  }

  segments(fromSegment: number): Iterable<SegmentSummary> {
    return this.#wire.segments.from(fromSegment);
  }

  /** Chunks that it holds, and when the last of them came. */
  chunksKept(): { readonly chunks: number; readonly lastMicros: Micros | null } {
    const { segments } = this.#wire;
    return { chunks: segments.chunks, lastMicros: segments.length === 0 ? null : segments.lastMicros };
  }

  pairs(segment: number): Uint8Array {
    const { tail, segments } = this.#wire;
    if (tail !== undefined && segment === segments.length - 1) return tail.pairs.slice();
    return this.#reading(`in the times of segment ${String(segment)}`, () => this.#tables.pairs(segment));
  }

  get bodySegments(): number {
    return this.#body.segments.length;
  }

  bodyPieces(segment: number): Uint8Array | undefined {
    const { tail, segments } = this.#body;
    if (tail !== undefined && segment === segments.length - 1) {
      return this.#tables.version === 1 ? undefined : tail.pairs.slice();
    }
    const where = `in the chunks of body segment ${String(segment)}`;
    return this.#reading(where, () => this.#tables.bodyPieces(segment));
  }

  byteLength(space: ByteSpace): number {
    return this.#space(space).length;
  }

  read(space: ByteSpace, offset: ByteOffset, length: number): Uint8Array {
    const stored = this.#space(space);
    const start = Math.min(Math.max(0, offset), stored.length);
    const target = new Uint8Array(Math.min(Math.max(0, length), stored.length - start));
    const sealed = Math.min(target.length, Math.max(0, stored.sealedBytes - start));
    if (sealed > 0) {
      const from = stored === this.#body ? 'body' : 'wire';
      this.#reading(`at ${from} bytes ${String(start)} to ${String(start + sealed)}`, () => {
        this.#tables.copy(from, start, target.subarray(0, sealed));
      });
    }
    if (stored.tail !== undefined) copyOverlap(stored.sealedBytes, stored.tail.data, start, target);
    return target;
  }

  #space(space: ByteSpace): StoredSpace {
    return space === 'body' && this.hasDecodedBody ? this.#body : this.#wire;
  }

  derivedSummaries(kind: string, version: string): readonly Uint8Array[] {
    return this.#reading('in derived data', () =>
      this.#tables.derivedSummaries(kind, version).map(({ summary }) => summary),
    );
  }

  derivedBlock(kind: string, version: string, n: number): Uint8Array | undefined {
    return this.#reading('in derived data', () => this.#tables.derivedBlock(kind, version, n));
  }

  close(): void {
    this.#tables.close();
  }

  #reading<T>(where: string, read: () => T): T {
    return readingRecording(this.id, where, read);
  }
}

/** Runs a read of a recording's file; what is wrong with the file is thrown as a FailureError. */
export function readingRecording<T>(id: RecordingId, where: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof FailureError) throw error;
    throw new FailureError(readFailure(error, id, where), { cause: error });
  }
}

/** The tail counts as one more sealed segment: nobody will go on writing it, or not for this reader. */
function storedSpace(tables: RecordingTables, space: ByteSpace): StoredSpace {
  const segments = tables.segments(space);
  const tail = tables.tail(space);
  const sealedBytes = segments.bytes;
  if (tail !== undefined) {
    segments.add(tail.chunks, tail.data.length, tail.firstMicros, tail.lastMicros);
  }
  return { segments, sealedBytes, tail, length: segments.bytes };
}
