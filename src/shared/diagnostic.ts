import type { ByteOffset, Severity } from './words.ts';

/** Where a diagnostic points. Offsets count body bytes from 0; frames count from 0; absent where unknown. */
export interface Place {
  readonly frame?: number;
  readonly offset?: ByteOffset;
  readonly length?: number;
}

/** Something wrong or noteworthy in a recording. `code` is `area/code` from the catalogue (engine/diagnostics). */
export interface Diagnostic extends Place {
  readonly code: string;
  readonly severity: Severity;
  /** One sentence for a person, with the numbers in it. */
  readonly message: string;
}

/** One rule of the catalogue, as the window lists what was checked. */
export interface DiagnosticRule {
  readonly code: string;
  readonly severity: Severity;
  /** What the rule looks for. */
  readonly title: string;
  /** What to do about it, one sentence. */
  readonly advice: string;
}
