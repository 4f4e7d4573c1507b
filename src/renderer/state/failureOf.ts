import { FailureError, type Failure } from '../../shared/failure.ts';

/** The failure a rejected call carries. Anything else is a bug of ours and is thrown on. */
export function failureOf(error: unknown): Failure {
  if (error instanceof FailureError) return error.failure;
  throw error;
}

/** True for the rejection of a call that this window itself has cancelled. */
export function isCancelled(error: unknown): boolean {
  return error instanceof FailureError && error.failure.code === 'call/cancelled';
}
