import { existsSync, mkdirSync } from 'node:fs';
import { failed, FailureError, succeeded, type Outcome } from '../../shared/failure.ts';
import { defaultLimits, type Limits } from '../../shared/limits.ts';
import type { ExchangeFacts, RecordingSummary } from '../../shared/recording.ts';
import type { RecordingId } from '../../shared/words.ts';
import { createRecordingFile } from './createRecording.ts';
import { DerivedWriter } from './derivedWriter.ts';
import { summaryToJson } from './factsJson.ts';
import { lineFromFile, recordingIds, recordingPath, removeUnfinished } from './folderScan.ts';
import { libraryVersion, NewerLibraryError, type LibraryFile, type LibraryLine } from './libraryFile.ts';
import { LibraryLines, type ForeignChange } from './libraryLines.ts';
import { LiveWriter } from './liveWriter.ts';
import { openLibraryFile, type OpenedLibraryFile } from './openLibraryFile.ts';
import { removeRecordingFiles } from './recordingSession.ts';
import type { Library, RecordingReader, RecordingWriter } from './recordingStore.ts';
import { newerVersion, notFound, writeFailure } from './storeFailure.ts';
import { StoredReader } from './storedReader.ts';
import type { Finished } from './writerChannel.ts';
import { WriterClient } from './writerClient.ts';
import { removeDeadLocks, WriterLock, writerLives } from './writerLock.ts';

const settingsName = 'settings';

/** Opens the library of a folder, which is made where it is missing, for its owner alone. */
export function openLibrary(folder: string, limits: Limits = defaultLimits): Outcome<Library> {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return succeeded(new FolderLibrary(folder, openLibraryFile(folder), limits));
  } catch (error) {
    if (error instanceof NewerLibraryError) {
      return newerVersion(`The list of recordings in ${folder}`, error.version, libraryVersion);
    }
    return failed(writeFailure(error, `the folder of recordings ${folder}`));
  }
}

class FolderLibrary implements Library {
  readonly folder: string;
  readonly sqliteVersion: string;
  readonly #file: LibraryFile;
  readonly #lines: LibraryLines;
  readonly #client: WriterClient;
  readonly #notices: string[];
  /** Recordings that this library writes; `closed` once their writer was closed. */
  readonly #writing = new Map<RecordingId, { readonly writer: LiveWriter; closed: boolean }>();
  readonly #deriving = new Map<RecordingId, Set<DerivedWriter>>();
  #lock: WriterLock | undefined;
  #closing: Promise<void> | undefined;

  constructor(folder: string, opened: OpenedLibraryFile, limits: Limits) {
    this.folder = folder;
    this.#file = opened.file;
    this.#notices = [...opened.notices];
    this.sqliteVersion = opened.file.sqliteVersion;
    this.#client = new WriterClient(limits.unwrittenBytes);
    try {
      removeUnfinished(folder);
      removeDeadLocks(folder);
      this.#lines = new LibraryLines(opened.file);
      this.#matchFolder();
    } catch (error) {
      opened.file.close();
      throw error;
    }
  }

  get notices(): readonly string[] {
    return this.#notices;
  }

  /** Recordings that were copied in or deleted by hand, or whose lines were lost. */
  #matchFolder(): void {
    const present = recordingIds(this.folder);
    for (const { summary } of this.#lines.all()) {
      if (!present.has(summary.id)) this.#lines.remove(summary.id);
    }
    const found = [];
    for (const id of present) {
      if (this.#lines.get(id) !== undefined) continue;
      const line = this.#lineFromFile(id);
      if (line !== undefined) found.push(line);
    }
    this.#lines.saveAll(found);
  }

  #lineFromFile(id: RecordingId) {
    const file = recordingPath(this.folder, id);
    if (file === undefined) return undefined;
    const line = lineFromFile(this.folder, file, id);
    if (line.ok) return line.value;
    this.#notices.push(line.failure.message);
    return undefined;
  }

  prepareToWrite(): void {
    this.#client.start();
  }

  create(facts: ExchangeFacts, summary: RecordingSummary): Outcome<RecordingWriter> {
    const file = recordingPath(this.folder, facts.id);
    if (file === undefined) throw new Error(`${facts.id} is no id of a recording`);
    try {
      const lock = this.#ownLock();
      createRecordingFile(file, facts, summary, lock.name);
      this.#lines.save(summary, lock.name);
    } catch (error) {
      removeRecordingFiles(file);
      return failed(writeFailure(error, `a new recording in ${this.folder}`));
    }
    const writer = new LiveWriter({
      facts,
      path: file,
      channel: this.#client.openChannel(file),
      onFinished: (last, finished) => {
        this.#finished(last, finished);
      },
      onClosed: (closed) => {
        this.#closed(facts.id, closed);
      },
    });
    this.#writing.set(facts.id, { writer, closed: false });
    return succeeded(writer);
  }

  #ownLock(): WriterLock {
    if (this.#lock === undefined) {
      this.#lock = new WriterLock(this.folder);
      this.#client.useReserve(this.#lock.reserve);
    }
    return this.#lock;
  }

  #finished(summary: RecordingSummary, { failure, endingKept }: Finished): void {
    this.#writing.delete(summary.id);
    if (!existsSync(recordingPath(this.folder, summary.id) ?? '')) return;
    if (failure === null || endingKept) this.#lines.saveIfPossible(summary, null);
    else this.#lines.saveIfPossible({ ...summary, state: 'interrupted', endingKind: null }, null);
  }

  /** A writer that was closed before its ending leaves an interrupted recording, or, when discarded, nothing. */
  #closed(id: RecordingId, closed: Promise<void>): void {
    const writing = this.#writing.get(id);
    if (writing === undefined) return;
    writing.closed = true;
    void closed.then(() => {
      if (!this.#writing.delete(id)) return;
      const line = this.#lines.get(id);
      if (line !== undefined) this.#settle(line);
      else this.#removeFiles(id);
    });
  }

  /** The line of a recording that was live when it was last heard of and is not any more. */
  #settle(line: LibraryLine): RecordingSummary {
    const { id } = line.summary;
    const told = this.#lineFromFile(id);
    const summary = told?.summary ?? { ...line.summary, state: 'interrupted' as const };
    this.#lines.saveIfPossible(summary, told?.writer ?? null);
    return summary;
  }

  #isLive({ summary, writer }: LibraryLine): boolean {
    if (this.#writing.has(summary.id)) return true;
    return writer !== null && writer !== this.#lock?.name && writerLives(this.folder, writer);
  }

  /** Settles the lines whose writer died since; tells them as changes from outside. */
  #settleDead(): void {
    for (const line of this.#lines.all()) {
      if (line.summary.state !== 'live' || this.#isLive(line)) continue;
      this.#lines.noteForeign(line.summary.id, this.#settle(line));
    }
  }

  list(): readonly RecordingSummary[] {
    this.#lines.refresh();
    this.#settleDead();
    return this.#lines
      .all()
      .map(({ summary }) => summary)
      .sort((a, b) => b.startedAt - a.startedAt || (a.id < b.id ? 1 : -1));
  }

  summary(id: RecordingId): RecordingSummary | undefined {
    this.#lines.refresh();
    const line = this.#lines.get(id);
    if (line?.summary.state !== 'live' || this.#isLive(line)) return line?.summary;
    return this.#settle(line);
  }

  pollForeignChanges(): readonly ForeignChange[] {
    this.#lines.refresh();
    this.#settleDead();
    return this.#lines.takeForeign();
  }

  open(id: RecordingId): Outcome<RecordingReader> {
    return this.#openStored(id);
  }

  #openStored(id: RecordingId): Outcome<StoredReader> {
    const file = recordingPath(this.folder, id);
    if (file === undefined || !existsSync(file)) return notFound(id);
    return StoredReader.open(file, id);
  }

  openForDerived(id: RecordingId): Outcome<RecordingWriter> {
    const opened = this.#openStored(id);
    if (!opened.ok) return opened;
    const stored = opened.value;
    if (this.#writing.has(id) || this.#isWrittenElsewhere(stored.writerLock)) {
      stored.close();
      return stillLive(id, 'opened for analysis');
    }
    const deriving = this.#deriving.get(id) ?? new Set();
    this.#deriving.set(id, deriving);
    const writer: DerivedWriter = new DerivedWriter({
      stored,
      openChannel: () => this.#client.openChannel(recordingPath(this.folder, id) ?? ''),
      onClosed: () => {
        deriving.delete(writer);
        if (deriving.size === 0) this.#deriving.delete(id);
      },
    });
    deriving.add(writer);
    return succeeded(writer);
  }

  #isWrittenElsewhere(lock: string | null | undefined): boolean {
    if (lock === null || lock === undefined || lock === this.#lock?.name) return false;
    return writerLives(this.folder, lock);
  }

  saveSummary(summary: RecordingSummary): void {
    const before = this.#lines.get(summary.id);
    if (before === undefined) throw new FailureError(notFound(summary.id).failure);
    const live = this.#writing.has(summary.id);
    if (!live && summaryToJson(before.summary) === summaryToJson(summary)) return;
    this.#lines.saveIfPossible(summary, live ? before.writer : null);
    if (!live) this.#keepInFile(summary);
  }

  /** The library is a cache: what it says of a recording is kept in the recording too. */
  #keepInFile(summary: RecordingSummary): void {
    const [deriving] = this.#deriving.get(summary.id) ?? [];
    if (deriving !== undefined) {
      deriving.writeSummary(summary);
      return;
    }
    const file = recordingPath(this.folder, summary.id);
    if (file === undefined || !existsSync(file)) return;
    const channel = this.#client.openChannel(file);
    channel.write({ kind: 'summary', json: summaryToJson(summary) }, 0);
    void channel.close();
  }

  remove(id: RecordingId): Outcome<void> {
    const line = this.#lines.get(id);
    const file = recordingPath(this.folder, id);
    if (file === undefined || (line === undefined && !existsSync(file))) return notFound(id);
    const writing = this.#writing.get(id);
    if (writing?.closed === false || this.#isWrittenElsewhere(line?.writer)) return stillLive(id, 'deleted');
    try {
      removeRecordingFiles(file);
      this.#lines.remove(id);
      return succeeded(undefined);
    } catch (error) {
      return failed(writeFailure(error, `recording ${id}`));
    }
  }

  #removeFiles(id: RecordingId): void {
    const file = recordingPath(this.folder, id);
    if (file !== undefined) removeRecordingFiles(file);
  }

  readSettings(): unknown {
    const json = this.#file.readSetting(settingsName);
    if (json === undefined) return undefined;
    try {
      return JSON.parse(json);
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  writeSettings(settings: unknown): void {
    try {
      this.#file.writeSetting(settingsName, JSON.stringify(settings));
    } catch (error) {
      throw new FailureError(writeFailure(error, 'the settings'), { cause: error });
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    for (const { writer } of [...this.#writing.values()]) writer.close();
    for (const deriving of [...this.#deriving.values()]) for (const writer of [...deriving]) writer.close();
    await this.#client.stop();
    this.#lock?.release();
    this.#lock = undefined;
    this.#file.close();
  }
}

function stillLive(id: RecordingId, what: string) {
  return failed({
    code: 'recording/still-live',
    message: `Recording ${id} is still being recorded and cannot be ${what}. Stop it or wait for its end, then try again.`,
    retry: true,
  });
}
