import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';

/**
 * SHA-256 of a file, hex.
 * @param {string} path
 */
export async function sha256(path) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

const fileTypeMask = 0o170000;
const regularFile = 0o100000;

/**
 * Unpacks a zip archive. `place` answers for each file where it goes, relative to `directory`, or undefined to leave it
 * out. Modes are kept. Anything but directories and regular files, and any name that leads out of `directory`, throws.
 * @param {string} archive
 * @param {string} directory
 * @param {(name: string) => string | undefined} place
 * @param {(done: number, total: number) => void} progress counted in entries
 * @param {AbortSignal} signal
 */
export async function unzip(archive, directory, place, progress, signal) {
  // A tool of the installed packages: everything else here also runs before they are there.
  const { openPromise } = await import('yauzl');
  const zip = await openPromise(archive, { lazyEntries: true, autoClose: false });
  try {
    let done = 0;
    for await (const entry of zip.eachEntry()) {
      signal.throwIfAborted();
      progress((done += 1), zip.entryCount);
      if (entry.fileName.endsWith('/')) continue;
      const name = place(entry.fileName);
      if (name === undefined) continue;
      const path = join(directory, name);
      if (relative(directory, path).split(sep)[0] === '..') throw new Error(`${archive} names a file outside: ${name}`);
      const unixMode = entry.externalFileAttributes >>> 16;
      if (unixMode !== 0 && (unixMode & fileTypeMask) !== regularFile) {
        throw new Error(`${archive} contains something that is no regular file: ${entry.fileName}`);
      }
      await mkdir(dirname(path), { recursive: true });
      const mode = unixMode === 0 ? 0o644 : unixMode & 0o777;
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(path, { mode }), { signal });
    }
  } finally {
    zip.close();
  }
}
