import type { z } from 'zod';
import { FailureError, type Failure } from '../../shared/failure.ts';

/** What a call is answered with when its input does not fit: names the field, as far as one can be named. */
export function invalidInput(name: string, error: z.ZodError): Failure {
  const issue = error.issues[0];
  const field = issue?.path.map(String).join('.') ?? '';
  const reason = issue?.message ?? 'it does not have the declared form';
  const more = error.issues.length > 1 ? ` (and ${String(error.issues.length - 1)} more)` : '';
  return {
    code: 'call/invalid-input',
    message: `${name} was called with an input it cannot take: ${field === '' ? '' : `${field}: `}${reason}${more}.`,
    ...(field === '' ? {} : { data: { field } }),
  };
}

export function unknownCall(name: string): Failure {
  return {
    code: 'call/unknown',
    message: `This engine has no call named ${JSON.stringify(name)}. The window and the engine may be of different versions: restart Streamscope.`,
  };
}

export const cancelledCall: Failure = { code: 'call/cancelled', message: 'The call was cancelled.' };

/**
 * What a thrown value becomes at the boundary. An expected failure is its own data; anything else is a bug of ours,
 * whose details go to `report` and not to the window.
 */
export function failureOf(name: string, error: unknown, report: (problem: string) => void): Failure {
  if (error instanceof FailureError) return error.failure;
  report(`${name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return {
    code: 'call/internal',
    message: `Something went wrong inside Streamscope while it answered ${name}. What was recorded is kept; the log holds the details.`,
  };
}
