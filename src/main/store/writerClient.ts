import type { Worker } from 'node:worker_threads';
import { assertNever } from '../../shared/assertNever.ts';
import type { Failure } from '../../shared/failure.ts';
import { SegmentPool } from './segmentBuffer.ts';
import { startWriterThread } from './startWriterThread.ts';
import { WriterChannel, type WriterLink } from './writerChannel.ts';
import type { WriterCommand, WriterReport } from './writerMessages.ts';

/** Longest time that bytes wait in the engine's thread; with the commit itself this stays below 10 ms as a rule. */
const handOverMillis = 8;

/** The engine's side of the writer thread: starts it when first needed, carries commands and reports. */
export class WriterClient implements WriterLink {
  readonly pool: SegmentPool;
  readonly #limitBytes: number;
  readonly #channels = new Map<number, WriterChannel>();
  readonly #waiting = new Set<WriterChannel>();
  readonly #handOvers = new Set<() => void>();
  #handOverTimer: NodeJS.Timeout | undefined;
  #thread: Worker | undefined;
  #ended: Promise<void> = Promise.resolve();
  #ready: Promise<void> = Promise.resolve();
  #nowReady = (): void => undefined;
  #reserve: string | undefined;
  #nextChannel = 0;
  #outgoing: WriterCommand[] = [];
  #unwrittenBytes = 0;
  #busyChannels = 0;
  #stopping = false;

  /** @param limitBytes unwritten bytes of all recordings at which their sockets are asked to pause */
  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
    this.pool = new SegmentPool(limitBytes);
  }

  /** Starts the thread, if it does not run. Resolves when it takes commands at once, or never will. */
  start(): Promise<void> {
    this.#thread ??= this.#startThread();
    return this.#ready;
  }

  openChannel(path: string): WriterChannel {
    void this.start();
    const channel = new WriterChannel(this.#nextChannel++, this);
    this.#channels.set(channel.id, channel);
    this.send({ kind: 'open', channel: channel.id, path });
    return channel;
  }

  /** Names a file that may be deleted to make room for an ending when the disk is full. */
  useReserve(path: string): void {
    this.#reserve = path;
    if (this.#thread !== undefined) this.send({ kind: 'reserve', path });
  }

  #startThread(): Worker {
    const thread = startWriterThread({ role: 'writer' });
    // The thread alone keeps no program running; `setBusy` does while something is unwritten.
    thread.unref();
    thread.on('message', (reports: readonly WriterReport[]) => {
      for (const report of reports) this.#receive(report);
    });
    this.#ready = new Promise((resolve) => {
      this.#nowReady = resolve;
    });
    this.#ended = new Promise((resolve) => {
      thread.on('exit', () => {
        this.#nowReady();
        resolve();
      });
    });
    thread.on('error', (error) => {
      this.#lost(error);
    });
    if (this.#reserve !== undefined) {
      thread.postMessage([{ kind: 'reserve', path: this.#reserve }] satisfies readonly WriterCommand[]);
    }
    return thread;
  }

  send(command: WriterCommand): void {
    if (this.#thread === undefined) return;
    this.#outgoing.push(command);
    // Many recordings hand over in one turn: a message for each would cost more than what it says.
    if (this.#outgoing.length === 1) queueMicrotask(() => this.#post());
  }

  #post(): void {
    const commands = this.#outgoing;
    this.#outgoing = [];
    this.#thread?.postMessage(commands);
  }

  #receive(report: WriterReport): void {
    if (report.kind === 'ready') {
      this.#nowReady();
      return;
    }
    const channel = this.#channels.get(report.channel);
    if (channel === undefined) return;
    switch (report.kind) {
      case 'committed':
        channel.committed(report.sequence);
        return;
      case 'failed':
        channel.failed(report.failure);
        return;
      case 'finished':
        channel.finished(report.failure, report.endingKept);
        return;
      case 'endingLog':
        channel.endingLog();
        return;
      case 'oneFile':
        channel.oneFile();
        return;
      case 'closed':
        this.#channels.delete(channel.id);
        channel.closed();
        return;
      default:
        assertNever(report, 'writer report');
    }
  }

  /** The thread died of a bug or for want of memory: what it had not committed is lost, and everybody is told. */
  #lost(error: unknown): void {
    const failure: Failure = {
      code: 'store/unwritable',
      message:
        `The part of Streamscope that writes recordings ended unexpectedly: ${error instanceof Error ? error.message : String(error)}. ` +
        'What was kept before stays. The next recording starts it anew.',
      retry: true,
    };
    const channels = [...this.#channels.values()];
    this.#channels.clear();
    this.#outgoing = [];
    this.#thread = undefined;
    for (const channel of channels) {
      channel.failed(failure);
      channel.finished(failure, false);
      channel.closed();
    }
  }

  setBusy(busy: boolean): void {
    this.#busyChannels += busy ? 1 : -1;
    if (busy && this.#busyChannels === 1) this.#thread?.ref();
    if (!busy && this.#busyChannels === 0 && !this.#stopping) this.#thread?.unref();
  }

  took(bytes: number): void {
    this.#unwrittenBytes += bytes;
  }

  released(bytes: number): void {
    this.#unwrittenBytes -= bytes;
    if (this.#unwrittenBytes > this.#limitBytes / 2 || this.#waiting.size === 0) return;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const channel of waiting) channel.drained();
  }

  mayGoOn(channel: WriterChannel): boolean {
    if (this.#unwrittenBytes < this.#limitBytes) return true;
    this.#waiting.add(channel);
    return false;
  }

  scheduleHandOver(handOver: () => void): void {
    this.#handOvers.add(handOver);
    this.#handOverTimer ??= setTimeout(() => {
      this.#handOverTimer = undefined;
      const due = [...this.#handOvers];
      this.#handOvers.clear();
      for (const run of due) run();
    }, handOverMillis);
  }

  /** Commits and closes everything; resolves when the thread is gone. */
  async stop(): Promise<void> {
    clearTimeout(this.#handOverTimer);
    for (const run of this.#handOvers) run();
    this.#handOvers.clear();
    this.#stopping = true;
    this.#thread?.ref();
    this.send({ kind: 'stop' });
    await this.#ended;
    this.#thread = undefined;
  }
}
