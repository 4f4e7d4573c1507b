import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Programs that are measured in a process of their own. */
export type MeasuredProgram =
  | 'measureCapture'
  | 'storeRun'
  | 'bigRun'
  | 'liveMemoryRun'
  | 'proxyServed'
  | 'mockttpServed'
  | 'proxyOrigin'
  | 'proxyClient';

/**
 * Bundles a measured program as the product is bundled, so that what is measured is what users run: sources that
 * Node strips of their types at start-up cost memory that the product does not. Answers with the program's path.
 * @param program name of a file beside this one
 */
export async function buildMeasurement(program: MeasuredProgram): Promise<string> {
  const outDir = `${root}node_modules/.cache/bench/${program}`;
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
          [program]: `${root}test/bench/${program}.ts`,
          writerThread: `${root}src/main/store/writerThread.ts`,
        },
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
    ssr: { noExternal: true },
  });
  return `${outDir}/${program}.js`;
}
