import type { MessagePort, Worker } from 'node:worker_threads';
import { pageBytes } from './recordingFormat.ts';
import { openDatabase, sqliteResultCode, sqliteVersion, checkpointsBesideWriter } from './sqlite.ts';
import { startWriterThread } from './startWriterThread.ts';
import type { CheckpointKind, CheckpointReport, CheckpointRequest, CheckpointTrouble } from './writerMessages.ts';

/** What became of a log. */
export type LogOutcome =
  /** `remainingBytes` of the log are not in the database; what is there was flushed. */
  | { readonly is: 'copied'; readonly remainingBytes: number }
  /** It has to be done on the caller's thread, or a reader is in the way. */
  | { readonly is: 'undone' }
  /** The disk failed: an error as the driver throws it. */
  | { readonly is: 'failed'; readonly error: Error };

/** An error of the driver that another thread met: `writeFailure` reads its code. */
class ForwardedError extends Error {
  override readonly name = 'ForwardedError';
  readonly errcode: number;

  constructor({ message, errcode }: CheckpointTrouble) {
    super(message);
    this.errcode = errcode;
  }
}

/**
 * Copies logs into their databases and flushes both on a thread of its own, so that commits go on meanwhile: no flush
 * ever holds up the thread that commits. Started when first asked. Belongs to the writer's thread.
 */
export class CheckpointHelper {
  #thread: Worker | undefined;
  readonly #waiting = new Map<number, (outcome: LogOutcome) => void>();
  #next = 0;
  #usable = true;

  /** Copies what is in the log now; `end` wants all of it, and leaves an empty log. */
  checkpoint(path: string, kind: CheckpointKind): Promise<LogOutcome> {
    if (!this.#usable) return Promise.resolve({ is: 'undone' });
    this.#thread ??= this.#start();
    const thread = this.#thread;
    const id = this.#next++;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      thread.postMessage({ id, path, kind } satisfies CheckpointRequest);
    });
  }

  #start(): Worker {
    const thread = startWriterThread({ role: 'checkpoints' });
    thread.on('message', ({ id, remainingBytes, trouble }: CheckpointReport) => {
      const resolve = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (trouble !== null) resolve?.({ is: 'failed', error: new ForwardedError(trouble) });
      else resolve?.(remainingBytes < 0 ? { is: 'undone' } : { is: 'copied', remainingBytes });
    });
    // Without the helper nothing is lost but speed: the writer copies logs itself.
    thread.on('error', () => {
      this.#usable = false;
    });
    thread.on('exit', () => {
      this.#usable = false;
      for (const resolve of this.#waiting.values()) resolve({ is: 'undone' });
      this.#waiting.clear();
    });
    return thread;
  }

  async stop(): Promise<void> {
    this.#usable = false;
    await this.#thread?.terminate();
    this.#thread = undefined;
  }
}

/** The helper's side: one checkpoint a request. */
export function serveCheckpoints(port: MessagePort): void {
  port.on('message', ({ id, path, kind }: CheckpointRequest) => {
    port.postMessage({ id, ...checkpoint(path, kind) } satisfies CheckpointReport);
  });
}

const undone = { remainingBytes: -1, trouble: null };

function checkpoint(path: string, kind: CheckpointKind): Omit<CheckpointReport, 'id'> {
  try {
    const database = openDatabase(path, { mode: 'write' });
    try {
      // Nobody writes a file whose log is being ended.
      if (kind === 'copy' && !checkpointsBesideWriter(sqliteVersion(database))) return undone;
      database.exec('PRAGMA synchronous=FULL');
      const mode = kind === 'end' ? 'TRUNCATE' : 'PASSIVE';
      const row = database.prepare(`PRAGMA wal_checkpoint(${mode})`).get();
      const { busy, log, checkpointed } = row as Readonly<Record<string, unknown>>;
      if (busy !== 0 || typeof log !== 'number' || typeof checkpointed !== 'number' || log < 0) return undone;
      return { remainingBytes: (log - checkpointed) * pageBytes, trouble: null };
    } finally {
      database.close();
    }
  } catch (error) {
    const errcode = sqliteResultCode(error);
    if (errcode === undefined || !(error instanceof Error)) throw error;
    return { remainingBytes: -1, trouble: { message: error.message, errcode } };
  }
}
