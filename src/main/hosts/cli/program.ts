import { Command, CommanderError, Option } from 'commander';
import { z } from 'zod';
import type { CheckWords } from './checkCommand.ts';
import { addCompareOptions, type CompareWords } from './compareWords.ts';
import { addAssertionOptions } from './checkOptions.ts';
import { dialectHelp } from './dialectWord.ts';
import { UsageError } from './exitCodes.ts';
import { addExportOptions, type ExportWords } from './exportWords.ts';
import type { InspectWords } from './inspectCommand.ts';
import { addLibraryCommands, type LibraryWords } from './libraryOptions.ts';
import { addMockOptions, type MockWords } from './mockWords.ts';
import type { OutputMode } from './printer.ts';
import { wholeNumber } from './quantities.ts';
import { addProxyOptions, type ProxyWords } from './proxyWords.ts';
import type { RecordWords } from './recordCommand.ts';
import { addReplayOptions, type ReplayWords } from './replayWords.ts';
import { addRequestOptions } from './requestWords.ts';
import { addRunSetOptions, runSetExamples, type RunSetWords } from './runSetWords.ts';
import { addTargetOptions } from './targetWords.ts';

/** What a command line asks for. */
export type Invocation =
  | { readonly command: 'inspect'; readonly inspect: InspectWords }
  | { readonly command: 'check'; readonly check: CheckWords }
  | { readonly command: 'record'; readonly record: RecordWords }
  | { readonly command: 'run'; readonly runSet: RunSetWords }
  | { readonly command: 'compare'; readonly compare: CompareWords }
  | { readonly command: 'replay'; readonly replay: ReplayWords }
  | { readonly command: 'export'; readonly export: ExportWords }
  | { readonly command: 'import'; readonly file: string }
  | { readonly command: 'library'; readonly library: LibraryWords }
  | { readonly command: 'show'; readonly id: string; readonly json: boolean }
  | { readonly command: 'mock'; readonly mock: MockWords }
  | { readonly command: 'proxy'; readonly proxy: ProxyWords }
  | { readonly command: 'serve'; readonly port: number; readonly open: boolean }
  /** Help or the version was printed. */
  | { readonly command: 'none' };

const outputModes = ['pretty', 'frames', 'summary', 'raw'] as const satisfies readonly OutputMode[];
const inspectSchema = z.object({ output: z.enum(outputModes).exactOptional() });
const checkSchema = z.object({
  output: z.enum(['lines', 'json']).exactOptional(),
  junit: z.string().exactOptional(),
});
const recordSchema = z.object({
  output: z.string().exactOptional(),
  withSecrets: z.boolean().exactOptional(),
  curl: z.string().exactOptional(),
});

/**
 * Reads a command line (without the program's own name).
 * @param isTerminal whether stdout is one: it decides the default output
 * @param write takes help and version texts
 * @throws UsageError for anything that is no command line of ours
 */
export function readCommandLine(
  words: readonly string[],
  isTerminal: boolean,
  version: string,
  write: (text: string) => void,
): Invocation {
  let invocation: Invocation = { command: 'none' };
  const program = new Command('streamscope');
  program
    .description('See every byte of an HTTP stream: when it came, what it means, what is wrong with it.')
    .version(version)
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: () => undefined })
    .showSuggestionAfterError(true)
    .enablePositionalOptions();

  addInspect(program, isTerminal, version, (inspect) => {
    invocation = { command: 'inspect', inspect };
  });
  addCheck(program, version, (check) => {
    invocation = { command: 'check', check };
  });
  addRecord(program, (record) => {
    invocation = { command: 'record', record };
  });

  addRun(program, (runSet) => {
    invocation = { command: 'run', runSet };
  });

  const replayCommand = program.command('replay').description('serve a recording with its own timing, or with faults');
  const readReplay = addReplayOptions(replayCommand);
  replayCommand.action((target: string, options: unknown) => {
    invocation = { command: 'replay', replay: readReplay(target, options) };
  });

  const compareCommand = program
    .command('compare')
    .description('two recordings side by side: what differs, and which is better');
  const readCompare = addCompareOptions(compareCommand, isTerminal);
  compareCommand.action((left: string, right: string, options: unknown) => {
    invocation = { command: 'compare', compare: readCompare(left, right, options) };
  });

  const exportCommand = program.command('export').description('a recording as a file, without its secrets');
  const readExport = addExportOptions(exportCommand);
  exportCommand.action((target: string, options: unknown) => {
    invocation = { command: 'export', export: readExport(target, options) };
  });

  program
    .command('import')
    .description('bring a file into the library: a recording, a HAR file, fixtures of aimock, a dump of curl -i, a body')
    .argument('<file>')
    .action((file: string) => {
      invocation = { command: 'import', file };
    });

  addLibraryCommands(program, isTerminal, (library) => {
    invocation = { command: 'library', library };
  });

  program
    .command('show')
    .description('what is known about a recording')
    .argument('<id>')
    .option('--json', 'one JSON object')
    .action((id: string, options: { readonly json?: boolean }) => {
      invocation = { command: 'show', id, json: options.json ?? !isTerminal };
    });

  const mockCommand = program.command('mock').description('the mock server: streams with known contents and timing');
  const readMock = addMockOptions(mockCommand);
  mockCommand.action((options: unknown) => {
    invocation = { command: 'mock', mock: readMock(options) };
  });

  const proxyCommand = program
    .command('proxy')
    .description('the capture proxy: point a program at it and see its streams');
  const readProxy = addProxyOptions(proxyCommand);
  proxyCommand.action((options: unknown) => {
    invocation = { command: 'proxy', proxy: readProxy(options) };
  });

  program
    .command('serve')
    .description('the window in a browser')
    .option('--port <port>', 'the port to listen on; 0: any', '0')
    .option('--open', 'open the browser')
    .action((options: { readonly port: string; readonly open?: boolean }) => {
      invocation = { command: 'serve', port: portOf(options.port), open: options.open ?? false };
    });

  try {
    if (words.length === 0) {
      write(program.helpInformation());
      return invocation;
    }
    program.parse([...words], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { command: 'none' };
    throw usageError(error);
  }
  return invocation;
}

function addInspect(
  program: Command,
  isTerminal: boolean,
  version: string,
  asked: (inspect: InspectWords) => void,
): void {
  const command = program
    .command('inspect')
    .description('open URLs, files, pipes or recordings; print what arrives as it arrives')
    .addOption(
      new Option('--output <form>', 'pretty (on a terminal), frames, summary or raw')
        .choices(outputModes)
        .helpGroup('Output:'),
    )
    .addHelpText('after', dialectHelp + inspectExamples);
  const read = addTargetOptions(command);
  command.action((targets: readonly string[], options: unknown) => {
    const words = read(targets, options);
    const output = inspectSchema.parse(options).output ?? (isTerminal ? 'pretty' : 'frames');
    asked({ words, output, version });
  });
}

function addCheck(program: Command, version: string, asked: (check: CheckWords) => void): void {
  const command = program
    .command('check')
    .description('assert how a stream goes, for CI; without an assertion: --ending complete --no-errors')
    .addOption(
      new Option('--output <form>', 'lines, or json: one object an assertion')
        .choices(['lines', 'json'])
        .helpGroup('Output:'),
    )
    .addOption(new Option('--junit <file>', 'write a report in JUnit’s XML as well').helpGroup('Output:'))
    .addHelpText('after', dialectHelp + checkExamples);
  const readAssertions = addAssertionOptions(command);
  const read = addTargetOptions(command);
  command.action((targets: readonly string[], options: unknown) => {
    const words = read(targets, options);
    const { output = 'lines', junit = null } = checkSchema.parse(options);
    asked({ words, assertions: readAssertions(), output, junit, version });
  });
}

function addRecord(program: Command, asked: (record: RecordWords) => void): void {
  const command = program
    .command('record')
    .description('open a stream and keep it; prints the id of the recording')
    .argument('[url]', 'the address to open')
    .addOption(
      new Option('-o, --output <file>', 'write the recording as .stream.jsonl as well, without secrets').helpGroup(
        'Output:',
      ),
    )
    .addOption(new Option('--with-secrets', 'write what is secret into that file too').helpGroup('Output:'))
    .addOption(new Option('--curl <command>', 'a pasted curl command; other options win').helpGroup('Request:'))
    .addHelpText('after', dialectHelp + recordExamples);
  const read = addRequestOptions(command);
  command.action((url: string | undefined, options: unknown) => {
    const words = read(options);
    const { output = null, withSecrets = false, curl = null } = recordSchema.parse(options);
    asked({ url: url ?? null, curl, words, output, withSecrets });
  });
}

function addRun(program: Command, asked: (runSet: RunSetWords) => void): void {
  const command = program
    .command('run')
    .description('send one request many times; rates, distributions and a comparison of what came')
    .addHelpText('after', runSetExamples);
  const read = addRunSetOptions(command);
  command.action((url: string | undefined, options: unknown) => {
    asked(read(url, options));
  });
}

const inspectExamples = `

Examples:
  streamscope inspect https://example.com/events
  streamscope inspect -H 'Authorization: Bearer {{token}}' --env local.env https://example.com/events
  streamscope inspect --curl "curl https://example.com/v1/chat -d @prompt.json" --output summary
  curl -N https://example.com/events | streamscope inspect - --timed --content-type text/event-stream
  streamscope inspect recorded.sse --chunk-bytes 1 --output frames`;

const checkExamples = `

Examples:
  streamscope check https://example.com/events --max-first-byte 800ms --max-gap 2s --min-frames 10 --no-errors
  streamscope check https://example.com/export --ending complete --framing-is ndjson --junit report.xml
  streamscope check recorded.sse --no-diagnostic sse/unterminated-event --contains '[DONE]'

Exit code: 0 all hold, 1 one fails, 2 wrong usage, 3 could not open. What is not known fails.`;

const recordExamples = `

Examples:
  streamscope record https://example.com/events --max-time 60
  streamscope record https://example.com/export -o export.stream.jsonl`;

function usageError(error: CommanderError): UsageError {
  return new UsageError(error.message.replace(/^error: /, ''), { cause: error });
}

function portOf(given: string): number {
  const port = wholeNumber(given, '--port');
  if (port > 65_535) throw new UsageError(`--port wants a number up to 65535, not ${given}.`);
  return port;
}
