import type { Diagnostic, DiagnosticRule, Place } from '../../shared/diagnostic.ts';
import { aiRules, applicationRules } from './applicationRules.ts';
import { framingRules } from './framingRules.ts';
import { importRules } from './importRules.ts';
import { proxyRules } from './proxyRules.ts';
import { reconnectRules } from './reconnectRules.ts';
import { timingRules } from './timingRules.ts';
import type { CatalogueRule, DiagnosticDetails } from './rule.ts';
import { grouped } from '../../shared/grouped.ts';
import { endingRules, transportRules } from './transportRules.ts';

export type { CatalogueRule, DiagnosticDetails } from './rule.ts';

/** Every rule there is, in the order of the areas. Documentation and the list of rules checked are made from this. */
export const catalogue: readonly CatalogueRule[] = [
  ...framingRules,
  ...endingRules,
  ...transportRules,
  ...timingRules,
  ...reconnectRules,
  ...importRules,
  ...proxyRules,
  ...applicationRules,
  ...aiRules,
];

const byCode: ReadonlyMap<string, CatalogueRule> = new Map(catalogue.map((rule) => [rule.code, rule]));

/** The rules that this build really checks, as the window lists them. */
export const checkedRules: readonly DiagnosticRule[] = catalogue
  .filter((rule) => rule.isChecked)
  .map(({ code, severity, title, advice }) => ({ code, severity, title, advice }));

/** False for what a file says that came from another version. */
export function isRule(code: string): boolean {
  return byCode.has(code);
}

/** @throws Error for a code that is not in the catalogue: every code is declared before it is used */
export function ruleOf(code: string): CatalogueRule {
  const rule = byCode.get(code);
  if (rule === undefined) throw new Error(`no such rule: ${code}`);
  return rule;
}

/**
 * Makes a diagnostic from a finding.
 * @throws Error for a code that is not in the catalogue
 */
export function diagnose(code: string, place: Place, details: DiagnosticDetails): Diagnostic {
  const rule = ruleOf(code);
  const known: Record<string, string | number> = { ...details };
  if (place.offset !== undefined) known['offset'] ??= place.offset;
  if (place.length !== undefined) known['length'] ??= place.length;
  const omitted = details['omitted'];
  const message =
    typeof omitted === 'number' ? sentenceForMany(rule, omitted, place.offset ?? 0) : rule.sentence(known);
  return { ...place, code, severity: rule.severity, message };
}

/** Findings beyond those that are listed one by one become one that counts them. */
function sentenceForMany(rule: CatalogueRule, omitted: number, firstOffset: number): string {
  return `${rule.title}: ${grouped(omitted)} more, the first of them at byte ${grouped(firstOffset)}.`;
}
