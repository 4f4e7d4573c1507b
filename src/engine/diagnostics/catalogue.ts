import type { DiagnosticRule } from '../../shared/diagnostic.ts';

/** What a rule's sentence is made from. */
export type DiagnosticDetails = Readonly<Record<string, string | number>>;

/** A rule with the function that writes its sentence. */
export interface CatalogueRule extends DiagnosticRule {
  sentence(details: DiagnosticDetails): string;
}
