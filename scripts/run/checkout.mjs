/** Runs on any Node ≥20 before anything is installed, so it imports nothing but Node itself. */
import { dirname, delimiter, join, resolve } from 'node:path';
import process from 'node:process';
import { existsSync } from 'node:fs';

/** The repository's root. */
export const root = resolve(import.meta.dirname, '../..');

const bin = join(root, 'node_modules', '.bin');

/** The Node of the project, whichever Node started us. Falls back to that one before the packages are installed. */
export function projectNode() {
  const own = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  return existsSync(own) ? own : process.execPath;
}

/**
 * The environment for children: the project's commands first on PATH, among them its Node.
 * @param {Readonly<Record<string, string>>} additions
 * @returns {NodeJS.ProcessEnv}
 */
export function childEnvironment(additions = {}) {
  return {
    ...process.env,
    PATH: [bin, dirname(projectNode()), process.env.PATH ?? ''].join(delimiter),
    ...additions,
  };
}

/**
 * The script that a package installs as `name`, to be run by the project's Node.
 * @param {string} packageName
 * @param {string} script path inside the package
 */
export function packageScript(packageName, script) {
  return join(root, 'node_modules', packageName, script);
}
