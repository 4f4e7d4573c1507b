import { describe, expect, it } from 'vitest';
import { compileSearch } from '../../../../src/engine/library/searchExpression.ts';
import { searchLines, sortedLines } from '../../../../src/engine/library/searchLines.ts';
import { recordingsToRetire } from '../../../../src/engine/library/retention.ts';
import type { RecordingSummary } from '../../../../src/shared/recording.ts';
import { noCounts, summary } from '../../renderer/state/summaries.ts';

const now = new Date(2026, 10, 21, 15, 30).getTime();
const day = 86_400_000;

const lines: readonly RecordingSummary[] = [
  summary('a', {
    url: 'https://api.example.com:8443/v1/orders?x=1',
    startedAt: now - 1_000,
    tags: ['Bug 12'],
    starred: true,
    sizeOnDisk: 2_000_000,
    durationMicros: 5,
    model: 'gpt-5-mini',
    dialect: 'openai-chat',
    route: 'openai',
    client: 'python3 (4711)',
  }),
  summary('b', {
    startedAt: now - day,
    endingKind: 'cut',
    status: 503,
    note: 'Straße gesperrt',
    framing: 'ndjson',
    sizeOnDisk: 500,
    durationMicros: null,
  }),
  summary('c', {
    startedAt: now - 8 * day,
    state: 'interrupted',
    endingKind: null,
    sizeOnDisk: 40_000,
    counts: { ...noCounts, frames: 9, stalls: 1, diagnostics: { error: 0, warning: 2, info: 0 } },
  }),
  summary('d', { state: 'live', startedAt: now - 9 * day, endingKind: null, method: 'POST' }),
];

function found(expression: string, inText: readonly (readonly string[])[] = []): string {
  const search = compileSearch(expression, now);
  if (!search.ok) throw new Error(search.failure.message);
  const ids = inText.map((list) => new Set(list));
  return searchLines(lines, search.value, ids)
    .lines.map(({ id }) => id)
    .join('');
}

describe('a search of the library', () => {
  it('finds words in names, addresses, tags, notes and models, in any case, all of them', () => {
    expect(found('')).toBe('abcd');
    expect(found('ORDERS example')).toBe('a');
    expect(found('"bug 12"')).toBe('a');
    expect(found('gesperrt')).toBe('b');
    expect(found('gpt-5')).toBe('a');
    expect(found('-orders')).toBe('bcd');
    expect(found('https://api.example.com:8443')).toBe('a');
    expect(found('127.0.0.1/b')).toBe('b');
  });

  it('counts what was found in texts like what stands in the line, and says which it was', () => {
    expect(found('orders needle', [[], ['a', 'b']])).toBe('a');
    expect(found('-needle', [['a', 'b']])).toBe('cd');
    const search = compileSearch('needle', now);
    if (!search.ok) throw new Error('unexpected');
    expect(searchLines(lines, search.value, [new Set(['c'])])).toMatchObject({ byText: ['c'], lines: [{ id: 'c' }] });
    const other = compileSearch('-needle orders', now);
    if (!other.ok) throw new Error('unexpected');
    expect(searchLines(lines, other.value, [new Set(['c']), new Set()]).byText).toEqual([]);
  });

  it.each([
    ['is:starred', 'a'],
    ['is:live', 'd'],
    ['-is:live', 'abc'],
    ['is:interrupted', 'c'],
    ['has:error', 'b'],
    ['has:warning', 'c'],
    ['has:stall', 'c'],
    ['has:note', 'b'],
    ['has:tag', 'a'],
    ['ending:cut', 'b'],
    ['ENDING:Complete', 'a'],
    ['ending:none', 'cd'],
    ['framing:ndjson', 'b'],
    ['source:import', ''],
    ['host:example.com', 'a'],
    ['host:8443', 'a'],
    ['tag:"bug 12"', 'a'],
    ['-tag:"bug 12"', 'bcd'],
    ['dialect:openai', 'a'],
    ['model:mini', 'a'],
    ['route:OpenAI', 'a'],
    ['-route:openai', 'bcd'],
    ['client:python', 'a'],
    ['method:post', 'd'],
    ['status:503', 'b'],
    ['status:5xx', 'b'],
    ['status:200', 'acd'],
    ['after:today', 'a'],
    ['before:today', 'bcd'],
    ['after:yesterday before:today', 'b'],
    ['after:7d', 'ab'],
    ['before:2026-11-14', 'cd'],
    ['size>1MB', 'a'],
    ['size<=40k size>100', 'bc'],
    ['size<1', 'd'],
    ['has:error orders', ''],
  ])('%s finds %s', (expression, ids) => {
    expect(found(expression)).toBe(ids);
  });

  it.each([
    ['is:odd', /is: knows starred, live, ended, interrupted, sample, not “odd”/, 0],
    ['orders ending:', /Say what after ending: complete, cut/, 7],
    ['before:soon', /takes a day such as 2026-11-21/, 0],
    ['before:2026-02-31', /takes a day/, 0],
    ['status:600', /a number such as 404/, 0],
    ['size>big', /takes a number of bytes/, 0],
    ['a "b', /never closed/, 2],
    ['a tag:"b', /never closed/, 2],
  ])('%s is told apart from a search, with its place', (expression, message, at) => {
    const search = compileSearch(expression, now);
    expect(search).toMatchObject({ ok: false, failure: { code: 'library/invalid-search', data: { at } } });
    expect(search.ok ? '' : search.failure.message).toMatch(message);
  });

  it('takes no more words than can be looked for', () => {
    expect(compileSearch('a '.repeat(32), now).ok).toBe(true);
    expect(compileSearch('a '.repeat(33), now)).toMatchObject({ ok: false, failure: { data: { at: 64 } } });
  });
});

describe('the order of the library', () => {
  const order = (sort: Parameters<typeof sortedLines>[1]): string =>
    sortedLines(lines, sort)
      .map(({ id }) => id)
      .join('');

  it('has live ones on top, whatever it is', () => {
    expect(order('newest')).toBe('dabc');
    expect(order('oldest')).toBe('dcba');
    expect(order('name')).toBe('dabc');
    expect(order('largest')).toBe('dacb');
    expect(order('frames')).toBe('dcab');
    // A duration that is not known is shorter than any.
    expect(order('longest').endsWith('b')).toBe(true);
  });
});

describe('retention', () => {
  const retired = (
    rules: { keepDays: number | null; keepBytes: number | null },
    inUse: readonly string[] = [],
  ): string =>
    recordingsToRetire(lines, rules, now, (id) => inUse.includes(id))
      .map(({ id }) => id)
      .join('');

  it('removes nothing unless asked to', () => {
    expect(retired({ keepDays: null, keepBytes: null })).toBe('');
  });

  it('removes what is too old, never a live or starred one or one in use', () => {
    expect(retired({ keepDays: 7, keepBytes: null })).toBe('c');
    expect(retired({ keepDays: 7, keepBytes: null }, ['c'])).toBe('');
    expect(
      recordingsToRetire([summary('s', { starred: true })], { keepDays: 1, keepBytes: 1 }, now, () => false),
    ).toEqual([]);
    expect(
      recordingsToRetire([summary('s', { sample: true })], { keepDays: 1, keepBytes: 1 }, now, () => false),
    ).toEqual([]);
  });

  it('removes the oldest until the rest fits', () => {
    expect(retired({ keepDays: null, keepBytes: 2_000_600 })).toBe('c');
    expect(retired({ keepDays: null, keepBytes: 2_000_100 })).toBe('cb');
    expect(retired({ keepDays: null, keepBytes: 1_000_000 })).toBe('cb');
    expect(retired({ keepDays: null, keepBytes: 9_000_000 })).toBe('');
  });
});
