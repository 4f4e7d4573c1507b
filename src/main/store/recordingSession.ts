import { existsSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { assertNever } from '../../shared/assertNever.ts';
import { syncFile, syncFolder, unsettledSuffix } from './recordingFiles.ts';
import { bodyBase, createRecordingSchema, pieceBytes, spaceCode } from './recordingFormat.ts';
import {
  inTransaction,
  openDatabase,
  openInMemory,
  sqliteResult,
  sqliteResultCode,
  type Database,
  type Statement,
} from './sqlite.ts';
import type { SealedSegment, TailPart, WriteOperation } from './writerMessages.ts';

/** Of a database's pages in memory between commits: what is written here is not read again. */
const cacheKibi = 256;
/**
 * Pages wait for their commit in memory, however many they are (the bytes that wait for it are bounded already). Written
 * before it, a page that changes again makes SQLite read all that it has logged since, and compute its checksums anew.
 */
const wholeCommits = 'PRAGMA cache_spill=OFF';

const insertPart = 'INSERT INTO tail (space, chunks, first_us, last_us, pairs, data) VALUES (?,?,?,?,?,?)';
const insertSegment = 'INSERT INTO segments VALUES (?,?,?,?,?,?,?,?)';
const insertTimes = 'INSERT INTO chunk_times VALUES (?,?)';
const insertBodyChunks = 'INSERT INTO body_chunks VALUES (?,?)';
const insertBytes = 'INSERT INTO bytes VALUES (?,?)';
const putDerived = 'INSERT OR REPLACE INTO derived VALUES (?,?,?,?,?)';
const putMeta = 'INSERT OR REPLACE INTO meta VALUES (?,?)';
const putWords =
  "INSERT INTO meta VALUES ('words',?) ON CONFLICT (key) DO UPDATE SET value=excluded.value " +
  "WHERE NOT json_valid(value) OR json_extract(value,'$.revision') IS NULL " +
  "OR json_extract(value,'$.revision') < json_extract(excluded.value,'$.revision')";

/** One recording's file while it is written, on the writer's thread. Methods throw the driver's errors. */
export class RecordingSession {
  readonly path: string;
  readonly #statements = new Map<string, Statement>();
  /** The one version of each derived cache that the file holds blocks of, as far as this session made sure. */
  readonly #versionKept = new Map<string, string>();
  #database: Database | undefined;
  #logging = false;
  #bytesInLog = 0;
  #unsyncedCommits = false;
  #syncRunning = false;
  #isSettled = true;
  /** Nothing was committed since the file was laid out. */
  #isFirst = false;

  constructor(recordingPath: string) {
    this.path = recordingPath;
  }

  /** Estimate of what the write-ahead log holds beyond the database. */
  get bytesInLog(): number {
    return this.#bytesInLog;
  }

  /** True when something was committed that a power cut may take back. */
  get unsynced(): boolean {
    return this.#unsyncedCommits && !this.#syncRunning;
  }

  /** True while commits go to a log, which has to be ended. */
  get isLogging(): boolean {
    return this.#logging;
  }

  /** False as long as a power cut may take the file back altogether. */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** Does all operations in one transaction. `durably`: a power cut after it takes nothing back. */
  commit(operations: readonly WriteOperation[], durably: boolean): void {
    const database = this.#open();
    if (!this.#logging && operations.some(bringsBulk)) startLog(database);
    this.#logging ||= operations.some(bringsBulk);
    if (durably) database.exec('PRAGMA synchronous=EXTRA');
    inTransaction(database, () => {
      for (const operation of operations) this.#apply(database, operation);
    });
    if (this.#logging && (durably || this.#isFirst)) database.exec('PRAGMA synchronous=NORMAL');
    this.#isFirst = false;
    this.#unsyncedCommits = !durably;
  }

  #open(): Database {
    if (this.#database !== undefined) return this.#database;
    const database = openDatabase(this.path, { mode: 'write', busyMillis: 2_000 });
    database.exec(`PRAGMA cache_size=${String(-cacheKibi)}; PRAGMA wal_autocheckpoint=0; ${wholeCommits}`);
    this.#database = database;
    this.#logging = isLogged(database);
    this.#isSettled = !existsSync(this.path + unsettledSuffix);
    this.#isFirst = this.#logging && !this.#isSettled && !hasLog(this.path);
    // The first commit to a new log would flush the log's head, and the first bytes would wait for the disk. Nothing that
    // was there before depends on it. Without a log every commit is rare and small, and must not endanger the file.
    // EXTRA: the deletion of a journal is flushed too, or a power cut would bring it back, and with it what was before.
    const mode = this.#isFirst ? 'OFF' : this.#logging ? 'NORMAL' : 'EXTRA';
    database.exec(`PRAGMA synchronous=${mode}`);
    return database;
  }

  /** The file as it was laid out is on the disk: a power cut leaves it whole from now on. Resolves with the error, if any. */
  async settle(): Promise<Error | null> {
    if (this.#isSettled) return null;
    const error = await syncFolder(path.dirname(this.path));
    if (error !== null) return error;
    this.#isSettled = true;
    rmSync(this.path + unsettledSuffix, { force: true });
    return null;
  }

  #apply(database: Database, operation: WriteOperation): void {
    switch (operation.kind) {
      case 'part':
        this.#writePart(database, operation);
        return;
      case 'segment':
        this.#writeSegment(database, operation);
        return;
      case 'derived': {
        const { cache, version, n, summary, bytes } = operation;
        // Looks at every block there is: once, or a long recording would take its square.
        if (this.#versionKept.get(cache) !== version) {
          this.#statement(database, 'DELETE FROM derived WHERE kind=? AND version<>?').run(cache, version);
          this.#versionKept.set(cache, version);
        }
        this.#statement(database, putDerived).run(cache, version, n, summary, bytes);
        this.#bytesInLog += bytes.length + summary.length;
        return;
      }
      case 'dropDerived':
        this.#statement(database, 'DELETE FROM derived WHERE kind=?').run(operation.cache);
        return;
      case 'facts':
        this.#statement(database, putMeta).run('facts', operation.json);
        return;
      case 'requestBody':
        this.#statement(database, putMeta).run('request_body', operation.json);
        return;
      case 'summary':
        this.#statement(database, putMeta).run('summary', operation.json);
        return;
      case 'words':
        this.#statement(database, putWords).run(operation.json);
        return;
      case 'ended':
        this.#statement(database, 'DELETE FROM meta WHERE key=?').run('writer');
        return;
      default:
        assertNever(operation, 'write operation');
    }
  }

  #writePart(database: Database, part: TailPart): void {
    const data = new Uint8Array(part.buffer, part.dataStart + part.dataFrom, part.dataTo - part.dataFrom);
    const pairs = new Uint8Array(part.buffer, part.pairsFrom, part.pairsTo - part.pairsFrom);
    const space = spaceCode[part.space];
    this.#statement(database, insertPart).run(space, part.chunks, part.firstMicros, part.lastMicros, pairs, data);
    this.#bytesInLog += data.length;
  }

  #writeSegment(database: Database, segment: SealedSegment): void {
    const { n, firstChunk, chunks, wireOffset, bytes, firstMicros, lastMicros } = segment.summary;
    const space = spaceCode[segment.space];
    if (segment.replacesTail) this.#statement(database, 'DELETE FROM tail WHERE space=?').run(space);
    this.#statement(database, insertSegment).run(
      space,
      n,
      firstChunk,
      chunks,
      wireOffset,
      bytes,
      firstMicros,
      lastMicros,
    );
    const pairs = new Uint8Array(segment.buffer, 0, segment.pairsLength);
    this.#statement(database, segment.space === 'wire' ? insertTimes : insertBodyChunks).run(n, pairs);
    const base = (segment.space === 'body' ? bodyBase : 0) + wireOffset;
    for (let from = 0; from < bytes; from += pieceBytes) {
      const data = new Uint8Array(segment.buffer, segment.dataStart + from, Math.min(bytes - from, pieceBytes));
      this.#statement(database, insertBytes).run(base + from, data);
    }
    this.#bytesInLog += bytes;
  }

  #statement(database: Database, sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  /**
   * Makes every commit so far survive a power cut, without holding up the thread: the log is flushed from another
   * thread while commits go on. Resolves with the error, if any.
   */
  sync(): Promise<Error | null> {
    this.#unsyncedCommits = false;
    if (!this.#logging) return Promise.resolve(null);
    this.#syncRunning = true;
    return syncFile(`${this.path}-wal`).finally(() => {
      this.#syncRunning = false;
    });
  }

  /** Copies the log into the database, on this thread. Another reader may keep a part of it from being copied. */
  checkpoint(): void {
    if (!this.#logging) return;
    this.#open().exec('PRAGMA wal_checkpoint(PASSIVE)');
    this.#bytesInLog = 0;
  }

  /** Another thread copied the log into the database, but for so many bytes and what was written meanwhile. */
  checkpointed(remainingBytes: number, bytesInLogBefore: number): void {
    this.#bytesInLog += remainingBytes - bytesInLogBefore;
  }

  /**
   * Leaves one file behind, after another thread copied all of the log and flushed what it had copied. False when a
   * reader keeps the log from being ended: then everything stays as it was.
   */
  endCopiedLog(): boolean {
    const database = this.#database;
    if (database === undefined) return true;
    // Whichever of these writes a power cut takes back, what is left says the same: the log is empty by now.
    database.exec('PRAGMA synchronous=OFF; PRAGMA busy_timeout=0');
    if (!leaveOneFile(database)) {
      database.exec('PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=2000');
      return false;
    }
    this.#forget();
    database.close();
    return true;
  }

  /** Leaves one file behind, if nobody else reads it just now, and lets go of it. Flushes on this thread. */
  close(): void {
    const database = this.#database;
    const isLogging = this.#logging;
    this.#forget();
    if (database === undefined) return;
    try {
      if (isLogging) {
        database.exec('PRAGMA busy_timeout=200');
        leaveOneFile(database);
      }
    } finally {
      database.close();
    }
  }

  /** Lets go of the file as it is, after an error. */
  abandon(): void {
    const database = this.#database;
    this.#forget();
    database?.close();
  }

  #forget(): void {
    this.#database = undefined;
    this.#versionKept.clear();
    this.#statements.clear();
    this.#logging = false;
    this.#bytesInLog = 0;
  }
}

/** Ends the log. A reader in another thread or process leaves it in place: it goes when the last of them closes. */
function leaveOneFile(database: Database): boolean {
  try {
    database.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode=DELETE');
    return true;
  } catch (error) {
    const code = sqliteResultCode(error);
    if (code !== sqliteResult.busy && code !== sqliteResult.locked) throw error;
    return false;
  }
}

function startLog(database: Database): void {
  database.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL');
}

function isLogged(database: Database): boolean {
  const row = database.prepare('PRAGMA journal_mode').get() as Readonly<Record<string, unknown>>;
  return row['journal_mode'] === 'wal';
}

function hasLog(recordingPath: string): boolean {
  return (statSync(`${recordingPath}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

function bringsBulk(operation: WriteOperation): boolean {
  return operation.kind === 'part' || operation.kind === 'segment' || operation.kind === 'derived';
}

/** Loads the driver and runs what a commit runs, in memory: what runs for the first time takes longer than ever after. */
export function warmUpSessions(): void {
  const database = openInMemory();
  try {
    createRecordingSchema(database);
    inTransaction(database, () => database.prepare(insertPart).run(0, 1, 0, 0, new Uint8Array(1), new Uint8Array(1)));
  } finally {
    database.close();
  }
}
