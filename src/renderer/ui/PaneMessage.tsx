import type { LucideIcon } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';

interface PaneMessageProps {
  readonly icon?: LucideIcon;
  readonly title: string;
  readonly children?: ReactNode;
}

/** What a pane says when it has nothing to show. */
export function PaneMessage({ icon: Icon, title, children }: PaneMessageProps) {
  return (
    <div className="ss-pane-message">
      {Icon !== undefined && <Icon size={22} aria-hidden />}
      <strong>{title}</strong>
      {children}
    </div>
  );
}

const patienceMillis = 150;

/** Says that a pane is loading, but not before it has taken long enough to be noticed. */
export function PaneLoading({ label }: { readonly label: string }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), patienceMillis);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="ss-pane-message" role="status" aria-busy="true">
      {late && (
        <>
          <div className="ss-spinner" aria-hidden />
          <span>{label}</span>
        </>
      )}
    </div>
  );
}
