import { TriangleAlert } from 'lucide-react';
import { assertNever } from '../../shared/assertNever.ts';
import { noInterventions, type ProxyDescription } from '../../shared/proxy.ts';
import { useEngine } from '../state/EngineContext.tsx';
import { configureProxy, interventionWords, refreshProxy, setProxyRunning, useProxy } from '../state/proxy.ts';
import { showProxyPanel, useProxyPanel, type ProxySection } from '../state/proxyPanel.ts';
import { notifyFailure } from '../state/notices.ts';
import { AddressLine } from '../ui/panel/AddressLine.tsx';
import { Button } from '../ui/Button.tsx';
import { Counters } from '../ui/panel/Counters.tsx';
import { FailureBox } from '../ui/FailureBox.tsx';
import { formatCount } from '../ui/format.ts';
import { PaneLoading } from '../ui/PaneMessage.tsx';
import { PanelHead } from '../ui/panel/PanelHead.tsx';
import { PanelTabs } from '../ui/panel/PanelTabs.tsx';
import { Exchanges } from './Exchanges.tsx';
import { InterventionsForm } from './InterventionsForm.tsx';
import { Routes } from './Routes.tsx';
import './proxy.css';

/** The capture proxy: where programs are pointed, what goes through it, and what it does to it. */
export function ProxyPanel() {
  const engine = useEngine();
  const { proxy, changing, failure } = useProxy();
  const section = useProxyPanel((state) => state.section);
  if (proxy === null) {
    return (
      <main className="ss-panel" aria-label="Proxy">
        {failure === null ? (
          <PaneLoading label="Asking for the proxy" />
        ) : (
          <FailureBox failure={failure} onRetry={refreshProxy} />
        )}
      </main>
    );
  }
  const intervenes = interventionWords(proxy.interventions, proxy.faultRequestsLeft).length;
  return (
    <main className="ss-panel" aria-label="Proxy">
      <PanelHead
        title="Proxy"
        running={proxy.running}
        changing={changing}
        wantedPort={proxy.wantedPort}
        problem={proxy.problem}
        failure={failure}
        onRunning={(running, port) => void setProxyRunning(engine, running, port)}
      >
        <div className="ss-panel-addresses">
          {proxy.url === null ? (
            <span className="ss-quiet">
              Programs on this machine that use it in place of a service are recorded as they stream. It is off.
            </span>
          ) : (
            <AddressLine name="HTTP" address={proxy.url} />
          )}
          <Counters
            counters={[
              { name: 'active', value: formatCount(proxy.activeExchanges), means: 'Exchanges that are under way' },
              { name: 'exchanges', value: formatCount(proxy.exchanges), means: 'All since it was started' },
            ]}
          />
        </div>
      </PanelHead>
      {proxy.recordingProblem !== null && (
        <div className="ss-strip" data-tone="error" role="alert">
          <TriangleAlert size={15} aria-hidden />
          <span>
            <b>Not recorded:</b> {proxy.recordingProblem} The traffic goes on.
          </span>
        </div>
      )}
      <InterventionStrip proxy={proxy} />
      <PanelTabs
        label="Sections of the proxy"
        section={section}
        onSection={showProxyPanel}
        sections={[
          { id: 'routes', title: 'Routes', badge: formatCount(proxy.routes.length) },
          { id: 'exchanges', title: 'Exchanges' },
          {
            id: 'interventions',
            title: 'Interventions',
            ...(intervenes === 0 ? {} : { badge: formatCount(intervenes) }),
          },
        ]}
      >
        <Section section={section} proxy={proxy} />
      </PanelTabs>
    </main>
  );
}

function Section({ section, proxy }: { readonly section: ProxySection; readonly proxy: ProxyDescription }) {
  switch (section) {
    case 'routes':
      return <Routes proxy={proxy} />;
    case 'exchanges':
      return <Exchanges proxy={proxy} />;
    case 'interventions':
      // What was set elsewhere (the palette, another window) begins the form anew.
      return <InterventionsForm key={JSON.stringify(proxy.interventions)} proxy={proxy} />;
    default:
      return assertNever(section, 'section');
  }
}

/** Nobody is to wonder why a service is slow today. */
function InterventionStrip({ proxy }: { readonly proxy: ProxyDescription }) {
  const engine = useEngine();
  const words = interventionWords(proxy.interventions, proxy.faultRequestsLeft);
  if (words.length === 0) return null;
  const { route } = proxy.interventions;
  return (
    <div className="ss-strip" data-tone="warning" role="status" aria-label="Interventions">
      <TriangleAlert size={15} aria-hidden />
      <span>
        <b>The proxy intervenes</b> {route === null ? 'on every route' : `on /${route}`}: {words.join('; ')}.
      </span>
      <Button
        onClick={() =>
          void configureProxy(engine, { interventions: noInterventions }).then((failure) => {
            if (failure !== null) notifyFailure(failure);
          })
        }
      >
        Turn all off
      </Button>
    </div>
  );
}
