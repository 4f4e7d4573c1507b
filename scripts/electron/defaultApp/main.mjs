/**
 * What `electron PATH` runs in a distribution that carries no default app of its own: finds the app named on the command
 * line and becomes it. Understands `-r MODULE`, `--version`, `--app=PATH` and a path, as Electron's own does.
 */
import { app } from 'electron';
import { readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** @param {readonly string[]} words the command line after the executable */
function readCommandLine(words) {
  /** @type {string[]} */
  const modules = [];
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? '';
    if (word === '--version' || word === '-v') return { version: true, modules, target: undefined };
    if (word.startsWith('--app=')) return { version: false, modules, target: word.slice('--app='.length) };
    if (word === '-r' || word === '--require') {
      i += 1;
      const name = words[i];
      if (name !== undefined) modules.push(name);
    } else if (!word.startsWith('-')) {
      return { version: false, modules, target: word };
    }
  }
  return { version: false, modules, target: undefined };
}

/**
 * Electron's own default app sets these too; its type declarations leave them out.
 * @type {Electron.App & { setAppPath(path: string): void; setVersion(version: string): void }}
 */
const host = /** @type {never} */ (app);

/** @param {string} target a directory with a package.json, or a script */
async function loadApp(target) {
  const path = resolve(target);
  if (!(await stat(path)).isDirectory()) {
    host.setAppPath(dirname(path));
    return path;
  }
  const manifest = /** @type {Readonly<Record<string, unknown>>} */ (
    JSON.parse(await readFile(join(path, 'package.json'), 'utf8'))
  );
  const name = manifest.productName ?? manifest.name;
  if (typeof name === 'string') {
    app.setName(name);
    if (!app.commandLine.hasSwitch('user-data-dir')) app.setPath('userData', join(app.getPath('appData'), name));
  }
  if (typeof manifest.version === 'string') host.setVersion(manifest.version);
  host.setAppPath(path);
  return join(path, typeof manifest.main === 'string' ? manifest.main : 'index.js');
}

const commandLine = readCommandLine(process.argv.slice(1));
Reflect.set(process, 'defaultApp', true);
if (commandLine.version) {
  process.stdout.write(`v${process.versions.electron}\n`);
  app.exit(0);
} else if (commandLine.target === undefined) {
  process.stderr.write('Usage: electron [-r MODULE] PATH [ARGUMENTS]\n');
  app.exit(2);
} else {
  try {
    const require = createRequire(join(process.cwd(), 'package.json'));
    for (const name of commandLine.modules) require(name);
    const entry = await loadApp(commandLine.target);
    await import(pathToFileURL(entry).href);
  } catch (error) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`Cannot start the app ${commandLine.target}: ${reason}\n`);
    app.exit(1);
  }
}
