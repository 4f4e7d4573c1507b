import { describe, expect, it } from 'vitest';
import { libraryRows, matchesSearch, nextRecordingRow } from '../../../../src/renderer/library/libraryRows.ts';
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
  rows.map((row) => (row.kind === 'heading' ? `[${row.group}]` : row.summary.id));

describe('lines of the library', () => {
  it('stand under the day they belong to; live ones and samples apart', () => {
    expect(shape(libraryRows(recordings, '', now))).toEqual([
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

  it('show no heading without lines', () => {
    expect(shape(libraryRows(recordings, 'YESTER', now))).toEqual(['[Yesterday]', 'yesterday']);
    expect(libraryRows(recordings, 'nothing', now)).toEqual([]);
  });

  it('are found by every word, in name, address and method', () => {
    const line = summary('a', {
      name: 'orders/stream',
      url: 'https://api.example.com/v1/orders/stream',
      method: 'POST',
    });
    expect(matchesSearch(line, ' example  ORDERS post ')).toBe(true);
    expect(matchesSearch(line, 'example get')).toBe(false);
  });

  it('are walked through without stopping at headings or leaving the list', () => {
    const rows = libraryRows(recordings, '', now);
    expect(nextRecordingRow(rows, -1, 1)).toBe(1);
    expect(nextRecordingRow(rows, 1, 1)).toBe(3);
    expect(nextRecordingRow(rows, 3, -1)).toBe(1);
    expect(nextRecordingRow(rows, 1, -1)).toBe(1);
    expect(nextRecordingRow(rows, 1, 100)).toBe(9);
  });
});
