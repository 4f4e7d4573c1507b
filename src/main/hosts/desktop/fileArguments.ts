import { isAbsolute, resolve } from 'node:path';

/**
 * Files named on the command line of the app, absolute.
 * @param words `process.argv`
 * @param hasAppPath true when run as `electron APP …`: the first word that is no switch is then the app itself
 */
export function fileArguments(words: readonly string[], folder: string, hasAppPath: boolean): readonly string[] {
  const positional = words.slice(1).filter((word) => word !== '' && !word.startsWith('-'));
  return positional.slice(hasAppPath ? 1 : 0).map((word) => (isAbsolute(word) ? word : resolve(folder, word)));
}
