import type { RecordingSummary } from '../../shared/recording.ts';

export type LibraryGroup = 'Live' | 'Today' | 'Yesterday' | 'Earlier' | 'Samples';

export type LibraryRow =
  | { readonly kind: 'heading'; readonly group: LibraryGroup }
  | { readonly kind: 'recording'; readonly summary: RecordingSummary };

const order: readonly LibraryGroup[] = ['Live', 'Today', 'Yesterday', 'Earlier', 'Samples'];

/** Whether every word of the search stands in the name, the URL or the method, in any case. */
export function matchesSearch(summary: RecordingSummary, search: string): boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const text = `${summary.name}\n${summary.url}\n${summary.method}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

/** Start of the day that many days before the one `nowMillis` is in, local time. */
function startOfDay(nowMillis: number, daysBefore: number): number {
  const date = new Date(nowMillis);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() - daysBefore).getTime();
}

/** The lines of the library: what matches the search, under headings, in the given order. */
export function libraryRows(
  recordings: readonly RecordingSummary[],
  search: string,
  nowMillis: number,
): readonly LibraryRow[] {
  const today = startOfDay(nowMillis, 0);
  const yesterday = startOfDay(nowMillis, 1);
  const groups = new Map<LibraryGroup, LibraryRow[]>(
    order.map((group) => [group, [{ kind: 'heading', group }]] as const),
  );
  const groupOf = (summary: RecordingSummary): LibraryGroup => {
    if (summary.sample) return 'Samples';
    if (summary.state === 'live') return 'Live';
    if (summary.startedAt >= today) return 'Today';
    return summary.startedAt >= yesterday ? 'Yesterday' : 'Earlier';
  };
  for (const summary of recordings) {
    if (matchesSearch(summary, search)) groups.get(groupOf(summary))?.push({ kind: 'recording', summary });
  }
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
