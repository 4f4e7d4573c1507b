import process from 'node:process';
import { createInstrument, type Instrument } from '../../instrument/createInstrument.ts';
import type { EngineService } from '../../rpc/handlers.ts';
import { defaultRecordingsFolder } from '../../store/recordingsFolder.ts';
import { exitCode, UsageError } from './exitCodes.ts';
import { openBrowser } from './openBrowser.ts';
import { rendererFolder, samplesFolder } from './builtFiles.ts';
import { print } from './terminal.ts';

/** Serves the window to a browser: another host's business, so the composition hands it in. */
export type StartWindowHost = (options: {
  readonly service: EngineService;
  readonly rendererFolder: string;
  readonly port: number;
}) => Promise<{ readonly url: string; close(): Promise<void> }>;

/** Runs `use` with an engine over the user's library, and lets go of it whatever happens. */
export async function withLibrary(version: string, use: (instrument: Instrument) => Promise<number>): Promise<number> {
  const instrument = await createInstrument({
    host: 'cli',
    version,
    folder: defaultRecordingsFolder(),
    samplesFolder: null,
    startMock: false,
  });
  try {
    return await use(instrument);
  } finally {
    await instrument.close();
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
}

/** `serve`: the window in a browser, until interrupted. */
export async function serve({
  version,
  port,
  open,
  startWindowHost,
  signal,
}: {
  readonly version: string;
  readonly port: number;
  readonly open: boolean;
  readonly startWindowHost: StartWindowHost;
  readonly signal: AbortSignal;
}): Promise<number> {
  const instrument = await createInstrument({
    host: 'web',
    version,
    folder: defaultRecordingsFolder(),
    samplesFolder: samplesFolder(),
    startMock: true,
  });
  try {
    const host = await startWindowHost({ service: instrument, rendererFolder: rendererFolder(), port }).catch(
      (error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        throw new UsageError(
          `The window cannot be served on port ${String(port)}: ${reason}. Try --port 0 for any free one.`,
        );
      },
    );
    // Through the proxy the window's own server would trust whoever reaches it.
    const { hostname, port: bound } = new URL(host.url);
    instrument.ownListeners.add({ address: hostname, port: Number(bound) });
    await print(`${host.url}\n`);
    process.stderr.write('The address holds a key to your recordings: keep it to yourself. Ctrl+C ends.\n');
    if (open && !(await openBrowser(host.url))) {
      process.stderr.write('No browser was found to open it in: paste the address into one on this machine.\n');
    }
    await untilAborted(signal);
    await host.close();
    return exitCode.fine;
  } finally {
    await instrument.close();
  }
}
