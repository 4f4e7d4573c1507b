import { beforeEach, expect, test, vi } from 'vitest';
import { FrameTable } from '../../../../src/renderer/frames/frameTable.ts';
import { rowsPerPage } from '../../../../src/renderer/frames/rowPages.ts';
import { TableCursor } from '../../../../src/renderer/frames/tableCursor.ts';
import { useView, viewActions } from '../../../../src/renderer/state/view.ts';
import { AnsweringEngine, settled } from '../answeringEngine.ts';

beforeEach(() => {
  viewActions.openRecording(null);
  viewActions.openRecording('a');
});

function setUp() {
  const engine = new AnsweringEngine();
  const table = new FrameTable(engine, 'a');
  table.setTotal(1_000, false);
  const cursor = new TableCursor(engine, 'a', table, vi.fn());
  /** The table's own pulls left out. */
  const calls = () => engine.calls.filter((call) => (call.input as { count?: number }).count !== rowsPerPage);
  return { calls, cursor };
}

test('keys move by rows at once; the frame of the last one is asked for', async () => {
  const { calls, cursor } = setUp();
  cursor.moveTo(10);
  cursor.moveBy(1);
  cursor.moveBy(1);
  expect(cursor.row).toBe(12);
  expect(calls()).toHaveLength(1);
  await calls()[0]!.answer({ n: Float64Array.of(100) });
  expect(useView.getState().selectedFrame).toBeNull();
  expect(calls()[1]?.input).toMatchObject({ from: 12, count: 1 });
  await calls()[1]!.answer({ n: Float64Array.of(120) });
  expect(useView.getState()).toMatchObject({ selectedFrame: 120, selectionOrigin: 'keys' });
  cursor.selectionChanged(120);
  await settled();
  expect(calls()).toHaveLength(2);
});

test('a selection made elsewhere is found by its row', async () => {
  const { calls, cursor } = setUp();
  cursor.selectionChanged(77);
  expect(calls()[0]).toMatchObject({ name: 'recording.rowOfFrame', input: { frame: 77 } });
  await calls()[0]!.answer({ row: 70 });
  expect(cursor.row).toBe(70);
});

test('the ends are the ends', async () => {
  const { cursor } = setUp();
  cursor.moveTo(Infinity);
  expect(cursor.row).toBe(999);
  cursor.moveBy(5);
  expect(cursor.row).toBe(999);
  cursor.moveTo(-3);
  expect(cursor.row).toBe(0);
});
