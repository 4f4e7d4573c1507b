import { TriangleAlert } from 'lucide-react';
import { interventionWords, useProxy } from '../state/proxy.ts';
import { showProxyPanel, useProxyPanel } from '../state/proxyPanel.ts';

/** The proxy in the footer: whether it runs and where, and, unmistakably, whether it does more than carry. */
export function ProxyStatus() {
  const { proxy, failure } = useProxy();
  const section = useProxyPanel((state) => state.section);
  const url = proxy?.url ?? null;
  const address = url === null ? null : new URL(url).host;
  const words = proxy === null ? (failure === null ? '…' : 'unknown') : proxy.running ? (address ?? 'running') : 'off';
  const intervenes = proxy === null ? [] : interventionWords(proxy.interventions, proxy.faultRequestsLeft);
  return (
    <span className="ss-server">
      <button
        type="button"
        className="ss-server-status"
        data-running={proxy?.running === true}
        title="Show the proxy"
        onClick={() => showProxyPanel(section)}
      >
        <span aria-hidden>{proxy?.running === true ? '●' : '○'}</span> Proxy {words}
      </button>
      {intervenes.length > 0 && (
        <button
          type="button"
          className="ss-server-warning"
          title={intervenes.join('\n')}
          onClick={() => showProxyPanel('interventions')}
        >
          <TriangleAlert size={12} aria-hidden /> intervenes
        </button>
      )}
      {proxy !== null && proxy.recordingProblem !== null && (
        <button
          type="button"
          className="ss-server-warning"
          data-tone="error"
          title={proxy.recordingProblem}
          onClick={() => showProxyPanel('exchanges')}
        >
          <TriangleAlert size={12} aria-hidden /> not recorded
        </button>
      )}
    </span>
  );
}
