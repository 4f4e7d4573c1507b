import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Bundles the measured program as the product is bundled, so that what is measured is what users run: sources that
 * Node strips of their types at start-up cost memory that the product does not. Answers with the program's path.
 */
export async function buildMeasurement(): Promise<string> {
  const outDir = `${root}node_modules/.cache/bench`;
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    build: {
      ssr: true,
      target: 'node20.18',
      outDir,
      emptyOutDir: true,
      rolldownOptions: {
        external: ['@photostructure/sqlite'],
        input: {
          measureCapture: `${root}test/bench/measureCapture.ts`,
          writerThread: `${root}src/main/store/writerThread.ts`,
        },
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
    ssr: { noExternal: true },
  });
  return `${outDir}/measureCapture.js`;
}
