import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { FailureError } from '../../../shared/failure.ts';
import type { RecordingId } from '../../../shared/words.ts';
import { createInstrument, type Instrument } from '../../instrument/createInstrument.ts';
import { exitCode } from './exitCodes.ts';
import type { ReplayWords } from './replayWords.ts';
import { withLibrary } from './runCommands.ts';
import { print, safeForTerminal } from './terminal.ts';

/** `replay`: serves a recording until interrupted; its address on stdout, what its clients do on stderr. */
export async function replay(words: ReplayWords, version: string, signal: AbortSignal): Promise<number> {
  const { target } = words;
  if (!existsSync(target))
    return withLibrary(version, (instrument) => serveUntilAborted(instrument, target, words, signal));
  // A file is served from a library of its own, which goes with the command.
  const folder = await mkdtemp(path.join(tmpdir(), 'streamscope-replay-file-'));
  try {
    const instrument = await createInstrument({ host: 'cli', version, folder, samplesFolder: null, startMock: false });
    try {
      const id = await instrument.importPath(target);
      await instrument.recordings.settled(id);
      return await serveUntilAborted(instrument, id, words, signal);
    } finally {
      await instrument.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function serveUntilAborted(
  instrument: Instrument,
  id: RecordingId,
  { options, port }: ReplayWords,
  signal: AbortSignal,
): Promise<number> {
  const tell = (text: string): void => void process.stderr.write(`streamscope: ${safeForTerminal(text)}\n`);
  let started;
  try {
    const onLog = ({ client, message }: { readonly client: number; readonly message: string }): void =>
      tell(`client ${String(client)}: ${message}`);
    started = await instrument.replays.start({ id, options, ...(port === null ? {} : { port }), onLog }, signal);
  } catch (error) {
    if (signal.aborted) return exitCode.interrupted;
    if (!(error instanceof FailureError)) throw error;
    tell(`${error.failure.code}: ${error.failure.message}`);
    return exitCode.couldNotOpen;
  }
  const { replayId, url, notes } = started;
  for (const note of notes) tell(note);
  await print(`${url}\n`);
  const stepping = options.speed === 'step' ? stepByLines(instrument, replayId, tell) : null;
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  stepping?.close();
  await instrument.replays.stop(replayId);
  return exitCode.fine;
}

function stepByLines(instrument: Instrument, replayId: string, tell: (text: string) => void): { close(): void } {
  const lines = createInterface({ input: process.stdin, terminal: false });
  if (process.stdin.isTTY) tell('Enter sends the next chunk, Ctrl+C ends.');
  lines.on('line', () => {
    if (instrument.replays.step(replayId) === 0) tell('no client waits for a chunk');
  });
  return lines;
}
