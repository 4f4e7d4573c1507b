import { closeSync, existsSync, openSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import type { RecordingId } from '../../shared/words.ts';
import { recordingPath } from './folderScan.ts';
import { removeRecordingFiles } from './recordingFiles.ts';

const suffix = '.removed';

/**
 * Recordings that were removed and can still be brought back. Each lies where it was, marked by an empty file beside it
 * that takes it out of the library: one step that a crash cannot leave half done, whatever logs lie beside a recording
 * and whoever has it open. Files go only when the time to bring them back is over.
 */
export class RecordingsAside {
  readonly #folder: string;
  /** When each was removed, by the wall clock. */
  readonly #since = new Map<RecordingId, number>();

  constructor(folder: string) {
    this.#folder = folder;
    for (const name of readdirSync(folder)) {
      if (!name.endsWith(suffix)) continue;
      const id = name.slice(0, -suffix.length);
      const found = statSync(path.join(folder, name), { throwIfNoEntry: false });
      if (recordingPath(folder, id) !== undefined && found !== undefined) this.#since.set(id, found.mtimeMs);
    }
  }

  #marker(id: RecordingId): string {
    return path.join(this.#folder, id + suffix);
  }

  /** Whether it was removed, by this process or another. The id is one of a recording. */
  has(id: RecordingId): boolean {
    return existsSync(this.#marker(id));
  }

  /** @throws the file system's error */
  put(id: RecordingId): void {
    closeSync(openSync(this.#marker(id), 'w', 0o600));
    this.#since.set(id, Date.now());
  }

  /** False when it is gone for good. @throws the file system's error */
  takeBack(id: RecordingId): boolean {
    this.#since.delete(id);
    if (!this.has(id) || !existsSync(recordingPath(this.#folder, id) ?? '')) return false;
    rmSync(this.#marker(id), { force: true });
    return true;
  }

  /** Deletes what was removed longer ago than that. What the system does not let go of is tried again the next time. */
  deleteOlderThan(millis: number): void {
    const now = Date.now();
    for (const [id, since] of this.#since) {
      // A clock that was put back must not keep a recording for ever.
      if (Math.abs(now - since) >= millis) this.#delete(id);
    }
  }

  #delete(id: RecordingId): void {
    // Somebody else may have brought it back, or deleted it.
    if (this.has(id)) {
      try {
        const file = recordingPath(this.#folder, id);
        if (file !== undefined) removeRecordingFiles(file);
        rmSync(this.#marker(id), { force: true });
      } catch (error) {
        if (error instanceof Error && 'code' in error) return;
        throw error;
      }
    }
    this.#since.delete(id);
  }
}
