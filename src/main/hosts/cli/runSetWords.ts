import { Option, type Command } from 'commander';
import { z } from 'zod';
import { parseObjectives } from '../../../engine/runs/objectives.ts';
import { concurrencyAtMost, runsAtMost, type Objective } from '../../../shared/runs.ts';
import { UsageError } from './exitCodes.ts';
import { millis, positiveNumber } from './quantities.ts';
import { addRequestOptions, type RequestWords } from './requestWords.ts';

const outputs = ['table', 'json', 'csv'] as const;
const text = z.string().exactOptional();
const schema = z.object({
  curl: text,
  runs: text,
  concurrency: text,
  delay: text,
  label: text,
  slo: text,
  minSuccess: text,
  minGood: text,
  compare: text,
  vs: text,
  output: z.enum(outputs).exactOptional(),
});

/** What `run` is asked to do. Shares are 0…1. */
export interface RunSetWords {
  readonly url: string | null;
  readonly curl: string | null;
  readonly request: RequestWords;
  readonly count: number;
  readonly concurrency: number;
  readonly delayMillis: number;
  readonly label: string;
  readonly objectives: readonly Objective[];
  readonly minSuccess: number;
  /** Null: every run that ended well has to meet every objective. */
  readonly minGood: number | null;
  /** An earlier set to compare with. */
  readonly compareWith: string | null;
  /** A second address to send the same to, and to compare. */
  readonly versus: string | null;
  readonly output: (typeof outputs)[number];
}

/** @returns reads what was given, to be called in the command's action */
export function addRunSetOptions(command: Command): (url: string | undefined, options: unknown) => RunSetWords {
  command.argument('[url]', 'the address to send the request to');
  const add = (group: string, flags: string, description: string): Option => {
    const option = new Option(flags, description).helpGroup(`${group}:`);
    command.addOption(option);
    return option;
  };
  add('Runs', '-n, --runs <n>', 'how many times the request is sent (10)');
  add('Runs', '-c, --concurrency <n>', 'how many at a time (1)');
  add('Runs', '--delay <time>', 'wait at least this long from one start to the next');
  add('Runs', '--label <text>', 'a name for the set');
  add('Limits to meet', '--slo <list>', 'what each run is to meet: ttft=800ms,itl=50ms,e2e=10s,tps>=30');
  add('Limits to meet', '--min-good <share>', 'fewest runs that meet all of it, such as 95% (all that end well)');
  add('Limits to meet', '--min-success <share>', 'fewest runs that end complete, such as 99% (100%)');
  add('Comparing', '--compare <id>', 'compare with this earlier set');
  add('Comparing', '--vs <url>', 'send the same to this address afterwards, and compare');
  add('Output', '--output <form>', 'table, json or csv').choices(outputs);
  const readRequest = addRequestOptions(command);
  add('Request', '--curl <command>', 'a pasted curl command; other options win');
  return (url, options) => {
    const words = schema.parse(options);
    if (words.compare !== undefined && words.vs !== undefined)
      throw new UsageError(
        '--compare and --vs exclude each other: compare with an earlier set, or with a second target.',
      );
    const objectives = parseObjectives(words.slo ?? '');
    if (!objectives.ok) throw new UsageError(`--slo: ${objectives.failure.message}`);
    return {
      url: url ?? null,
      curl: words.curl ?? null,
      request: readRequest(options),
      count: atMost(positiveNumber(words.runs ?? '10', '--runs'), runsAtMost, '--runs'),
      concurrency: atMost(
        positiveNumber(words.concurrency ?? '1', '--concurrency'),
        concurrencyAtMost,
        '--concurrency',
      ),
      delayMillis: words.delay === undefined ? 0 : millis(words.delay, '--delay'),
      label: words.label ?? '',
      objectives: objectives.value,
      minSuccess: share(words.minSuccess ?? '100%', '--min-success'),
      minGood: words.minGood === undefined ? null : share(words.minGood, '--min-good'),
      compareWith: words.compare ?? null,
      versus: words.vs ?? null,
      output: words.output ?? 'table',
    };
  };
}

function atMost(value: number, most: number, option: string): number {
  if (value > most) throw new UsageError(`${option} takes at most ${String(most)}.`);
  return value;
}

/** `95%` or `0.95`. */
function share(given: string, option: string): number {
  const [, digits = '', percent = ''] = /^(\d{1,3}(?:\.\d{1,6})?)(%?)$/.exec(given) ?? [];
  const value = percent === '' ? Number(digits) : Number(digits) / 100;
  if (digits === '' || value > 1) throw new UsageError(`${option} wants a share such as 95% or 0.95, not ${given}.`);
  return value;
}

export const runSetExamples = `
Examples:
  streamscope run https://example.com/v1/chat --json @prompt.json -n 50 -c 5 --slo ttft=800ms,itl=50ms
  streamscope run http://gateway/v1/chat --json @prompt.json -n 40 --vs http://direct/v1/chat
  streamscope run https://example.com/events --max-frames 100 -n 20 --output csv > runs.csv

Exit code: 0 fine; 1 a limit was missed or too few runs ended complete; 3 it could not be sent; 130 interrupted.`;
