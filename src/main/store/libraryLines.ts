import type { RecordingSummary } from '../../shared/recording.ts';
import type { RecordingId } from '../../shared/words.ts';
import { summaryToJson } from './factsJson.ts';
import type { LibraryFile, LibraryLine, NewLine } from './libraryFile.ts';
import { sqliteResult, sqliteResultCode } from './sqlite.ts';
import { withUserWords, type UserWords } from './userWords.ts';

export interface ForeignChange {
  readonly id: RecordingId;
  /** Null: the recording is gone. */
  readonly summary: RecordingSummary | null;
}

/** The library's lines in memory, kept even with the file, whoever changes it. */
export class LibraryLines {
  readonly #file: LibraryFile;
  readonly #lines = new Map<RecordingId, LibraryLine>();
  readonly #foreign = new Map<RecordingId, RecordingSummary | null>();

  constructor(file: LibraryFile) {
    this.#file = file;
    for (const line of file.lines()) this.#lines.set(line.summary.id, line);
  }

  get(id: RecordingId): LibraryLine | undefined {
    return this.#lines.get(id);
  }

  all(): readonly LibraryLine[] {
    return [...this.#lines.values()];
  }

  /** Reads what other processes changed. */
  refresh(): void {
    if (!this.#file.changedElsewhere()) return;
    const revisions = this.#file.revisions();
    for (const id of this.#lines.keys()) {
      if (revisions.has(id)) continue;
      this.#lines.delete(id);
      this.#foreign.set(id, null);
    }
    for (const [id, revision] of revisions) {
      if (this.#lines.get(id)?.revision === revision) continue;
      const line = this.#file.line(id);
      if (line === undefined) continue;
      this.#lines.set(id, line);
      this.#foreign.set(id, line.summary);
    }
  }

  /** Remembers a change that nobody in this process made or asked for. */
  noteForeign(id: RecordingId, summary: RecordingSummary): void {
    this.#foreign.set(id, summary);
  }

  /** Changes by others since the last call. */
  takeForeign(): readonly ForeignChange[] {
    const changes = [...this.#foreign].map(([id, summary]) => ({ id, summary }));
    this.#foreign.clear();
    return changes;
  }

  /** @throws the driver's error */
  save(line: NewLine): void {
    const known = this.#lines.get(line.own.id);
    if (known !== undefined && saysTheSame(known, line)) return;
    this.#lines.set(line.own.id, this.#file.save(line));
  }

  /** Saves many lines at once. @throws the driver's error */
  saveAll(lines: readonly NewLine[]): void {
    this.#file.together(() => {
      for (const line of lines) this.save(line);
    });
  }

  /**
   * Adds lines of recordings that were found without one. A line that has come meanwhile is its writer's and stays.
   * @throws the driver's error
   */
  addFound(found: readonly NewLine[]): void {
    this.#file.together(() => {
      for (const line of found) this.#lines.set(line.own.id, this.#file.add(line));
    });
  }

  /** Saves a line, or keeps it in memory alone where the disk is full: its recording's file can tell it again. */
  saveIfPossible(line: NewLine): void {
    try {
      this.save(line);
    } catch (error) {
      const code = sqliteResultCode(error);
      const expected = code === sqliteResult.full || code === sqliteResult.ioError || code === sqliteResult.busy;
      if (!expected) throw error;
      const known = this.#lines.get(line.own.id);
      const words = known?.words ?? line.words;
      const size = line.sizeOnDisk ?? known?.summary.sizeOnDisk ?? null;
      const { own, writer } = line;
      this.#lines.set(own.id, {
        own,
        words,
        writer,
        summary: withUserWords(own, words, size),
        revision: known?.revision ?? 0,
      });
    }
  }

  /**
   * Changes the user's words of recordings in one transaction, from what any process last made of them.
   * @throws the driver's error
   */
  changeWords(ids: readonly RecordingId[], change: (words: UserWords, id: RecordingId) => UserWords): void {
    this.#file.together(() => {
      for (const id of ids) {
        const line = this.#file.line(id);
        if (line === undefined) continue;
        const words = change(line.words, id);
        const saved = words === line.words ? line : this.#file.save({ ...line, words, sizeOnDisk: null });
        this.#lines.set(id, saved);
      }
    });
  }

  /** @throws the driver's error */
  removeAll(ids: readonly RecordingId[]): void {
    this.#file.together(() => {
      for (const id of ids) this.#file.remove(id);
    });
    for (const id of ids) {
      this.#lines.delete(id);
      this.#foreign.delete(id);
    }
  }
}

function saysTheSame(known: LibraryLine, line: NewLine): boolean {
  return (
    known.writer === line.writer &&
    known.words.revision >= line.words.revision &&
    (line.sizeOnDisk === null || line.sizeOnDisk === known.summary.sizeOnDisk) &&
    summaryToJson(known.own) === summaryToJson(line.own)
  );
}
