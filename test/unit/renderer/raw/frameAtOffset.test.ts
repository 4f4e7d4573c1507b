import { afterAll, expect, test } from 'vitest';
import { frameAtOffset, parseOffset } from '../../../../src/renderer/raw/frameAtOffset.ts';
import { FakeEngine } from '../../../fixtures/fake/fakeEngine.ts';

const engine = new FakeEngine();
afterAll(() => engine.close());

test('every byte of a recording leads to its frame', async () => {
  const rows = await engine.call('recording.rows', {
    id: 'small',
    from: 0,
    count: 143,
    filterId: null,
    foldHeartbeats: false,
  });
  const { signal } = new AbortController();
  for (const n of [0, 1, 71, 141, 142]) {
    const begins = rows.offset[n]!;
    const ends = begins + rows.length[n]!;
    expect(await frameAtOffset(engine, 'small', begins, 143, signal)).toBe(n);
    expect(await frameAtOffset(engine, 'small', ends - 1, 143, signal)).toBe(n);
  }
  expect(await frameAtOffset(engine, 'small', 1e12, 143, signal)).toBe(142);
  expect(await frameAtOffset(engine, 'empty', 0, 0, signal)).toBeNull();
});

test.each([
  ['15402', 15_402],
  [' 15,402 ', 15_402],
  ['0x3c2a', 15_402],
  ['', null],
  ['-1', null],
  ['1.5', null],
  ['ff', null],
  ['99999999999999999999', null],
])('the offset %j is %j', (text, offset) => {
  expect(parseOffset(text)).toBe(offset);
});
