import { existsSync, mkdirSync } from 'node:fs';
import { failed, FailureError, succeeded, type Failure, type Outcome } from '../../shared/failure.ts';
import type { RecordingChange } from '../../shared/library.ts';
import { defaultLimits, type Limits } from '../../shared/limits.ts';
import type { ExchangeFacts, RecordingSummary } from '../../shared/recording.ts';
import type { RecordingId } from '../../shared/words.ts';
import { createRecordingFile } from './createRecording.ts';
import { DerivedWriter } from './derivedWriter.ts';
import { summaryToJson } from './factsJson.ts';
import { lineFromFile, recordingIds, recordingPath, removeUnfinished } from './folderScan.ts';
import { libraryVersion, NewerLibraryError, type LibraryFile, type LibraryLine, type NewLine } from './libraryFile.ts';
import { LibraryLines, type ForeignChange } from './libraryLines.ts';
import { LiveWriter } from './liveWriter.ts';
import { openLibraryFile, type OpenedLibraryFile } from './openLibraryFile.ts';
import { RecordingsAside } from './recordingsAside.ts';
import { recordingSizeOnDisk, removeRecordingFiles } from './recordingFiles.ts';
import type { Library, RecordingReader, RecordingWriter } from './recordingStore.ts';
import { newerVersion, notFound, writeFailure } from './storeFailure.ts';
import { StoredReader } from './storedReader.ts';
import {
  changedWords,
  nextRevision,
  noUserWords,
  userWordsToJson,
  withUserWords,
  type UserWords,
} from './userWords.ts';
import type { Finished } from './writerChannel.ts';
import { WriterClient } from './writerClient.ts';
import type { WriteOperation } from './writerMessages.ts';
import { SearchClient } from './searchClient.ts';
import { removeDeadLocks, WriterLock, writerLives } from './writerLock.ts';

const settingsName = 'settings';
/** For how long a removed recording can be brought back. */
export const undoMillis = 60_000;

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
  readonly #aside: RecordingsAside;
  readonly texts: SearchClient;
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
    this.texts = new SearchClient(folder, () => this.#endedIds());
    try {
      removeUnfinished(folder);
      removeDeadLocks(folder);
      this.#aside = new RecordingsAside(folder);
      this.#aside.deleteOlderThan(undoMillis);
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
    const gone: RecordingId[] = [];
    for (const { summary } of this.#lines.all()) {
      if (!present.has(summary.id)) gone.push(summary.id);
    }
    this.#lines.removeAll(gone);
    const found: NewLine[] = [];
    const sized: NewLine[] = [];
    for (const id of present) {
      const known = this.#lines.get(id);
      if (known === undefined) {
        const line = this.#lineFromFile(id);
        if (line !== undefined) found.push(line);
      } else if (known.summary.sizeOnDisk === null && known.writer === null) {
        sized.push({ ...known, sizeOnDisk: this.#sizeOnDisk(id) });
      }
    }
    this.#lines.addFound(found);
    this.#lines.saveAll(sized);
  }

  #endedIds(): readonly RecordingId[] {
    return this.#lines.all().flatMap(({ own }) => (own.state === 'live' ? [] : [own.id]));
  }

  #sizeOnDisk(id: RecordingId): number {
    const file = recordingPath(this.folder, id);
    return file === undefined ? 0 : recordingSizeOnDisk(file);
  }

  #lineFromFile(id: RecordingId): NewLine | undefined {
    const file = recordingPath(this.folder, id);
    if (file === undefined) return undefined;
    const line = lineFromFile(this.folder, file, id);
    if (line.ok) return line.value;
    this.#notices.push(line.failure.message);
    return undefined;
  }

  prepareToWrite(): Promise<void> {
    return this.#client.start();
  }

  create(facts: ExchangeFacts, summary: RecordingSummary): Outcome<RecordingWriter> {
    const file = recordingPath(this.folder, facts.id);
    if (file === undefined) throw new Error(`${facts.id} is no id of a recording`);
    try {
      const lock = this.#ownLock();
      createRecordingFile(file, facts, summary, lock.name);
      this.#lines.save({ own: summary, words: noUserWords, sizeOnDisk: null, writer: lock.name });
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
      onOneFile: () => {
        this.#sizeChanged(facts.id);
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
    const { id } = summary;
    this.#writing.delete(id);
    if (!existsSync(recordingPath(this.folder, id) ?? '')) return;
    // Another process may have changed the user's words while only this one could write the file.
    this.#lines.refresh();
    const words = this.#lines.get(id)?.words ?? noUserWords;
    const own =
      failure === null || endingKept ? summary : { ...summary, state: 'interrupted' as const, endingKind: null };
    this.#lines.saveIfPossible({ own, words, sizeOnDisk: this.#sizeOnDisk(id), writer: null });
    if (words.revision > 0) void this.#keepInFile(id, { kind: 'words', json: userWordsToJson(words) });
    this.texts.changed(id);
  }

  /** The size of an ended recording settles after its ending; told as a change from outside. */
  #sizeChanged(id: RecordingId): void {
    const line = this.#lines.get(id);
    if (line === undefined || this.#writing.has(id)) return;
    const { own, words, writer } = line;
    const sizeOnDisk = this.#sizeOnDisk(id);
    if (sizeOnDisk === line.summary.sizeOnDisk) return;
    this.#lines.saveIfPossible({ own, words, writer, sizeOnDisk });
    this.#lines.noteForeign(id, this.told(own));
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
    const { id } = line.own;
    const told = this.#lineFromFile(id);
    const writer = told?.writer ?? null;
    const own = told?.own ?? { ...line.own, state: 'interrupted' as const };
    this.#lines.saveIfPossible({ own, words: line.words, sizeOnDisk: this.#sizeOnDisk(id), writer });
    if (writer === null && line.words.revision > (told?.words.revision ?? 0)) {
      void this.#keepInFile(id, { kind: 'words', json: userWordsToJson(line.words) });
    }
    if (own.state !== 'live') this.texts.changed(id);
    return this.told(own);
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
    const changes = this.#lines.takeForeign();
    for (const { id, summary } of changes) {
      if (summary === null) this.texts.removed([id]);
      else if (summary.state !== 'live') this.texts.changed(id);
    }
    return changes;
  }

  open(id: RecordingId): Outcome<RecordingReader> {
    return this.#openStored(id);
  }

  #openStored(id: RecordingId): Outcome<StoredReader> {
    const file = recordingPath(this.folder, id);
    if (file === undefined || !existsSync(file) || this.#aside.has(id)) return notFound(id);
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

  told(summary: RecordingSummary): RecordingSummary {
    const line = this.#lines.get(summary.id);
    return line === undefined ? summary : withUserWords(summary, line.words, line.summary.sizeOnDisk);
  }

  saveSummary(summary: RecordingSummary): void {
    const { id } = summary;
    const before = this.#lines.get(id);
    if (before === undefined) throw new FailureError(notFound(id).failure);
    const live = this.#writing.has(id);
    if (!live && summaryToJson(before.own) === summaryToJson(summary)) return;
    const sizeOnDisk = live ? null : this.#sizeOnDisk(id);
    this.#lines.saveIfPossible({ own: summary, words: before.words, sizeOnDisk, writer: live ? before.writer : null });
    // The library is a cache: what it says of a recording is kept in the recording too.
    if (live) return;
    void this.#keepInFile(id, { kind: 'summary', json: summaryToJson(summary) }).then(() => {
      this.texts.changed(id);
    });
  }

  /** Writes one thing into a recording's file, beside whoever writes it in this process. Resolves with what failed. */
  #keepInFile(id: RecordingId, operation: WriteOperation): Promise<Failure | undefined> {
    const file = recordingPath(this.folder, id);
    if (file === undefined || !existsSync(file)) return Promise.resolve(notFound(id).failure);
    const channel = this.#client.openChannel(file);
    channel.write(operation, 0);
    return channel.close().then(() => channel.failure);
  }

  async change(ids: readonly RecordingId[], change: RecordingChange): Promise<Outcome<readonly RecordingSummary[]>> {
    this.#lines.refresh();
    const unknown = ids.find((id) => this.#lines.get(id) === undefined);
    if (unknown !== undefined) return notFound(unknown);
    const before = new Map<RecordingId, UserWords>();
    try {
      this.#lines.changeWords(ids, (words, id) => {
        before.set(id, words);
        return changedWords(words, change);
      });
    } catch (error) {
      return failed(writeFailure(error, 'the list of recordings'));
    }
    const failures = await Promise.all(ids.map((id) => this.#keepWords(id, before.get(id))));
    // A list that lost the change in a power cut would hide what the files say.
    const unflushed = await this.#file.flush();
    if (unflushed !== null) failures.push(writeFailure(unflushed, 'the list of recordings'));
    const failure = failures.find((one) => one !== undefined);
    if (failure === undefined) {
      return succeeded(ids.flatMap((id) => this.#lines.get(id)?.summary ?? []));
    }
    await this.#takeBack(before);
    return failed(failure);
  }

  /** Of a recording that another process writes, the words wait in the library for its ending. */
  #keepWords(id: RecordingId, before: UserWords | undefined): Promise<Failure | undefined> {
    const line = this.#lines.get(id);
    if (line === undefined || line.words.revision === before?.revision) return Promise.resolve(undefined);
    if (this.#isWrittenElsewhere(line.writer)) return Promise.resolve(undefined);
    return this.#keepInFile(id, { kind: 'words', json: userWordsToJson(line.words) });
  }

  /** All or none: where one file could not be written, the others say again what they said. */
  async #takeBack(before: ReadonlyMap<RecordingId, UserWords>): Promise<void> {
    const ids = [...before.keys()];
    this.#lines.changeWords(ids, (words, id) => ({ ...(before.get(id) ?? words), revision: nextRevision(words) }));
    await Promise.all(ids.map((id) => this.#keepWords(id, undefined)));
  }

  putAside(ids: readonly RecordingId[]): Outcome<void> {
    this.#lines.refresh();
    for (const id of ids) {
      const problem = this.#whyNotRemovable(id, this.#lines.get(id)?.writer);
      if (problem !== undefined) return problem;
    }
    const put: RecordingId[] = [];
    try {
      for (const id of ids) {
        this.#aside.put(id);
        put.push(id);
      }
      this.#lines.removeAll(ids);
      this.texts.removed(ids);
      return succeeded(undefined);
    } catch (error) {
      for (const id of put) this.#aside.takeBack(id);
      return failed(writeFailure(error, `the recordings in ${this.folder}`));
    }
  }

  bringBack(ids: readonly RecordingId[]): Outcome<readonly RecordingSummary[]> {
    try {
      const found = ids
        .filter((id) => recordingPath(this.folder, id) !== undefined && this.#aside.takeBack(id))
        .flatMap((id) => this.#lineFromFile(id) ?? []);
      this.#lines.addFound(found);
      for (const { own } of found) this.texts.changed(own.id);
      return succeeded(found.flatMap(({ own }) => this.#lines.get(own.id)?.summary ?? []));
    } catch (error) {
      return failed(writeFailure(error, `the recordings in ${this.folder}`));
    }
  }

  deleteAside(): void {
    this.#aside.deleteOlderThan(undoMillis);
  }

  remove(id: RecordingId): Outcome<void> {
    const line = this.#lines.get(id);
    const problem = this.#whyNotRemovable(id, line?.writer);
    if (problem !== undefined) return problem;
    try {
      this.#removeFiles(id);
      this.#lines.removeAll([id]);
      this.texts.removed([id]);
      return succeeded(undefined);
    } catch (error) {
      return failed(writeFailure(error, `recording ${id}`));
    }
  }

  #whyNotRemovable(id: RecordingId, writer: string | null | undefined) {
    const file = recordingPath(this.folder, id);
    if (file === undefined || this.#aside.has(id)) return notFound(id);
    if (this.#lines.get(id) === undefined && !existsSync(file)) return notFound(id);
    const writing = this.#writing.get(id);
    if (writing?.closed === false || this.#isWrittenElsewhere(writer)) return stillLive(id, 'deleted');
    return undefined;
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
    await this.texts.stop();
    // Nobody is left who could bring them back.
    this.#aside.deleteOlderThan(0);
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
