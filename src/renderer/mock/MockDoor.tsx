import { Server } from 'lucide-react';
import { useEngine } from '../state/EngineContext.tsx';
import { setMockRunning, useMock } from '../state/mock.ts';
import { Button } from '../ui/Button.tsx';
import { FailureBox } from '../ui/FailureBox.tsx';
import { EndpointList } from './EndpointList.tsx';
import './mock.css';

/** The first screen's way to a live stream without a server of one's own. */
export function MockDoor() {
  const engine = useEngine();
  const { mock, changing, failure } = useMock();
  return (
    <section className="ss-door ss-door-wide" aria-label="Try the mock server">
      <h2>
        <Server size={16} aria-hidden /> Try the mock server
      </h2>
      <p>
        {mock?.running === true
          ? `It runs on this machine at ${mock.url ?? 'an unknown address'}. Each of these is one click from a live stream.`
          : (mock?.problem ?? 'A small server on this machine that performs streams of every kind.')}
      </p>
      {failure !== null && <FailureBox failure={failure} />}
      {mock?.running === true ? (
        <EndpointList mock={mock} />
      ) : (
        <Button disabled={changing} onClick={() => void setMockRunning(engine, true)}>
          Start the mock server
        </Button>
      )}
    </section>
  );
}
