import { describe, expect, it } from 'vitest';
import { exitCodeOf, worstExitCode } from '../../../../../src/main/hosts/cli/exitCodes.ts';
import type { EndingKind } from '../../../../../src/shared/words.ts';

describe('exit codes', () => {
  it.each([
    ['complete', 'end/complete', 0],
    ['stopped', 'end/stopped', 130],
    ['stopped', 'end/byte-limit', 0],
    ['stopped', 'end/limit', 0],
    ['stopped', 'end/redirect-limit', 1],
    ['cut', 'end/reset', 1],
    ['invalid', 'end/protocol', 1],
    ['timeout', 'end/max-time', 1],
    ['refused', 'end/dns', 3],
    ['failed-local', 'end/disk', 1],
  ] as const)('%s (%s) is %i', (kind: EndingKind, code, expected) => {
    expect(exitCodeOf({ kind, code, message: '', offset: null, atMicros: 0 })).toBe(expected);
  });

  it('of several are the worst', () => {
    expect(worstExitCode([0, 1, 3])).toBe(3);
    expect(worstExitCode([0, 1])).toBe(1);
    expect(worstExitCode([])).toBe(0);
  });
});
