import type { FrameRows } from '../../shared/columns.ts';

/**
 * The connection (numbered from 2) whose first row in the table this is; null for every other row. Where rows are hidden,
 * it is the first that is shown.
 * @param starts first frame of each connection after the first, ascending
 */
export function connectionBegunAt(starts: readonly number[], rows: FrameRows, i: number): number | null {
  const n = rows.n[i];
  if (n === undefined || starts.length === 0) return null;
  const begun = starts.filter((start) => start <= n).length;
  if (begun === 0) return null;
  const start = starts[begun - 1] ?? 0;
  // What stands before the page is not known here: only the very first frame of a connection is sure to begin it.
  const before = i > 0 ? (rows.n[i - 1] ?? -1) : n === start ? start - 1 : n;
  return before < start ? begun + 1 : null;
}
