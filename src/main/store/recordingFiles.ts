import { close, fsync, open, rmSync, statSync } from 'node:fs';

/**
 * Marks a recording that was made and not flushed yet: after a power cut, one that cannot be read then never came to
 * hold anything.
 */
export const unsettledSuffix = '.unsettled';

/**
 * A file's name survives a power cut only when its folder was flushed. Windows has no such call and needs none. Resolves
 * with the error, if any.
 */
export function syncFolder(folder: string): Promise<Error | null> {
  return process.platform === 'win32' ? Promise.resolve(null) : flush(folder, 'r');
}

/**
 * Flushes a log, on a thread of the system's pool. SQLite holds no lock on a log file itself, so that closing this handle
 * takes none away.
 */
export function syncFile(file: string): Promise<Error | null> {
  return flush(file, 'r+');
}

function flush(file: string, flags: 'r' | 'r+'): Promise<Error | null> {
  return new Promise((resolve) => {
    open(file, flags, (problem, handle) => {
      if (problem !== null) {
        resolve(problem);
        return;
      }
      fsync(handle, (error) => {
        close(handle, () => {
          resolve(error);
        });
      });
    });
  });
}

/** Bytes of a recording's file with everything SQLite may have laid beside it; 0 where there is none. */
export function recordingSizeOnDisk(recordingPath: string): number {
  let size = 0;
  for (const suffix of ['', '-wal', '-journal']) {
    size += statSync(recordingPath + suffix, { throwIfNoEntry: false })?.size ?? 0;
  }
  return size;
}

/** Deletes a recording's file with everything SQLite may have laid beside it. */
export function removeRecordingFiles(recordingPath: string): void {
  rmSync(recordingPath, { force: true });
  for (const suffix of ['-wal', '-shm', '-journal', unsettledSuffix]) rmSync(recordingPath + suffix, { force: true });
}
