import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build, type InlineConfig } from 'vite';

const source = import.meta.dirname;
const repository = resolve(source, '../../..');

const out = join(repository, 'test/output/contractApp');

/**
 * Builds the suite's page, which joins whatever host it finds itself in.
 * @returns the folder with its `index.html`
 */
export async function buildContractPage(): Promise<string> {
  const outDir = join(out, 'page');
  await build({
    configFile: false,
    root: source,
    logLevel: 'warn',
    build: {
      target: 'chrome130',
      outDir,
      emptyOutDir: true,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
  });
  return outDir;
}

/**
 * Builds the contract app: the desktop host as it ships around the suite's own engine and page.
 * @returns the folder that Electron is started with
 */
export async function buildContractApp(): Promise<string> {
  const node = (input: Record<string, string>, folder: string, format: 'es' | 'cjs'): InlineConfig => ({
    configFile: false,
    root: repository,
    logLevel: 'warn',
    // Only Electron itself is there at run time.
    ssr: { noExternal: true, external: ['electron'] },
    build: {
      ssr: true,
      target: 'node20.18',
      outDir: join(out, folder),
      emptyOutDir: true,
      minify: false,
      rolldownOptions: {
        input,
        external: ['electron'],
        output: { format, entryFileNames: format === 'cjs' ? '[name].cjs' : '[name].js' },
      },
    },
  });
  await build(node({ main: join(source, 'main.ts'), engine: join(source, 'engine.ts') }, 'main', 'es'));
  await build(node({ preload: join(repository, 'src/preload/index.ts') }, 'preload', 'cjs'));
  await buildContractPage();
  await mkdir(out, { recursive: true });
  const manifest = { name: 'streamscope-contract', version: '1.2.3', type: 'module', main: 'main/main.js' };
  await writeFile(join(out, 'package.json'), JSON.stringify(manifest));
  return out;
}
