import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { packageScript, projectNode, root } from './checkout.mjs';
import { run } from './child.mjs';

const products = [
  'out/main/index.js',
  'out/main/engine.js',
  'out/main/cli.js',
  'out/main/writerThread.js',
  'out/preload/index.cjs',
  'out/renderer/index.html',
];

/**
 * Latest modification below a path, in milliseconds since the epoch; 0 where there is nothing.
 * @param {string} path
 * @returns {number}
 */
function newestMillis(path) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  // The directory's own time tells of deleted files.
  return readdirSync(path).reduce((newest, name) => Math.max(newest, newestMillis(join(path, name))), stats.mtimeMs);
}

export function isBuildCurrent() {
  const paths = products.map((path) => join(root, path));
  if (!paths.every((path) => existsSync(path))) return false;
  const oldestProduct = Math.min(...paths.map((path) => statSync(path).mtimeMs));
  const sources = ['src', 'electron.vite.config.ts', 'tsconfig.base.json', 'package-lock.json'];
  return sources.every((source) => newestMillis(join(root, source)) <= oldestProduct);
}

/**
 * Builds main, preload and renderer into out/.
 * @returns {Promise<number>} the exit code
 */
export async function build() {
  const words = [packageScript('electron-vite', 'bin/electron-vite.js'), 'build', '--logLevel', 'warn'];
  const { code } = await run(projectNode(), words, { environment: { NODE_ENV: 'production' } });
  return code;
}

/**
 * @param {(message: string) => void} report
 * @throws {Error} where the build fails
 */
export async function buildIfNeeded(report) {
  if (isBuildCurrent()) return;
  report('building (sources are newer than out/)');
  const started = performance.now();
  if ((await build()) !== 0) throw new Error('The build failed, see above.');
  report(`built in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}
