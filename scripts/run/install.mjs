import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { root } from './checkout.mjs';
import { run } from './child.mjs';

const stamp = join(root, 'node_modules', '.cache', 'streamscope', 'installed');

function wantedDigest() {
  const hash = createHash('sha256');
  for (const name of ['package-lock.json', 'package.json']) hash.update(readFileSync(join(root, name)));
  return hash.digest('hex');
}

/**
 * @typedef {{ readonly integrity?: string; readonly optional?: boolean }} LockedPackage
 * @param {string} path
 */
function readLockedPackages(path) {
  const lock = /** @type {{ readonly packages: Readonly<Record<string, LockedPackage>> }} */ (
    JSON.parse(readFileSync(path, 'utf8'))
  );
  return lock.packages;
}

/** Whether node_modules holds what package-lock.json asks for: our own stamp, or npm's record agreeing with the lock. */
function isInstalled() {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wantedDigest()) return true;
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = readLockedPackages(record);
  const locked = readLockedPackages(join(root, 'package-lock.json'));
  return Object.entries(locked).every(
    ([path, entry]) => path === '' || entry.optional || installed[path]?.integrity === entry.integrity,
  );
}

function recordInstalled() {
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wantedDigest());
}

/**
 * Installs the locked packages unless they are there.
 * @param {(message: string) => void} report
 * @throws {Error} with a sentence for a person
 */
export async function installIfNeeded(report) {
  if (isInstalled()) {
    recordInstalled();
    return;
  }
  report('installing packages (npm ci, about 400 MB on disk)');
  const started = performance.now();
  const elapsedSeconds = () => Math.round((performance.now() - started) / 1000);
  const heartbeat = setInterval(() => report(`still installing packages, ${elapsedSeconds()} s`), 10_000);
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  try {
    const { code } = await run(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
    if (code !== 0) {
      throw new Error(
        `npm ci ended with exit ${code}, see above. Is the npm registry reachable from here? ` +
          'Behind a proxy or mirror set it in ~/.npmrc, then try again.',
      );
    }
  } finally {
    clearInterval(heartbeat);
  }
  recordInstalled();
  report(`packages installed in ${elapsedSeconds()} s`);
}
