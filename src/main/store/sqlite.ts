import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/** What SQLite binds and returns here: integers stay within 2^53, so no bigint. */
export type SqliteValue = null | number | string | Uint8Array;

/** A prepared statement. Rows are objects by column name, unchecked: validate what matters. */
export interface Statement {
  run(...values: readonly SqliteValue[]): unknown;
  get(...values: readonly SqliteValue[]): unknown;
  all(...values: readonly SqliteValue[]): readonly unknown[];
}

/** The part of `node:sqlite`'s `DatabaseSync` that the store uses. Every method throws the driver's error. */
export interface Database {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

interface DriverDatabase extends Database {
  enableDefensive(active: boolean): void;
}

interface Driver {
  readonly DatabaseSync: new (location: URL | ':memory:', options: { readonly timeout: number }) => DriverDatabase;
}

function isDriver(module: unknown): module is Driver {
  return typeof module === 'object' && module !== null && 'DatabaseSync' in module;
}

/** `node:sqlite` where the runtime has it, else the package with the same interface and its own SQLite. */
function loadDriver(): Driver {
  const builtIn: unknown = process.getBuiltinModule('node:sqlite');
  const driver: unknown = isDriver(builtIn) ? builtIn : createRequire(import.meta.url)('@photostructure/sqlite');
  if (!isDriver(driver)) throw new Error('this runtime has no SQLite: neither node:sqlite nor @photostructure/sqlite');
  return driver;
}

let driver: Driver | undefined;

export interface OpenOptions {
  /** `read` and `write` want an existing file; `create` makes one. */
  readonly mode: 'read' | 'write' | 'create';
  /** How long a statement waits for another connection's lock, 1,000 unless told. */
  readonly busyMillis?: number;
}

const uriMode = { read: 'ro', write: 'rw', create: 'rwc' } as const;

/**
 * Opens a database file so that nothing in it can act: no trusted schema, defensive, cells checked.
 * @throws the driver's error, see `sqliteResultCode`
 */
export function openDatabase(path: string, options: OpenOptions): Database {
  driver ??= loadDriver();
  const location = pathToFileURL(path);
  location.search = `?mode=${uriMode[options.mode]}`;
  const database = new driver.DatabaseSync(location, { timeout: options.busyMillis ?? 1_000 });
  try {
    database.enableDefensive(true);
    database.exec('PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** A database that is gone when it is closed. */
export function openInMemory(): Database {
  driver ??= loadDriver();
  return new driver.DatabaseSync(':memory:', { timeout: 0 });
}

/** Runs `work` between BEGIN IMMEDIATE and COMMIT; rolls back and rethrows when it or the commit fails. */
export function inTransaction<T>(database: Database, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    try {
      database.exec('ROLLBACK');
    } catch (rollbackError) {
      // A full disk or an I/O error rolls back by itself; then there is no transaction left to end.
      if (sqliteResultCode(rollbackError) === undefined) throw rollbackError;
    }
    throw error;
  }
}

/** Primary result codes of SQLite (sqlite.org/rescode.html) that mean something to the store. */
export const sqliteResult = Object.freeze({
  busy: 5,
  locked: 6,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notADatabase: 26,
});

/** The primary result code of an error of the driver; undefined for any other error. */
export function sqliteResultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined;
  return error.errcode & 0xff;
}

/** Version of the SQLite in use, such as `3.53.4`. */
export function sqliteVersion(database: Database): string {
  const row = database.prepare('SELECT sqlite_version() AS version').get();
  return typeof row === 'object' && row !== null && 'version' in row ? String(row.version) : 'unknown';
}

/**
 * Before 3.51.3 a checkpoint by one connection while another writes could lose a write-ahead log's tail
 * (the "WAL-reset bug"): there only the writing connection may checkpoint.
 */
export function checkpointsBesideWriter(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  return major > 3 || (major === 3 && (minor > 51 || (minor === 51 && patch >= 3)));
}
