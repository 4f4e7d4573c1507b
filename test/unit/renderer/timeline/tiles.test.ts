import { expect, test, vi } from 'vitest';
import { Tiles, type TileWish } from '../../../../src/renderer/timeline/tiles.ts';
import { AnsweringEngine } from '../answeringEngine.ts';
import { emptyTile } from './sceneFor.ts';

interface Asked {
  readonly fromMicros: number;
  readonly toMicros: number;
  readonly columns: number;
}

function setUp() {
  const engine = new AnsweringEngine();
  const onTile = vi.fn();
  const onFailure = vi.fn();
  const tiles = new Tiles(engine, 'a', { onTile, onFailure });
  const answer = (i: number): Promise<void> => {
    const { fromMicros, toMicros, columns } = engine.calls[i]!.input as Asked;
    return engine.calls[i]!.answer(emptyTile(fromMicros, toMicros, columns));
  };
  return { engine, tiles, onTile, onFailure, answer };
}

function wish(fromMicros: number, toMicros: number, version = 1): TileWish {
  return { window: { fromMicros, toMicros }, pixels: 1_000, version };
}

test('pulls the window with room on both sides, a column a pixel', async () => {
  const { engine, tiles, onTile, answer } = setUp();
  tiles.wish(wish(10_000, 20_000));
  expect(engine.calls[0]?.input).toEqual({ id: 'a', fromMicros: 5_000, toMicros: 25_000, columns: 2_000 });
  await answer(0);
  expect(onTile).toHaveBeenCalledOnce();
  expect(tiles.tile?.columns).toBe(2_000);
});

test('one pull at a time; of the wishes meanwhile only the newest is pulled', async () => {
  const { engine, tiles, answer } = setUp();
  tiles.wish(wish(10_000, 20_000));
  for (let i = 0; i < 50; i++) tiles.wish(wish(100_000 + 1_000 * i, 200_000 + 1_000 * i));
  expect(engine.calls).toHaveLength(1);
  await answer(0);
  expect(engine.calls).toHaveLength(2);
  expect(engine.calls[1]?.input).toMatchObject({ fromMicros: 99_000, toMicros: 299_000 });
  await answer(1);
  expect(engine.calls).toHaveLength(2);
});

test('small pans and zooms are served by what is there', async () => {
  const { engine, tiles, answer } = setUp();
  tiles.wish(wish(10_000, 20_000));
  await answer(0);
  tiles.wish(wish(7_000, 17_000));
  tiles.wish(wish(11_000, 20_500));
  expect(engine.calls).toHaveLength(1);
  tiles.wish(wish(14_000, 16_000));
  expect(engine.calls).toHaveLength(2);
});

test('the older tile stays while a newer version is pulled', async () => {
  const { engine, tiles, answer } = setUp();
  tiles.wish(wish(0, 20_000));
  await answer(0);
  const before = tiles.tile;
  tiles.wish(wish(0, 20_000, 2));
  expect(engine.calls).toHaveLength(2);
  expect(tiles.tile).toBe(before);
  await answer(1);
  expect(tiles.tile).not.toBe(before);
});

test('a tile serves its own version and the window it covers, no other', async () => {
  const { tiles, answer } = setUp();
  expect(tiles.serves(wish(10_000, 20_000))).toBe(false);
  tiles.wish(wish(10_000, 20_000));
  expect(tiles.serves(wish(10_000, 20_000))).toBe(false);
  await answer(0);
  expect(tiles.serves(wish(10_000, 20_000))).toBe(true);
  expect(tiles.serves(wish(10_000, 20_000, 2))).toBe(false);
  expect(tiles.serves(wish(20_000, 30_000))).toBe(false);
});

test('a failure is told and not asked again by itself', async () => {
  const { engine, tiles, onFailure } = setUp();
  tiles.wish(wish(0, 20_000));
  await engine.calls[0]!.fail({ code: 'recording/damaged', message: 'It is damaged.' });
  expect(onFailure).toHaveBeenCalledWith({ code: 'recording/damaged', message: 'It is damaged.' });
  expect(engine.calls).toHaveLength(1);
});

test('disposing cancels what is under way', () => {
  const { engine, tiles } = setUp();
  tiles.wish(wish(0, 20_000));
  tiles.dispose();
  expect(engine.calls[0]?.signal?.aborted).toBe(true);
});
