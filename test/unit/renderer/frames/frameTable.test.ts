import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { RowPages } from '../../../../src/renderer/frames/rowPages.ts';
import { FrameTable } from '../../../../src/renderer/frames/frameTable.ts';
import type { FrameRows } from '../../../../src/shared/columns.ts';
import { FakeEngine } from '../../../fixtures/fake/fakeEngine.ts';
import { AnsweringEngine, settled } from '../answeringEngine.ts';

interface Asked {
  readonly from: number;
  readonly count: number;
}

const fake = new FakeEngine();
const rowsOf = (from: number, count: number): Promise<FrameRows> =>
  fake.call('recording.rows', { id: 'unknown-times', from, count, filterId: null, foldHeartbeats: false });

function asked(engine: AnsweringEngine): readonly number[] {
  return engine.calls.map((call) => (call.input as Asked).from);
}

async function answer(engine: AnsweringEngine, i: number): Promise<void> {
  const { from, count } = engine.calls[i]!.input as Asked;
  await engine.calls[i]!.answer(await rowsOf(from, count));
}

describe('pages', () => {
  const events = { onRows: vi.fn(), onTotal: vi.fn(), onFailure: vi.fn() };
  beforeEach(() => void vi.clearAllMocks());

  test('what is in view first, then one page ahead in the direction of scrolling', async () => {
    const engine = new AnsweringEngine();
    const pages = new RowPages(engine, 'a', events);
    pages.want(250, 20, 5_000);
    expect(asked(engine)).toEqual([128]);
    await answer(engine, 0);
    await answer(engine, 1);
    expect(asked(engine)).toEqual([128, 256, 384]);
    expect(pages.find(255)?.page.n[127]).toBe(255);
    await answer(engine, 2);
    pages.want(130, 20, 5_000);
    expect(asked(engine)).toEqual([128, 256, 384, 0]);
  });

  test('what was passed by is not pulled', async () => {
    const engine = new AnsweringEngine();
    const pages = new RowPages(engine, 'a', events);
    for (let first = 0; first < 4_000; first += 50) pages.want(first, 20, 5_000);
    expect(engine.calls).toHaveLength(1);
    await answer(engine, 0);
    expect(asked(engine)).toEqual([0, 3_840]);
  });

  test('a page that has grown is pulled again; a full one is not', async () => {
    const engine = new AnsweringEngine();
    const pages = new RowPages(engine, 'a', events);
    pages.want(0, 20, 10);
    await engine.calls[0]!.answer({ ...(await rowsOf(0, 10)), total: 10 });
    pages.want(0, 20, 10);
    expect(engine.calls).toHaveLength(1);
    pages.want(0, 20, 15);
    expect(engine.calls).toHaveLength(2);
  });

  test('an answer for rows that were forgotten meanwhile is not kept', async () => {
    const engine = new AnsweringEngine();
    const pages = new RowPages(engine, 'a', events);
    pages.want(0, 20, 100);
    pages.setSource({ filterId: '7', foldHeartbeats: false });
    await answer(engine, 0);
    expect(pages.find(0)).toBeNull();
    expect(engine.calls[1]?.input).toMatchObject({ filterId: '7' });
  });

  test('fewer rows than believed end the asking and are told', async () => {
    const engine = new AnsweringEngine();
    const pages = new RowPages(engine, 'a', events);
    pages.want(4_990, 40, 6_000);
    await answer(engine, 0);
    await answer(engine, 1);
    expect(events.onTotal).toHaveBeenCalledExactlyOnceWith(5_000);
    expect(asked(engine)).toEqual([4_864, 4_992]);
  });

  test('what failed is not asked for again until the view moves', async () => {
    const engine = new AnsweringEngine();
    const pages = new RowPages(engine, 'a', events);
    pages.want(0, 20, 5_000);
    await engine.calls[0]!.fail({ code: 'recording/damaged', message: 'It is damaged.' });
    pages.want(0, 20, 5_001);
    expect(engine.calls).toHaveLength(1);
    pages.want(1, 20, 5_001);
    expect(engine.calls).toHaveLength(2);
  });
});

describe('table', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    vi.stubGlobal('requestAnimationFrame', (callback: () => void) => (callback(), 0));
    vi.stubGlobal(
      'ResizeObserver',
      class {
        observe(): void {}
        disconnect(): void {}
      },
    );
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  function setUp() {
    const engine = new AnsweringEngine();
    const table = new FrameTable(engine, 'a');
    const element = Object.assign(new EventTarget(), { clientHeight: 240, scrollTop: 0 });
    const spacer = { style: { height: '' } };
    table.scroll.attach(element as unknown as HTMLElement, spacer as unknown as HTMLElement, () => {});
    const shown = () =>
      table.snapshot().rows.map(({ row, at }) => (at === null ? `missing ${String(row)}` : at.page.n[at.i]));
    return { engine, table, shown };
  }

  test('the rows before stay until the new ones are there', async () => {
    const { engine, table, shown } = setUp();
    table.setTotal(5_000, false);
    await answer(engine, 0);
    const before = shown();
    expect(before).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    table.scroll.showAtTop(2_000);
    expect(shown()).toEqual(before);
    await answer(engine, 1);
    await answer(engine, 2);
    expect(shown()[0]).toBe(2_000);
  });

  test('after a while their places are shown instead', async () => {
    const { engine, table, shown } = setUp();
    table.setTotal(5_000, false);
    await answer(engine, 0);
    table.scroll.showAtTop(2_000);
    vi.advanceTimersByTime(149);
    expect(shown()[0]).toBe(0);
    vi.advanceTimersByTime(1);
    expect(shown()[0]).toBe('missing 2000');
  });

  test('a failure is shown, and reloading asks again', async () => {
    const { engine, table } = setUp();
    table.setTotal(5_000, false);
    await engine.calls[0]!.fail({ code: 'engine/gone', message: 'The engine is gone.' });
    expect(table.snapshot().failure?.code).toBe('engine/gone');
    table.reload();
    await settled();
    expect(engine.calls).toHaveLength(2);
    await answer(engine, 1);
    expect(table.snapshot().failure).toBeNull();
  });
});
