import process from 'node:process';
import { parseCurl } from '../../../engine/request/curl.ts';
import type { Variables } from '../../../engine/request/variables.ts';
import { FailureError } from '../../../shared/failure.ts';
import type { Ending } from '../../../shared/recording.ts';
import type { RequestSpec } from '../../../shared/request.ts';
import type { Framing } from '../../../shared/words.ts';
import type { Instrument } from '../../instrument/createInstrument.ts';
import { checkedChoice } from '../../instrument/framingChoice.ts';
import { knownDialect } from './dialectWord.ts';
import { readEnvironment, withEnvironment } from './environmentFile.ts';
import { exitCode, exitCodeOf, UsageError } from './exitCodes.ts';
import { writeExport } from './exportCommand.ts';
import { getOf, requestFromWords } from './requestFromWords.ts';
import type { RequestWords } from './requestWords.ts';
import { wayOut } from './inspectedVerdict.ts';
import { print, safeForTerminal } from './terminal.ts';

export interface RecordWords {
  readonly url: string | null;
  readonly curl: string | null;
  readonly words: RequestWords;
  readonly output: string | null;
  readonly withSecrets: boolean;
}

export interface AskedRecording {
  readonly request: RequestSpec;
  readonly variables: Variables;
  readonly framing: Framing | null;
  readonly jsonPath: string | undefined;
  readonly dialect: string | undefined;
  /** Where the recording is to be written as well; null: nowhere. */
  readonly output: string | null;
  /** What is secret is written there too. */
  readonly withSecrets: boolean;
}

/** @throws UsageError for words that do not fit together */
export function askedRecording({ url, curl, words, output, withSecrets }: RecordWords): AskedRecording {
  const variables: Variables = words.env === undefined ? new Map() : readEnvironment(words.env);
  const request = requestFromWords(baseOf(url, curl), words);
  return {
    request: words.env === undefined ? request : withEnvironment(request, variables),
    variables,
    framing: words.framing ?? null,
    jsonPath: words.jsonPath,
    dialect: words.dialect === undefined ? undefined : knownDialect(words.dialect, '--dialect'),
    output,
    withSecrets,
  };
}

function baseOf(url: string | null, curl: string | null): RequestSpec {
  if (curl === null) {
    if (url === null) throw new UsageError('record wants the address to open, or --curl.');
    return getOf(url);
  }
  if (url !== null) throw new UsageError('record opens one address: the one given, or that of --curl.');
  const parsed = parseCurl(curl);
  if (!parsed.ok) throw new UsageError(`--curl cannot be read: ${parsed.failure.message}`);
  for (const note of parsed.notes) process.stderr.write(`streamscope: ${safeForTerminal(note)}\n`);
  return parsed.request;
}

/** How it ended: the word for it, and what happened; once where the sentence begins with the word. */
function endingSentence({ kind, message }: Ending): string {
  return message.toLowerCase().startsWith(kind) ? message : `${kind}: ${message}`;
}

/** `record`: keeps a stream, prints the id of its recording at once and how it ended at the end. */
export async function record(instrument: Instrument, asked: AskedRecording, signal: AbortSignal): Promise<number> {
  const { request, framing, jsonPath, dialect, variables, output, withSecrets } = asked;
  let id: string;
  try {
    id = instrument.recordings.open(request, checkedChoice(framing, jsonPath, dialect), variables);
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    process.stderr.write(`streamscope: ${error.failure.code}: ${safeForTerminal(error.failure.message)}\n`);
    return exitCode.couldNotOpen;
  }
  await print(`${id}\n`);
  const onAbort = (): void => {
    void instrument.recordings.stop(id);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  await instrument.recordings.settled(id);
  signal.removeEventListener('abort', onAbort);
  const recording = instrument.recordings.get(id);
  const { ending } = recording.facts();
  // Whoever interrupts the stream wants what came of it.
  if (output !== null) {
    const signalOfWriting = new AbortController().signal;
    await writeExport(instrument, { id, format: 'jsonl', withSecrets, variables, output }, signalOfWriting);
  }
  if (ending === null) return exitCode.endedBadly;
  process.stderr.write(`streamscope: ${safeForTerminal(endingSentence(ending))}${wayOut(ending)}\n`);
  if (signal.aborted) return exitCode.interrupted;
  const { maxFrames, maxBytes } = request.options;
  const stoppedAsAsked =
    (ending.code === 'end/limit' && maxFrames !== undefined && recording.analysis.frames.count >= maxFrames) ||
    (ending.code === 'end/byte-limit' && maxBytes !== undefined && recording.chunks.wireBytes >= maxBytes);
  return stoppedAsAsked ? exitCode.fine : exitCodeOf(ending);
}
