import { describe, expect, it } from 'vitest';
import { exitCode, exitCodeOf, worstExitCode } from '../../../../../src/main/hosts/cli/exitCodes.ts';
import { endingKindOf } from '../../../../../src/main/capture/endings.ts';

describe('exit codes', () => {
  it('are 0 for what is complete alone, 3 for what never answered, 1 for every other ending', () => {
    for (const [code, kind] of Object.entries(endingKindOf)) {
      const expected =
        kind === 'complete' ? exitCode.fine : kind === 'refused' ? exitCode.couldNotOpen : exitCode.endedBadly;
      expect(exitCodeOf({ kind, code, message: '', offset: null, atMicros: 0 })).toBe(expected);
    }
  });

  it('of several targets: the worst', () => {
    expect(worstExitCode([0, 1, 3])).toBe(3);
    expect(worstExitCode([0, 1])).toBe(1);
    expect(worstExitCode([])).toBe(0);
    expect(worstExitCode([130, 3])).toBe(130);
  });
});
