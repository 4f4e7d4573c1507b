import { describe, expect, it } from 'vitest';
import { libraryRows, nextRecordingRow } from '../../../../src/renderer/library/libraryRows.ts';
import { summary } from '../state/summaries.ts';

const now = new Date(2026, 10, 21, 9, 30).getTime();
const at = (day: number, hour = 0): number => new Date(2026, 10, day, hour).getTime();
const recordings = [
  summary('live', { startedAt: at(20, 23), state: 'live', endingKind: null }),
  summary('today', { startedAt: at(21) }),
  summary('yesterday', { startedAt: at(20) }),
  summary('earlier', { startedAt: at(19, 23) }),
  summary('sample', { startedAt: at(21, 1), sample: true }),
];

const shape = (rows: ReturnType<typeof libraryRows>): string[] =>
  rows.map((row) => (row.kind === 'heading' ? `[${row.title}]` : row.summary.id));

describe('lines of the library', () => {
  it('stand under the day they belong to; live ones and samples apart', () => {
    expect(shape(libraryRows(recordings, null, 'newest', now))).toEqual([
      '[Live]',
      'live',
      '[Today]',
      'today',
      '[Yesterday]',
      'yesterday',
      '[Earlier]',
      'earlier',
      '[Samples]',
      'sample',
    ]);
  });

  it('show what a search found, no heading without lines, and where in a text it was', () => {
    const excerpt = { id: 'yesterday', pieces: [{ text: 'needle', found: true }] };
    const result = { ids: ['yesterday', 'gone'], excerpts: [excerpt], unindexed: 0, problem: null };
    const rows = libraryRows(recordings, result, 'newest', now);
    expect(shape(rows)).toEqual(['[Yesterday]', 'yesterday']);
    expect(rows[1]).toMatchObject({ excerpt });
    expect(libraryRows(recordings, { ...result, ids: [] }, 'newest', now)).toEqual([]);
  });

  it('keep the order that was asked for, live ones on top', () => {
    const ids = ['live', 'sample', 'earlier', 'today'];
    expect(shape(libraryRows(recordings, { ids, excerpts: [], unindexed: 0, problem: null }, 'largest', now))).toEqual([
      '[Live]',
      'live',
      '[Largest on disk first]',
      'sample',
      'earlier',
      'today',
    ]);
  });

  it('are walked through without stopping at headings or leaving the list', () => {
    const rows = libraryRows(recordings, null, 'newest', now);
    expect(nextRecordingRow(rows, -1, 1)).toBe(1);
    expect(nextRecordingRow(rows, 1, 1)).toBe(3);
    expect(nextRecordingRow(rows, 3, -1)).toBe(1);
    expect(nextRecordingRow(rows, 1, -1)).toBe(1);
    expect(nextRecordingRow(rows, 1, 100)).toBe(9);
  });
});
