import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import type { RecordingSummary } from '../../shared/recording.ts';
import type { RecordingId } from '../../shared/words.ts';
import type { Outcome } from '../../shared/failure.ts';
import { succeeded } from '../../shared/failure.ts';
import type { NewLine } from './libraryFile.ts';
import { recordingSizeOnDisk, removeRecordingFiles, unsettledSuffix } from './recordingFiles.ts';
import { StoredReader } from './storedReader.ts';
import { writerLives } from './writerLock.ts';

const extension = '.sqlite';
/** `YYYYMMDD-HHMMSS-xxxxxx`: no other file of the folder, and no path out of it, can be meant by an id. */
const idForm = /^\d{8}-\d{6}-[0-9a-z]{1,16}$/;
const removedForm = /^(.+)\.removed$/;
const unfinishedForm = /^\d{8}-\d{6}-[0-9a-z]{1,16}\.sqlite\.new$/;
/** Nobody takes this long to make an empty recording. */
const unfinishedMillis = 60_000;

/** Where a recording's file lies; undefined for what cannot be a recording's id. */
export function recordingPath(folder: string, id: RecordingId): string | undefined {
  return idForm.test(id) ? path.join(folder, id + extension) : undefined;
}

/** Ids of the recordings whose files lie in a folder, but for those that were removed and can be brought back. */
export function recordingIds(folder: string): ReadonlySet<RecordingId> {
  const ids = new Set<RecordingId>();
  const names = readdirSync(folder);
  const removed = new Set(names.map((name) => removedForm.exec(name)?.[1]));
  for (const name of names) {
    const id = name.endsWith(extension) ? name.slice(0, -extension.length) : '';
    if (idForm.test(id) && !removed.has(id)) ids.add(id);
  }
  return ids;
}

/** Deletes recordings that a power cut took before they came to hold anything: marked as not flushed, and unreadable. */
function removeUnsettled(folder: string, names: readonly string[]): void {
  for (const name of names) {
    const id = name.endsWith(extension + unsettledSuffix) ? name.slice(0, -(extension + unsettledSuffix).length) : '';
    const file = recordingPath(folder, id);
    if (file === undefined || !existsSync(file)) continue;
    const opened = StoredReader.open(file, id);
    if (opened.ok) opened.value.close();
    else if (opened.failure.code === 'recording/damaged') removeRecordingFiles(file);
  }
}

/** Deletes files that a process was making when it was killed or lost its power. */
export function removeUnfinished(folder: string): void {
  removeUnsettled(folder, readdirSync(folder));
  for (const name of readdirSync(folder)) {
    if (!unfinishedForm.test(name)) continue;
    const file = path.join(folder, name);
    const found = statSync(file, { throwIfNoEntry: false });
    if (found !== undefined && Date.now() - found.mtimeMs > unfinishedMillis) rmSync(file, { force: true });
  }
}

/** A recording's line as its file tells it, and who writes it; undefined where the file has none. */
export function lineFromFile(folder: string, file: string, id: RecordingId): Outcome<NewLine | undefined> {
  const opened = StoredReader.open(file, id);
  if (!opened.ok) return opened;
  const reader = opened.value;
  try {
    const summary = reader.storedSummary();
    if (summary === undefined) return succeeded(undefined);
    const own = { ...summary, id };
    const kept = { words: reader.storedWords(), sizeOnDisk: recordingSizeOnDisk(file) };
    const { writerLock } = reader;
    if (writerLock === undefined) return succeeded({ ...kept, own: { ...own, state: 'ended' }, writer: null });
    if (writerLives(folder, writerLock)) return succeeded({ ...kept, own, writer: writerLock });
    return succeeded({ ...kept, own: interruptedSummary(own, reader), writer: null });
  } finally {
    reader.close();
  }
}

/** The line of a recording whose writer is gone: what the file itself can tell, the rest as last known. */
function interruptedSummary(summary: RecordingSummary, reader: StoredReader): RecordingSummary {
  const facts = reader.facts();
  const { chunks, lastMicros } = reader.chunksKept();
  return {
    ...summary,
    state: 'interrupted',
    status: facts.head?.status ?? null,
    httpVersion: facts.head?.httpVersion ?? null,
    endingKind: null,
    durationMicros: facts.timesKnown ? lastMicros : null,
    counts: {
      ...summary.counts,
      chunks,
      wireBytes: reader.byteLength('wire'),
      bodyBytes: reader.byteLength('body'),
    },
  };
}
