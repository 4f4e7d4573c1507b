import type { SegmentSummary } from '../../engine/recording/chunkPairs.ts';
import type { Failure } from '../../shared/failure.ts';
import type { Micros } from '../../shared/words.ts';
import type { ByteSpace } from './recordingStore.ts';

/** What happened to the open segment since its last commit. */
export interface TailPart {
  readonly kind: 'part';
  readonly space: ByteSpace;
  readonly buffer: SharedArrayBuffer;
  /** Where the segment's bytes begin in the buffer; its pairs begin with it. */
  readonly dataStart: number;
  /** Ranges of the buffer's bytes and pairs. */
  readonly dataFrom: number;
  readonly dataTo: number;
  readonly pairsFrom: number;
  readonly pairsTo: number;
  readonly chunks: number;
  /** Of the segment's first chunk: what the first pair of the segment counts from. */
  readonly firstMicros: Micros;
  readonly lastMicros: Micros;
}

/** A sealed segment, whole: replaces the parts of it that were committed before. */
export interface SealedSegment {
  readonly kind: 'segment';
  readonly space: ByteSpace;
  readonly buffer: SharedArrayBuffer;
  readonly dataStart: number;
  readonly pairsLength: number;
  readonly summary: SegmentSummary;
  readonly replacesTail: boolean;
}

export type WriteOperation =
  | TailPart
  | SealedSegment
  | {
      readonly kind: 'derived';
      readonly cache: string;
      readonly version: string;
      readonly n: number;
      readonly summary: Uint8Array;
      readonly bytes: Uint8Array;
    }
  | { readonly kind: 'dropDerived'; readonly cache: string }
  | { readonly kind: 'facts'; readonly json: string }
  | { readonly kind: 'requestBody'; readonly json: string }
  | { readonly kind: 'summary'; readonly json: string }
  /** The user's words; older ones than the file holds are left out. */
  | { readonly kind: 'words'; readonly json: string }
  /** The recording has its ending: nobody writes its bytes any more. */
  | { readonly kind: 'ended' };

/**
 * From the engine's thread to the writer's. `channel` numbers who writes; `sequence` counts a channel's operations.
 * Several channels may write one path; a path is opened once.
 */
export type WriterCommand =
  | { readonly kind: 'open'; readonly channel: number; readonly path: string }
  | { readonly kind: 'write'; readonly channel: number; readonly sequence: number; readonly operation: WriteOperation }
  /**
   * Commit these last operations so that no power cut takes them back, answer `finished`, and leave one file behind: of a
   * short log before the answer, of a long one after it.
   */
  | { readonly kind: 'finish'; readonly channel: number; readonly operations: readonly WriteOperation[] }
  | { readonly kind: 'close'; readonly channel: number }
  /** A file that may be given up for the ending of a recording when the disk is full. */
  | { readonly kind: 'reserve'; readonly path: string }
  /** Commit and close everything, then end the thread. */
  | { readonly kind: 'stop' };

/** From the writer's thread to the engine's. */
export type WriterReport =
  /** The thread takes commands: once, first. */
  | { readonly kind: 'ready' }
  /** Everything up to `sequence` survives the end of this process. */
  | { readonly kind: 'committed'; readonly channel: number; readonly sequence: number }
  /** Writing failed; operations of the channel that were not reported committed are lost. Once per channel. */
  | { readonly kind: 'failed'; readonly channel: number; readonly failure: Failure }
  | {
      readonly kind: 'finished';
      readonly channel: number;
      readonly failure: Failure | null;
      readonly endingKept: boolean;
    }
  /** The log is about to be ended, which wants a moment without readers. */
  | { readonly kind: 'endingLog'; readonly channel: number }
  /** One file is left. */
  | { readonly kind: 'oneFile'; readonly channel: number }
  | { readonly kind: 'closed'; readonly channel: number };

/** How the writer thread's file is started: as the writer, or as its helper for long checkpoints. */
export type WriterRole = { readonly role: 'writer' } | { readonly role: 'checkpoints' };

/** `copy`: what is in the log now, while the writer goes on. `end`: all of it, while nobody writes; the log is empty then. */
export type CheckpointKind = 'copy' | 'end';

/** From the writer to its checkpoint helper, and back. */
export interface CheckpointRequest {
  readonly id: number;
  readonly path: string;
  readonly kind: CheckpointKind;
}

/** An error of the driver: its sentence and SQLite's primary result code. */
export interface CheckpointTrouble {
  readonly message: string;
  readonly errcode: number;
}

export interface CheckpointReport {
  readonly id: number;
  /** Bytes in the log that are not in the database yet; −1 when it was not done. */
  readonly remainingBytes: number;
  readonly trouble: CheckpointTrouble | null;
}
