/**
 * `npm run dev`: the desktop window with the renderer reloading on change, in whichever Electron `npm start` would take.
 */
import process from 'node:process';
import { packageScript, projectNode } from './run/checkout.mjs';
import { endWithChildren, run } from './run/child.mjs';
import { askForElectron } from './run/electron.mjs';
import { installIfNeeded } from './run/install.mjs';

const report = (/** @type {string} */ message) => console.error(`streamscope: ${message}`);

endWithChildren();
try {
  await installIfNeeded(report);
  const electron = await askForElectron();
  if (electron.kind === 'none') throw new Error(`no Electron: ${electron.why}. The web host needs none: npm start`);
  report(`Electron ${electron.version} from ${electron.directory} (${electron.why})`);
  const asRoot = process.platform === 'linux' && process.getuid?.() === 0;
  const words = [packageScript('electron-vite', 'bin/electron-vite.js'), 'dev', ...(asRoot ? ['--noSandbox'] : [])];
  const environment = { ELECTRON_EXEC_PATH: electron.executable };
  const { code } = await run(projectNode(), [...words, ...process.argv.slice(2)], { environment });
  process.exitCode = code;
} catch (error) {
  report(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
