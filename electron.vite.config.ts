import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';

// What ships must run on the older of the two runtimes that we test on, not only on the pinned Electron.
const nodeTarget = 'node20.18';
const chromeTarget = 'chrome130';

/** The command line is started by its path as well as by `node`. */
function executable(name: string): Plugin {
  return {
    name: 'streamscope:executable',
    apply: 'build',
    writeBundle: {
      sequential: true,
      async handler({ dir }, bundle) {
        if (dir !== undefined && name in bundle) await chmod(join(dir, name), 0o755);
      },
    },
  };
}

export default defineConfig({
  main: {
    plugins: [executable('cli.js')],
    build: {
      target: nodeTarget,
      sourcemap: true,
      // Everything is bundled: the same out/ runs from a checkout, from a package without node_modules and as the `bin`.
      externalizeDeps: false,
      rolldownOptions: {
        input: {
          index: 'src/main/index.ts',
          engine: 'src/main/hosts/desktop/engine.ts',
          cli: 'src/main/cli.ts',
          writerThread: 'src/main/store/writerThread.ts',
        },
        // Loads a prebuilt binary beside its own files, and exists only where a runtime lacks node:sqlite.
        external: ['@photostructure/sqlite'],
        output: {
          entryFileNames: '[name].js',
          // Beside the entries, so that a path relative to import.meta.url is right in whichever file the code lands.
          chunkFileNames: '[name]-[hash].js',
        },
      },
    },
  },
  preload: {
    build: {
      target: nodeTarget,
      sourcemap: true,
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: 'src/preload/index.ts' },
        // A sandboxed window loads its preload as CommonJS only.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    plugins: [react()],
    worker: { format: 'es' },
    build: {
      target: chromeTarget,
      outDir: 'out/renderer',
      emptyOutDir: true,
      minify: true,
      sourcemap: true,
      // The content security policy forbids data: for everything but images.
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 6000,
      rolldownOptions: { input: 'src/renderer/index.html' },
    },
  },
});
