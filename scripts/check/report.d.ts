/** What a test runner hands to `npm test`: one entry a test, in a JSON file. */
export interface TestEntry {
  /** `unit`, `io`, …, `e2e-electron`, `e2e-web` */
  readonly suite: string;
  /** File relative to the repository, then the titles from outside in. */
  readonly name: string;
  readonly state: 'passed' | 'failed' | 'skipped';
  /** Why it was skipped, where its author said so. */
  readonly note?: string;
}

export interface TestReport {
  readonly tests: readonly TestEntry[];
  /** What failed outside any test: a file that does not load, an unhandled rejection. */
  readonly errors: readonly string[];
}

/** What came of one step of `npm test`. A step without tests counts as one check. */
export interface StepOutcome {
  readonly step: string;
  readonly millis: number;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}
