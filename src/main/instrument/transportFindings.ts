import { isRule } from '../../engine/diagnostics/catalogue.ts';
import type { Analysis } from '../../engine/recording/analysis.ts';
import type { ExchangeFacts } from '../../shared/recording.ts';

/** Findings a recording keeps: more are counted while it is made, and are gone when it is derived again. */
export const keptTransportFindings = 1_000;

/** Tells an analysis that begins anew what only the transport saw. */
export function replayTransportFindings(facts: ExchangeFacts, analysis: Analysis): void {
  for (const { code, details } of facts.transportFindings ?? []) {
    if (isRule(code)) analysis.diagnostic(code, {}, details, false);
  }
}
