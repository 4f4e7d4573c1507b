import { grouped } from '../../shared/grouped.ts';
import type { Severity } from '../../shared/words.ts';

/** What a rule's sentence is made from. */
export type DiagnosticDetails = Readonly<Record<string, string | number>>;

/** One entry of the catalogue. `code` is `area/code` and stable. */
export interface CatalogueRule {
  readonly code: string;
  readonly severity: Severity;
  /** What the rule looks for. */
  readonly title: string;
  /** What to do about it, one sentence. */
  readonly advice: string;
  /** False for a rule that is agreed on but that nothing in this build looks for yet. */
  readonly isChecked: boolean;
  /** One sentence for a person, from the details of the finding and the `offset` and `length` of its place. */
  sentence(details: DiagnosticDetails): string;
}

/** A detail as a word of a sentence: numbers in groups of three; what is absent is said to be unknown. */
export function word(details: DiagnosticDetails, name: string): string {
  const value = details[name];
  if (value === undefined) return 'an unknown number of';
  return typeof value === 'number' ? grouped(value) : value;
}

/** `1` → `1 byte`, `1204` → `1,204 bytes`. */
export function counted(details: DiagnosticDetails, name: string, unit: string): string {
  return details[name] === 1 ? `1 ${unit}` : `${word(details, name)} ${unit}s`;
}

/** A text detail in quotation marks; absent or empty: the fallback. */
export function quoted(details: DiagnosticDetails, name: string, fallback: string): string {
  const value = details[name];
  return value === undefined || value === '' ? fallback : `“${String(value)}”`;
}

/** ` at byte 1,204`, or nothing where the place is not known. */
export function atByte(details: DiagnosticDetails): string {
  return typeof details['offset'] === 'number' ? ` at byte ${grouped(details['offset'])}` : '';
}

/** Microseconds as a person reads them. */
export function seconds(details: DiagnosticDetails, name: string): string {
  const micros = details[name];
  if (typeof micros !== 'number') return 'an unknown time';
  return micros < 1_000_000 ? `${grouped(Math.round(micros / 1_000))} ms` : `${(micros / 1_000_000).toFixed(2)} s`;
}
