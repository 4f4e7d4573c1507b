import type { Worker } from 'node:worker_threads';
import { assertNever } from '../../shared/assertNever.ts';
import type { SearchExcerpt } from '../../shared/library.ts';
import type { RecordingId } from '../../shared/words.ts';
import type { RecordingTexts, SearchAnswer } from './recordingStore.ts';
import type { SearchCommand, SearchReport, TextFound } from './searchMessages.ts';
import { startWriterThread } from './startWriterThread.ts';

interface Waiting {
  settle(report: SearchReport): void;
}

/** The engine's side of the search thread. The thread starts with the first thing asked of it. */
export class SearchClient implements RecordingTexts {
  readonly #folder: string;
  readonly #idsNow: () => readonly RecordingId[];
  readonly #calls = new Map<number, Waiting>();
  readonly #whenIdle = new Set<() => void>();
  #thread: Worker | undefined;
  #ended: Promise<void> = Promise.resolve();
  #nextCall = 0;
  #unindexed = 0;
  /** Commands to index something, to the thread that runs now. */
  #wishesSent = 0;
  #stopped = false;

  /** @param idsNow all ended recordings, asked for when the thread starts */
  constructor(folder: string, idsNow: () => readonly RecordingId[]) {
    this.#folder = folder;
    this.#idsNow = idsNow;
  }

  /** Recordings whose text is not searched yet. */
  get unindexed(): number {
    return this.#unindexed;
  }

  /** Starts the thread, which then takes in what the index lacks. */
  start(): void {
    if (this.#thread !== undefined || this.#stopped) return;
    const thread = startWriterThread({ role: 'search', folder: this.#folder });
    thread.unref();
    thread.on('message', (report: SearchReport) => {
      this.#receive(report);
    });
    thread.on('error', (error) => {
      const reason = error instanceof Error ? error.message : String(error);
      this.#lost(`Searching ended unexpectedly: ${reason}. The next search starts it anew.`);
    });
    this.#ended = new Promise((resolve) => {
      thread.on('exit', () => {
        resolve();
      });
    });
    this.#thread = thread;
    this.#wishesSent = 0;
    const ids = this.#idsNow();
    this.#unindexed = ids.length;
    this.#send({ kind: 'match', ids });
  }

  #send(command: SearchCommand): void {
    if (this.#thread === undefined) return;
    if (command.kind === 'index' || command.kind === 'match') this.#wishesSent++;
    this.#thread.postMessage(command);
  }

  #receive(report: SearchReport): void {
    switch (report.kind) {
      case 'progress':
        // What was sent meanwhile is not in this count yet; the report after it will have it.
        if (report.wishesTaken < this.#wishesSent && report.waiting === 0) return;
        this.#unindexed = report.waiting;
        if (report.waiting === 0) this.#idle();
        return;
      case 'failed':
        if (report.call === null) this.#idle();
        else this.#settle(report.call, report);
        return;
      case 'found':
      case 'excerpts':
        this.#settle(report.call, report);
        return;
      default:
        assertNever(report, 'search report');
    }
  }

  #idle(): void {
    for (const resolve of this.#whenIdle) resolve();
    this.#whenIdle.clear();
  }

  #settle(call: number, report: SearchReport): void {
    const waiting = this.#calls.get(call);
    this.#calls.delete(call);
    if (this.#calls.size === 0) this.#thread?.unref();
    waiting?.settle(report);
  }

  #lost(problem: string): void {
    this.#thread = undefined;
    for (const call of [...this.#calls.keys()]) this.#settle(call, { kind: 'failed', call, problem });
    this.#idle();
  }

  #ask<T>(
    command: (call: number) => SearchCommand,
    answerOf: (report: SearchReport) => T | undefined,
  ): Promise<SearchAnswer<T>> {
    this.start();
    const call = this.#nextCall++;
    return new Promise((resolve) => {
      this.#calls.set(call, {
        settle: (report) => {
          const answer = answerOf(report);
          if (answer !== undefined) resolve({ answer });
          else resolve({ problem: report.kind === 'failed' ? report.problem : 'The search was broken off.' });
        },
      });
      this.#thread?.ref();
      this.#send(command(call));
      if (this.#stopped) this.#lost('The library is closed.');
    });
  }

  find(words: readonly string[]): Promise<SearchAnswer<TextFound>> {
    return this.#ask(
      (call) => ({ kind: 'find', call, words }),
      (report) => (report.kind === 'found' ? report.found : undefined),
    );
  }

  excerpts(ids: readonly RecordingId[], words: readonly string[]): Promise<SearchAnswer<readonly SearchExcerpt[]>> {
    return this.#ask(
      (call) => ({ kind: 'excerpts', call, ids, words }),
      (report) => (report.kind === 'excerpts' ? report.excerpts : undefined),
    );
  }

  /** Resolves when every recording's text is in the index, or cannot be. */
  async indexed(): Promise<void> {
    this.start();
    if (this.#unindexed === 0) return;
    this.#thread?.ref();
    await new Promise<void>((resolve) => this.#whenIdle.add(resolve));
    if (this.#calls.size === 0) this.#thread?.unref();
  }

  /** A recording has ended, or its text has changed. Of a thread that does not run, nothing is asked: it will see. */
  changed(id: RecordingId): void {
    if (this.#thread !== undefined) this.#unindexed++;
    this.#send({ kind: 'index', id });
  }

  removed(ids: readonly RecordingId[]): void {
    this.#send({ kind: 'remove', ids });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#thread?.ref();
    this.#send({ kind: 'stop' });
    await this.#ended;
    this.#lost('The library is closed.');
  }
}
