import process from 'node:process';
import { comparisonToJson, runsToCsv, runsToJson } from '../../../engine/runs/exportRuns.ts';
import { parseCurl } from '../../../engine/request/curl.ts';
import type { Variables } from '../../../engine/request/variables.ts';
import { FailureError } from '../../../shared/failure.ts';
import type { RequestSpec } from '../../../shared/request.ts';
import { runsAtMost, type Run, type RunSetId, type RunSetLine, type RunSetSummary } from '../../../shared/runs.ts';
import type { Instrument } from '../../instrument/createInstrument.ts';
import { checkedChoice, type FramingChoice } from '../../instrument/framingChoice.ts';
import { readEnvironment, withEnvironment } from './environmentFile.ts';
import { exitCode, UsageError } from './exitCodes.ts';
import { getOf, requestFromWords } from './requestFromWords.ts';
import { comparisonTable, runSetTable } from './runSetTable.ts';
import type { RunSetWords } from './runSetWords.ts';
import { palette, print, safeForTerminal } from './terminal.ts';

interface SentSet {
  readonly line: RunSetLine;
  readonly summary: RunSetSummary;
  readonly runs: readonly Run[];
}

export interface AskedRunSet {
  readonly words: RunSetWords;
  /** One request, or two where `--vs` names a second address. */
  readonly requests: readonly RequestSpec[];
  readonly variables: Variables;
  readonly choice: FramingChoice;
}

/** @throws UsageError for words that do not fit together; FailureError for a framing choice that cannot be read */
export function askedRunSet(words: RunSetWords): AskedRunSet {
  const { request, url, curl, versus } = words;
  const variables: Variables = request.env === undefined ? new Map() : readEnvironment(request.env);
  const finished = (base: RequestSpec): RequestSpec => {
    const spec = requestFromWords(base, request);
    return request.env === undefined ? spec : withEnvironment(spec, variables);
  };
  const base = baseOf(url, curl);
  const requests = [base, ...(versus === null ? [] : [{ ...base, url: versus }])].map(finished);
  return {
    words,
    requests,
    variables,
    choice: checkedChoice(request.framing ?? null, request.jsonPath, request.dialect ?? null),
  };
}

function baseOf(url: string | null, curl: string | null): RequestSpec {
  if (curl === null) {
    if (url === null) throw new UsageError('run wants the address to send the request to, or --curl.');
    return getOf(url);
  }
  if (url !== null) throw new UsageError('run sends one request: to the address given, or that of --curl.');
  const parsed = parseCurl(curl);
  if (!parsed.ok) throw new UsageError(`--curl cannot be read: ${parsed.failure.message}`);
  for (const note of parsed.notes) process.stderr.write(`streamscope: ${safeForTerminal(note)}\n`);
  return parsed.request;
}

/** `run`: sends a request many times, and says how it went. */
export async function runRunSet(instrument: Instrument, asked: AskedRunSet, signal: AbortSignal): Promise<number> {
  const { words } = asked;
  const earlier = words.compareWith === null ? null : readSet(instrument, words.compareWith);
  const sent: SentSet[] = [];
  for (const request of asked.requests) {
    if (signal.aborted) break;
    const id = await sendSet(instrument, asked, request, signal);
    if (id === null) return exitCode.couldNotOpen;
    sent.push(readSet(instrument, id));
  }
  const sets = earlier === null ? sent : [earlier, ...sent];
  await print(written(instrument, sets, words));
  if (signal.aborted) return exitCode.interrupted;
  return sent.every((set) => isFine(set, words)) ? exitCode.fine : exitCode.endedBadly;
}

function readSet(instrument: Instrument, id: RunSetId): SentSet {
  return instrument.runSets.read(id, 0, runsAtMost);
}

/** Sends one set to its end; null where the request cannot be sent at all. */
async function sendSet(
  instrument: Instrument,
  { words, variables, choice }: AskedRunSet,
  request: RequestSpec,
  signal: AbortSignal,
): Promise<RunSetId | null> {
  const progress = new Progress(words.count);
  const unsubscribe = instrument.subscribe('run.advanced', ({ line }) => {
    if (line !== null) progress.tell(line);
  });
  try {
    const { label, count, concurrency, delayMillis, objectives } = words;
    const plan = { request, choice, variables, label, count, concurrency, delayMillis, objectives };
    const id = await instrument.runSets.start(plan);
    const onAbort = (): void => {
      void instrument.runSets.stop(id);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    await instrument.runSets.settled(id);
    signal.removeEventListener('abort', onAbort);
    return id;
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    process.stderr.write(`streamscope: ${error.failure.code}: ${safeForTerminal(error.failure.message)}\n`);
    return null;
  } finally {
    unsubscribe();
    progress.end();
  }
}

/** Says on stderr how far a set is: a running line on a terminal, a line every tenth elsewhere. */
class Progress {
  readonly #step: number;
  #told = 0;

  constructor(count: number) {
    this.#step = Math.max(1, Math.ceil(count / 10));
  }

  tell({ startedRuns, endedRuns, count }: RunSetLine): void {
    const sentence = `${String(endedRuns)} of ${String(count)} runs, ${String(startedRuns - endedRuns)} live`;
    if (process.stderr.isTTY) {
      process.stderr.write(`\r\u001b[K${sentence}`);
    } else if (endedRuns >= this.#told + this.#step || (endedRuns === count && this.#told < count)) {
      this.#told = endedRuns;
      process.stderr.write(`${sentence}\n`);
    }
  }

  end(): void {
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  }
}

function written(instrument: Instrument, sets: readonly SentSet[], { output, compareWith }: RunSetWords): string {
  const [a, b] = sets;
  if (output === 'csv') return runsToCsv(sets.map(({ line, runs }) => ({ id: line.id, runs })));
  const comparison = a === undefined || b === undefined ? null : instrument.runSets.compare(a.line.id, b.line.id);
  if (output === 'json') {
    const whole =
      comparison === null || a === undefined || b === undefined
        ? sets.map(({ line, summary, runs }) => runsToJson(line, summary, runs))[0]
        : comparisonToJson(comparison, a.runs, b.runs);
    return `${JSON.stringify(whole, null, 2)}\n`;
  }
  const colours = palette(process.stdout.isTTY);
  const shown = compareWith === null ? sets : sets.slice(1);
  const tables = shown.map(({ line, summary }) => runSetTable(line, summary, colours));
  if (comparison !== null) tables.push(comparisonTable(comparison, colours));
  return tables.join('\n');
}

/** What is not known does not count as met. */
function isFine({ summary }: SentSet, { minSuccess, minGood }: RunSetWords): boolean {
  const { success, goodput, runs } = summary;
  if (success.count < minSuccess * runs) return false;
  if (goodput === null) return true;
  if (minGood !== null) return goodput.good >= minGood * runs;
  return goodput.objectives.every(({ missed, unknown }) => missed === 0 && unknown === 0);
}
