import { dialectNamed, dialects } from '../../../engine/dialects/registry.ts';
import { UsageError } from './exitCodes.ts';
import { nearest } from '../../../shared/nearest.ts';

const dialectNames: readonly string[] = dialects.map(({ name }) => name);

/** @throws UsageError for a name that is no dialect, with the one that may have been meant */
export function knownDialect(name: string, option: string): string {
  if (dialectNamed(name) !== undefined) return name;
  const meant = nearest(name, dialectNames);
  const hint = meant === null ? `There are ${dialectNames.join(', ')} and generic:<path>.` : `Did you mean ${meant}?`;
  throw new UsageError(`${option}: there is no dialect ${JSON.stringify(name)}. ${hint}`);
}

/** The end of a help text: the names that `--dialect` takes. */
export const dialectHelp = `
Dialects:
${wrapped(dialectNames)}
  generic:<path>   the text at a path of each frame's JSON, such as generic:choices.0.text; generic: takes it whole`;

function wrapped(names: readonly string[]): string {
  const lines: string[] = [];
  let line = '';
  for (const name of names) {
    if (line.length + name.length > 96) {
      lines.push(line);
      line = '';
    }
    line += `  ${name}`;
  }
  return [...lines, line].join('\n');
}
