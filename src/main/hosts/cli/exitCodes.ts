import type { Ending } from '../../../shared/recording.ts';

/** Exit codes of every command. */
export const exitCode = Object.freeze({ fine: 0, endedBadly: 1, wrongUsage: 2, couldNotOpen: 3, interrupted: 130 });

/** What an ending means for the shell. Stopping where the user asked for it is no ending of a stream: not judged here. */
export function exitCodeOf(ending: Ending): number {
  switch (ending.kind) {
    case 'complete':
      return exitCode.fine;
    case 'refused':
      return exitCode.couldNotOpen;
    case 'stopped':
    case 'cut':
    case 'invalid':
    case 'timeout':
    case 'failed-local':
      return exitCode.endedBadly;
  }
}

/** The worst of several: what could not be opened, then what ended badly. */
export function worstExitCode(codes: readonly number[]): number {
  for (const code of [exitCode.interrupted, exitCode.couldNotOpen, exitCode.endedBadly]) {
    if (codes.includes(code)) return code;
  }
  return exitCode.fine;
}

/** A wrong use of the command line: said on stderr, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
