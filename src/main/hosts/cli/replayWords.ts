import { Option, type Command } from 'commander';
import { z } from 'zod';
import {
  defaultReplayOptions,
  replayOptionsSchema,
  type ReplayFault,
  type ReplayOptions,
} from '../../../shared/replay.ts';
import { UsageError } from './exitCodes.ts';
import { byteNumber, micros, positiveNumber, wholeNumber } from './quantities.ts';

export interface ReplayWords {
  /** Id of a recording or a file. */
  readonly target: string;
  readonly port: number | null;
  readonly options: ReplayOptions;
}

const schema = z.object({
  port: z.string().exactOptional(),
  speed: z.string().exactOptional(),
  fault: z.array(z.string()).exactOptional(),
  loop: z.union([z.string(), z.literal(true)]).exactOptional(),
  jitter: z.string().exactOptional(),
  seed: z.string().exactOptional(),
  delay: z.string().exactOptional(),
});

/** Adds what `replay` takes; the returned function reads it. @throws UsageError (that function) */
export function addReplayOptions(command: Command): (target: string, options: unknown) => ReplayWords {
  command
    .argument('<target>', 'id of a recording, or a file: a recording, body or dump')
    .option('--port <port>', 'the port to listen on; the next free one is taken; 0: any (4020)')
    .option('--speed <speed>', 'how much faster: 0.1, 1, 10 …, max, or step: a line on stdin sends the next chunk (1)')
    .addOption(
      new Option('--fault <fault>', 'what goes wrong on top; may be repeated').argParser(
        (fault: string, before: readonly string[] | undefined) => [...(before ?? []), fault],
      ),
    )
    .option('--loop [times]', 'send the body again and again, or so many times')
    .option('--jitter <time>', 'delay each chunk by up to this, such as 20ms')
    .option('--seed <number>', 'equal seeds give equal jitter (1)')
    .option('--delay <time>', 'wait before the head, such as 2s')
    .addHelpText('after', help);
  return (target, given) => {
    const words = schema.parse(given);
    const options = {
      speed: speedOf(words.speed),
      jitterMicros: words.jitter === undefined ? 0 : micros(words.jitter, '--jitter'),
      seed: words.seed === undefined ? defaultReplayOptions.seed : wholeNumber(words.seed, '--seed'),
      delayMicros: words.delay === undefined ? 0 : micros(words.delay, '--delay'),
      passes: words.loop === undefined ? 1 : words.loop === true ? null : positiveNumber(words.loop, '--loop'),
      faults: (words.fault ?? []).map(faultOf),
    };
    const checked = replayOptionsSchema.safeParse(options);
    if (!checked.success) throw new UsageError(outOfRange(checked.error));
    return { target, port: words.port === undefined ? null : portOf(words.port), options: checked.data };
  };
}

function speedOf(word: string | undefined): ReplayOptions['speed'] {
  if (word === undefined) return defaultReplayOptions.speed;
  if (word === 'max' || word === 'step') return word;
  const digits = /^(?:x|×)?(\d+(?:\.\d+)?)(?:x|×)?$/.exec(word)?.[1];
  if (digits !== undefined) return Number(digits);
  throw new UsageError(`--speed wants a factor such as 0.1 or 10, max or step, not ${JSON.stringify(word)}.`);
}

/** Frames count from 1 here, as everywhere on the command line. */
function faultOf(word: string): ReplayFault {
  const [kind = '', first = '', second] = word.split(/[:,]/);
  const option = `--fault ${kind}`;
  const frame = (): number => positiveNumber(first, option) - 1;
  const one = (fault: ReplayFault): ReplayFault => {
    if (second !== undefined) throw new UsageError(`${option} takes one value: ${word} has more.`);
    return fault;
  };
  switch (kind) {
    case 'cut':
    case 'reset':
      return one({ kind, afterFrames: wholeNumber(first, option) });
    case 'stall':
      if (second === undefined) throw new UsageError('--fault stall wants a frame and a time, such as stall:12,30s.');
      return { kind, afterFrames: wholeNumber(first, option), micros: micros(second, option) };
    case 'drop':
    case 'duplicate':
      return one({ kind, frame: frame() });
    case 'corrupt':
      return one({ kind, offset: wholeNumber(first, option) });
    case 'split':
      return one({ kind, bytes: byteNumber(first, option) });
    case 'coalesce':
      return one({ kind, chunks: positiveNumber(first, option) });
    case 'slow':
      return one({ kind, bytesPerSecond: byteNumber(first, option) });
    default:
      throw new UsageError(
        `There is no fault ${JSON.stringify(kind)}. Faults: cut, reset, stall, drop, duplicate, corrupt, split, coalesce, slow.`,
      );
  }
}

function portOf(given: string): number {
  const port = wholeNumber(given, '--port');
  if (port > 65_535) throw new UsageError(`--port wants a number up to 65535, not ${given}.`);
  return port;
}

const optionNames: Readonly<Record<string, string>> = {
  speed: '--speed',
  jitterMicros: '--jitter',
  seed: '--seed',
  delayMicros: '--delay',
  passes: '--loop',
  faults: '--fault',
};

function outOfRange(error: z.ZodError): string {
  const issue = error.issues[0];
  const option = optionNames[String(issue?.path[0] ?? '')] ?? 'An option';
  return `${option} is out of range: ${issue?.message ?? 'it does not fit'}.`;
}

const help = `

Faults:
  cut:N  reset:N      close or reset the connection after N frames
  stall:N,TIME        be silent for TIME after N frames
  drop:N  duplicate:N leave frame N out, or send it twice
  corrupt:OFFSET      invert the bits of one byte of the body
  split:BYTES         make every chunk chunks of so many bytes
  coalesce:N          make every N chunks one
  slow:BYTES          send at most so many bytes a second

Examples:
  streamscope replay 20261121-101500-1a2b3c --speed 10
  streamscope replay stream.stream.jsonl --port 8080 --fault stall:12,30s --fault cut:40
  streamscope replay 20261121-101500-1a2b3c --speed step`;
