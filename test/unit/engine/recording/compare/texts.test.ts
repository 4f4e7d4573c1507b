import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareTexts } from '../../../../../src/engine/recording/compare/texts.ts';

const word = fc.constantFrom('the ', 'stream ', 'ended.', '\n', '  ', '漢', '字', 'é', '🙂', '\ud83d', 'x');
const text = fc.oneof(
  fc.array(word, { maxLength: 40 }).map((words) => words.join('')),
  fc.string({ maxLength: 60, unit: 'binary' }),
);
const joined = (runs: readonly { kind: string; text: string }[], without: string): string =>
  runs
    .filter(({ kind }) => kind !== without)
    .map((run) => run.text)
    .join('');

describe('the comparison of texts', () => {
  it('gives both texts back', async () => {
    await fc.assert(
      fc.asyncProperty(text, text, async (left, right) => {
        const { runs } = await compareTexts(left, right);
        expect(joined(runs, 'added')).toBe(left);
        expect(joined(runs, 'removed')).toBe(right);
      }),
    );
  });

  it('finds nothing between a text and itself', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (same) => {
        const { runs } = await compareTexts(same, same);
        expect(runs.every(({ kind }) => kind === 'same')).toBe(true);
      }),
    );
  });

  it('says the same with the two exchanged', async () => {
    await fc.assert(
      fc.asyncProperty(text, text, async (left, right) => {
        const there = await compareTexts(left, right);
        const back = await compareTexts(right, left);
        expect(joined(back.runs, 'removed')).toBe(joined(there.runs, 'added'));
        const only = (runs: typeof there.runs, kind: string): string =>
          joined(
            runs.filter((run) => run.kind === kind),
            '',
          );
        expect(only(back.runs, 'removed')).toBe(only(there.runs, 'added'));
        expect(only(back.runs, 'same')).toBe(only(there.runs, 'same'));
      }),
    );
  });

  it('shows the words that changed', async () => {
    const { granularity, runs } = await compareTexts('A good stream never lies.', 'A good stream seldom lies.');
    expect(granularity).toBe('words');
    expect(runs).toEqual([
      { kind: 'same', text: 'A good stream ' },
      { kind: 'removed', text: 'never ' },
      { kind: 'added', text: 'seldom ' },
      { kind: 'same', text: 'lies.' },
    ]);
  });

  it('takes long texts line by line, and what has nothing in common as a whole, and says so', async () => {
    const lines = Array.from({ length: 60_000 }, (_, i) => `line ${String(i)} of many`);
    const long = lines.join('\n');
    const changed = lines.with(30_000, 'another line').join('\n');
    expect(await compareTexts(long, changed)).toMatchObject({ granularity: 'lines' });
    const left = Array.from({ length: 5_000 }, (_, i) => `l${String(i)}\n`).join('');
    const right = Array.from({ length: 5_000 }, (_, i) => `r${String(i)}\n`).join('');
    const { granularity, runs } = await compareTexts(left, right);
    expect(granularity).toBe('ends');
    expect(joined(runs, 'added')).toBe(left);
    expect(joined(runs, 'removed')).toBe(right);
  });
});
