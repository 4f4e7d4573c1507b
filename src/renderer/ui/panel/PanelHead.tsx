import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Failure } from '../../../shared/failure.ts';
import { viewActions } from '../../state/view.ts';
import { Button } from '../Button.tsx';
import { FailureBox } from '../FailureBox.tsx';
import { IconButton } from '../IconButton.tsx';
import { PortForm } from './PortForm.tsx';
import './panel.css';

interface PanelHeadProps {
  readonly title: string;
  readonly running: boolean;
  /** A start or stop is under way. */
  readonly changing: boolean;
  readonly wantedPort: number;
  /** What the server itself has to say: a port that was taken. */
  readonly problem: string | null;
  readonly failure: Failure | null;
  readonly onRunning: (running: boolean, port?: number) => void;
  /** Addresses and counters. */
  readonly children: ReactNode;
}

/** The top of a panel of a server: whether it runs, on which port, and the way back to the recording. */
export function PanelHead(props: PanelHeadProps) {
  const { title, running, changing, wantedPort, problem, failure, onRunning, children } = props;
  return (
    <header className="ss-panel-head">
      <div className="ss-panel-title">
        <h1>{title}</h1>
        <span className="ss-panel-state" role="status" data-running={running}>
          <span aria-hidden>{running ? '●' : '○'}</span> {running ? 'running' : 'off'}
        </span>
        <Button
          {...(running ? {} : { look: 'primary' as const })}
          disabled={changing}
          onClick={() => onRunning(!running)}
        >
          {running ? 'Stop' : 'Start'}
        </Button>
        <PortForm
          key={wantedPort}
          wantedPort={wantedPort}
          running={running}
          disabled={changing}
          onPort={(port) => onRunning(true, port)}
        />
        <span className="ss-panel-rest" />
        <IconButton label={`Close the panel: ${title}`} icon={X} onClick={() => viewActions.showPanel(null)} />
      </div>
      {failure !== null && <FailureBox failure={failure} />}
      {problem !== null && (
        <p className="ss-panel-problem" role="status">
          {problem}
        </p>
      )}
      {children}
    </header>
  );
}
