import { Play, Server } from 'lucide-react';
import type { MockDescription, MockEndpoint } from '../../shared/mock.ts';
import { useEngine } from '../state/EngineContext.tsx';
import { setMockRunning, useMock } from '../state/mock.ts';
import { showMockPanel } from '../state/mockPanel.ts';
import { sendRequest, takeRequest } from '../state/sending.ts';
import { Button } from '../ui/Button.tsx';
import { FailureBox } from '../ui/FailureBox.tsx';
import { endpointKey, exampleRequest } from './endpointForm.ts';
import './mock.css';

/** So many endpoints are offered on the first screen, from as many groups as there are; the panel has all. */
const offeredAtMost = 6;

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
        <>
          <Offered mock={mock} />
          <Button onClick={() => showMockPanel('endpoints')}>
            All {mock.endpoints.length} endpoints, faults and scenarios
          </Button>
        </>
      ) : (
        <Button disabled={changing} onClick={() => void setMockRunning(engine, true)}>
          Start the mock server
        </Button>
      )}
    </section>
  );
}

/** The first of every group, then the second of every group, and so on. */
function offered(endpoints: readonly MockEndpoint[]): readonly MockEndpoint[] {
  const seen = new Map<string, number>();
  return endpoints
    .map((endpoint) => {
      const rank = seen.get(endpoint.group) ?? 0;
      seen.set(endpoint.group, rank + 1);
      return { endpoint, rank };
    })
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, offeredAtMost)
    .map(({ endpoint }) => endpoint);
}

function Offered({ mock }: { readonly mock: MockDescription }) {
  const engine = useEngine();
  return (
    <ul className="ss-mock-offered" aria-label="Endpoints of the mock server">
      {offered(mock.endpoints).map((endpoint) => (
        <li key={endpointKey(endpoint)}>
          <code>
            <b>{endpoint.method}</b> {endpoint.path}
          </code>
          <span>{endpoint.title}</span>
          <Button
            aria-label={`Send ${endpointKey(endpoint)}`}
            onClick={() => {
              const request = exampleRequest(mock, endpoint);
              if (request === null) return;
              takeRequest(request);
              void sendRequest(engine, request, null);
            }}
          >
            <Play size={12} aria-hidden /> Send
          </Button>
        </li>
      ))}
    </ul>
  );
}
