import type { RecordingSummary } from '../../shared/recording.ts';
import type { RecordingId } from '../../shared/words.ts';
import { summaryToJson } from './factsJson.ts';
import type { LibraryFile, LibraryLine } from './libraryFile.ts';
import { sqliteResult, sqliteResultCode } from './sqlite.ts';

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
  save(summary: RecordingSummary, writer: string | null): void {
    const known = this.#lines.get(summary.id);
    if (known?.writer === writer && summaryToJson(known.summary) === summaryToJson(summary)) return;
    const revision = this.#file.save(summary, writer);
    this.#lines.set(summary.id, { summary, writer, revision });
  }

  /** Saves many lines at once. @throws the driver's error */
  saveAll(lines: readonly { readonly summary: RecordingSummary; readonly writer: string | null }[]): void {
    this.#file.together(() => {
      for (const { summary, writer } of lines) this.save(summary, writer);
    });
  }

  /** Saves a line, or keeps it in memory alone where the disk is full: its recording's file can tell it again. */
  saveIfPossible(summary: RecordingSummary, writer: string | null): void {
    try {
      this.save(summary, writer);
    } catch (error) {
      const code = sqliteResultCode(error);
      const expected = code === sqliteResult.full || code === sqliteResult.ioError || code === sqliteResult.busy;
      if (!expected) throw error;
      const revision = this.#lines.get(summary.id)?.revision ?? 0;
      this.#lines.set(summary.id, { summary, writer, revision });
    }
  }

  /** @throws the driver's error */
  remove(id: RecordingId): void {
    this.#file.remove(id);
    this.#lines.delete(id);
    this.#foreign.delete(id);
  }
}
