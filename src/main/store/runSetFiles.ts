import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { failed, FailureError, succeeded, type Failure, type Outcome } from '../../shared/failure.ts';
import { runFigures, type Run, type RunSetId, type RunSetLine } from '../../shared/runs.ts';
import { endingKinds } from '../../shared/words.ts';
import { writeFailure } from './storeFailure.ts';

const folderName = 'run-sets';
const extension = '.jsonl';
/** No other file of the folder, and no path out of it, can be meant by an id. */
const idForm = /^\d{8}-\d{6}-[0-9a-f]{6}$/;

const number = z.number().nullable();
const count = z.int().min(0);
const line = z.object({
  kind: z.literal('set'),
  version: z.literal(1),
  id: z.string(),
  startedAt: z.number(),
  state: z.enum(['running', 'over', 'stopped', 'interrupted']),
  label: z.string(),
  method: z.string(),
  url: z.string(),
  count,
  concurrency: count,
  delayMillis: count,
  objectives: z.array(
    z.object({ figure: z.enum(runFigures), bound: z.enum(['at-most', 'at-least']), value: z.number() }),
  ),
  startedRuns: count,
  endedRuns: count,
});
const run = z.object({
  kind: z.literal('run'),
  n: count,
  recordingId: z.string().nullable(),
  startedMicros: z.number(),
  ending: z.object({ kind: z.enum(endingKinds), code: z.string(), message: z.string() }).nullable(),
  status: number,
  framing: z.string().nullable(),
  dialect: z.string().nullable(),
  model: z.string().nullable(),
  figures: z.object({
    headers: number,
    firstByte: number,
    ttft: number,
    ttfo: number,
    lastContent: number,
    e2e: number,
    itl: number,
    tps: number,
    e2eTps: number,
    tokens: number,
  }),
  tokens: z
    .object({
      count: z.number(),
      source: z.enum(['usage', 'estimated']),
      tokenizer: z.string().nullable(),
      addedReasoning: z.number(),
    })
    .nullable(),
  diagnostics: z.object({ error: count, warning: count, info: count }),
  streamErrors: count.nullable(),
  isTerminated: z.boolean().nullable(),
  reconnections: count,
  uncertaintyMicros: number,
});

/** A run set as its file holds it. */
export interface KeptRunSet {
  readonly line: RunSetLine;
  /** In order of `n`; one that was under way when the file ends has no ending. */
  readonly runs: readonly Run[];
}

/**
 * Run sets on disk: one file each in `run-sets` beside the recordings, JSON lines. The first line says what the set is;
 * a line follows for each run when it begins and again when it ended, the last one of a number counts. When the set is
 * over, the file is put in order: the set, then each run once. A line that a killed process left half-written, and
 * what follows it, is passed over.
 */
export class RunSetFiles {
  readonly #folder: string;

  /** @param recordingsFolder exists */
  constructor(recordingsFolder: string) {
    this.#folder = path.join(recordingsFolder, folderName);
  }

  /** Ids of all sets, newest first. */
  ids(): readonly RunSetId[] {
    if (!existsSync(this.#folder)) return [];
    return readdirSync(this.#folder)
      .filter((name) => name.endsWith(extension) && idForm.test(name.slice(0, -extension.length)))
      .map((name) => name.slice(0, -extension.length))
      .sort()
      .reverse();
  }

  read(id: RunSetId): Outcome<KeptRunSet> {
    const file = this.#pathOf(id);
    let text: string;
    try {
      if (file === undefined || !existsSync(file)) return failed(notFound(id));
      text = readFileSync(file, 'utf8');
    } catch (error) {
      return failed(writeFailure(error, `run set ${id}`));
    }
    const lines = text.split('\n');
    const first = line.safeParse(jsonOf(lines[0] ?? ''));
    if (!first.success || first.data.id !== id) {
      return failed({ code: 'recording/damaged', message: `Run set ${id} cannot be read: its first line is damaged.` });
    }
    const { kind: _, version: _version, ...known } = first.data;
    const runs = runsOf(lines.slice(1));
    const endedRuns = runs.filter(({ ending }) => ending !== null).length;
    return succeeded({
      line: known.state === 'running' ? { ...known, startedRuns: runs.length, endedRuns } : known,
      runs,
    });
  }

  /** Begins the file of a set. @throws FailureError when it cannot be written */
  begin(set: RunSetLine): void {
    this.#orFail(set.id, (file) => {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      writeFileSync(file, setLine(set), { mode: 0o600, flag: 'wx' });
    });
  }

  /** Adds how a run stands. @throws FailureError when it cannot be written */
  append(id: RunSetId, changed: Run): void {
    this.#orFail(id, (file) => {
      appendFileSync(file, runLine(changed));
    });
  }

  /** Writes a set that is over, in order and whole or not at all. @throws FailureError when it cannot be written */
  finish(set: RunSetLine, runs: readonly Run[]): void {
    this.#orFail(set.id, (file) => {
      const unfinished = `${file}.new`;
      writeFileSync(unfinished, setLine(set) + runs.map(runLine).join(''), { mode: 0o600 });
      renameSync(unfinished, file);
    });
  }

  /** @throws FailureError when it is not there or cannot be deleted */
  remove(id: RunSetId): void {
    this.#orFail(id, (file) => {
      if (!existsSync(file)) throw new FailureError(notFound(id));
      rmSync(file);
    });
  }

  #pathOf(id: RunSetId): string | undefined {
    return idForm.test(id) ? path.join(this.#folder, id + extension) : undefined;
  }

  #orFail(id: RunSetId, act: (file: string) => void): void {
    const file = this.#pathOf(id);
    if (file === undefined) throw new FailureError(notFound(id));
    try {
      act(file);
    } catch (error) {
      if (error instanceof FailureError) throw error;
      throw new FailureError(writeFailure(error, `run set ${id}`), { cause: error });
    }
  }
}

function notFound(id: RunSetId): Failure {
  return { code: 'run/not-found', message: `There is no run set ${id} any more. Choose another one of the list.` };
}

function setLine(set: RunSetLine): string {
  return `${JSON.stringify({ kind: 'set', version: 1, ...set })}\n`;
}

function runLine(changed: Run): string {
  return `${JSON.stringify({ kind: 'run', ...changed })}\n`;
}

function runsOf(lines: readonly string[]): readonly Run[] {
  const runs = new Map<number, Run>();
  for (const text of lines) {
    const parsed = run.safeParse(jsonOf(text));
    if (!parsed.success) break;
    const { kind: _, ...known } = parsed.data;
    runs.set(known.n, known);
  }
  return [...runs.values()].sort((x, y) => x.n - y.n);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
