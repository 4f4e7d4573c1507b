/**
 * `npm start`: installs and builds if needed, then opens the window; in a browser where there is no display or no
 * Electron. Words after `--` go to the app. Runs on any Node ≥20 in a fresh clone.
 */
import { join } from 'node:path';
import process from 'node:process';
import { buildIfNeeded } from './run/build.mjs';
import { projectNode, root } from './run/checkout.mjs';
import { endWithChildren, run } from './run/child.mjs';
import { askForElectron } from './run/electron.mjs';
import { installIfNeeded } from './run/install.mjs';
import { debianPackages } from './electron/libraries.mjs';

const report = (/** @type {string} */ message) => console.error(`streamscope: ${message}`);

/**
 * What stands against a desktop window here, or undefined.
 * @param {import('./electron/find.mjs').FoundElectron | import('./electron/find.mjs').NoElectron} electron
 */
function obstacle(electron) {
  if (electron.kind === 'none') return `no Electron: ${electron.why}`;
  if (electron.missingLibraries.length > 0) {
    const remedy = `sudo apt-get install ${debianPackages.join(' ')}`;
    return `Electron lacks ${electron.missingLibraries.join(', ')} on this system (on Debian or Ubuntu: ${remedy})`;
  }
  return undefined;
}

const hasDisplay = () =>
  process.platform !== 'linux' || Boolean(process.env.DISPLAY) || Boolean(process.env.WAYLAND_DISPLAY);

/** @param {readonly string[]} words */
async function openInBrowser(words) {
  const { code } = await run(projectNode(), [join(root, 'out/main/cli.js'), 'serve', '--open', ...words]);
  return code;
}

/** @param {readonly string[]} words */
async function start(words) {
  await installIfNeeded(report);
  await buildIfNeeded(report);
  if (!hasDisplay()) {
    report('no display (DISPLAY and WAYLAND_DISPLAY are empty): serving the window to a browser instead');
    return openInBrowser(words);
  }
  const electron = await askForElectron();
  const problem = obstacle(electron);
  if (electron.kind === 'none' || problem !== undefined) {
    report(`${problem}. Serving the window to a browser instead`);
    return openInBrowser(words);
  }
  report(`Electron ${electron.version} from ${electron.directory} (${electron.why})`);
  const switches = [];
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    report(
      "running as root: adding --no-sandbox, without which Chromium refuses to start; an ordinary user's is safer",
    );
    switches.push('--no-sandbox');
  }
  const { code } = await run(electron.executable, [...switches, root, ...words]);
  return code;
}

endWithChildren();
try {
  process.exitCode = await start(process.argv.slice(2));
} catch (error) {
  report(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
