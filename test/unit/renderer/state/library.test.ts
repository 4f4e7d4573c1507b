import { describe, expect, it } from 'vitest';
import { followLibrary, libraryNow, withChange } from '../../../../src/renderer/state/library.ts';
import { settled, stubEngine } from './stubEngine.ts';
import { summary } from './summaries.ts';

const ids = (list: readonly { readonly id: string }[]): string[] => list.map(({ id }) => id);

describe('changes of the library', () => {
  const list = [summary('c', { startedAt: 3 }), summary('b', { startedAt: 2 }), summary('a', { startedAt: 1 })];

  it('puts a new recording where its start belongs', () => {
    expect(ids(withChange(list, 'd', summary('d', { startedAt: 4 })))).toEqual(['d', 'c', 'b', 'a']);
    expect(ids(withChange(list, 'x', summary('x', { startedAt: 1.5 })))).toEqual(['c', 'b', 'x', 'a']);
    expect(ids(withChange(list, 'o', summary('o', { startedAt: 0 })))).toEqual(['c', 'b', 'a', 'o']);
  });

  it('changes a line in its place and takes one out', () => {
    expect(withChange(list, 'b', summary('b', { startedAt: 2, name: 'new' }))[1]?.name).toBe('new');
    expect(ids(withChange(list, 'b', null))).toEqual(['c', 'a']);
    expect(withChange(list, 'none', null)).toBe(list);
  });
});

describe('the library that is followed', () => {
  it('keeps changes that came while the list was on its way', async () => {
    let answer: (() => void) | undefined;
    const engine = stubEngine({
      'library.list': () =>
        new Promise((resolve) => {
          answer = () => resolve({ recordings: [summary('old', { startedAt: 1 }), summary('gone', { startedAt: 2 })] });
        }),
    });
    const end = followLibrary(engine);
    engine.emit('library.changed', { id: 'gone', summary: null });
    engine.emit('library.changed', { id: 'new', summary: summary('new', { startedAt: 3 }) });
    answer?.();
    await settled();
    expect(ids(libraryNow().recordings)).toEqual(['new', 'old']);
    end();
  });

  it('tells why it could not be read', async () => {
    const end = followLibrary(stubEngine({}));
    await settled();
    expect(libraryNow().failure?.code).toBe('call/unknown');
    end();
  });
});
