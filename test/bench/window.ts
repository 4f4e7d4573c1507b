import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Spread } from './spread.ts';
import type { StreamServers } from './streamServer.ts';
import { startMeasuredWindow, type MeasuredWindow } from './windowApp.ts';
import { openDisplay } from './windowDisplay.ts';
import {
  measureArrivals,
  measureStored,
  measureUnderLoad,
  recordStream,
  startWindowServer,
  type RecordingUnderLoad,
  type StoredRecording,
} from './windowMeasures.ts';

export interface WindowOptions {
  /** Body bytes of the recordings made as fast as they come, by the server's layout. */
  readonly bytes: { readonly written: number; readonly each: number };
  readonly storedFrames: number;
  readonly rounds: number;
  /** Where the engine's CPU profiles are kept; undefined for none. */
  readonly profiles: string | undefined;
  readonly progress: (message: string) => void;
}

/** Every round of every measurement, oldest first. */
export interface WindowReport {
  readonly electron: string;
  /** Of the machine, over the minute before. */
  readonly load: { readonly before: number; readonly after: number };
  readonly stored: readonly StoredRecording[];
  /** Milliseconds. */
  readonly arrivals: readonly Spread[];
  readonly written: readonly RecordingUnderLoad[];
  readonly each: readonly RecordingUnderLoad[];
}

interface Electron {
  readonly kind: string;
  readonly why: string;
  readonly executable: string;
  readonly version: string;
}

async function findElectron(): Promise<Electron> {
  const finder = fileURLToPath(new URL('../../scripts/electron/find.mjs', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [finder, '--any-but-download']);
  return JSON.parse(stdout) as Electron;
}

const oneMinuteLoad = (): number => loadavg()[0] ?? NaN;

/** Measures the built window in a real Electron; answers with the reason where there is none or no screen. */
export async function measureWindow(options: WindowOptions): Promise<WindowReport | { readonly skipped: string }> {
  const electron = await findElectron();
  if (electron.kind === 'none') return { skipped: electron.why };
  const display = await openDisplay();
  if (display === null) return { skipped: 'no display and no Xvfb' };
  const server = await startWindowServer();
  const streams = fork(new URL('./streamServer.ts', import.meta.url).pathname);
  try {
    const [{ httpPort, rawPort }] = (await once(streams, 'message')) as [StreamServers];
    const before = oneMinuteLoad();
    const { progress, rounds, bytes } = options;

    async function inFolder<T>(measure: (home: string) => Promise<T>): Promise<T> {
      const home = await mkdtemp(path.join(process.env['STREAMSCOPE_BENCH_FOLDER'] ?? tmpdir(), 'streamscope-window-'));
      try {
        return await measure(home);
      } finally {
        await rm(home, { recursive: true, force: true });
      }
    }
    async function inWindow<T>(home: string, measure: (window: MeasuredWindow) => Promise<T>): Promise<T> {
      const window = await startMeasuredWindow(electron.executable, home);
      try {
        return await measure(window);
      } finally {
        await window.close();
      }
    }
    /** Each round in a process of its own, so that none finds anything warm or grown. */
    async function roundsOf<T>(name: string, measure: (round: number) => Promise<T>): Promise<readonly T[]> {
      const measured: T[] = [];
      for (let round = 0; round < rounds; round++) {
        progress(`window, ${name}: round ${round + 1} of ${rounds}`);
        measured.push(await measure(round));
      }
      return measured;
    }
    const underLoad = (layout: 'written' | 'each', port: number) =>
      roundsOf(`recording, ${layout}`, (round) =>
        inFolder((home) =>
          inWindow(home, (window) =>
            measureUnderLoad(
              window,
              `http://127.0.0.1:${port}/${layout}/${bytes[layout]}`,
              bytes[layout],
              options.profiles && path.join(options.profiles, `engine-${layout}-${round}.cpuprofile`),
            ),
          ),
        ),
      );

    const stored = await inFolder(async (home) => {
      progress('window: recording what is opened later');
      await inWindow(home, (window) => recordStream(window, `${server.origin}/numbered/${options.storedFrames}`));
      return roundsOf('a stored recording', () =>
        inWindow(home, (window) => measureStored(window, options.storedFrames)),
      );
    });
    const arrivals = await roundsOf('arrival to pixels', () =>
      inFolder((home) => inWindow(home, (window) => measureArrivals(window, server))),
    );
    const written = await underLoad('written', httpPort);
    const each = await underLoad('each', rawPort);
    return {
      electron: electron.version,
      load: { before, after: oneMinuteLoad() },
      stored,
      arrivals,
      written,
      each,
    };
  } finally {
    streams.disconnect();
    server.close();
    await display.close();
  }
}
