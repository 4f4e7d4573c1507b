import { Option, type Command } from 'commander';
import { z } from 'zod';
import { exportEndings, exportFormats, type ExportFormat } from '../../../shared/export.ts';
import { UsageError } from './exitCodes.ts';

export interface ExportWords {
  /** A recording's id or a file. */
  readonly target: string;
  readonly format: ExportFormat;
  /** Null: standard output. */
  readonly output: string | null;
  readonly withSecrets: boolean;
  /** A file of variables, of which the secret ones are hidden in the answer too. */
  readonly env: string | null;
}

const schema = z.object({
  to: z.enum(exportFormats).exactOptional(),
  output: z.string().exactOptional(),
  withSecrets: z.boolean().exactOptional(),
  env: z.string().exactOptional(),
});

const examples = `

Examples:
  streamscope export 20261121-091500-3fa2c1 --to jsonl -o bug.stream.jsonl
  streamscope export recorded.har --to frames | jq .data
  streamscope export 20261121-091500-3fa2c1 --to curl --with-secrets

Secrets are hidden at equal length, so that offsets and times stay true; --with-secrets writes everything.`;

/** Gives `export` its words, and reads them. */
export function addExportOptions(command: Command): (target: string, options: unknown) => ExportWords {
  command
    .argument('<id|file>', 'a recording of the library, or a file that import reads')
    .addOption(
      new Option('--to <format>', 'what to write; without it as the name after -o ends').choices(exportFormats),
    )
    .addOption(new Option('-o, --output <file>', 'write into this file instead of standard output'))
    .addOption(new Option('--with-secrets', 'write what is secret too'))
    .addOption(new Option('--env <file>', 'variables whose secret values are to be hidden wherever they are'))
    .addHelpText('after', examples);
  return (target, options) => {
    const { to, output = null, withSecrets = false, env = null } = schema.parse(options);
    return { target, format: to ?? formatOf(output), output, withSecrets, env };
  };
}

function formatOf(output: string | null): ExportFormat {
  const format = exportFormats.find((each) => output?.endsWith(exportEndings[each]) === true);
  if (format !== undefined) return format;
  throw new UsageError(`export wants to know what to write: --to ${exportFormats.join(', ')}.`);
}
