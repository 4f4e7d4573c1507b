import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ComparedBody } from '../../../../../src/engine/recording/compare/frameContents.ts';
import { frameCriteria } from '../../../../../src/shared/compare.ts';
import { defaultLimits } from '../../../../../src/shared/limits.ts';
import { bodyOf, compared, noKeys } from './bodies.ts';

const record = fc.oneof(
  fc.constantFrom('', '{"id":1,"a":2}', '{"a":2,"id":2}', '{ "a" : 2 }', '[1]', '[ 1 ]', 'not json', '{"a":'),
  fc.json({ maxDepth: 2 }).filter((text) => !/[\n\r]/.test(text)),
);
const lines = fc.array(record, { maxLength: 30 });
const criterion = fc.constantFrom(...frameCriteria);

describe('the comparison of frames', () => {
  it('finds no difference between a recording and itself', async () => {
    await fc.assert(
      fc.asyncProperty(lines, criterion, async (all, by) => {
        const { first, pairing } = await compared(bodyOf(all), bodyOf(all), by);
        expect(first).toEqual({ bytes: null, payload: null, json: null });
        const frames = all.filter((line) => line !== '').length;
        expect(pairing).toMatchObject({ same: frames, changed: 0, leftOnly: 0, rightOnly: 0 });
      }),
    );
  });

  it('says the same with the two exchanged', async () => {
    await fc.assert(
      fc.asyncProperty(lines, lines, criterion, async (a, b, by) => {
        const there = await compared(bodyOf(a), bodyOf(b), by);
        const back = await compared(bodyOf(b), bodyOf(a), by);
        for (const each of frameCriteria) {
          const parting = there.first[each];
          expect(back.first[each]).toEqual(parting === null ? null : { left: parting.right, right: parting.left });
        }
        expect(back.pairing).toMatchObject({
          same: there.pairing.same,
          changed: there.pairing.changed,
          leftOnly: there.pairing.rightOnly,
          rightOnly: there.pairing.leftOnly,
        });
      }),
    );
  });

  it('has every frame of both sides in one row, in order', async () => {
    await fc.assert(
      fc.asyncProperty(lines, lines, criterion, async (a, b, by) => {
        const left = bodyOf(a);
        const right = bodyOf(b);
        const { pairing } = await compared(left, right, by);
        let row = 0;
        let atLeft = 0;
        let atRight = 0;
        for (const run of pairing.runs) {
          expect([run.row, run.left, run.right]).toEqual([row, atLeft, atRight]);
          row += run.count;
          if (run.relation !== 'rightOnly') atLeft += run.count;
          if (run.relation !== 'leftOnly') atRight += run.count;
        }
        expect([row, atLeft, atRight]).toEqual([
          pairing.leftFrames + pairing.rightOnly,
          left.frames.contentCount,
          right.frames.contentCount,
        ]);
      }),
    );
  });

  it('tells bytes, payloads and JSON values apart', async () => {
    const left = bodyOf(['{"a":1,"b":2}', '{"n":1}', '{"n":2}']);
    const right = bodyOf(['{"b":2,"a":1}', '{"n":1.0}', '{"n":3}']);
    const { first } = await compared(left, right, 'json');
    expect(first).toEqual({
      bytes: { left: 0, right: 0 },
      payload: { left: 0, right: 0 },
      json: { left: 2, right: 2 },
    });
  });

  it('leaves ignored keys out at every level', async () => {
    const left = bodyOf(['{"id":"x","choices":[{"id":1,"text":"Hi"}]}']);
    const right = bodyOf(['{"id":"y","choices":[{"id":2,"text":"Hi"}]}']);
    const { first } = await compared(left, right, 'json', { ...noKeys, ignored: new Set(['id']) });
    expect(first.payload).toEqual({ left: 0, right: 0 });
    expect(first.json).toBeNull();
  });

  it('does not take two long numbers for one because a double cannot tell them apart', async () => {
    const { first } = await compared(bodyOf(['{"n":9007199254740993}']), bodyOf(['{"n":9007199254740992}']), 'json');
    expect(first.json).toEqual({ left: 0, right: 0 });
  });

  it('leaves out keep-alives, and counts frames as the recording does', async () => {
    const { first, pairing } = await compared(bodyOf(['', '1', '', '2']), bodyOf(['1', '3']), 'payload');
    expect(first.payload).toEqual({ left: 3, right: 1 });
    expect(pairing).toMatchObject({ same: 1, changed: 1 });
  });

  it('finds the frame that is missing in the middle', async () => {
    const all = Array.from({ length: 500 }, (_, i) => `{"n":${String(i)}}`);
    const { first, pairing } = await compared(bodyOf(all), bodyOf(all.toSpliced(250, 1)), 'json');
    expect(first.json).toEqual({ left: 250, right: 250 });
    expect(pairing).toMatchObject({ by: 'common', same: 499, leftOnly: 1, rightOnly: 0, changed: 0 });
  });

  it('pairs frames by their place where they have too little in common', async () => {
    const left = Array.from({ length: 1_500 }, (_, i) => `{"l":${String(i)}}`);
    const right = Array.from({ length: 1_600 }, (_, i) => `{"r":${String(i)}}`);
    const { pairing } = await compared(bodyOf(left), bodyOf(right), 'json');
    expect(pairing).toMatchObject({ by: 'place', changed: 1_500, rightOnly: 100 });
  });

  it('compares frames beyond the limit of JSON by their bytes, piece by piece', async () => {
    const long = `"${'x'.repeat(5_000)}"`;
    const rules = { ...noKeys, limits: { ...defaultLimits, jsonBytes: 1_000 } };
    const same = await compared(bodyOf([long]), bodyOf([long]), 'json', rules);
    expect(same.first.json).toBeNull();
    const other = await compared(bodyOf([long]), bodyOf([long.replace('xx"', 'xy"')]), 'json', rules);
    expect(other.first.json).toEqual({ left: 0, right: 0 });
    expect(other.pairing).toMatchObject({ changed: 1 });
  });

  it('holds one read of each side, however long they are', async () => {
    let longest = 0;
    const body = bodyOf(Array.from({ length: 5_000 }, (_, i) => `{"n":${String(i)}}`));
    const watched: ComparedBody = {
      ...body,
      read: (offset, length) => {
        longest = Math.max(longest, length);
        return body.read(offset, length);
      },
    };
    expect(await compared(watched, body, 'bytes')).toMatchObject({ pairing: { same: 5_000 } });
    expect(longest).toBe(1_048_576);
  });
});
