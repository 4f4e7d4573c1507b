import { rmSync } from 'node:fs';
import path from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import { assertNever } from '../../shared/assertNever.ts';
import type { Failure } from '../../shared/failure.ts';
import { CheckpointHelper } from './checkpointHelper.ts';
import { RecordingSession, warmUpSessions } from './recordingSession.ts';
import { writeFailure } from './storeFailure.ts';
import type { WriteOperation, WriterCommand, WriterReport } from './writerMessages.ts';

const mebi = 1_048_576;
/**
 * A log this long is copied into its database by the helper. Long enough that a burst is over before the copying takes
 * its share of the disk; short enough that taking a killed writer's log back takes a fraction of a second.
 */
const helpedCheckpointBytes = 512 * mebi;
/**
 * A log this long is copied by the writer itself in a few milliseconds, and at an ending before it is told to be saved:
 * then one file is left at once.
 */
const ownCheckpointBytes = 4 * mebi;
/** Beyond this the writer stops and copies: the log must not grow without bound where the helper does not keep up. */
const forcedCheckpointBytes = 1_024 * mebi;
const checkpointRounds = 8;
const syncMillis = 1_000;
/** A new file is flushed as a whole this long after its first commit, unless it has its ending by then. */
const settleMillis = 100;

interface Channel {
  readonly id: number;
  readonly file: OpenFile;
  sequence: number;
  pending: WriteOperation[];
  finish: readonly WriteOperation[] | undefined;
  finishing: boolean;
  closing: boolean;
  failure: Failure | undefined;
}

interface OpenFile {
  readonly session: RecordingSession;
  readonly channels: Set<Channel>;
  draining: Promise<void> | undefined;
  settleTimer: NodeJS.Timeout | undefined;
  /** Its log is being ended; resolves with the error of the disk, if any. */
  ending: Promise<unknown> | undefined;
  /** Nothing may be committed meanwhile. */
  isHeld: boolean;
}

/** The writer thread's work: one transaction per file for all that came since the last, reports, logs, endings. */
export class WriterService {
  readonly #port: MessagePort;
  readonly #channels = new Map<number, Channel>();
  readonly #files = new Map<string, OpenFile>();
  /** For long logs. */
  readonly #copier = new CheckpointHelper();
  /** For endings and beginnings, which must not wait behind a long log. */
  readonly #ender = new CheckpointHelper();
  #reserve: string | undefined;
  /** Files that something is to be done with at the next flush. */
  readonly #due = new Set<OpenFile>();
  #reports: WriterReport[] = [];
  #flushing = false;
  #stopping = false;
  #syncTimer: NodeJS.Timeout | undefined;

  constructor(port: MessagePort) {
    this.#port = port;
  }

  serve(): void {
    this.#port.on('message', (commands: readonly WriterCommand[]) => {
      for (const command of commands) this.#take(command);
      // All messages that wait are taken before the flush: they share a transaction.
      if (this.#flushing) return;
      this.#flushing = true;
      setImmediate(() => {
        this.#flushing = false;
        this.#flush();
      });
    });
    this.#syncTimer = setInterval(() => {
      this.#syncAll();
    }, syncMillis);
    warmUpSessions();
    this.#report({ kind: 'ready' });
  }

  #report(report: WriterReport): void {
    this.#reports.push(report);
    if (this.#reports.length === 1) queueMicrotask(() => this.#postReports());
  }

  #postReports(): void {
    const reports = this.#reports;
    this.#reports = [];
    if (reports.length > 0) this.#port.postMessage(reports);
  }

  #take(command: WriterCommand): void {
    switch (command.kind) {
      case 'open':
        this.#open(command.channel, command.path);
        return;
      case 'write': {
        const channel = this.#dueChannel(command.channel);
        channel.sequence = command.sequence;
        if (channel.failure === undefined) channel.pending.push(command.operation);
        return;
      }
      case 'finish':
        this.#dueChannel(command.channel).finish = command.operations;
        return;
      case 'close':
        this.#dueChannel(command.channel).closing = true;
        return;
      case 'reserve':
        this.#reserve = command.path;
        return;
      case 'stop':
        this.#stopping = true;
        for (const id of this.#channels.keys()) this.#dueChannel(id).closing = true;
        return;
      default:
        assertNever(command, 'writer command');
    }
  }

  #open(id: number, recordingPath: string): void {
    let file = this.#files.get(recordingPath);
    if (file === undefined) {
      file = {
        session: new RecordingSession(recordingPath),
        channels: new Set(),
        draining: undefined,
        settleTimer: undefined,
        ending: undefined,
        isHeld: false,
      };
      this.#files.set(recordingPath, file);
    }
    const channel: Channel = {
      id,
      file,
      sequence: 0,
      pending: [],
      finish: undefined,
      finishing: false,
      closing: false,
      failure: undefined,
    };
    file.channels.add(channel);
    this.#channels.set(id, channel);
  }

  /** A channel whose file has something to do at the next flush. */
  #dueChannel(id: number): Channel {
    const channel = this.#channels.get(id);
    if (channel === undefined) throw new Error(`channel ${String(id)} is not open`);
    this.#due.add(channel.file);
    return channel;
  }

  #flush(): void {
    const due = [...this.#due];
    this.#due.clear();
    for (const file of due) this.#flushFile(file);
    if (this.#stopping && this.#channels.size === 0) void this.#stop();
  }

  #flushFile(file: OpenFile): void {
    if (file.isHeld) return;
    const writing = [...file.channels].filter(({ pending }) => pending.length > 0);
    if (writing.length > 0) {
      const operations = writing.flatMap(({ pending }) => pending);
      for (const channel of writing) channel.pending = [];
      if (
        this.#attempt(file, writing, () => {
          file.session.commit(operations, false);
        })
      ) {
        for (const { id, sequence } of writing) this.#report({ kind: 'committed', channel: id, sequence });
        if (!file.session.isSettled) this.#settleSoon(file);
      }
    }
    this.#keepLogShort(file);
    for (const channel of file.channels) {
      if (channel.finish !== undefined && !channel.finishing) void this.#finish(channel, channel.finish);
      else if (channel.closing && !channel.finishing) void this.#close(channel);
    }
  }

  /** Runs a step of writing; on failure the channels concerned are told and write no more. */
  #attempt(file: OpenFile, channels: Iterable<Channel>, step: () => void): boolean {
    try {
      step();
      return true;
    } catch (error) {
      const failure = writeFailure(error, path.basename(file.session.path));
      for (const channel of channels) this.#fail(channel, failure);
      file.session.abandon();
      return false;
    }
  }

  #fail(channel: Channel, failure: Failure): void {
    if (channel.failure !== undefined) return;
    channel.failure = failure;
    channel.pending = [];
    this.#report({ kind: 'failed', channel: channel.id, failure });
  }

  #keepLogShort(file: OpenFile): void {
    const { session } = file;
    if (session.bytesInLog >= forcedCheckpointBytes) {
      this.#attempt(file, file.channels, () => {
        session.checkpoint();
      });
    } else if (session.bytesInLog >= helpedCheckpointBytes) {
      void this.#drainLog(file);
    }
  }

  /**
   * Has the helper copy the log while commits go on, each time less than before, until the rest is so small that the
   * writer copies it itself between two commits: then the log begins anew.
   */
  #drainLog(file: OpenFile): Promise<void> {
    file.draining ??= this.#drainLogOnce(file).finally(() => {
      file.draining = undefined;
    });
    return file.draining;
  }

  async #drainLogOnce(file: OpenFile): Promise<void> {
    const { session } = file;
    for (let round = 0; round < checkpointRounds && session.bytesInLog > ownCheckpointBytes; round++) {
      const before = session.bytesInLog;
      const outcome = await this.#copier.checkpoint(session.path, 'copy');
      if (outcome.is !== 'copied') break;
      session.checkpointed(outcome.remainingBytes, before);
    }
    this.#attempt(file, file.channels, () => {
      session.checkpoint();
    });
  }

  #settleSoon(file: OpenFile): void {
    file.settleTimer ??= setTimeout(() => {
      if (!file.session.isSettled && !file.isHeld) void this.#settle(file);
    }, settleMillis);
  }

  /** Flushes a new file as a whole. Resolves with the error of the disk, if any. */
  async #settle(file: OpenFile): Promise<unknown> {
    const { session } = file;
    const outcome = await this.#ender.checkpoint(session.path, 'copy');
    if (outcome.is === 'undone') {
      this.#attempt(file, file.channels, () => {
        session.checkpoint();
      });
    }
    if (outcome.is === 'failed') return outcome.error;
    return session.settle();
  }

  async #finish(channel: Channel, operations: readonly WriteOperation[]): Promise<void> {
    channel.finishing = true;
    const { file } = channel;
    let failure = channel.failure ?? null;
    let endingKept: boolean;
    if (failure === null) {
      const error = await this.#writeEnding(file, operations);
      endingKept = error === null || this.#endFromReserve(file, operations);
      if (!endingKept) {
        failure = writeFailure(error, path.basename(file.session.path));
        this.#fail(channel, failure);
      }
    } else {
      endingKept = this.#endFromReserve(file, operations);
    }
    channel.finish = undefined;
    channel.finishing = false;
    this.#report({ kind: 'finished', channel: channel.id, failure, endingKept });
    if (file.session.isLogging && failure === null) void this.#endLog(file);
    if (channel.closing) void this.#close(channel);
  }

  /** The error of the disk, null when the ending is on it. */
  async #writeEnding(file: OpenFile, operations: readonly WriteOperation[]): Promise<unknown> {
    const { session } = file;
    try {
      session.commit(operations, false);
    } catch (error) {
      // What no disk causes is thrown on.
      writeFailure(error, session.path);
      session.abandon();
      return error;
    }
    if (session.bytesInLog <= ownCheckpointBytes) return this.#endLog(file);
    return (session.isSettled ? null : await this.#settle(file)) ?? session.sync();
  }

  /** Copies what is left of a log and leaves one file behind. Resolves with the error of the disk, if any. */
  #endLog(file: OpenFile): Promise<unknown> {
    file.ending ??= this.#endLogOnce(file).finally(() => {
      file.ending = undefined;
      file.isHeld = false;
      this.#flushFile(file);
    });
    return file.ending;
  }

  async #endLogOnce(file: OpenFile): Promise<unknown> {
    const { session } = file;
    if (session.bytesInLog > ownCheckpointBytes) await this.#drainLog(file);
    // Without a log every commit was flushed.
    if (!session.isLogging) return null;
    file.isHeld = true;
    for (const { id } of file.channels) this.#report({ kind: 'endingLog', channel: id });
    const outcome = await this.#ender.checkpoint(session.path, 'end');
    if (outcome.is === 'failed') return outcome.error;
    if (outcome.is === 'undone') return session.sync();
    const unsettled = await session.settle();
    if (unsettled !== null) return unsettled;
    if (session.endCopiedLog()) for (const { id } of file.channels) this.#report({ kind: 'oneFile', channel: id });
    return null;
  }

  /** Gives up the reserve so that at least the ending of a recording that filled the disk can be told. */
  #endFromReserve(file: OpenFile, operations: readonly WriteOperation[]): boolean {
    if (this.#reserve !== undefined) rmSync(this.#reserve, { force: true });
    const { session } = file;
    const isKept = this.#isDone(file, () => {
      session.commit(operations, true);
    });
    // Where there is no room to copy the log it stays, and the ending in it.
    if (isKept) this.#isDone(file, () => session.close());
    return isKept;
  }

  /** False when the disk failed. What no disk causes is thrown on. */
  #isDone({ session }: OpenFile, step: () => void): boolean {
    try {
      step();
      return true;
    } catch (error) {
      writeFailure(error, session.path);
      session.abandon();
      return false;
    }
  }

  async #close(channel: Channel): Promise<void> {
    const { file } = channel;
    const { session } = file;
    file.channels.delete(channel);
    await file.ending;
    if (file.channels.size > 0) {
      // Whoever wrote beside a live recording is told when no power cut takes it back.
      if (session.unsynced) await session.sync();
    } else if (this.#files.get(session.path) === file) {
      clearTimeout(file.settleTimer);
      this.#files.delete(session.path);
      this.#attempt(file, [channel], () => {
        session.close();
      });
    }
    this.#channels.delete(channel.id);
    this.#report({ kind: 'closed', channel: channel.id });
    if (this.#stopping && this.#channels.size === 0) void this.#stop();
  }

  #syncAll(): void {
    for (const file of this.#files.values()) {
      if (!file.session.unsynced || file.isHeld) continue;
      void file.session.sync().then((error) => {
        if (error !== null)
          this.#attempt(file, file.channels, () => {
            throw error;
          });
      });
    }
  }

  async #stop(): Promise<void> {
    clearInterval(this.#syncTimer);
    await Promise.all([this.#copier.stop(), this.#ender.stop()]);
    this.#postReports();
    this.#port.close();
  }
}
