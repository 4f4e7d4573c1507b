import { Option, type Command } from 'commander';
import { z } from 'zod';
import { UsageError } from './exitCodes.ts';
import { wholeNumber } from './quantities.ts';

export interface MockWords {
  readonly port: number;
  /** Files of scenarios, in the order in which they were given. */
  readonly scenarios: readonly string[];
  readonly quiet: boolean;
}

const schema = z.object({
  port: z.string(),
  scenario: z.array(z.string()).exactOptional(),
  quiet: z.boolean().exactOptional(),
});

/** Adds what `mock` takes; the returned function reads it. @throws UsageError (that function) */
export function addMockOptions(command: Command): (options: unknown) => MockWords {
  command
    .option('--port <port>', 'the port to listen on; the next free one is taken; 0: any', '4010')
    .addOption(
      new Option('--scenario <file>', 'perform a scenario (YAML or JSON) as well; may be repeated').argParser(
        (file: string, before: readonly string[] | undefined) => [...(before ?? []), file],
      ),
    )
    .option('--quiet', 'do not tell of requests')
    .addHelpText('after', help);
  return (given) => {
    const { port: portText, scenario = [], quiet = false } = schema.parse(given);
    const port = wholeNumber(portText, '--port');
    if (port > 65_535) throw new UsageError(`--port wants a number up to 65535, not ${portText}.`);
    return { port, scenarios: scenario, quiet };
  };
}

const help = `

Addresses go to stdout, requests and changes of scenarios to stderr. A file that is changed is taken anew; while it
cannot be performed, the version before goes on. Exit code 2: a scenario cannot be performed.

Examples:
  streamscope mock
  streamscope mock --port 8080 --scenario stall.yaml --scenario feed.yaml
  curl -N http://127.0.0.2:4010/v1/orders/stream?n=5`;
