import type { SearchExcerpt } from '../../shared/library.ts';
import type { RecordingId } from '../../shared/words.ts';

/** From the engine's thread to the one that searches. Answers carry the `call` they answer. */
export type SearchCommand =
  /** All ended recordings there are: what is not in the index is put in, what is not among them is taken out. */
  | { readonly kind: 'match'; readonly ids: readonly RecordingId[] }
  /** The text of a recording is new or changed. */
  | { readonly kind: 'index'; readonly id: RecordingId }
  | { readonly kind: 'remove'; readonly ids: readonly RecordingId[] }
  /** Which recordings hold each of these words. */
  | { readonly kind: 'find'; readonly call: number; readonly words: readonly string[] }
  /** Where recordings hold any of these words. */
  | {
      readonly kind: 'excerpts';
      readonly call: number;
      readonly ids: readonly RecordingId[];
      readonly words: readonly string[];
    }
  | { readonly kind: 'stop' };

/** What the text of recordings answers. */
export interface TextFound {
  /** For each word, the recordings that hold it. */
  readonly ids: readonly (readonly RecordingId[])[];
}

export type SearchReport =
  | { readonly kind: 'found'; readonly call: number; readonly found: TextFound }
  | { readonly kind: 'excerpts'; readonly call: number; readonly excerpts: readonly SearchExcerpt[] }
  /**
   * How many recordings wait for being indexed, after so many commands to index were taken. After every
   * step while there are any, and when there are none.
   */
  | { readonly kind: 'progress'; readonly waiting: number; readonly wishesTaken: number }
  /** The index cannot be used; `problem` is for a person. */
  | { readonly kind: 'failed'; readonly call: number | null; readonly problem: string };

/** How the search thread is started. */
export interface SearchRole {
  readonly role: 'search';
  readonly folder: string;
}
