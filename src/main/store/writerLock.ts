import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import path from 'node:path';
import { openDatabase, sqliteResult, sqliteResultCode, type Database } from './sqlite.ts';

const lockName = /^writer-\d{1,10}-[0-9a-f]{16}\.lock$/;
const reserveSuffix = '.reserve';
const reserveBytes = 524_288;
/** A lock file this old belongs to a process that has had time to lock it. */
const settledMillis = 60_000;

/**
 * Says "the process that writes these recordings lives": an empty database that it keeps locked. The system lets go
 * of the lock when the process ends, however it ends, and no other process can be taken for it.
 */
export class WriterLock {
  /** File name; a live recording carries it. */
  readonly name: string;
  /** A file of random bytes to be given up when the disk is full, so that endings can be written. */
  readonly reserve: string;
  readonly #file: string;
  readonly #database: Database;

  /** @throws the driver's or the file system's error when the folder cannot be written */
  constructor(folder: string) {
    this.name = `writer-${String(process.pid)}-${randomBytes(8).toString('hex')}.lock`;
    this.#file = path.join(folder, this.name);
    this.reserve = this.#file + reserveSuffix;
    closeSync(openSync(this.#file, 'wx', 0o600));
    this.#database = openDatabase(this.#file, { mode: 'write' });
    this.#database.exec('BEGIN EXCLUSIVE');
    writeReserve(this.reserve);
  }

  release(): void {
    this.#database.close();
    removeLock(this.#file);
  }
}

function writeReserve(file: string): void {
  const handle = openSync(file, 'wx', 0o600);
  try {
    writeSync(handle, randomBytes(reserveBytes));
  } finally {
    closeSync(handle);
  }
}

function removeLock(file: string): void {
  rmSync(file, { force: true });
  rmSync(file + reserveSuffix, { force: true });
}

/**
 * Tells whether the process behind a lock's name lives. A name comes out of a file, so it is checked first; what a
 * dead process left is deleted.
 */
export function writerLives(folder: string, name: string): boolean {
  if (!lockName.test(name)) return false;
  const file = path.join(folder, name);
  let database: Database;
  try {
    database = openDatabase(file, { mode: 'read', busyMillis: 0 });
  } catch (error) {
    if (sqliteResultCode(error) === sqliteResult.cannotOpen) return false;
    throw error;
  }
  try {
    // Reading takes a shared lock: it meets the writer's, but not that of another who asks.
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
  } catch (error) {
    if (sqliteResultCode(error) === sqliteResult.busy) return true;
    if (sqliteResultCode(error) === undefined) throw error;
  } finally {
    database.close();
  }
  removeLock(file);
  return false;
}

/** Deletes what dead processes left and no recording names. */
export function removeDeadLocks(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!lockName.test(name)) continue;
    const found = statSync(path.join(folder, name), { throwIfNoEntry: false });
    if (found !== undefined && Date.now() - found.mtimeMs > settledMillis) writerLives(folder, name);
  }
}
