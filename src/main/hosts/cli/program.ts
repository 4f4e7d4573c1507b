import { Command, CommanderError, Option } from 'commander';
import { framings, type Framing } from '../../../shared/words.ts';
import { UsageError } from './exitCodes.ts';
import type { InspectOptions, OutputMode } from './inspectCommand.ts';
import { wholeNumber, type CurlWords } from './requestOptions.ts';

/** What a command line asks for. */
export type Invocation =
  | { readonly command: 'inspect'; readonly targets: readonly string[]; readonly options: InspectOptions }
  | { readonly command: 'record'; readonly url: string; readonly words: CurlWords; readonly framing: Framing | null }
  | { readonly command: 'list'; readonly json: boolean }
  | { readonly command: 'show'; readonly id: string; readonly json: boolean }
  | { readonly command: 'mock'; readonly port: number }
  | { readonly command: 'serve'; readonly port: number; readonly open: boolean }
  /** Help or the version was printed. */
  | { readonly command: 'none' };

/** curl's words whose features are still to come: known, so that the answer is not "unknown option". */
const wordsToCome: Readonly<Record<string, string>> = {
  '-x, --proxy <url>': 'going through a proxy',
  '--http2': 'HTTP/2',
  '-F, --form <part>': 'multipart bodies',
  '--dialect <name>': 'dialects of AI token streams',
  '--reconnect': 'reconnecting',
  '--env <file>': 'environments',
};

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

  const inspectCommand = program
    .command('inspect')
    .description('open URLs, files or - (standard input); print what arrives as it arrives')
    .argument('[target...]', 'a URL, a file, or - for standard input');
  addCurlWords(inspectCommand)
    .option('--curl <command>', 'inspect a pasted curl command')
    .addOption(
      new Option('--output <form>', 'pretty, frames, summary or raw').choices(['pretty', 'frames', 'summary', 'raw']),
    )
    .option('--content-type <type>', 'for files: the content type they came with')
    .option('--url <url>', 'for files: the address they came from')
    .option('--chunk-bytes <n>', 'for files: feed them in pieces of n bytes')
    .option('--chunk-seed <seed>', 'for files: feed them in random pieces')
    .action((targets: readonly string[], options: Readonly<Record<string, unknown>>) => {
      invocation = { command: 'inspect', targets, options: inspectOptions(options, isTerminal, version) };
    });

  addCurlWords(
    program
      .command('record')
      .description('open a stream and keep it; prints the id of the recording')
      .argument('<url>'),
  ).action((url: string, options: Readonly<Record<string, unknown>>) => {
    refuseWordsToCome(options);
    invocation = { command: 'record', url, words: curlWords(options), framing: framingOf(options) };
  });

  program
    .command('list')
    .description('all recordings, newest first')
    .option('--json', 'one JSON object a line')
    .action((options: { readonly json?: boolean }) => {
      invocation = { command: 'list', json: options.json ?? !isTerminal };
    });

  program
    .command('show')
    .description('what is known about a recording')
    .argument('<id>')
    .option('--json', 'one JSON object')
    .action((id: string, options: { readonly json?: boolean }) => {
      invocation = { command: 'show', id, json: options.json ?? !isTerminal };
    });

  program
    .command('mock')
    .description('the mock server: streams with known contents and timing')
    .option('--port <port>', 'the port to listen on', '4010')
    .action((options: { readonly port: string }) => {
      invocation = { command: 'mock', port: portOf(options.port) };
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
    throw new UsageError(error.message.replace(/^error: /, ''), { cause: error });
  }
  return invocation;
}

function collect(value: string, earlier: readonly string[] | undefined): readonly string[] {
  return [...(earlier ?? []), value];
}

function addCurlWords(command: Command): Command {
  command
    .option('-X, --request <method>', 'the method')
    .option('-H, --header <line>', 'a header, "Name: value"', collect)
    .option('-d, --data <data>', 'a body; @file reads it from a file', collect)
    .option('--data-raw <data>', 'a body, taken as it is', collect)
    .option('--data-binary <data>', 'a body, byte for byte; @file reads it from a file', collect)
    .option('--json <data>', 'a JSON body', collect)
    .option('-u, --user <user:password>', 'basic authentication')
    .option('-k, --insecure', 'accept a certificate that does not verify')
    .option('--cacert <file>', 'certificates to trust, PEM')
    .option('--http1.1', 'HTTP/1.1 (it is what is spoken)')
    .option('--compressed', 'ask for a compressed answer')
    .option('-L, --location', 'follow redirects')
    .option('-N, --no-buffer', 'accepted; nothing is buffered')
    .option('-s, --silent', 'accepted; nothing is printed that is not asked for')
    .option('-S, --show-error', 'accepted')
    .option('--max-time <seconds>', 'stop after this long')
    .option('--connect-timeout <seconds>', 'give up connecting after this long')
    .option('-A, --user-agent <name>', 'the User-Agent header')
    .option('-b, --cookie <name=value>', 'the Cookie header')
    .option('--last-event-id <id>', 'resume an event stream after this event')
    .option('--max-bytes <n>', 'stop after n bytes on the wire')
    .option('--max-frames <n>', 'stop after n frames')
    .addOption(
      new Option('--framing <name>', 'take the body apart as this, whatever it looks like').choices([...framings]),
    );
  for (const flags of Object.keys(wordsToCome)) command.addOption(new Option(flags).hideHelp());
  return command;
}

function refuseWordsToCome(options: Readonly<Record<string, unknown>>): void {
  for (const [flags, feature] of Object.entries(wordsToCome)) {
    const name = new Option(flags).attributeName();
    if (options[name] !== undefined) {
      throw new UsageError(`${flags.split(/[ ,]/)[0] ?? flags}: ${feature} is not in this version yet.`);
    }
  }
}

function text(options: Readonly<Record<string, unknown>>, name: string): string | null {
  const value = options[name];
  return typeof value === 'string' ? value : null;
}

function list(options: Readonly<Record<string, unknown>>, name: string): readonly string[] {
  const value = options[name];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

function curlWords(options: Readonly<Record<string, unknown>>): CurlWords {
  const optional = <Name extends keyof CurlWords>(name: Name): { readonly [Key in Name]?: string } => {
    const value = text(options, name);
    return value === null ? {} : ({ [name]: value } as { readonly [Key in Name]: string });
  };
  return {
    ...optional('request'),
    header: list(options, 'header'),
    data: list(options, 'data'),
    dataBinary: [...list(options, 'dataRaw').map(literal), ...list(options, 'dataBinary')],
    json: list(options, 'json'),
    ...optional('user'),
    insecure: options['insecure'] === true,
    ...optional('cacert'),
    compressed: options['compressed'] === true,
    location: options['location'] === true,
    ...optional('maxTime'),
    ...optional('connectTimeout'),
    ...optional('userAgent'),
    ...optional('cookie'),
    ...optional('lastEventId'),
    ...optional('maxBytes'),
    ...optional('maxFrames'),
  };
}

/** `--data-raw` takes a leading @ as it is. */
function literal(data: string): string {
  if (data.startsWith('@'))
    throw new UsageError('--data-raw with a leading @ cannot be sent yet: use --data-binary @file.');
  return data;
}

function framingOf(options: Readonly<Record<string, unknown>>): Framing | null {
  const name = text(options, 'framing');
  return framings.find((known) => known === name) ?? null;
}

function inspectOptions(
  options: Readonly<Record<string, unknown>>,
  isTerminal: boolean,
  version: string,
): InspectOptions {
  refuseWordsToCome(options);
  const chunkBytes = text(options, 'chunkBytes');
  const chunkSeed = text(options, 'chunkSeed');
  if (chunkBytes !== null && chunkSeed !== null)
    throw new UsageError('--chunk-bytes and --chunk-seed exclude each other: choose one.');
  const bytes = chunkBytes === null ? null : wholeNumber(chunkBytes, '--chunk-bytes');
  if (bytes === 0) throw new UsageError('--chunk-bytes wants at least 1.');
  const maxFrames = text(options, 'maxFrames');
  return {
    ...curlWords(options),
    version,
    output: (text(options, 'output') as OutputMode | null) ?? (isTerminal ? 'pretty' : 'frames'),
    framing: framingOf(options),
    contentType: text(options, 'contentType'),
    url: text(options, 'url'),
    pieces:
      bytes !== null
        ? { by: 'bytes', bytes }
        : chunkSeed !== null
          ? { by: 'seed', seed: wholeNumber(chunkSeed, '--chunk-seed') }
          : null,
    curl: text(options, 'curl'),
    maxFramesNumber: maxFrames === null ? null : wholeNumber(maxFrames, '--max-frames'),
  };
}

function portOf(given: string): number {
  const port = wholeNumber(given, '--port');
  if (port > 65_535) throw new UsageError(`--port wants a number up to 65535, not ${given}.`);
  return port;
}
