import { InvalidArgumentError, Option, type Command } from 'commander';
import { z } from 'zod';
import { librarySorts, wordLimits, type LibrarySort, type RecordingChange } from '../../../shared/library.ts';
import { UsageError } from './exitCodes.ts';

/** What a command about the library asks for. */
export type LibraryWords =
  | { readonly does: 'find'; readonly expression: string; readonly sort: LibrarySort; readonly json: boolean }
  | { readonly does: 'remove'; readonly ids: readonly string[]; readonly yes: boolean }
  | { readonly does: 'change'; readonly id: string; readonly change: RecordingChange; readonly json: boolean };

const findSchema = z.object({ json: z.boolean().optional(), sort: z.enum(librarySorts) });
const changeSchema = z.object({
  json: z.boolean().optional(),
  name: z.string().max(wordLimits.name).optional(),
  note: z.string().max(wordLimits.note).optional(),
  star: z.boolean().optional(),
});

/** Words of a shell as one search: a word with spaces in it is meant as one. */
function expressionOf(words: readonly string[]): string {
  return words
    .map((word) => {
      if (!/\s/.test(word) || word.includes('"')) return word;
      const name = /^-?(?:[a-z]+:)?/i.exec(word)?.[0] ?? '';
      return `${name}"${word.slice(name.length)}"`;
    })
    .join(' ');
}

const searchHelp = `

Words are found in names, addresses, tags, notes, models and the beginnings of bodies and messages. Also:
  is:starred|live|ended|interrupted|sample   has:error|warning|info|stall|note|tag   ending:cut   framing:sse
  host:example.com   tag:slow   dialect:openai   model:mini   method:post   status:404 or status:5xx
  before:2026-11-21   after:7d   size>1MB   and - before a word leaves out what fits.`;

/** Adds `list`, `search`, `rm` and `tag`. @param isTerminal whether stdout is one: elsewhere lists are NDJSON */
export function addLibraryCommands(program: Command, isTerminal: boolean, asked: (words: LibraryWords) => void): void {
  const find = (command: Command): void => {
    command
      .option('--json', 'one JSON object a line')
      .addOption(new Option('--sort <order>', 'in which order').choices(librarySorts).default('newest'))
      .addHelpText('after', searchHelp)
      // `-word` leaves out what fits.
      .allowUnknownOption()
      .action((words: readonly string[], options: unknown) => {
        const option = words.find((word) => word.startsWith('--'));
        if (option !== undefined) throw new UsageError(`unknown option '${option}'`);
        const { json, sort } = findSchema.parse(options);
        asked({ does: 'find', expression: expressionOf(words), sort, json: json ?? !isTerminal });
      });
  };
  find(program.command('list').description('recordings, newest first; all or those that fit').argument('[filter...]'));
  find(program.command('search').description('recordings that fit, and where their text does').argument('<text...>'));

  program
    .command('rm')
    .description('delete recordings, for good')
    .argument('<id...>')
    .option('-y, --yes', 'do not ask')
    .action((ids: readonly string[], options: { readonly yes?: boolean }) => {
      asked({ does: 'remove', ids, yes: options.yes ?? false });
    });

  program
    .command('tag')
    .description('tag, name, star or note a recording')
    .argument('<id>')
    .argument('[tags...]', 'tags to add; those after a - are taken away', checkedTag)
    .option('--name <name>', 'what it is called; empty: its own name')
    .option('--note <text>', 'a note; empty: none')
    .option('--star', 'star it')
    .option('--no-star', 'take the star away')
    .option('--json', 'its line as one JSON object')
    .allowUnknownOption()
    .action((id: string, tags: readonly string[] | undefined, options: unknown) => {
      const { json, name, note, star } = changeSchema.parse(options);
      const isRemoved = (tag: string): boolean => tag.startsWith('-');
      const change: RecordingChange = {
        addTags: (tags ?? []).filter((tag) => !isRemoved(tag)),
        removeTags: (tags ?? []).filter(isRemoved).map((tag) => tag.slice(1)),
        name: name === '' ? null : name,
        note: note === '' ? null : note,
        starred: star,
      };
      const changesNothing = (tags ?? []).length === 0 && [name, note, star].every((given) => given === undefined);
      if (changesNothing) throw new UsageError('Say which tags, or --name, --note, --star or --no-star.');
      asked({ does: 'change', id, change, json: json ?? !isTerminal });
    });
}

function checkedTag(tag: string, before: readonly string[] | undefined): readonly string[] {
  const name = tag.replace(/^-/, '');
  if (tag.startsWith('--')) throw new InvalidArgumentError(`unknown option '${tag}'`);
  if (name.trim() === '' || name.length > wordLimits.tag) {
    throw new InvalidArgumentError(`A tag has 1 to ${String(wordLimits.tag)} characters.`);
  }
  return [...(before ?? []), tag];
}
