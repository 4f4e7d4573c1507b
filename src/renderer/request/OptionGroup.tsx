import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';

interface OptionGroupProps {
  readonly title: string;
  /** What differs from how it usually is, in a few words; empty: nothing. */
  readonly differing: readonly string[];
  /** Unfolds it; it may be folded again by hand. */
  readonly unfolded?: boolean;
  readonly children: ReactNode;
}

/** Options that few requests need: folded, and saying what is set in them. */
export function OptionGroup({ title, differing, unfolded = false, children }: OptionGroupProps) {
  return (
    <details className="ss-request-group" aria-label={title} open={unfolded}>
      <summary>
        <ChevronRight size={14} aria-hidden />
        <span className="ss-request-group-title">{title}</span>
        <span className="ss-quiet">{differing.length === 0 ? 'as usual' : differing.join(' · ')}</span>
      </summary>
      <div className="ss-request-group-body">{children}</div>
    </details>
  );
}
