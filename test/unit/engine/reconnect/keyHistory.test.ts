import { describe, expect, it } from 'vitest';
import { KeyHistory } from '../../../../src/engine/reconnect/keyHistory.ts';
import { SeenKeys } from '../../../../src/engine/reconnect/seenKeys.ts';

/** Judges the keys of successive connections; only what the later ones bring is told. */
function judged(...connections: readonly (readonly string[])[]) {
  const history = new KeyHistory();
  return connections
    .flatMap((keys, connection) => {
      let isNew = connection > 0;
      return keys.map((key) => {
        const novelty = history.judge(key, isNew);
        if (novelty.is !== 'seen') isNew = false;
        return connection === 0
          ? []
          : [novelty.is === 'after-hole' ? `hole of ${String(novelty.missing)}` : novelty.is];
      });
    })
    .flat();
}

describe('the keys of a stream over several connections', () => {
  it('count exactly what integers leave out', () => {
    expect(judged(['1', '2', '3'], ['4', '5'])).toEqual(['next', 'next']);
    expect(judged(['1', '2', '3'], ['7', '8'])).toEqual(['hole of 3', 'next']);
    expect(judged(['1', '2', '3'], ['2', '3', '5'])).toEqual(['seen', 'seen', 'hole of 1']);
    expect(judged(['1', '2', '3'], ['7'], ['4', '5', '8'])).toEqual(['hole of 3', 'new', 'new', 'new']);
  });

  it('claim no hole where integers do not count up by one', () => {
    expect(judged(['10', '20', '30'], ['50'])).toEqual(['new']);
    expect(judged(['1700000001'], ['1700000009'])).toEqual(['new']);
    expect(judged(['01', '02'], ['04'])).toEqual(['new']);
  });

  it('know a repetition of any key', () => {
    expect(judged(['a', 'b', 'c'], ['b', 'd'])).toEqual(['seen', 'new']);
    expect(judged(['1', '2', 'x', '9'], ['2', '9', '10'])).toEqual(['seen', 'seen', 'new']);
  });

  it('take no memory while they count up', () => {
    const history = new KeyHistory();
    for (let n = 1; n <= 500_000; n++) history.judge(String(n), false);
    expect(history.forgotten).toBe(0);
    expect(history.judge('1', true)).toEqual({ is: 'seen' });
    expect(history.judge('250000', true)).toEqual({ is: 'seen' });
  });

  it('are forgotten beyond a limit, the first and the newest last, and say so', () => {
    const seen = new SeenKeys();
    for (let n = 0; n < 250_000; n++) seen.add(`key ${String(n)}`);
    expect(seen.forgotten).toBe(50_000);
    expect(seen.has('key 0')).toBe(true);
    expect(seen.has('key 249999')).toBe(true);
    expect(seen.has('key 120000')).toBe(false);
  });
});
