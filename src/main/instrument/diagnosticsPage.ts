import { ruleApplies } from '../../engine/diagnostics/applies.ts';
import { checkedRules } from '../../engine/diagnostics/catalogue.ts';
import { headerValue } from '../../shared/headerValue.ts';
import type { CheckedRule, DiagnosticsPage } from '../../shared/recording.ts';
import type { OpenedRecording } from './openedRecording.ts';

/** Diagnostics `[from, from + count)` of a recording, and what became of every rule. */
export function diagnosticsPage(recording: OpenedRecording, from: number, count: number): DiagnosticsPage {
  const { diagnostics } = recording.analysis;
  return {
    total: diagnostics.total,
    listed: diagnostics.listed,
    counts: diagnostics.counts,
    items: diagnostics.page(from, count),
    rulesChecked: rulesOf(recording),
  };
}

function rulesOf(recording: OpenedRecording): readonly CheckedRule[] {
  const { analysis } = recording;
  const { head, request, source, timesKnown, reconnections, proxied } = recording.facts();
  const parts = {
    framing: analysis.decision?.framing ?? null,
    hasHead: head !== null,
    isCoded: head !== null && headerValue(head.headers, 'content-encoding') !== null,
    timesKnown,
    isImported: source === 'import',
    isProxied: proxied !== undefined,
    followsConnections: reconnections !== undefined || request?.options.reconnect !== undefined,
    hasDialect: analysis.message !== null,
  };
  return checkedRules.map((rule) => {
    const found = analysis.diagnostics.found(rule.code);
    const state = found > 0 ? 'fired' : ruleApplies(rule.code, parts) ? 'silent' : 'not-applicable';
    return { ...rule, state, found };
  });
}
