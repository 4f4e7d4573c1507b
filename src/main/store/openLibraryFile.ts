import { renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { LibraryFile } from './libraryFile.ts';
import { openDatabase, sqliteResult, sqliteResultCode } from './sqlite.ts';
import { DamagedFileError } from './storeFailure.ts';

const fileName = 'library.sqlite';

export interface OpenedLibraryFile {
  readonly file: LibraryFile;
  readonly notices: readonly string[];
}

/**
 * Opens a folder's library. A damaged one is laid aside under another name, its settings taken over as far as they
 * can be read, and an empty one put in its place: its lines come back from the recordings.
 * @throws NewerLibraryError, or the driver's or the file system's error
 */
export function openLibraryFile(folder: string): OpenedLibraryFile {
  const location = path.join(folder, fileName);
  try {
    return { file: new LibraryFile(location), notices: [] };
  } catch (error) {
    if (!isDamage(error)) throw error;
    const settings = salvageSettings(location);
    const aside = layAside(location);
    const file = new LibraryFile(location);
    for (const [name, value] of settings) file.writeSetting(name, value);
    const reason = error instanceof Error ? error.message : String(error);
    return {
      file,
      notices: [
        `The list of recordings was damaged (${reason}). It was made again from the recordings themselves; ` +
          `the damaged file was kept as ${path.basename(aside)}.`,
      ],
    };
  }
}

function isDamage(error: unknown): boolean {
  const code = sqliteResultCode(error);
  return error instanceof DamagedFileError || code === sqliteResult.corrupt || code === sqliteResult.notADatabase;
}

function salvageSettings(location: string): readonly (readonly [name: string, value: string])[] {
  try {
    const database = openDatabase(location, { mode: 'read' });
    try {
      const rows = database.prepare('SELECT name, value FROM settings LIMIT 100').all();
      return rows.flatMap((row) => {
        const { name, value } = row as Readonly<Record<string, unknown>>;
        return typeof name === 'string' && typeof value === 'string' ? [[name, value] as const] : [];
      });
    } finally {
      database.close();
    }
  } catch (error) {
    if (sqliteResultCode(error) === undefined) throw error;
    return [];
  }
}

function layAside(location: string): string {
  const { dir, name, ext } = path.parse(location);
  const aside = path.join(dir, `${name}.damaged-${String(Date.now())}${ext}`);
  renameSync(location, aside);
  for (const suffix of ['-wal', '-shm']) rmSync(location + suffix, { force: true });
  return aside;
}
