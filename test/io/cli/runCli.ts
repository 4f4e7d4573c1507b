import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The program: what was built where the run names it, else its source, whose types are stripped at each start. */
export const cliEntry =
  process.env['STREAMSCOPE_CLI'] ?? fileURLToPath(new URL('../../../src/main/cli.ts', import.meta.url));

export interface CliRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the real program in a process of its own, with a library folder of its own. */
export async function runCli(
  words: readonly string[],
  options: {
    readonly home: string;
    readonly stdin?: Uint8Array | string;
    readonly environment?: Readonly<Record<string, string>>;
  },
): Promise<CliRun> {
  const child = spawn(process.execPath, [cliEntry, ...words], {
    env: { ...process.env, STREAMSCOPE_HOME: options.home, NO_COLOR: '1', ...options.environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // The program may leave before it has read everything: that is its right.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.stdin ?? '');
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

/** The objects of NDJSON output. */
export function lines(stdout: string): Readonly<Record<string, unknown>>[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
}
