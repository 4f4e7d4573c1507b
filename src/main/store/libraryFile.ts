import { closeSync, openSync } from 'node:fs';
import { z } from 'zod';
import type { RecordingSummary } from '../../shared/recording.ts';
import type { RecordingId } from '../../shared/words.ts';
import { summaryFromJson, summaryToJson } from './factsJson.ts';
import { syncFile } from './recordingFiles.ts';
import { checkSchema, pragmaNumber } from './recordingFormat.ts';
import {
  inTransaction,
  openDatabase,
  sqliteResult,
  sqliteResultCode,
  sqliteVersion,
  type Database,
  type Statement,
} from './sqlite.ts';
import { DamagedFileError } from './storeFailure.ts';
import { noUserWords, userWordsFromJson, userWordsToJson, withUserWords, type UserWords } from './userWords.ts';

/** "STRL" in SQLite's application id. */
const libraryApplicationId = 0x5354524c;
export const libraryVersion = 2;

/**
 * `revision` grows with each change of a line: by it another process sees which ones to read again. `words` are the
 * user's, `summary` is what the recording says of itself, `size` the bytes of its files. Version 1 had neither words nor
 * size.
 */
const schema: Readonly<Record<string, string>> = {
  lines:
    'CREATE TABLE lines (id TEXT PRIMARY KEY NOT NULL, revision INTEGER NOT NULL, writer TEXT, summary TEXT NOT NULL, ' +
    'words TEXT NOT NULL, size INTEGER) STRICT, WITHOUT ROWID',
  settings: 'CREATE TABLE settings (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) STRICT, WITHOUT ROWID',
};

const lineRow = z.object({
  id: z.string(),
  revision: z.int(),
  writer: z.string().nullable(),
  summary: z.string(),
  words: z.string(),
  size: z.int().nullable(),
});
const revisionRow = z.object({ id: z.string(), revision: z.int() });
const valueRow = z.object({ value: z.string() });

/** One line of the library; `writer` names the lock of the process that writes the recording, null when none does. */
export interface LibraryLine {
  /** As it is shown: `own` with the user's words and the size. */
  readonly summary: RecordingSummary;
  readonly own: RecordingSummary;
  readonly words: UserWords;
  readonly revision: number;
  readonly writer: string | null;
}

/** A line to be written. */
export interface NewLine {
  readonly own: RecordingSummary;
  readonly words: UserWords;
  /** Null: as it was. */
  readonly sizeOnDisk: number | null;
  readonly writer: string | null;
}

/** Thrown when the library's file was made by a newer version. */
export class NewerLibraryError extends Error {
  override readonly name = 'NewerLibraryError';
  readonly version: number;

  constructor(version: number) {
    super(`library of format ${String(version)}`);
    this.version = version;
  }
}

/** `library.sqlite`. Methods throw the driver's errors, or DamagedFileError. */
export class LibraryFile {
  readonly sqliteVersion: string;
  readonly #location: string;
  readonly #database: Database;
  readonly #upsert: Statement;
  readonly #insert: Statement;
  readonly #delete: Statement;
  #dataVersion: number;

  /** @throws NewerLibraryError, DamagedFileError or the driver's error */
  constructor(file: string) {
    this.#location = file;
    createEmpty(file);
    this.#database = openDatabase(file, { mode: 'write', busyMillis: 5_000 });
    try {
      prepareLibrary(this.#database);
      this.sqliteVersion = sqliteVersion(this.#database);
      this.#upsert = this.#database.prepare(
        'INSERT INTO lines VALUES (?, 1, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET ' +
          'revision = revision + 1, writer = excluded.writer, summary = excluded.summary, ' +
          'size = coalesce(excluded.size, size), words = CASE WHEN ' +
          "json_extract(excluded.words, '$.revision') > json_extract(words, '$.revision') " +
          'THEN excluded.words ELSE words END RETURNING *',
      );
      this.#insert = this.#database.prepare('INSERT INTO lines VALUES (?, 1, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING');
      this.#delete = this.#database.prepare('DELETE FROM lines WHERE id = ?');
      this.#dataVersion = pragmaNumber(this.#database, 'data_version');
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  /** True once after another connection changed anything. */
  changedElsewhere(): boolean {
    const version = pragmaNumber(this.#database, 'data_version');
    if (version === this.#dataVersion) return false;
    this.#dataVersion = version;
    return true;
  }

  revisions(): ReadonlyMap<RecordingId, number> {
    const rows = this.#database.prepare('SELECT id, revision FROM lines').all();
    return new Map(
      rows.map((row) => {
        const { id, revision } = checked(revisionRow, row);
        return [id, revision];
      }),
    );
  }

  line(id: RecordingId): LibraryLine | undefined {
    const row = this.#database.prepare('SELECT * FROM lines WHERE id = ?').get(id);
    return row === undefined ? undefined : lineOf(row);
  }

  lines(): readonly LibraryLine[] {
    return this.#database.prepare('SELECT * FROM lines').all().map(lineOf);
  }

  /** Writes a line; of the user's words the newer ones stay. Returns the line as it is now. */
  save({ own, words, sizeOnDisk, writer }: NewLine): LibraryLine {
    return lineOf(this.#upsert.get(own.id, writer, summaryToJson(own), userWordsToJson(words), sizeOnDisk));
  }

  /** Writes a line where there is none; returns the one that is there then. */
  add({ own, words, sizeOnDisk, writer }: NewLine): LibraryLine {
    this.#insert.run(own.id, writer, summaryToJson(own), userWordsToJson(words), sizeOnDisk);
    const line = this.line(own.id);
    if (line === undefined) throw new Error(`the line of ${own.id} was written and is not there`);
    return line;
  }

  /** Makes one transaction of several writes. */
  together(work: () => void): void {
    inTransaction(this.#database, work);
  }

  remove(id: RecordingId): void {
    this.#delete.run(id);
  }

  readSetting(name: string): string | undefined {
    const row = this.#database.prepare('SELECT value FROM settings WHERE name = ?').get(name);
    return row === undefined ? undefined : checked(valueRow, row).value;
  }

  writeSetting(name: string, value: string): void {
    this.#database.prepare('INSERT OR REPLACE INTO settings VALUES (?, ?)').run(name, value);
  }

  /** Makes what was written so far survive a power cut, off this thread. Resolves with the error, if any. */
  flush(): Promise<Error | null> {
    return syncFile(`${this.#location}-wal`);
  }

  close(): void {
    this.#database.close();
  }
}

function lineOf(row: unknown): LibraryLine {
  const { revision, writer, summary, words: wordsJson, size } = checked(lineRow, row);
  const own = summaryFromJson(summary);
  const words = userWordsFromJson(wordsJson);
  return { summary: withUserWords(own, words, size), own, words, revision, writer };
}

function checked<T>(rowSchema: z.ZodType<T>, row: unknown): T {
  const parsed = rowSchema.safeParse(row);
  if (!parsed.success) throw new DamagedFileError('a row does not hold what it should');
  return parsed.data;
}

/** So that the file, and what SQLite lays beside it, is for its owner's eyes only. */
function createEmpty(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

function prepareLibrary(database: Database): void {
  const version = pragmaNumber(database, 'user_version');
  if (version > libraryVersion) throw new NewerLibraryError(version);
  // The line of a recording can be made again from its file: no flush is worth holding up the engine's thread for.
  switchToLog(database);
  database.exec('PRAGMA synchronous=NORMAL');
  inTransaction(database, () => {
    const found = pragmaNumber(database, 'user_version');
    if (found === libraryVersion) return;
    if (found === 1) {
      takeOverVersionOne(database);
      return;
    }
    for (const sql of Object.values(schema)) database.exec(sql);
    database.exec(
      `PRAGMA application_id=${String(libraryApplicationId)}; PRAGMA user_version=${String(libraryVersion)}`,
    );
  });
  if (pragmaNumber(database, 'application_id') !== libraryApplicationId) throw new DamagedFileError('it is no library');
  checkSchema(database, schema);
  const check: unknown = database.prepare('PRAGMA quick_check(1)').get();
  const values: readonly unknown[] = typeof check === 'object' && check !== null ? Object.values(check) : [];
  const [verdict] = values;
  if (verdict !== 'ok') throw new DamagedFileError(String(verdict));
}

/** Lines of version 1 stay as they are: no recording had words of a user then. */
function takeOverVersionOne(database: Database): void {
  database.exec('ALTER TABLE lines RENAME TO lines_of_one');
  database.exec(schema['lines'] ?? '');
  database
    .prepare('INSERT INTO lines SELECT id, revision, writer, summary, ?, NULL FROM lines_of_one')
    .run(userWordsToJson(noUserWords));
  database.exec(`DROP TABLE lines_of_one; PRAGMA user_version=${String(libraryVersion)}`);
}

/** Two processes that start at once both want to switch: the loser finds it done. */
function switchToLog(database: Database): void {
  for (let attempt = 0; ; attempt++) {
    try {
      database.exec('PRAGMA journal_mode=WAL');
      return;
    } catch (error) {
      if (sqliteResultCode(error) !== sqliteResult.busy || attempt === 50) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}
