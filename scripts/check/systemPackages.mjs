import { execFile, spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { debianPackages } from '../electron/libraries.mjs';

const ask = promisify(execFile);

/** @param {string} name */
async function isPresent(name) {
  const answer = await ask('dpkg-query', ['-W', '-f=${Status}', name]).catch(() => ({ stdout: '' }));
  return answer.stdout.includes('install ok installed');
}

/**
 * The name under which this release of the distribution carries a package: the 64-bit time_t transition renamed some.
 * @param {string} name
 */
async function nameHere(name) {
  const renamed = `${name}t64`;
  return ask('apt-cache', ['show', '--no-all-versions', renamed]).then(
    () => renamed,
    () => name,
  );
}

/** @param {readonly string[]} words */
async function aptGet(words) {
  await new Promise((settle, reject) => {
    const child = spawn('apt-get', words, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ text) => (complaint += text));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) settle(undefined);
      else reject(new Error(`apt-get ${words[0]} ended with exit ${code}: ${complaint.trim().split('\n').at(-1)}`));
    });
  });
}

/** What the tests with sockets need: any package with this program will do. */
export const packagesOfSocketTests = Object.freeze(existsSync('/usr/sbin/nginx') ? [] : ['nginx-light']);

/** What the end-to-end tests need. */
export const packagesOfEndToEnd = Object.freeze([...debianPackages, 'chromium']);

/**
 * Installs what tests need of a Debian system, where that is ours to do.
 * @param {readonly string[]} names of packages
 * @param {(message: string) => void} report
 * @returns {Promise<string | undefined>} why something may be missing, or undefined
 */
export async function provideSystemPackages(names, report) {
  if (names.length === 0) return undefined;
  if (!existsSync('/usr/bin/apt-get') || !existsSync('/usr/bin/dpkg-query')) {
    return `this is no Debian system: ${names.join(', ')} are taken as they are`;
  }
  /** @type {string[]} */
  const missing = [];
  for (const name of names) {
    if (!(await isPresent(name)) && !(await isPresent(`${name}t64`))) missing.push(name);
  }
  if (missing.length === 0) return undefined;
  if (process.getuid?.() !== 0) {
    return `not root, so these stay missing; install them with: sudo apt-get install ${missing.join(' ')}`;
  }
  const started = performance.now();
  const elapsedSeconds = () => Math.round((performance.now() - started) / 1000);
  report(`installing ${missing.length} Debian packages: ${missing.join(' ')}`);
  const heartbeat = setInterval(() => report(`still installing Debian packages, ${elapsedSeconds()} s`), 10_000);
  try {
    await aptGet(['update', '-qq']);
    await aptGet(['install', '-y', '--no-install-recommends', ...(await Promise.all(missing.map(nameHere)))]);
    report(`Debian packages installed in ${elapsedSeconds()} s`);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearInterval(heartbeat);
  }
}

/**
 * Absolute path of the first of these programs that PATH has.
 * @param {readonly string[]} names
 */
export function findProgram(names) {
  const directories = (process.env.PATH ?? '').split(delimiter).filter((directory) => directory !== '');
  return names
    .flatMap((name) => directories.map((directory) => resolve(directory, name)))
    .find((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
}

/**
 * The version that a program prints about itself.
 * @param {string} path
 */
export async function versionOf(path) {
  const answer = await ask(path, ['--version']).catch(() => undefined);
  return /\d[\d.]*/.exec(answer?.stdout ?? '')?.[0] ?? 'unknown version';
}
