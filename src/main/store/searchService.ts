import type { MessagePort } from 'node:worker_threads';
import { assertNever } from '../../shared/assertNever.ts';
import type { RecordingId } from '../../shared/words.ts';
import { recordingText } from './recordingText.ts';
import { SearchIndex, type RecordingText } from './searchIndex.ts';
import type { SearchCommand, SearchReport } from './searchMessages.ts';
import { sqliteResultCode } from './sqlite.ts';

/** How long recordings are read before the texts are written and questions answered. */
const stepMillis = 25;

/** The search thread's work: takes in texts, in steps between which it answers questions. */
export class SearchService {
  readonly #port: MessagePort;
  readonly #folder: string;
  readonly #waiting = new Set<RecordingId>();
  #index: SearchIndex | undefined;
  #stepDue = false;

  #wishesTaken = 0;

  constructor(port: MessagePort, folder: string) {
    this.#port = port;
    this.#folder = folder;
  }

  serve(): void {
    this.#port.on('message', (command: SearchCommand) => {
      if (command.kind === 'index' || command.kind === 'match') this.#wishesTaken++;
      if (command.kind === 'stop') {
        this.#index?.close();
        this.#port.close();
        return;
      }
      const call = command.kind === 'find' || command.kind === 'excerpts' ? command.call : null;
      this.#attempt(call, (index) => {
        this.#take(index, command);
      });
    });
  }

  #report(report: SearchReport): void {
    this.#port.postMessage(report);
  }

  /** Trouble with the disk is told; the next attempt begins anew. */
  #attempt(call: number | null, act: (index: SearchIndex) => void): void {
    try {
      this.#index ??= SearchIndex.open(this.#folder);
      act(this.#index);
    } catch (error) {
      const isDisk = sqliteResultCode(error) !== undefined || (error instanceof Error && 'code' in error);
      if (!isDisk || !(error instanceof Error)) throw error;
      this.#index?.close();
      this.#index = undefined;
      this.#report({ kind: 'failed', call, problem: `The search index cannot be used: ${error.message}.` });
    }
  }

  #take(index: SearchIndex, command: Exclude<SearchCommand, { kind: 'stop' }>): void {
    switch (command.kind) {
      case 'match':
        this.#match(index, command.ids);
        return;
      case 'index':
        this.#waiting.add(command.id);
        this.#schedule();
        return;
      case 'remove':
        for (const id of command.ids) this.#waiting.delete(id);
        index.remove(command.ids);
        return;
      case 'find':
        this.#report({
          kind: 'found',
          call: command.call,
          found: { ids: command.words.map((word) => index.find(word)) },
        });
        return;
      case 'excerpts':
        this.#report({
          kind: 'excerpts',
          call: command.call,
          excerpts: index.excerpts(command.ids, command.words),
        });
        return;
      default:
        assertNever(command, 'search command');
    }
  }

  #match(index: SearchIndex, ids: readonly RecordingId[]): void {
    const present = new Set(ids);
    const indexed = index.ids();
    index.remove([...indexed].filter((id) => !present.has(id)));
    for (const id of ids) if (!indexed.has(id)) this.#waiting.add(id);
    this.#schedule();
  }

  #schedule(): void {
    this.#report({ kind: 'progress', waiting: this.#waiting.size, wishesTaken: this.#wishesTaken });
    if (this.#stepDue || this.#waiting.size === 0) return;
    this.#stepDue = true;
    setImmediate(() => {
      this.#stepDue = false;
      this.#attempt(null, (index) => {
        this.#step(index);
      });
    });
  }

  #step(index: SearchIndex): void {
    const until = performance.now() + stepMillis;
    const texts = new Map<RecordingId, RecordingText>();
    for (const id of this.#waiting) {
      texts.set(id, recordingText(this.#folder, id));
      this.#waiting.delete(id);
      if (performance.now() >= until) break;
    }
    index.put(texts);
    this.#schedule();
  }
}
