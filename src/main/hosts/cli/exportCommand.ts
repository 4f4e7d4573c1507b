import { mkdtemp, open, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type { Variables } from '../../../engine/request/variables.ts';
import type { ExportFormat, HiddenSecrets } from '../../../shared/export.ts';
import { FailureError } from '../../../shared/failure.ts';
import type { RecordingId } from '../../../shared/words.ts';
import { createInstrument, type Instrument } from '../../instrument/createInstrument.ts';
import { readEnvironment } from './environmentFile.ts';
import { exitCode, UsageError } from './exitCodes.ts';
import type { ExportWords } from './exportWords.ts';
import { withLibrary } from './runCommands.ts';
import { ShareLine, withShareLine } from './shareLine.ts';
import { resolveTarget } from './targets.ts';
import { print, safeForTerminal } from './terminal.ts';

/** `export`: a recording, of the library or from a file, as a file of another kind; without secrets unless asked for. */
export async function exportRecording(words: ExportWords, version: string, signal: AbortSignal): Promise<number> {
  const variables: Variables = words.env === null ? new Map() : readEnvironment(words.env);
  const target = await resolveTarget(words.target, false, () => {
    throw new UsageError(`export takes a recording or a file, not ${words.target}: make a recording of it first.`);
  });
  const write = (instrument: Instrument, id: RecordingId): Promise<number> =>
    writeExport(instrument, { id, variables, ...words }, signal);
  switch (target.kind) {
    case 'recording':
      return withLibrary(version, (instrument) => write(instrument, target.id));
    case 'bytes': {
      const { path: file } = target;
      if (file === null) throw new UsageError('export cannot read standard input: name a file.');
      return withFileLibrary(version, async (instrument) => {
        const id = await onlyRecording(instrument, file, signal);
        return id === null ? exitCode.interrupted : write(instrument, id);
      });
    }
    case 'nothing':
      throw new FailureError({ code: 'import/unreadable', message: target.why });
    case 'request':
      throw new UsageError(`export takes a recording or a file, not ${words.target}.`);
  }
}

/** The recording in a file; null where bringing it in was interrupted. */
async function onlyRecording(instrument: Instrument, file: string, signal: AbortSignal): Promise<RecordingId | null> {
  const [id, ...further] = await withShareLine((watched) => instrument.importAll(file, {}, { ...watched, signal }));
  if (signal.aborted) return null;
  await instrument.recordings.settled(id);
  if (further.length > 0) {
    throw new UsageError(
      `${file} holds ${String(further.length + 1)} recordings: bring them into the library with import, then export the one you want.`,
    );
  }
  return id;
}

/** A library of its own for what is in a file; it goes again. */
async function withFileLibrary(version: string, use: (instrument: Instrument) => Promise<number>): Promise<number> {
  const folder = await mkdtemp(path.join(tmpdir(), 'streamscope-exported-file-'));
  try {
    const instrument = await createInstrument({ host: 'cli', version, folder, samplesFolder: null, startMock: false });
    try {
      return await use(instrument);
    } finally {
      await instrument.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export interface WrittenExport {
  readonly id: RecordingId;
  readonly format: ExportFormat;
  readonly withSecrets: boolean;
  readonly variables: Variables;
  /** Null: standard output. */
  readonly output: string | null;
}

/**
 * Writes an export; a file appears under its name when it is whole and not before. Says on stderr what was hidden.
 * @throws FailureError, UsageError when the file cannot be written
 */
export async function writeExport(
  instrument: Instrument,
  { id, format, withSecrets, variables, output }: WrittenExport,
  signal: AbortSignal,
): Promise<number> {
  const pieces = instrument.exports.write({ id, format, withSecrets, variables }, signal);
  try {
    const hidden = await (output === null ? toStandardOutput(pieces) : toFile(pieces, output));
    if (hidden.length > 0) {
      const list = hidden.map(({ kind, count }) => `${kind} ×${String(count)}`).join(', ');
      process.stderr.write(`streamscope: hidden: ${safeForTerminal(list)}\n`);
    }
    return exitCode.fine;
  } catch (error) {
    if (error instanceof FailureError && signal.aborted) return exitCode.interrupted;
    throw error;
  }
}

type Pieces = ReturnType<Instrument['exports']['write']>;
type TakePiece = (bytes: Uint8Array) => Promise<unknown>;

async function each(pieces: Pieces, take: TakePiece): Promise<readonly HiddenSecrets[]> {
  const line = new ShareLine('exporting');
  try {
    for (;;) {
      const next = await pieces.next();
      if (next.done === true) return next.value;
      line.tell(next.value.share);
      if (next.value.bytes.length > 0) await take(next.value.bytes);
    }
  } finally {
    line.end();
  }
}

function toStandardOutput(pieces: Pieces): Promise<readonly HiddenSecrets[]> {
  return each(pieces, print);
}

async function toFile(pieces: Pieces, file: string): Promise<readonly HiddenSecrets[]> {
  const unfinished = `${file}.part`;
  const handle = await open(unfinished, 'w', 0o600).catch((error: unknown) => {
    throw unwritable(file, error);
  });
  let hidden: readonly HiddenSecrets[];
  try {
    hidden = await each(pieces, (bytes) => handle.writeFile(bytes));
    await handle.close();
    await rename(unfinished, file);
  } catch (error) {
    await handle.close();
    await rm(unfinished, { force: true });
    throw error instanceof FailureError ? error : unwritable(file, error);
  }
  return hidden;
}

function unwritable(file: string, cause: unknown): UsageError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new UsageError(`-o cannot write ${file}: ${reason}. The recording itself is kept.`, { cause });
}
