/**
 * Finds an Electron to run, installing one if need be. Run as a program it prints the answer as one JSON object on
 * stdout and everything for people on stderr. Needs the installed packages.
 *
 * Order: ELECTRON_OVERRIDE_DIST_PATH, the pinned version (installed or downloadable), the development runtime
 * (Linux x64), none. `--any-but-download` leaves out what has to be downloaded first.
 */
import { spawn } from 'node:child_process';
import { access, constants, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import {
  developmentRuntime,
  developmentRuntimeDirectory,
  developmentRuntimeFits,
  installDevelopmentRuntime,
  isDevelopmentRuntimeInstalled,
} from './developmentRuntime.mjs';
import { missingLibraries } from './libraries.mjs';

/**
 * @typedef {{
 *   readonly kind: 'override' | 'pinned' | 'development';
 *   readonly directory: string;
 *   readonly executable: string;
 *   readonly version: string;
 *   readonly why: string;
 *   readonly missingLibraries: readonly string[];
 * }} FoundElectron
 * @typedef {{ readonly kind: 'none'; readonly why: string }} NoElectron
 */

const packageDirectory = resolve(import.meta.dirname, '../../node_modules/electron');

function executableInDistribution() {
  if (process.platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return process.platform === 'win32' ? 'electron.exe' : 'electron';
}

/** @param {string} directory a distribution */
async function runnable(directory) {
  const executable = join(directory, executableInDistribution());
  return access(executable, constants.X_OK).then(
    () => executable,
    () => undefined,
  );
}

/** @param {string} directory */
async function versionIn(directory) {
  const version = await readFile(join(directory, 'version'), 'utf8').catch(() => 'unknown version');
  return version.trim().replace(/^v/, '');
}

async function pinnedVersion() {
  const manifest = await readFile(join(packageDirectory, 'package.json'), 'utf8').catch(() => undefined);
  if (manifest === undefined) return undefined;
  const { version } = /** @type {{ readonly version: string }} */ (JSON.parse(manifest));
  return version;
}

/** @param {string} pinned */
async function installedPinned(pinned) {
  const directory = join(packageDirectory, 'dist');
  const executable = await runnable(directory);
  return executable !== undefined && (await versionIn(directory)) === pinned ? executable : undefined;
}

/**
 * Lets Electron's own installer fetch and verify its binary.
 * @param {string} pinned
 * @param {(message: string) => void} report
 * @returns {Promise<string | undefined>} why it could not be fetched, or undefined
 */
async function downloadPinned(pinned, report) {
  report(`fetching the pinned Electron ${pinned} from its release host`);
  const started = performance.now();
  const heartbeat = setInterval(() => {
    report(`still fetching Electron ${pinned}, ${Math.round((performance.now() - started) / 1000)} s`);
  }, 5000);
  try {
    return await new Promise((settle) => {
      const child = spawn(process.execPath, [join(packageDirectory, 'install.js')], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let complaint = '';
      child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ text) => (complaint += text));
      child.once('error', (error) => settle(error.message));
      child.once('close', (code) => {
        settle(code === 0 ? undefined : (complaint.trim().split('\n')[0] ?? `its installer ended with exit ${code}`));
      });
    });
  } finally {
    clearInterval(heartbeat);
  }
}

/**
 * @param {(message: string) => void} report
 * @param {AbortSignal} signal
 * @param {{ readonly mayDownload: boolean }} options
 * @returns {Promise<FoundElectron | NoElectron>}
 */
export async function findElectron(report, signal, { mayDownload }) {
  const found = async (
    /** @type {FoundElectron['kind']} */ kind,
    /** @type {string} */ directory,
    /** @type {string} */ executable,
    /** @type {string} */ why,
  ) => ({
    kind,
    directory,
    executable,
    why,
    version: await versionIn(directory),
    missingLibraries: await missingLibraries(executable),
  });

  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override !== undefined && override !== '') {
    const executable = await runnable(override);
    if (executable === undefined) {
      return {
        kind: 'none',
        why: `ELECTRON_OVERRIDE_DIST_PATH names ${override}, where there is no executable ${executableInDistribution()}`,
      };
    }
    return found('override', override, executable, 'ELECTRON_OVERRIDE_DIST_PATH names it');
  }

  let withoutPinned = 'the electron package is not installed';
  const pinned = await pinnedVersion();
  if (pinned !== undefined) {
    let executable = await installedPinned(pinned);
    if (executable === undefined && mayDownload) {
      const complaint = await downloadPinned(pinned, report);
      executable = await installedPinned(pinned);
      withoutPinned = `the pinned ${pinned} cannot be downloaded here (${complaint ?? 'its files are incomplete'})`;
    } else if (executable === undefined) {
      withoutPinned = `the pinned ${pinned} is not installed`;
    }
    if (executable !== undefined) {
      return found('pinned', join(packageDirectory, 'dist'), executable, 'the pinned version');
    }
  }

  const pastEndOfLife = 'past its end of life: for development and tests only';
  if (!developmentRuntimeFits()) {
    return { kind: 'none', why: `${withoutPinned}, and the development runtime exists for Linux x64 only` };
  }
  if (!mayDownload && !(await isDevelopmentRuntimeInstalled())) {
    return { kind: 'none', why: `${withoutPinned}, nor is the development runtime ${developmentRuntime.version}` };
  }
  try {
    const directory = await installDevelopmentRuntime((message) => {
      report(`Electron ${developmentRuntime.version} for development: ${message}`);
    }, signal);
    const executable = join(directory, executableInDistribution());
    return await found('development', directory, executable, `${pastEndOfLife}; ${withoutPinned}`);
  } catch (error) {
    signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    return {
      kind: 'none',
      why: `${withoutPinned}, and the development runtime could not be put into ${developmentRuntimeDirectory()}: ${reason}`,
    };
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const interruption = new AbortController();
  for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
    process.once(name, () => interruption.abort(new Error(`interrupted by ${name}`)));
  }
  const mayDownload = !process.argv.includes('--any-but-download');
  const report = (/** @type {string} */ message) => console.error(`  ${message}`);
  try {
    console.log(JSON.stringify(await findElectron(report, interruption.signal, { mayDownload })));
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    report('interrupted; the next run goes on from what is there');
    process.exitCode = 130;
  }
}
