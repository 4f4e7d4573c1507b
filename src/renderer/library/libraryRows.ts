import type { LibrarySearchResult, LibrarySort, SearchExcerpt } from '../../shared/library.ts';
import type { RecordingSummary } from '../../shared/recording.ts';

export type LibraryGroup = 'Live' | 'Today' | 'Yesterday' | 'Earlier' | 'Samples';

export type LibraryRow =
  | { readonly kind: 'heading'; readonly title: string }
  | { readonly kind: 'recording'; readonly summary: RecordingSummary; readonly excerpt: SearchExcerpt | undefined };

const order: readonly LibraryGroup[] = ['Live', 'Today', 'Yesterday', 'Earlier', 'Samples'];

export const sortTitles: Readonly<Record<LibrarySort, string>> = {
  newest: 'Newest first',
  oldest: 'Oldest first',
  name: 'By name',
  longest: 'Longest first',
  largest: 'Largest on disk first',
  frames: 'Most frames first',
};

/** Start of the day that many days before the one `nowMillis` is in, local time. */
function startOfDay(nowMillis: number, daysBefore: number): number {
  const date = new Date(nowMillis);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() - daysBefore).getTime();
}

/**
 * The lines of the library under headings: by day when the newest are first, else in the order that was asked for.
 * @param found what a search found, null where nothing is searched for
 */
export function libraryRows(
  recordings: readonly RecordingSummary[],
  found: LibrarySearchResult | null,
  sort: LibrarySort,
  nowMillis: number,
): readonly LibraryRow[] {
  const excerpts = new Map(found?.excerpts.map((excerpt) => [excerpt.id, excerpt]));
  const rowOf = (summary: RecordingSummary): LibraryRow => ({
    kind: 'recording',
    summary,
    excerpt: excerpts.get(summary.id),
  });
  let lines = recordings;
  if (found !== null) {
    const byId = new Map(recordings.map((summary) => [summary.id, summary]));
    lines = found.ids.flatMap((id) => byId.get(id) ?? []);
  }
  if (sort === 'newest') return grouped(lines, rowOf, nowMillis);
  const live = lines.filter(({ state }) => state === 'live');
  const others = lines.filter(({ state }) => state !== 'live');
  return [
    ...(live.length === 0 ? [] : [{ kind: 'heading', title: 'Live' } as const, ...live.map(rowOf)]),
    ...(others.length === 0 ? [] : [{ kind: 'heading', title: sortTitles[sort] } as const, ...others.map(rowOf)]),
  ];
}

function grouped(
  lines: readonly RecordingSummary[],
  rowOf: (summary: RecordingSummary) => LibraryRow,
  nowMillis: number,
): readonly LibraryRow[] {
  const today = startOfDay(nowMillis, 0);
  const yesterday = startOfDay(nowMillis, 1);
  const groups = new Map<LibraryGroup, LibraryRow[]>(
    order.map((title) => [title, [{ kind: 'heading', title }]] as const),
  );
  const groupOf = (summary: RecordingSummary): LibraryGroup => {
    if (summary.sample) return 'Samples';
    if (summary.state === 'live') return 'Live';
    if (summary.startedAt >= today) return 'Today';
    return summary.startedAt >= yesterday ? 'Yesterday' : 'Earlier';
  };
  for (const summary of lines) groups.get(groupOf(summary))?.push(rowOf(summary));
  return [...groups.values()].filter((rows) => rows.length > 1).flat();
}

/** The next row that is a recording, from a row in a direction; the row itself where there is none. */
export function nextRecordingRow(rows: readonly LibraryRow[], from: number, step: number): number {
  let found = from;
  let left = Math.abs(step);
  for (let row = from + Math.sign(step); row >= 0 && row < rows.length && left > 0; row += Math.sign(step)) {
    if (rows[row]?.kind !== 'recording') continue;
    found = row;
    left--;
  }
  return found;
}
