import { describe, expect, it } from 'vitest';
import { kindOf, remarkOn, toneOf } from '../../../../src/renderer/ui/summaryWords.ts';
import type { RecordingSummary } from '../../../../src/shared/recording.ts';
import { noCounts, summary } from '../state/summaries.ts';

const found = (error: number, warning: number, stalls = 0): Partial<RecordingSummary> => ({
  counts: { ...noCounts, stalls, diagnostics: { error, warning, info: 0 } },
});

describe('how a recording went, in a mark and a word', () => {
  it.each<readonly [string, Partial<RecordingSummary>, string, string]>([
    ['a good end', {}, 'good', ''],
    ['a live one', { state: 'live', endingKind: null }, 'live', ''],
    ['a cut', { endingKind: 'cut' }, 'bad', 'cut'],
    ['one the user stopped', { endingKind: 'stopped' }, 'neutral', 'stopped'],
    ['one that was never ended', { state: 'interrupted', endingKind: null }, 'bad', 'interrupted'],
    ['an error status', { status: 404 }, 'bad', '404'],
    ['errors', found(2, 1), 'bad', '2 errors'],
    ['a stall', found(0, 1, 1), 'warning', '1 stall'],
    ['a warning', found(0, 1), 'warning', '1 warning'],
    ['a complete transfer with an error found in it', found(1, 0), 'bad', '1 error'],
  ])('%s', (_what, facts, tone, remark) => {
    expect(toneOf(summary('a', facts))).toBe(tone);
    expect(remarkOn(summary('a', facts))).toBe(remark);
  });

  it('names the dialect before the framing', () => {
    expect(kindOf(summary('a'))).toBe('SSE');
    expect(kindOf(summary('a', { dialect: 'openai-chat' }))).toBe('openai-chat');
    expect(kindOf(summary('a', { framing: null }))).toBe('');
  });
});
