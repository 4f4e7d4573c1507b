import { assertNever } from '../../shared/assertNever.ts';
import type { MockDescription } from '../../shared/mock.ts';
import { useEngine } from '../state/EngineContext.tsx';
import { refreshMock, setMockRunning, useMock } from '../state/mock.ts';
import { showMockPanel, useMockPanel, type MockSection } from '../state/mockPanel.ts';
import { AddressLine } from '../ui/panel/AddressLine.tsx';
import { Button } from '../ui/Button.tsx';
import { Counters } from '../ui/panel/Counters.tsx';
import { FailureBox } from '../ui/FailureBox.tsx';
import { formatBytes, formatCount } from '../ui/format.ts';
import { PaneLoading } from '../ui/PaneMessage.tsx';
import { PanelHead } from '../ui/panel/PanelHead.tsx';
import { PanelTabs } from '../ui/panel/PanelTabs.tsx';
import { saveFile } from '../ui/saveFile.ts';
import { EndpointsView } from './EndpointsView.tsx';
import { MockRequests } from './MockRequests.tsx';
import { ScenariosView } from './ScenariosView.tsx';
import './mock.css';
import './scenarios.css';

/** The mock server: where it runs, what it performs, who asks it, and the scenarios that one writes for it. */
export function MockPanel() {
  const engine = useEngine();
  const { mock, changing, failure } = useMock();
  const section = useMockPanel((state) => state.section);
  if (mock === null) {
    return (
      <main className="ss-panel" aria-label="Mock server">
        {failure === null ? (
          <PaneLoading label="Asking for the mock server" />
        ) : (
          <FailureBox failure={failure} onRetry={refreshMock} />
        )}
      </main>
    );
  }
  return (
    <main className="ss-panel" aria-label="Mock server">
      <PanelHead
        title="Mock server"
        running={mock.running}
        changing={changing}
        wantedPort={mock.wantedPort}
        problem={mock.problem}
        failure={failure}
        onRunning={(running, port) => void setMockRunning(engine, running, port)}
      >
        <div className="ss-panel-addresses">
          <Addresses mock={mock} />
          <MockCounters mock={mock} />
        </div>
      </PanelHead>
      <PanelTabs
        label="Sections of the mock server"
        section={section}
        onSection={showMockPanel}
        sections={[
          { id: 'endpoints', title: 'Endpoints', badge: formatCount(mock.endpoints.length) },
          { id: 'requests', title: 'Requests' },
          { id: 'scenarios', title: 'Scenarios', badge: formatCount(mock.scenarios.length) },
        ]}
      >
        <Section section={section} mock={mock} />
      </PanelTabs>
    </main>
  );
}

function Section({ section, mock }: { readonly section: MockSection; readonly mock: MockDescription }) {
  switch (section) {
    case 'endpoints':
      return <EndpointsView mock={mock} />;
    case 'requests':
      return <MockRequests running={mock.running} />;
    case 'scenarios':
      return <ScenariosView mock={mock} />;
    default:
      return assertNever(section, 'section');
  }
}

function Addresses({ mock: { running, url, secureUrl, authorityPem } }: { readonly mock: MockDescription }) {
  return (
    <>
      {!running && <span className="ss-quiet">It listens on this machine only, once it is started.</span>}
      {url !== null && <AddressLine name="HTTP" address={url} />}
      {secureUrl !== null && (
        <AddressLine name="HTTPS" address={secureUrl}>
          {authorityPem !== null && (
            <Button
              look="link"
              title="Clients that are told to trust this authority take the server's certificate; it holds for this run only"
              onClick={() => saveFile({ name: 'streamscope-mock-authority.pem', contents: new Blob([authorityPem]) })}
            >
              Save authority (PEM)
            </Button>
          )}
        </AddressLine>
      )}
    </>
  );
}

function MockCounters({ mock }: { readonly mock: MockDescription }) {
  return (
    <Counters
      counters={[
        { name: 'active', value: formatCount(mock.activeStreams), means: 'Streams that are being sent' },
        {
          name: 'paused',
          value: formatCount(mock.pausedStreams),
          means: 'Of those, the ones that wait for a client that does not read',
        },
        { name: 'served', value: formatCount(mock.servedStreams), means: 'Streams sent to their end' },
        {
          name: 'left',
          value: formatCount(mock.abortedStreams),
          means: 'Streams whose client left before the end: the work behind them was stopped',
        },
        { name: 'sent', value: formatBytes(mock.sentBytes), means: 'Bytes of bodies' },
      ]}
    />
  );
}
