import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { _electron, type Page } from 'playwright';
import { installProbe } from './windowPage.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What the engine's process says of itself. */
export interface EngineFacts {
  readonly loopDelayP50Millis: number;
  readonly loopDelayP99Millis: number;
  readonly loopDelayMaxMillis: number;
  readonly memory: NodeJS.MemoryUsage;
}

export interface ProcessMemory {
  readonly residentBytes: number;
  /** Since `forgetPeaks`. */
  readonly peakBytes: number;
}

/** The built window in a real Electron, with a way to look into its processes from outside. */
export interface MeasuredWindow {
  readonly page: Page;
  engine(question: 'read'): Promise<EngineFacts>;
  engine(question: 'reset' | 'profile' | `profile ${string}`): Promise<unknown>;
  memory(which: 'engine' | 'window'): Promise<ProcessMemory>;
  forgetPeaks(): Promise<void>;
  close(): Promise<void>;
}

/** @param home a folder that holds or gets the library */
export async function startMeasuredWindow(executable: string, home: string): Promise<MeasuredWindow> {
  const socketPath = path.join(home, `engine-${Date.now()}.sock`);
  const electron = await _electron.launch({
    executablePath: executable,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      `--user-data-dir=${path.join(home, 'profile')}`,
      '-r',
      fileURLToPath(new URL('./windowFork.cjs', import.meta.url)),
      root,
    ],
    env: {
      ...(process.env as Record<string, string>),
      STREAMSCOPE_HOME: path.join(home, 'recordings'),
      STREAMSCOPE_BENCH_SOCKET: socketPath,
    },
  });
  const page = await electron.firstWindow();
  await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(1_280, 800));
  await page.waitForFunction(() => innerWidth === 1_280 && innerHeight === 800);
  await page.getByRole('navigation', { name: 'Library' }).waitFor();
  await idle(page);
  await page.evaluate(installProbe);
  const processes = await electron.evaluate(({ app }) =>
    app.getAppMetrics().map(({ pid, type, name }) => ({ pid, type, name })),
  );
  const pidOf = (what: string): number => {
    const found = processes.find(({ type, name }) => type === what || name === what);
    if (found === undefined) throw new Error(`Electron has no process ${what}`);
    return found.pid;
  };
  const pids = { engine: pidOf('Streamscope engine'), window: pidOf('Tab') };

  return {
    page,
    async engine(question: string) {
      const socket = createConnection(socketPath);
      await once(socket, 'connect');
      socket.write(question);
      return JSON.parse(await text(socket)) as EngineFacts;
    },
    async memory(which) {
      const status = await readFile(`/proc/${pids[which]}/status`, 'utf8');
      const kilobytes = (field: string): number => Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
      return { residentBytes: kilobytes('VmRSS') * 1_024, peakBytes: kilobytes('VmHWM') * 1_024 };
    },
    async forgetPeaks() {
      for (const pid of Object.values(pids)) await writeFile(`/proc/${pid}/clear_refs`, '5');
    },
    async close() {
      // What is still open is asked about in a dialog of the system, which nobody could answer here.
      await electron.evaluate(({ dialog }) => {
        Object.assign(dialog, { showMessageBox: () => Promise.resolve({ response: 1 }) });
      });
      await electron.close();
    },
  };
}

/** Resolves when the window says that nothing is under way. */
export async function idle(page: Page): Promise<void> {
  await page.evaluate(() => (window as unknown as { streamscopeIdle(): Promise<void> }).streamscopeIdle());
}
