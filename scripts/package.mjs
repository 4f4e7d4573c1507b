/**
 * `npm run package [-- --linux AppImage …]`: an installable build in dist/. Only the pinned Electron is packaged; the
 * development runtime is past its end of life, so without the pinned one it takes `--with-development-runtime` to get a
 * directory for trying things out, marked as such.
 */
import { join } from 'node:path';
import process from 'node:process';
import { buildIfNeeded } from './run/build.mjs';
import { packageScript, projectNode, root } from './run/checkout.mjs';
import { endWithChildren, run } from './run/child.mjs';
import { askForElectron } from './run/electron.mjs';
import { installIfNeeded } from './run/install.mjs';

const report = (/** @type {string} */ message) => console.error(`streamscope: ${message}`);
const thisPlatform = process.platform === 'darwin' ? '--mac' : process.platform === 'win32' ? '--win' : '--linux';
const trial = '--with-development-runtime';

/** @param {readonly string[]} words */
async function electronWords(words) {
  const electron = await askForElectron();
  if (electron.kind === 'none') throw new Error(`nothing to package: no Electron (${electron.why})`);
  if (electron.kind === 'pinned') return [];
  if (!words.includes(trial)) {
    throw new Error(
      `not packaging Electron ${electron.version} (${electron.why}). ` +
        `For a directory to try things out with, add ${trial}; never hand it to anyone.`,
    );
  }
  report(`packaging Electron ${electron.version} for trying out only: ${electron.why}`);
  return [
    `-c.electronVersion=${electron.version}`,
    `-c.electronDist=${electron.directory}`,
    `-c.directories.output=${join('dist', 'trial')}`,
  ];
}

endWithChildren();
try {
  const words = process.argv.slice(2);
  await installIfNeeded(report);
  await buildIfNeeded(report);
  const forElectron = await electronWords(words);
  const targets = words.filter((word) => word !== trial);
  const { code } = await run(projectNode(), [
    packageScript('electron-builder', 'cli.js'),
    ...(targets.length === 0 ? [thisPlatform, 'dir'] : targets),
    `--projectDir=${root}`,
    '--publish=never',
    ...forElectron,
  ]);
  process.exitCode = code;
} catch (error) {
  report(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
