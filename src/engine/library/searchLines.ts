import { assertNever } from '../../shared/assertNever.ts';
import type { LibrarySort } from '../../shared/library.ts';
import type { RecordingSummary } from '../../shared/recording.ts';
import type { RecordingId } from '../../shared/words.ts';
import type { LibrarySearch } from './searchExpression.ts';

/** What is searched of a line, in small letters; kept while the line is. */
const searched = new WeakMap<RecordingSummary, string>();

function searchedText(summary: RecordingSummary): string {
  let text = searched.get(summary);
  if (text === undefined) {
    const { id, name, url, method, model, dialect, tags, note } = summary;
    text = [name, url, method, model ?? '', dialect ?? '', ...tags, note ?? '', id].join('\n').toLowerCase();
    searched.set(summary, text);
  }
  return text;
}

function isIn(line: RecordingSummary, lower: string): boolean {
  return searchedText(line).includes(lower);
}

export interface LinesFound {
  readonly lines: readonly RecordingSummary[];
  /** Of them, those that some word was found in the text of, and not in the line. */
  readonly byText: readonly RecordingId[];
}

/**
 * The lines that fit a search.
 * @param inText for each word of the search, the recordings whose text holds it
 */
export function searchLines(
  lines: readonly RecordingSummary[],
  search: LibrarySearch,
  inText: readonly ReadonlySet<RecordingId>[],
): LinesFound {
  const words = search.words.map(({ text, negated }, i) => ({
    lower: text.toLowerCase(),
    negated,
    ids: inText[i] ?? new Set<RecordingId>(),
  }));
  const found: RecordingSummary[] = [];
  const byText: RecordingId[] = [];
  for (const line of lines) {
    if (!search.tests.every((test) => test(line))) continue;
    const fits = words.every(({ lower, negated, ids }) => (isIn(line, lower) || ids.has(line.id)) !== negated);
    if (!fits) continue;
    found.push(line);
    if (words.some(({ lower, negated }) => !negated && !isIn(line, lower))) byText.push(line.id);
  }
  return { lines: found, byText };
}

/** Live ones first, then by `sort`; what is equal stays newest first. */
export function sortedLines(lines: readonly RecordingSummary[], sort: LibrarySort): readonly RecordingSummary[] {
  const compare = comparison(sort);
  return lines.toSorted(
    (a, b) => Number(b.state === 'live') - Number(a.state === 'live') || compare(a, b) || newestFirst(a, b),
  );
}

function newestFirst(a: RecordingSummary, b: RecordingSummary): number {
  return b.startedAt - a.startedAt || (a.id < b.id ? 1 : -1);
}

function comparison(sort: LibrarySort): (a: RecordingSummary, b: RecordingSummary) => number {
  switch (sort) {
    case 'newest':
      return newestFirst;
    case 'oldest':
      return (a, b) => newestFirst(b, a);
    case 'name': {
      const { compare } = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
      return (a, b) => compare(a.name, b.name);
    }
    case 'longest':
      return (a, b) => (b.durationMicros ?? -1) - (a.durationMicros ?? -1);
    case 'largest':
      return (a, b) => (b.sizeOnDisk ?? -1) - (a.sizeOnDisk ?? -1);
    case 'frames':
      return (a, b) => b.counts.frames - a.counts.frames;
    default:
      return assertNever(sort, 'sort of the library');
  }
}
