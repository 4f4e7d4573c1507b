import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Failure } from '../../shared/failure.ts';
import { Button } from './Button.tsx';

interface FailureBoxProps {
  readonly failure: Failure;
  /** Does the failed thing again. */
  readonly onRetry?: () => void;
  /** Further ways out. */
  readonly children?: ReactNode;
}

/** A failure where it happened: what, why, the way out, and the code to search for. */
export function FailureBox({ failure, onRetry, children }: FailureBoxProps) {
  return (
    <div className="ss-failure" role="alert">
      <CircleAlert size={15} aria-hidden />
      <div className="ss-failure-text">
        {failure.message}
        <code className="ss-failure-code">{failure.code}</code>
      </div>
      <div className="ss-failure-actions">
        {children}
        {onRetry !== undefined && <Button onClick={onRetry}>Try again</Button>}
      </div>
    </div>
  );
}
