import { closeSync, openSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { SearchExcerpt } from '../../shared/library.ts';
import type { RecordingId } from '../../shared/words.ts';
import { pragmaNumber } from './recordingFormat.ts';
import {
  inTransaction,
  openDatabase,
  sqliteResult,
  sqliteResultCode,
  type Database,
  type Statement,
} from './sqlite.ts';

/** "STRF" in SQLite's application id. */
const applicationId = 0x53545246;
/** Raised when other text is taken into the index: one of another version is made anew. */
const indexVersion = 1;
const fileName = 'search.sqlite';
const excerptTokens = 10;
/** Characters that no text in the index holds (`plainText`): they set off what was found. */
const foundFrom = '\u0002';
const foundTo = '\u0003';

const idRow = z.object({ id: z.string() });
const excerptRow = z.object({ id: z.string(), excerpt: z.string() });

/** The text of one recording as it is searched. */
export interface RecordingText {
  readonly body: string;
  readonly message: string;
}

/** Bytes of a folder's search index; 0 where it has none. */
export function searchIndexBytes(folder: string): number {
  let bytes = 0;
  for (const suffix of ['', '-wal']) {
    bytes += statSync(path.join(folder, fileName + suffix), { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}

/**
 * `search.sqlite`: full text of recordings (SQLite FTS5). A cache apart from the list: whatever is wrong with it, it is
 * deleted and made again from the recordings. Methods throw the driver's errors.
 */
export class SearchIndex {
  readonly #database: Database;
  readonly #find: Statement;

  /** @throws the driver's or the file system's error */
  static open(folder: string): SearchIndex {
    const file = path.join(folder, fileName);
    try {
      return new SearchIndex(file);
    } catch (error) {
      const code = sqliteResultCode(error);
      const unusable =
        code === sqliteResult.corrupt || code === sqliteResult.notADatabase || error instanceof OtherIndex;
      if (!unusable) throw error;
      for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(file + suffix, { force: true });
      return new SearchIndex(file);
    }
  }

  private constructor(file: string) {
    // So that the file, and what SQLite lays beside it, is for its owner's eyes only.
    closeSync(openSync(file, 'a', 0o600));
    this.#database = openDatabase(file, { mode: 'write', busyMillis: 5_000 });
    try {
      // What is lost in a power cut is indexed again.
      this.#database.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL');
      prepareIndex(this.#database);
      this.#find = this.#database.prepare(
        'SELECT id FROM texts JOIN indexed ON number = texts.rowid WHERE texts MATCH ?',
      );
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  ids(): ReadonlySet<RecordingId> {
    const rows = this.#database.prepare('SELECT id FROM indexed').all();
    return new Set(rows.map((row) => idRow.parse(row).id));
  }

  /** Takes texts in, in place of what there was. */
  put(texts: ReadonlyMap<RecordingId, RecordingText>): void {
    inTransaction(this.#database, () => {
      for (const [id, { body, message }] of texts) {
        this.#delete(id);
        this.#database.prepare('INSERT INTO indexed (id) VALUES (?)').run(id);
        this.#database
          .prepare('INSERT INTO texts (rowid, body, message) SELECT number, ?, ? FROM indexed WHERE id = ?')
          .run(body, message, id);
      }
    });
  }

  remove(ids: readonly RecordingId[]): void {
    inTransaction(this.#database, () => {
      for (const id of ids) this.#delete(id);
    });
  }

  #delete(id: RecordingId): void {
    this.#database.prepare('DELETE FROM texts WHERE rowid IN (SELECT number FROM indexed WHERE id = ?)').run(id);
    this.#database.prepare('DELETE FROM indexed WHERE id = ?').run(id);
  }

  /** Recordings whose text holds a word that begins so, or such words one after another. */
  find(words: string): readonly RecordingId[] {
    const query = queryFor(words);
    return query === null ? [] : this.#find.all(query).map((row) => idRow.parse(row).id);
  }

  /** Where the text of these recordings holds any of the words. */
  excerpts(ids: readonly RecordingId[], words: readonly string[]): readonly SearchExcerpt[] {
    const query = words.flatMap((word) => queryFor(word) ?? []).join(' OR ');
    if (query === '') return [];
    const rows = this.#database
      .prepare(
        `SELECT id, snippet(texts, -1, ?, ?, '…', ${String(excerptTokens)}) AS excerpt FROM texts ` +
          'JOIN indexed ON number = texts.rowid WHERE texts MATCH ? AND id IN (SELECT value FROM json_each(?))',
      )
      .all(foundFrom, foundTo, query, JSON.stringify(ids));
    return rows.map((row) => {
      const { id, excerpt } = excerptRow.parse(row);
      return { id, pieces: piecesOf(excerpt) };
    });
  }

  close(): void {
    this.#database.close();
  }
}

/** Thrown when the index was made by another version. */
class OtherIndex extends Error {
  override readonly name = 'OtherIndex';
}

function prepareIndex(database: Database): void {
  inTransaction(database, () => {
    if (pragmaNumber(database, 'application_id') === 0) {
      database.exec(
        'CREATE TABLE indexed (number INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL) STRICT;' +
          "CREATE VIRTUAL TABLE texts USING fts5 (body, message, tokenize='unicode61 remove_diacritics 2');" +
          `PRAGMA application_id=${String(applicationId)}; PRAGMA user_version=${String(indexVersion)}`,
      );
    }
  });
  const ours = pragmaNumber(database, 'application_id') === applicationId;
  if (!ours || pragmaNumber(database, 'user_version') !== indexVersion) throw new OtherIndex('another index');
}

/** The words as a phrase of FTS5 whose last word may go on; null where nothing in them can be searched. */
function queryFor(words: string): string | null {
  // One letter alone begins a word of nearly every text.
  return /[\p{L}\p{N}]{2}|\p{Lo}/u.test(words) ? `"${words.replaceAll('"', ' ')}"*` : null;
}

function piecesOf(excerpt: string): SearchExcerpt['pieces'] {
  return excerpt.split(foundFrom).flatMap((part, i) => {
    const [before, after] = i === 0 ? ['', part] : part.split(foundTo);
    return [
      { text: before ?? '', found: true },
      { text: after ?? '', found: false },
    ].filter(({ text }) => text !== '');
  });
}

/** Text without control characters and runs of white space. */
export function plainText(text: string): string {
  return text.replace(/[\u0000-\u0020\u007f-\u009f\ufffd]+/g, ' ');
}
