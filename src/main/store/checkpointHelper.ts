import type { MessagePort, Worker } from 'node:worker_threads';
import { pageBytes } from './recordingFormat.ts';
import { openDatabase, sqliteResultCode, sqliteVersion, checkpointsBesideWriter } from './sqlite.ts';
import { startWriterThread } from './startWriterThread.ts';
import type { CheckpointReport, CheckpointRequest } from './writerMessages.ts';

/**
 * Copies logs into their databases on a thread of its own, so that commits go on meanwhile. Started when the first
 * long log asks for it. Belongs to the writer's thread.
 */
export class CheckpointHelper {
  #thread: Worker | undefined;
  readonly #waiting = new Map<string, (remainingBytes: number) => void>();
  #usable = true;

  /** Resolves with the bytes that remain in the log, or −1 when it has to be done on the caller's thread. */
  checkpoint(path: string): Promise<number> {
    if (!this.#usable) return Promise.resolve(-1);
    this.#thread ??= this.#start();
    const thread = this.#thread;
    return new Promise((resolve) => {
      this.#waiting.set(path, resolve);
      thread.postMessage({ path } satisfies CheckpointRequest);
    });
  }

  #start(): Worker {
    const thread = startWriterThread({ role: 'checkpoints' });
    thread.on('message', (report: CheckpointReport) => {
      const resolve = this.#waiting.get(report.path);
      this.#waiting.delete(report.path);
      resolve?.(report.remainingBytes);
    });
    // Without the helper nothing is lost but speed: the writer copies logs itself.
    thread.on('error', () => {
      this.#usable = false;
    });
    thread.on('exit', () => {
      this.#usable = false;
      for (const resolve of this.#waiting.values()) resolve(-1);
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
  port.on('message', ({ path }: CheckpointRequest) => {
    port.postMessage({ path, remainingBytes: checkpoint(path) } satisfies CheckpointReport);
  });
}

function checkpoint(path: string): number {
  try {
    const database = openDatabase(path, { mode: 'write' });
    try {
      if (!checkpointsBesideWriter(sqliteVersion(database))) return -1;
      database.exec('PRAGMA synchronous=NORMAL');
      const row = database.prepare('PRAGMA wal_checkpoint(PASSIVE)').get();
      const { log, checkpointed } = row as Readonly<Record<string, unknown>>;
      if (typeof log !== 'number' || typeof checkpointed !== 'number' || log < 0) return -1;
      return (log - checkpointed) * pageBytes;
    } finally {
      database.close();
    }
  } catch (error) {
    // The writer meets the same trouble at once, and tells of it.
    if (sqliteResultCode(error) === undefined) throw error;
    return -1;
  }
}
