import { describe, expect, it } from 'vitest';
import { summarise } from '../../../scripts/check/summary.mjs';

const outcome = (
  step: string,
  passed: number,
  failed: number,
  skipped: readonly { name: string; reason: string }[],
) => ({
  step,
  millis: 1500,
  passed,
  failed,
  skipped,
});

describe('the summary of npm test', () => {
  it('ends with one line that counts everything', () => {
    const skip = { name: 'all of it', reason: 'no display' };
    const lines = summarise([outcome('unit', 12, 0, []), outcome('e2e-web', 3, 2, [skip])], { Node: 'v24' }, 3000);
    expect(lines.at(-1)).toBe('15 passed, 2 failed, 1 skipped');
  });

  it('names every skipped test with its reason, and the steps that failed', () => {
    const skip = { name: 'test/io/a.test.ts > resumes', reason: 'no such folder here' };
    const lines = summarise([outcome('io', 1, 0, [skip]), outcome('lint', 0, 1, [])], {}, 1000);
    expect(lines).toContain('  [io] test/io/a.test.ts > resumes: no such folder here');
    expect(lines).toContain('failed: lint (details above)');
  });

  it('says what it ran on', () => {
    expect(summarise([], { Electron: '45.4.1, pinned' }, 61_000)).toEqual(
      expect.arrayContaining(['ran in 61.0 s on:', '  Electron: 45.4.1, pinned']),
    );
  });
});
