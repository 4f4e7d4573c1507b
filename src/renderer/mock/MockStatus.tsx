import { Popover } from 'radix-ui';
import { useState } from 'react';
import { useEngine } from '../state/EngineContext.tsx';
import { setMockRunning, useMock } from '../state/mock.ts';
import { Button } from '../ui/Button.tsx';
import { CopyButton } from '../ui/CopyButton.tsx';
import { FailureBox } from '../ui/FailureBox.tsx';
import { EndpointList } from './EndpointList.tsx';
import './mock.css';

/** The mock server in the footer: whether it runs and where; opens a panel to start, stop and try it. */
export function MockStatus() {
  const engine = useEngine();
  const { mock, changing, failure } = useMock();
  const [open, setOpen] = useState(false);
  if (mock === null) return <span className="ss-quiet">{failure === null ? 'Mock …' : 'Mock unknown'}</span>;
  const address = mock.url === null ? null : new URL(mock.url).host;
  return (
    <span className="ss-mock">
      <Popover.Root open={open} onOpenChange={setOpen}>
        <Popover.Trigger asChild>
          <button type="button" className="ss-mock-status" data-running={mock.running}>
            <span aria-hidden>{mock.running ? '●' : '○'}</span> Mock {mock.running ? (address ?? 'running') : 'off'}
          </button>
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Content
            className="ss-popover ss-mock-panel"
            side="top"
            align="start"
            sideOffset={6}
            collisionPadding={8}
            aria-label="Mock server"
          >
            <div className="ss-mock-head">
              <h2>Mock server</h2>
              <span className="ss-quiet ss-data">
                {mock.running ? `${mock.activeStreams} active, ${mock.servedStreams} served` : 'off'}
              </span>
              <Button disabled={changing} onClick={() => void setMockRunning(engine, !mock.running)}>
                {mock.running ? 'Stop' : 'Start'}
              </Button>
            </div>
            {failure !== null && <FailureBox failure={failure} />}
            {mock.problem !== null && <p className="ss-mock-problem">{mock.problem}</p>}
            {mock.running && <EndpointList mock={mock} onSent={() => setOpen(false)} />}
          </Popover.Content>
        </Popover.Portal>
      </Popover.Root>
      {mock.url !== null && <CopyButton text={mock.url} label="Copy the mock server's address" />}
    </span>
  );
}
