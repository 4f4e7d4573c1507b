import type { EpochMillis, RecordingId } from './words.ts';

/** What a user may say of a recording. Absent: as it is. */
export interface RecordingChange {
  /** Null: the name it has by itself. */
  readonly name?: string | null | undefined;
  readonly addTags?: readonly string[] | undefined;
  readonly removeTags?: readonly string[] | undefined;
  readonly starred?: boolean | undefined;
  /** Null: none. */
  readonly note?: string | null | undefined;
}

/** How many characters a user's words may have, and how many tags a recording. */
export const wordLimits = Object.freeze({ name: 256, tag: 64, tags: 32, note: 65_536 });

/** In what order a library is shown. */
export const librarySorts = ['newest', 'oldest', 'name', 'longest', 'largest', 'frames'] as const;
export type LibrarySort = (typeof librarySorts)[number];

/** Where a search found its words in the text of a recording: pieces of one excerpt, in order. */
export interface SearchExcerpt {
  readonly id: RecordingId;
  readonly pieces: readonly { readonly text: string; readonly found: boolean }[];
}

/** What a search of the library found. */
export interface LibrarySearchResult {
  /** Every recording that fits, in the order asked for, live ones first. */
  readonly ids: readonly RecordingId[];
  /** For recordings whose text, not their line, holds the words; of the first ones only. */
  readonly excerpts: readonly SearchExcerpt[];
  /** Recordings whose text is not in the index yet: the answer may grow. */
  readonly unindexed: number;
  /** Why text was not searched, for a person; null: it was. */
  readonly problem: string | null;
}

/** What was removed because the settings said so. */
export interface RetentionReport {
  readonly at: EpochMillis;
  readonly recordings: number;
  readonly bytes: number;
}

/** What a library holds and takes. */
export interface LibraryUsage {
  readonly recordings: number;
  /** On the disk, recordings alone. */
  readonly bytes: number;
  readonly starred: number;
  /** The search index, a cache. */
  readonly indexBytes: number;
  readonly unindexed: number;
  /** How many bytes of text of one recording can be searched at most: of its body, and of its message, each. */
  readonly searchedTextBytes: number;
  /** The last time recordings were removed by age or size, in this run of the program; null: not. */
  readonly retention: RetentionReport | null;
}
