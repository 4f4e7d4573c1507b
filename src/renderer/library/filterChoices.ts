import type { RecordingSummary } from '../../shared/recording.ts';
import { endingWords, framingTitles } from '../ui/words.ts';
import { namedTerm } from './searchTerms.ts';

/** Choices of one kind that are offered; rarer ones can be typed. */
const choicesAtMost = 8;

export interface FilterChoice {
  readonly term: string;
  readonly name: string;
  readonly count: number;
}

export interface FilterChoices {
  readonly title: string;
  readonly choices: readonly FilterChoice[];
}

/** What a library can be filtered by, as it is there: the most frequent of each kind first. */
export function filterChoices(recordings: readonly RecordingSummary[]): readonly FilterChoices[] {
  const groups: readonly (readonly [
    title: string,
    name: string,
    of: (summary: RecordingSummary) => readonly (readonly [value: string, title: string])[],
  ])[] = [
    ['Tag', 'tag', ({ tags }) => tags.map((tag) => [tag, tag] as const)],
    [
      'Ending',
      'ending',
      ({ endingKind }) => [
        endingKind === null ? ['none', 'none yet'] : [endingKind, endingWords[endingKind] || endingKind],
      ],
    ],
    ['Framing', 'framing', ({ framing }) => (framing === null ? [] : [[framing, framingTitles[framing]]])],
    ['Dialect', 'dialect', ({ dialect }) => (dialect === null ? [] : [[dialect, dialect]])],
    ['Model', 'model', ({ model }) => (model === null ? [] : [[model, model]])],
    ['Route of the proxy', 'route', ({ route }) => (route === undefined ? [] : [[route, `/${route}`]])],
    ['Client of the proxy', 'client', ({ client }) => (client === undefined ? [] : [[client, client]])],
    ['Host', 'host', ({ url }) => (URL.canParse(url) ? [[new URL(url).host, new URL(url).host]] : [])],
  ];
  return groups
    .map(([title, name, of]) => ({ title, choices: counted(recordings, name, of) }))
    .filter(({ choices }) => choices.length > 0);
}

function counted(
  recordings: readonly RecordingSummary[],
  name: string,
  of: (summary: RecordingSummary) => readonly (readonly [value: string, title: string])[],
): readonly FilterChoice[] {
  const counts = new Map<string, { name: string; count: number }>();
  for (const summary of recordings) {
    for (const [value, title] of of(summary)) {
      const term = namedTerm(name, value);
      const known = counts.get(term);
      if (known === undefined) counts.set(term, { name: title, count: 1 });
      else known.count++;
    }
  }
  return [...counts]
    .map(([term, choice]) => ({ term, ...choice }))
    .toSorted((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
    .slice(0, choicesAtMost);
}
