import { z } from 'zod';
import { wordLimits, type RecordingChange } from '../../shared/library.ts';
import type { RecordingSummary } from '../../shared/recording.ts';

/**
 * What the user said of a recording. Kept twice: in the recording's own file, so that it survives the library and goes
 * along with a copy, and in the library's line, so that another process sees it at once.
 */
export interface UserWords {
  /** Grows with each change: of two versions the greater one holds. */
  readonly revision: number;
  /** Null: the recording's own name. */
  readonly name: string | null;
  readonly tags: readonly string[];
  readonly starred: boolean;
  readonly note: string | null;
}

export const noUserWords: UserWords = Object.freeze({
  revision: 0,
  name: null,
  tags: Object.freeze([]),
  starred: false,
  note: null,
});

const storedWords = z.object({
  revision: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
  name: z.string().min(1).max(wordLimits.name).nullable(),
  tags: z.array(z.string().min(1).max(wordLimits.tag)).max(wordLimits.tags),
  starred: z.boolean(),
  note: z.string().min(1).max(wordLimits.note).nullable(),
});

/** Words as a file keeps them. Those of a foreign file that are none are no reason not to open it. */
export function userWordsFromJson(text: string | undefined): UserWords {
  if (text === undefined) return noUserWords;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return noUserWords;
    throw error;
  }
  return storedWords.safeParse(value).data ?? noUserWords;
}

export function userWordsToJson(words: UserWords): string {
  return JSON.stringify(words);
}

/** The words after a change; the same object where it changes nothing. Too many tags are cut off at the limit. */
export function changedWords(words: UserWords, change: RecordingChange): UserWords {
  const removed = new Set(change.removeTags ?? []);
  const tags = new Set(words.tags.filter((tag) => !removed.has(tag)));
  for (const tag of change.addTags ?? []) if (tag.trim() !== '') tags.add(tag.trim());
  const next: UserWords = {
    revision: words.revision,
    name: change.name === undefined ? words.name : orNull(change.name),
    tags: [...tags].slice(0, wordLimits.tags),
    starred: change.starred ?? words.starred,
    note: change.note === undefined ? words.note : orNull(change.note),
  };
  if (userWordsToJson(next) === userWordsToJson(words)) return words;
  return { ...next, revision: nextRevision(words) };
}

/** Greater than any before, also than one that a list lost in a power cut and a file still holds. */
export function nextRevision(words: UserWords): number {
  return Math.max(words.revision + 1, Date.now());
}

function orNull(text: string | null): string | null {
  const trimmed = text?.trim() ?? '';
  return trimmed === '' ? null : trimmed;
}

/** A recording's line as it is shown: what it says of itself, what the user says of it, what the disk says. */
export function withUserWords(own: RecordingSummary, words: UserWords, sizeOnDisk: number | null): RecordingSummary {
  const { name, tags, starred, note } = words;
  return { ...own, name: name ?? own.name, tags, starred, note, sizeOnDisk };
}
