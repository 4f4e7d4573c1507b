/**
 * Expected failures of calls. A failure is data: a code to test for, a sentence for a person, and whether the same
 * call may succeed later. What happens to a *stream* is not a failure but an ending or a diagnostic of its recording.
 */
export const failureCodes = [
  'call/unknown',
  'call/invalid-input',
  'call/cancelled',
  'call/internal',
  'engine/gone',
  'host/unreachable',
  'recording/not-found',
  'recording/still-live',
  'recording/damaged',
  'recording/newer-version',
  'request/invalid-json-path',
  'request/unknown-dialect',
  'request/invalid-url',
  'request/invalid-header',
  'request/invalid-method',
  'request/invalid-proxy',
  'request/invalid-certificate',
  'request/invalid-cookie-file',
  'request/unreadable-file',
  'request/file-not-allowed',
  'request/unreadable-paste',
  'import/unreadable',
  'import/not-open',
  'export/cannot-redact',
  'export/secret-left',
  'export/not-open',
  'export/no-request',
  'export/no-message',
  'filter/invalid',
  'library/invalid-search',
  'store/unwritable',
  'store/disk-full',
  'mock/not-running',
  'scenario/invalid',
  'scenario/not-found',
  'scenario/impossible',
  'proxy/invalid-route',
  'proxy/invalid-intervention',
  'replay/no-answer',
  'replay/fault-impossible',
  'replay/too-many',
  'replay/no-port',
  'replay/not-running',
  'run/not-found',
  'run/still-running',
  'run/invalid-objective',
] as const;
export type FailureCode = (typeof failureCodes)[number];

export interface Failure {
  readonly code: FailureCode;
  /** What happened, why, and the way out, for a person. */
  readonly message: string;
  /** Plain data that belongs to the code, for example the position of a fault in an expression. */
  readonly data?: Readonly<Record<string, string | number | boolean>>;
  /** True when the same call may succeed later without a change. */
  readonly retry?: boolean;
}

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

export function failed(failure: Failure): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure };
}

export function succeeded<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

/** Carries a failure through code that awaits; `rpc` turns it back into data at the boundary. */
export class FailureError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure, options?: { cause?: unknown }) {
    super(failure.message, options);
    this.name = 'FailureError';
    this.failure = failure;
  }
}
