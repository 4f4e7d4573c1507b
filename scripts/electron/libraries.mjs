import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What Electron and a screenless end-to-end run need on Debian and its relatives. */
export const debianPackages = Object.freeze([
  'xvfb',
  'xauth',
  'libgtk-3-0',
  'libnss3',
  'libasound2',
  'libgbm1',
  'libxss1',
  'libxtst6',
  'libnotify4',
  'libdrm2',
  'libatspi2.0-0',
  'libxkbcommon0',
  'libcups2',
  'dbus-x11',
  'fonts-dejavu-core',
]);

/**
 * Shared libraries that the executable asks for and the system lacks, e.g. `libgtk-3.so.0`. Empty off Linux, and where
 * there is no `ldd` to ask.
 * @param {string} executable
 * @returns {Promise<readonly string[]>}
 */
export async function missingLibraries(executable) {
  if (process.platform !== 'linux') return [];
  const listing = await promisify(execFile)('ldd', [executable]).catch(() => ({ stdout: '' }));
  return listing.stdout
    .split('\n')
    .filter((line) => line.includes('not found'))
    .map((line) => line.trim().split(/\s/)[0] ?? line);
}
