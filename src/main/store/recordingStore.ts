import type { SegmentSummary } from '../../engine/recording/chunkPairs.ts';
import type { Failure, Outcome } from '../../shared/failure.ts';
import type { RecordingChange, SearchExcerpt } from '../../shared/library.ts';
import type { ExchangeFacts, RecordingSummary } from '../../shared/recording.ts';
import type { ByteOffset, Micros, RecordingId } from '../../shared/words.ts';

/** `wire`: as received. `body`: after content decoding; kept only where a coding was removed, as a cache. */
export type ByteSpace = 'wire' | 'body';

/** A block of derived data: `bytes` is its packed content, `summary` a short packed description loaded at opening. */
export interface DerivedBlock {
  readonly summary: Uint8Array;
  readonly bytes: Uint8Array;
}

/**
 * One recording's bytes and facts, readable while it is written and after. Reads are synchronous and see everything
 * handed to the writer so far, committed or not.
 */
export interface RecordingReader {
  readonly id: RecordingId;
  facts(): ExchangeFacts;
  /** Sealed segments from `fromSegment` on, in order. The open one is not among them. */
  segments(fromSegment: number): Iterable<SegmentSummary>;
  /** Packed pairs of a sealed segment. */
  pairs(segment: number): Uint8Array;
  /** Sealed segments of the decoded body; 0 where it is not kept apart. */
  readonly bodySegments: number;
  /** Which chunks a segment of the decoded body came from (`bodyPieces.ts`); undefined in a file of format 1. */
  bodyPieces(segment: number): Uint8Array | undefined;
  /** Bytes in a space, open segment included; where the recording has no `body` of its own, body = wire. */
  byteLength(space: ByteSpace): number;
  /** Fresh copy of `[offset, offset + length)`, shorter at the end. */
  read(space: ByteSpace, offset: ByteOffset, length: number): Uint8Array;
  /** True when a content coding was removed and `body` is kept apart. */
  readonly hasDecodedBody: boolean;
  /** Derived caches. The version key says which code made them; another version's are ignored and replaced. */
  derivedSummaries(kind: string, version: string): readonly Uint8Array[];
  derivedBlock(kind: string, version: string, n: number): Uint8Array | undefined;
  close(): void;
}

/** Writes one live recording. All methods return at once; the disk is a worker thread's business. */
export interface RecordingWriter extends RecordingReader {
  /**
   * Keeps one chunk (copied before return). Returns false when the unwritten bytes reached their limit: pause the
   * socket until `onDrain`.
   * @param continues it goes on with the HTTP chunk or DATA frame of the chunk before
   */
  chunk(atMicros: Micros, bytes: Uint8Array, continues: boolean): boolean;
  /** Keeps decoded body bytes (copied) that chunk number `chunk` yielded. Same backpressure as `chunk`. */
  body(chunk: number, bytes: Uint8Array): boolean;
  /** Replaces the facts; committed with the next commit. */
  writeFacts(facts: ExchangeFacts): void;
  /** Puts block `n` of a derived cache (bytes are taken over). */
  putDerived(kind: string, version: string, n: number, block: DerivedBlock): void;
  /** Drops all blocks of a kind, whatever their version. */
  dropDerived(kind: string): void;
  /** Called with the summary when a segment was sealed: its chunks are `readPairs`-able from then on. */
  onSealed(listener: (segment: SegmentSummary) => void): void;
  onDrain(listener: () => void): void;
  /** The disk failed or is full; what was committed stays. Called at most once. */
  onFailure(listener: (failure: Failure) => void): void;
  /** Bytes taken over but not committed. */
  readonly unwrittenBytes: number;
  /**
   * Writes the last facts, commits under `synchronous=FULL`, checkpoints. Only when this resolved may anybody say
   * "saved". Reading goes on working after it, until `close`.
   */
  finish(facts: ExchangeFacts, summary: RecordingSummary): Promise<Outcome<void>>;
}

/** What can be asked of the text of ended recordings: the beginnings of their bodies and messages. */
export interface RecordingTexts {
  /** Recordings whose text is not searched yet. */
  readonly unindexed: number;
  /** Begins to take in what is missing, on a thread of its own; the first question does so too. */
  start(): void;
  /** Resolves when nothing is missing any more, or cannot be taken in. */
  indexed(): Promise<void>;
  /** For each word or phrase, the recordings whose text holds it; the last word of each may go on. */
  find(words: readonly string[]): Promise<SearchAnswer<{ readonly ids: readonly (readonly RecordingId[])[] }>>;
  /** Where these recordings hold any of the words. */
  excerpts(ids: readonly RecordingId[], words: readonly string[]): Promise<SearchAnswer<readonly SearchExcerpt[]>>;
}

/** An answer, or why there is none, for a person. */
export type SearchAnswer<T> = { readonly answer: T } | { readonly problem: string };

/** A folder of recordings: one SQLite file each, and `library.sqlite`, a cache of their lines that can be rebuilt. */
export interface Library {
  readonly folder: string;
  readonly sqliteVersion: string;
  /** What the user should know about how the library was found, one sentence each: a damaged file laid aside, say. */
  readonly notices: readonly string[];
  /** Starts the writer's thread now. Once this resolved, the first bytes of a recording do not wait for it. */
  prepareToWrite(): Promise<void>;
  /** Creates the recording's file and its library line. */
  create(facts: ExchangeFacts, summary: RecordingSummary): Outcome<RecordingWriter>;
  /** Opens for reading. For `addDerived`-style caching use `openForDerived`. */
  open(id: RecordingId): Outcome<RecordingReader>;
  /** Opens an ended recording so that derived caches and facts (framing override) can be rewritten. */
  openForDerived(id: RecordingId): Outcome<RecordingWriter>;
  /** All lines, newest first. A line without an ending whose writer is gone says `interrupted`. */
  list(): readonly RecordingSummary[];
  summary(id: RecordingId): RecordingSummary | undefined;
  /** What a recording says of itself, with the user's words and its size. */
  told(summary: RecordingSummary): RecordingSummary;
  /** Keeps what a recording says of itself. */
  saveSummary(summary: RecordingSummary): void;
  /** Changes what the user says of recordings, all or none. Resolves with their lines when it is in their files. */
  change(ids: readonly RecordingId[], change: RecordingChange): Promise<Outcome<readonly RecordingSummary[]>>;
  /** Takes recordings out of the library, all or none; for `undoMillis`, while this is open, `bringBack` undoes it. */
  putAside(ids: readonly RecordingId[]): Outcome<void>;
  /** The lines of those that came back; the others are gone for good. */
  bringBack(ids: readonly RecordingId[]): Outcome<readonly RecordingSummary[]>;
  /** Deletes what was put aside longer ago than `undoMillis`. */
  deleteAside(): void;
  /** Deletes the file and the line, at once and for good. */
  remove(id: RecordingId): Outcome<void>;
  /** Lines that another process on the same folder added, changed or removed since the last call. */
  pollForeignChanges(): readonly { readonly id: RecordingId; readonly summary: RecordingSummary | null }[];
  /** The text of ended recordings. */
  readonly texts: RecordingTexts;
  readSettings(): unknown;
  writeSettings(settings: unknown): void;
  close(): Promise<void>;
}
