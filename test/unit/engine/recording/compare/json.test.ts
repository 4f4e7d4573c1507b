import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, fitsLevels, parseExactly } from '../../../../../src/engine/recording/compare/jsonForm.ts';
import { compareJson } from '../../../../../src/engine/recording/compare/jsonDifference.ts';

const none: ReadonlySet<string> = new Set();
const difference = (left: string, right: string, ignored: ReadonlySet<string> = none) =>
  compareJson(parseExactly(left)?.value, parseExactly(right)?.value, ignored);

describe('the comparison of JSON', () => {
  it('finds nothing between a value and another spelling of it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(difference(JSON.stringify(value), JSON.stringify(value, null, 3))).toEqual({
          differences: [],
          total: 0,
        });
      }),
    );
  });

  it('says the same with the two exchanged', () => {
    fc.assert(
      fc.property(fc.json(), fc.json(), (left, right) => {
        const there = difference(left, right);
        const back = difference(right, left);
        expect(back.total).toBe(there.total);
        const turned = { added: 'removed', removed: 'added', changed: 'changed' } as const;
        expect(back.differences.map(({ path }) => path).sort()).toEqual(
          there.differences.map(({ path }) => path).sort(),
        );
        for (const { path, kind, left: a, right: b } of there.differences) {
          expect(back.differences).toContainEqual({ path, kind: turned[kind], left: b, right: a });
        }
      }),
    );
  });

  it('is different exactly where the canonical texts are', () => {
    fc.assert(
      fc.property(fc.json(), fc.json(), (left, right) => {
        const a = canonicalJson(parseExactly(left)?.value, none, 100);
        const b = canonicalJson(parseExactly(right)?.value, none, 100);
        expect(difference(left, right).total === 0).toBe(a === b);
      }),
    );
  });

  it('names paths as JSON pointers', () => {
    const { differences } = difference('{"a/b":{"~":1},"gone":[1]}', '{"a/b":{"~":2},"new":null}');
    expect(differences).toEqual([
      { path: '/a~1b/~0', kind: 'changed', left: '1', right: '2' },
      { path: '/gone', kind: 'removed', left: '[1]', right: null },
      { path: '/new', kind: 'added', left: null, right: 'null' },
    ]);
  });

  it('shows one element that was put in as one difference', () => {
    expect(difference('[{"n":1},{"n":2}]', '[{"n":0},{"n":1},{"n":2}]').differences).toEqual([
      { path: '/0', kind: 'added', left: null, right: '{"n":0}' },
    ]);
  });

  it('leaves ignored keys out, whether they are there or not', () => {
    expect(difference('{"id":1,"a":{"id":2}}', '{"a":{}}', new Set(['id'])).total).toBe(0);
  });

  it('keeps the digits that a double would lose', () => {
    expect(difference('[0.10000000000000000001]', '[0.1]').total).toBe(1);
    expect(difference('[1e999]', '[2e999]').total).toBe(1);
    expect(difference('[1e2]', '[100]').total).toBe(0);
  });

  it('lists a thousand differences and counts the rest', () => {
    const left = JSON.stringify(Array.from({ length: 3_000 }, (_, i) => i));
    const right = JSON.stringify(Array.from({ length: 3_000 }, (_, i) => i + 1));
    const { differences, total } = difference(left, right);
    expect([differences.length, total]).toEqual([1_000, 3_000]);
  });

  it('knows a key called __proto__ for a key', () => {
    expect(difference('{"__proto__":1}', '{}').differences).toMatchObject([{ path: '/__proto__', kind: 'removed' }]);
  });

  it('measures nesting', () => {
    expect(fitsLevels(JSON.parse('[[1]]'), 2)).toBe(true);
    expect(fitsLevels(JSON.parse('[[1]]'), 1)).toBe(false);
  });
});
