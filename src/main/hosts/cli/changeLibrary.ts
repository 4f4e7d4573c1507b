import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import type { RecordingChange } from '../../../shared/library.ts';
import { maskUrl } from '../../../shared/maskSecrets.ts';
import type { Instrument } from '../../instrument/createInstrument.ts';
import { exitCode, UsageError } from './exitCodes.ts';
import { jsonLine, print, safeForTerminal } from './terminal.ts';

/**
 * `rm`: asks on a terminal; elsewhere it wants `--yes`. All or none.
 * @throws UsageError where nobody can be asked, FailureError where a recording is not there or still live
 */
export async function removeRecordings(
  instrument: Instrument,
  ids: readonly string[],
  isAgreed: boolean,
  signal: AbortSignal,
): Promise<number> {
  const unique = [...new Set(ids)];
  if (!isAgreed) {
    if (!process.stdin.isTTY) throw new UsageError('Nobody can be asked here: rm wants --yes.');
    const names = unique.map((id) => safeForTerminal(`${id}  ${instrument.recordings.told(id)?.name ?? ''}`));
    if (!(await agreed(`${names.join('\n')}\nDelete for good? [y/N] `, signal))) return exitCode.endedBadly;
  }
  instrument.libraryPanel.remove(unique);
  process.stderr.write(`${unique.length === 1 ? '1 recording' : `${String(unique.length)} recordings`} deleted.\n`);
  return exitCode.fine;
}

async function agreed(question: string, signal: AbortSignal): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(question, { signal })).trim());
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') return false;
    throw error;
  } finally {
    terminal.close();
  }
}

/** `tag`: says something of a recording. @throws FailureError where it is not there or cannot be written */
export async function changeRecording(
  instrument: Instrument,
  id: string,
  change: RecordingChange,
  asJson: boolean,
): Promise<number> {
  const [line] = await instrument.libraryPanel.change([id], change);
  if (line === undefined) return exitCode.couldNotOpen;
  if (asJson) await print(jsonLine({ ...line, url: maskUrl(line.url) }));
  else await print(safeForTerminal([line.name, ...line.tags.map((tag) => `#${tag}`)].join(' ')) + '\n');
  return exitCode.fine;
}
