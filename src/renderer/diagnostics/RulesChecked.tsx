import type { CheckedRule } from '../../shared/recording.ts';
import { formatCount } from '../ui/format.ts';
import { SeverityMark } from '../ui/SeverityMark.tsx';

/** What fired first, then what had something to look at. */
const order = ['fired', 'silent', 'not-applicable'] as const;

/** Every rule there is, and what became of it on the open recording. */
export function RulesChecked({ rules }: { readonly rules: readonly CheckedRule[] }) {
  const sorted = order.flatMap((state) => rules.filter((rule) => rule.state === state));
  return (
    <ul className="ss-rules" aria-label="Rules checked">
      {sorted.map((rule) => (
        <li key={rule.code} data-state={rule.state}>
          <SeverityMark severity={rule.severity} size={12} />
          <code>{rule.code}</code>
          <span>{rule.title}</span>
          <span className="ss-rules-state">{stateWords(rule)}</span>
        </li>
      ))}
    </ul>
  );
}

function stateWords({ state, found }: CheckedRule): string {
  if (state === 'fired') return `${formatCount(found)} found`;
  return state === 'silent' ? 'nothing found' : 'not applicable';
}
