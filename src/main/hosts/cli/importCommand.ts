import process from 'node:process';
import type { Instrument } from '../../instrument/createInstrument.ts';
import { exitCode } from './exitCodes.ts';
import { withShareLine } from './shareLine.ts';
import { print, safeForTerminal } from './terminal.ts';

/** `import`: brings a file into the library; prints the ids of its recordings, one a line. Interrupted, what was read is kept, as stopped. */
export async function importFile(instrument: Instrument, file: string, signal: AbortSignal): Promise<number> {
  const ids = await withShareLine((watched) => instrument.importAll(file, {}, { ...watched, signal }));
  let unreadable = 0;
  for (const id of ids) {
    await instrument.recordings.settled(id);
    await print(`${id}\n`);
    const { ending } = instrument.recordings.get(id).facts();
    if (ending?.code !== 'end/import-unreadable') continue;
    unreadable++;
    process.stderr.write(`streamscope: ${safeForTerminal(ending.message)}\n`);
  }
  if (signal.aborted) return exitCode.interrupted;
  if (ids.length > 1) process.stderr.write(`streamscope: ${String(ids.length)} recordings came out of it.\n`);
  return unreadable > 0 ? exitCode.endedBadly : exitCode.fine;
}
