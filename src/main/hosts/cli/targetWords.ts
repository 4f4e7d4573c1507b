import { Option, type Command } from 'commander';
import { z } from 'zod';
import { parseCurl } from '../../../engine/request/curl.ts';
import type { Variables } from '../../../engine/request/variables.ts';
import type { RequestSpec } from '../../../shared/request.ts';
import { knownDialect } from './dialectWord.ts';
import { readEnvironment, withEnvironment } from './environmentFile.ts';
import { UsageError } from './exitCodes.ts';
import type { InspectTargetOptions } from './inspectTarget.ts';
import type { PieceRule } from './pieces.ts';
import { byteNumber, positiveNumber, wholeNumber } from './quantities.ts';
import { getOf, requestFromWords } from './requestFromWords.ts';
import { addRequestOptions, type RequestWords } from './requestWords.ts';
import { resolveTarget, type Target } from './targets.ts';

const text = z.string().exactOptional();
const wordsSchema = z.object({
  curl: text,
  contentType: text,
  url: text,
  timed: z.boolean().exactOptional(),
  chunkBytes: text,
  chunkSeed: text,
});

/** The words of a command that goes through targets: those about requests, and hints for files. */
export interface TargetWords {
  readonly targets: readonly string[];
  readonly request: RequestWords;
  readonly files: z.infer<typeof wordsSchema>;
}

/** @returns reads what was given, to be called in the command's action */
export function addTargetOptions(command: Command): (targets: readonly string[], options: unknown) => TargetWords {
  command.argument('[target...]', 'a URL, a file or pipe, - for standard input, or the id of a recording');
  const readRequest = addRequestOptions(command);
  const add = (group: string, flags: string, description: string): void => {
    command.addOption(new Option(flags, description).helpGroup(`${group}:`));
  };
  add('Request', '--curl <command>', 'a pasted curl command as a target; other options win over what it says');
  add('Files and pipes', '--content-type <type>', 'the content type they came with');
  add('Files and pipes', '--url <url>', 'the address they came from');
  add('Files and pipes', '--timed', 'take the times of arrival at standard input; other pipes have them');
  add('Files and pipes', '--chunk-bytes <n>', 'feed them in pieces of n bytes');
  add('Files and pipes', '--chunk-seed <seed>', 'feed them in random pieces');
  return (targets, options) => ({ targets, request: readRequest(options), files: wordsSchema.parse(options) });
}

/** What the words ask to open, and how. @throws UsageError for words that do not fit together */
export async function targetsFromWords(
  words: TargetWords,
): Promise<{ readonly targets: readonly Target[]; readonly variables: Variables }> {
  const { request, files } = words;
  const variables: Variables = request.env === undefined ? new Map() : readEnvironment(request.env);
  const finished = (base: RequestSpec): RequestSpec => {
    const spec = requestFromWords(base, request);
    return request.env === undefined ? spec : withEnvironment(spec, variables);
  };
  const targets: Target[] = [];
  for (const name of words.targets) {
    targets.push(await resolveTarget(name, files.timed ?? false, (url) => finished(getOf(url))));
  }
  if (files.curl !== undefined) {
    const parsed = parseCurl(files.curl);
    if (!parsed.ok) throw new UsageError(`--curl cannot be read: ${parsed.failure.message}`);
    const spec = finished(parsed.request);
    targets.push({ kind: 'request', name: parsed.request.url, request: spec, notes: parsed.notes });
  }
  if (targets.length === 0)
    throw new UsageError('There is nothing to open: name a URL, a file, or - for standard input.');
  return { targets, variables };
}

/** How targets are to be read. @throws UsageError for words that do not fit together */
export function readingFromWords(words: TargetWords, variables: Variables, version: string): InspectTargetOptions {
  const { request, files } = words;
  return {
    version,
    variables,
    framing: request.framing ?? null,
    jsonPath: request.jsonPath ?? null,
    dialect: request.dialect === undefined ? null : knownDialect(request.dialect, '--dialect'),
    contentType: files.contentType ?? null,
    url: files.url ?? null,
    pieces: pieceRule(files.chunkBytes, files.chunkSeed),
    refusesHar: files.contentType === undefined && request.framing === undefined,
    maxFrames: request.maxFrames === undefined ? null : positiveNumber(request.maxFrames, '--max-frames'),
    maxBytes: request.maxBytes === undefined ? null : byteNumber(request.maxBytes, '--max-bytes'),
  };
}

function pieceRule(bytes: string | undefined, seed: string | undefined): PieceRule | null {
  if (bytes !== undefined && seed !== undefined)
    throw new UsageError('--chunk-bytes and --chunk-seed exclude each other: choose one.');
  if (bytes !== undefined) return { by: 'bytes', bytes: positiveNumber(bytes, '--chunk-bytes') };
  return seed === undefined ? null : { by: 'seed', seed: wholeNumber(seed, '--chunk-seed') };
}
