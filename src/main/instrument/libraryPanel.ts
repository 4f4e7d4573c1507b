import { recordingsToRetire } from '../../engine/library/retention.ts';
import { compileSearch } from '../../engine/library/searchExpression.ts';
import { searchLines, sortedLines } from '../../engine/library/searchLines.ts';
import { FailureError, type Outcome } from '../../shared/failure.ts';
import type {
  LibrarySearchResult,
  LibrarySort,
  LibraryUsage,
  RecordingChange,
  RetentionReport,
  SearchExcerpt,
} from '../../shared/library.ts';
import type { RecordingSummary } from '../../shared/recording.ts';
import type { RecordingId } from '../../shared/words.ts';
import { undoMillis } from '../store/library.ts';
import { searchedTextBytes } from '../store/recordingText.ts';
import type { Library } from '../store/recordingStore.ts';
import { searchIndexBytes } from '../store/searchIndex.ts';
import type { EventHub } from './eventHub.ts';
import { readSettings } from './keptSettings.ts';
import type { Recordings } from './recordings.ts';

const retentionMillis = 3_600_000;
const asideMillis = 5_000;
/** Recordings whose text is shown with what was found in it; more nobody reads. */
const excerptsAtMost = 200;

/** What people do with the library: find, say something of, remove, bring back, keep within bounds. */
export class LibraryPanel {
  readonly #library: Library;
  readonly #recordings: Recordings;
  readonly #hub: EventHub;
  #retentionTimer: NodeJS.Timeout | undefined;
  readonly #asideTimer: NodeJS.Timeout;
  #retention: RetentionReport | null = null;

  constructor(library: Library, recordings: Recordings, hub: EventHub) {
    this.#library = library;
    this.#recordings = recordings;
    this.#hub = hub;
    this.#asideTimer = setInterval(() => {
      library.deleteAside();
    }, asideMillis);
    this.#asideTimer.unref();
  }

  /** For a program that stays: text is taken into the index, and recordings are kept within bounds from now on. */
  keepHouse(): void {
    this.#library.texts.start();
    this.applyRetention();
    this.#retentionTimer = setInterval(() => {
      this.applyRetention();
    }, retentionMillis);
    this.#retentionTimer.unref();
  }

  /** As `search`, once every text was taken in. */
  async searchAll(expression: string, sort: LibrarySort): Promise<LibrarySearchResult> {
    if (valueOf(compileSearch(expression, Date.now())).words.length > 0) await this.#library.texts.indexed();
    return this.search(expression, sort);
  }

  /** @throws FailureError when the expression cannot be understood */
  async search(expression: string, sort: LibrarySort): Promise<LibrarySearchResult> {
    const search = valueOf(compileSearch(expression, Date.now()));
    const { texts } = this.#library;
    const words = search.words.map(({ text }) => text);
    let problem: string | null = null;
    let inText: readonly ReadonlySet<RecordingId>[] = [];
    if (words.length > 0) {
      const found = await texts.find(words);
      if ('answer' in found) inText = found.answer.ids.map((ids) => new Set(ids));
      else problem = found.problem;
    }
    const { lines, byText } = searchLines(this.#recordings.list(), search, inText);
    const sorted = sortedLines(lines, sort).map(({ id }) => id);
    const excerpts = await this.#excerpts(sorted, new Set(byText), words);
    return { ids: sorted, excerpts, unindexed: words.length > 0 ? texts.unindexed : 0, problem };
  }

  async #excerpts(
    ids: readonly RecordingId[],
    byText: ReadonlySet<RecordingId>,
    words: readonly string[],
  ): Promise<readonly SearchExcerpt[]> {
    const shown = ids.filter((id) => byText.has(id)).slice(0, excerptsAtMost);
    if (shown.length === 0) return [];
    const found = await this.#library.texts.excerpts(shown, words);
    return 'answer' in found ? found.answer : [];
  }

  /** @throws FailureError when a recording is not there or its file cannot be written */
  async change(ids: readonly RecordingId[], change: RecordingChange): Promise<readonly RecordingSummary[]> {
    const lines = valueOf(await this.#library.change(ids, change));
    return lines.map((line) => {
      const summary = this.#recordings.told(line.id) ?? line;
      this.#hub.emit('library.changed', { id: line.id, summary });
      return summary;
    });
  }

  /** @throws FailureError when a recording is not there or still live; then none is removed */
  remove(ids: readonly RecordingId[]): { readonly undoMillis: number } {
    valueOf(this.#library.putAside(ids));
    this.#recordings.forget(ids);
    for (const id of ids) this.#hub.emit('library.changed', { id, summary: null });
    return { undoMillis };
  }

  undoRemove(ids: readonly RecordingId[]): { readonly ids: readonly RecordingId[] } {
    const lines = valueOf(this.#library.bringBack(ids));
    for (const summary of lines) this.#hub.emit('library.changed', { id: summary.id, summary });
    return { ids: lines.map(({ id }) => id) };
  }

  usage(): LibraryUsage {
    const lines = this.#recordings.list();
    return {
      recordings: lines.length,
      bytes: lines.reduce((sum, { sizeOnDisk, counts }) => sum + (sizeOnDisk ?? counts.wireBytes), 0),
      starred: lines.filter(({ starred }) => starred).length,
      indexBytes: searchIndexBytes(this.#library.folder),
      unindexed: this.#library.texts.unindexed,
      searchedTextBytes,
      retention: this.#retention,
    };
  }

  /** Removes, for good, what the settings say is too old or too much. */
  applyRetention(): void {
    const retired = recordingsToRetire(this.#recordings.list(), readSettings(this.#library), Date.now(), (id) =>
      this.#recordings.isOpen(id),
    );
    let recordings = 0;
    let bytes = 0;
    for (const { id, sizeOnDisk } of retired) {
      // What another program holds or writes just now goes the next time.
      if (!this.#library.remove(id).ok) continue;
      recordings++;
      bytes += sizeOnDisk ?? 0;
      this.#hub.emit('library.changed', { id, summary: null });
    }
    if (recordings > 0) this.#retention = { at: Date.now(), recordings, bytes };
  }

  close(): void {
    clearInterval(this.#retentionTimer);
    clearInterval(this.#asideTimer);
  }
}

function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new FailureError(outcome.failure);
  return outcome.value;
}
