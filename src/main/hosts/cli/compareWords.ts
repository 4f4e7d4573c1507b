import { Option, type Command } from 'commander';
import { z } from 'zod';
import {
  alignments,
  frameCriteria,
  usuallyIgnoredKeys,
  type Alignment,
  type FrameCriterion,
} from '../../../shared/compare.ts';

export interface CompareWords {
  /** Ids of recordings or files. */
  readonly left: string;
  readonly right: string;
  readonly align: Alignment;
  readonly criterion: FrameCriterion;
  readonly ignore: readonly string[];
  readonly output: 'text' | 'json';
}

const schema = z.object({
  align: z.enum(alignments),
  by: z.enum(frameCriteria),
  ignore: z.array(z.string()).exactOptional(),
  output: z.enum(['text', 'json']).exactOptional(),
});

/** Adds what `compare` takes; the returned function reads it. */
export function addCompareOptions(
  command: Command,
  isTerminal: boolean,
): (left: string, right: string, options: unknown) => CompareWords {
  command
    .argument('<left>', 'id of a recording, or a file: a recording, HAR, body or dump')
    .argument('<right>')
    .addOption(
      new Option('--align <place>', 'where times begin to count')
        .choices(alignments)
        .default('start' satisfies Alignment),
    )
    .addOption(
      new Option('--by <what>', 'what makes two frames the same')
        .choices(frameCriteria)
        .default('json' satisfies FrameCriterion),
    )
    .addOption(
      new Option(
        '--ignore <key>',
        `a key that does not count in JSON, at any level; may be repeated. Without it: ${usuallyIgnoredKeys.join(', ')}. An empty one: none`,
      ).argParser((key: string, before: readonly string[] | undefined) => [...(before ?? []), key]),
    )
    .addOption(new Option('--output <form>', 'text (on a terminal) or json').choices(['text', 'json']))
    .addHelpText('after', examples);
  return (left, right, options) => {
    const { align, by, ignore = usuallyIgnoredKeys, output = isTerminal ? 'text' : 'json' } = schema.parse(options);
    return { left, right, align, criterion: by, ignore: ignore.filter((key) => key !== ''), output };
  };
}

const examples = `

Examples:
  streamscope compare 20261121-101500-a1b2c3 20261121-101730-d4e5f6
  streamscope compare before.stream.jsonl after.stream.jsonl --align first-byte --output json
  streamscope compare before.sse after.sse --ignore id --ignore created

Exit code: 0 the frames (comments and blanks aside) and the message are the same, 1 they are not, 2 wrong usage,
3 could not open. Times, heads and endings are told and decide nothing.`;
