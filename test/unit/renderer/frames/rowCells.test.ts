import { describe, expect, test } from 'vitest';
import { gridTracks, shownColumns, toggledColumns } from '../../../../src/renderer/frames/columns.ts';
import { cellText, faultOf } from '../../../../src/renderer/frames/rowCells.ts';
import { FakeEngine } from '../../../fixtures/fake/fakeEngine.ts';
import { defaultSettings } from '../../../../src/shared/settings.ts';

const engine = new FakeEngine();
const rows = await engine.call('recording.rows', {
  id: 'small',
  from: 0,
  count: 143,
  filterId: null,
  foldHeartbeats: false,
});
const unknown = await engine.call('recording.rows', {
  id: 'unknown-times',
  from: 0,
  count: 3,
  filterId: null,
  foldHeartbeats: false,
});
engine.close();
const times = { mode: 'relative', startedAt: 0 } as const;

describe('cells', () => {
  test('the first frame has no gap; further frames of a chunk say which they are', () => {
    expect(cellText('gap', rows, 0, times)).toBe('—');
    const second = rows.indexInChunk.indexOf(2);
    expect(cellText('gap', rows, second, times)).toBe(`2 of ${String(rows.framesInChunk[second])}`);
    expect(cellText('time', rows, 0, times)).toBe('412.000');
  });

  test('unknown times are dashes, not zeros', () => {
    expect(cellText('time', unknown, 1, times)).toBe('—');
    expect(cellText('gap', unknown, unknown.indexInChunk.lastIndexOf(1), times)).toBe('—');
  });

  test('a frame without a name of its own goes by its kind', () => {
    const comment = rows.kind.indexOf(1);
    expect(cellText('type', rows, comment, times)).toBe('comment');
  });

  test('text that would reorder its line is shown as what it is', () => {
    const evil = { ...rows, preview: ['a\u202Eb\u0000c\n'] };
    expect(cellText('data', evil, 0, times)).toBe('a⟨202E⟩b␀c↵');
  });

  test('invalid JSON is a fault; a stall alone is told by its gap', () => {
    const faulty = rows.flags.findIndex((flags) => (flags & 4) !== 0);
    expect(faultOf(rows, faulty)).toBe('error');
    expect(faultOf(rows, rows.stall.indexOf(1))).toBeNull();
    expect(faultOf(rows, 0)).toBeNull();
  });
});

describe('columns', () => {
  test('keep their order whatever order they were chosen in, and never vanish all', () => {
    expect(toggledColumns(['n', 'data'], 'chunk')).toEqual(['n', 'data', 'chunk']);
    expect(toggledColumns(['gap', 'type'], 'n')).toEqual(['n', 'type', 'gap']);
    expect(toggledColumns(['data'], 'data')).toEqual(['data']);
    expect(shownColumns({ frameColumns: [] }).map((column) => column.id)).toEqual(['data']);
  });

  test('data takes what is left; widths are remembered and never too small', () => {
    const tracks = gridTracks(shownColumns(defaultSettings), { 'frames.size': 3, 'frames.time': 150 }, {});
    expect(tracks).toBe('64px 104px minmax(80px, 1fr) 40px 150px 80px');
    expect(gridTracks(shownColumns({ frameColumns: ['n'] }), {}, { n: '10,000,000'.length })).toBe('91px');
  });
});
