import { DamagedFileError } from './storeFailure.ts';
import type { Database } from './sqlite.ts';

/** "STRM" in SQLite's application id: marks a file as a recording of ours. */
const recordingApplicationId = 0x5354524d;
/** `user_version` of the files this code writes; README.md says how to change it. */
export const recordingVersion = 2;

/**
 * Compromise measured for 256 KB rows: larger pages write faster, smaller ones make small recordings small and a
 * commit of a few bytes cheap.
 */
export const pageBytes = 16_384;

/** Longest blob of stream bytes in one row. Only a chunk longer than this is cut over several rows. */
export const pieceBytes = 262_144;

/** Positions of body bytes in table `bytes` start here, those of wire bytes at 0. */
export const bodyBase = 2 ** 52;

/** `space` column. */
export const spaceCode = Object.freeze({ wire: 0, body: 1 });

/**
 * - `meta` facts, the request's body and the library line, each as JSON; while it is written, the lock of its writer.
 * - `segments` what a segment covers, in small rows: opening reads these alone.
 * - `chunk_times` a segment's packed (time, length, continues) pairs; in format 1 without `continues`.
 * - `body_chunks` which chunks a segment of the decoded body came from, packed. Since format 2.
 * - `bytes` stream bytes by position, a segment's in one row of up to `pieceBytes` or, for a longer chunk, several.
 * - `tail` commits of the open segment, replaced by one segment when it is sealed; left over only by a killed writer.
 * - `derived` caches.
 */
const schemaOfOne: Readonly<Record<string, string>> = {
  meta: 'CREATE TABLE meta (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) STRICT, WITHOUT ROWID',
  segments:
    'CREATE TABLE segments (space INTEGER NOT NULL, n INTEGER NOT NULL, first_chunk INTEGER NOT NULL, ' +
    'chunks INTEGER NOT NULL, byte_offset INTEGER NOT NULL, bytes INTEGER NOT NULL, first_us INTEGER NOT NULL, ' +
    'last_us INTEGER NOT NULL, PRIMARY KEY (space, n)) STRICT, WITHOUT ROWID',
  chunk_times: 'CREATE TABLE chunk_times (segment INTEGER PRIMARY KEY, pairs BLOB NOT NULL) STRICT',
  bytes: 'CREATE TABLE bytes (position INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT',
  tail:
    'CREATE TABLE tail (part INTEGER PRIMARY KEY, space INTEGER NOT NULL, chunks INTEGER NOT NULL, ' +
    'first_us INTEGER NOT NULL, last_us INTEGER NOT NULL, pairs BLOB NOT NULL, data BLOB NOT NULL) STRICT',
  derived:
    'CREATE TABLE derived (kind TEXT NOT NULL, version TEXT NOT NULL, n INTEGER NOT NULL, summary BLOB NOT NULL, ' +
    'bytes BLOB NOT NULL, PRIMARY KEY (kind, version, n)) STRICT, WITHOUT ROWID',
};

const schema: Readonly<Record<string, string>> = {
  ...schemaOfOne,
  body_chunks: 'CREATE TABLE body_chunks (segment INTEGER PRIMARY KEY, pieces BLOB NOT NULL) STRICT',
};

/** The formats that are read, by `user_version`; the last one is written. */
export type RecordingVersion = 1 | 2;
const schemas: Readonly<Record<RecordingVersion, Readonly<Record<string, string>>>> = { 1: schemaOfOne, 2: schema };

/** Makes an empty recording of the present version. The caller has begun a transaction. */
export function createRecordingSchema(database: Database): void {
  for (const sql of Object.values(schema)) database.exec(sql);
  database.exec(
    `PRAGMA application_id=${String(recordingApplicationId)}; PRAGMA user_version=${String(recordingVersion)}`,
  );
}

export type FileVersion =
  { readonly is: 'ours'; readonly version: RecordingVersion } | { readonly is: 'newer'; readonly version: number };

/**
 * Tells whether a file holds a recording that this code understands, before anything else is read of it.
 * @throws DamagedFileError when it is no recording, or holds other tables, indexes, triggers or views than a recording
 */
export function checkRecordingFile(database: Database): FileVersion {
  if (pragmaNumber(database, 'application_id') !== recordingApplicationId) {
    throw new DamagedFileError('it is not a recording');
  }
  const version = pragmaNumber(database, 'user_version');
  if (version > recordingVersion) return { is: 'newer', version };
  if (version !== 1 && version !== 2) throw new DamagedFileError(`its format ${String(version)} was never in use`);
  checkSchema(database, schemas[version]);
  return { is: 'ours', version };
}

/** @throws DamagedFileError unless the database holds exactly these tables and nothing that acts */
export function checkSchema(database: Database, expected: Readonly<Record<string, string>>): void {
  // A bounded look: a hostile file may hold millions of entries.
  const rows = database.prepare('SELECT type, name, sql FROM sqlite_schema LIMIT 64').all();
  const names = new Set<string>();
  for (const row of rows) {
    const { type, name, sql } = row as Readonly<Record<string, unknown>>;
    if (type !== 'table' || typeof name !== 'string' || sql !== expected[name]) {
      throw new DamagedFileError(`it holds an unexpected ${String(type)} named ${JSON.stringify(name)}`);
    }
    names.add(name);
  }
  for (const name of Object.keys(expected)) {
    if (!names.has(name)) throw new DamagedFileError(`its table ${name} is missing`);
  }
}

export function pragmaNumber(database: Database, name: 'application_id' | 'user_version' | 'data_version'): number {
  const row = database.prepare(`PRAGMA ${name}`).get();
  const values: readonly unknown[] = typeof row === 'object' && row !== null ? Object.values(row) : [];
  const [value] = values;
  if (typeof value !== 'number') throw new DamagedFileError(`its ${name} cannot be read`);
  return value;
}
