import { noInterventions } from '../../shared/proxy.ts';
import { registerCommands } from '../state/commands.ts';
import { notify, notifyFailure } from '../state/notices.ts';
import { configureProxy, interventionWords, proxyNow, setProxyRunning } from '../state/proxy.ts';
import { showProxyPanel } from '../state/proxyPanel.ts';

const group = 'Proxy';

function intervenes(): boolean {
  const proxy = proxyNow();
  return proxy !== null && interventionWords(proxy.interventions, proxy.faultRequestsLeft).length > 0;
}

registerCommands([
  { id: 'proxy.show', title: 'Show the proxy: point your program here', group, run: () => showProxyPanel('routes') },
  {
    id: 'proxy.exchanges',
    title: 'Show the exchanges through the proxy',
    group,
    run: () => showProxyPanel('exchanges'),
  },
  {
    id: 'proxy.interventions',
    title: 'Intervene: latency, throttle, cut, faults, offline…',
    group,
    run: () => showProxyPanel('interventions'),
  },
  {
    id: 'proxy.start',
    title: 'Start the proxy',
    group,
    when: () => proxyNow()?.running === false,
    run: ({ engine }) => void setProxyRunning(engine, true),
  },
  {
    id: 'proxy.stop',
    title: 'Stop the proxy',
    group,
    when: () => proxyNow()?.running === true,
    run: ({ engine }) => void setProxyRunning(engine, false),
  },
  {
    id: 'proxy.copyAddress',
    title: 'Copy the proxy’s address',
    group,
    when: () => (proxyNow()?.url ?? null) !== null,
    run: () => {
      const url = proxyNow()?.url ?? '';
      void navigator.clipboard.writeText(url).then(() => notify({ tone: 'info', text: `${url} was copied.` }));
    },
  },
  {
    id: 'proxy.interventionsOff',
    title: 'Turn all interventions off',
    group,
    when: intervenes,
    run: ({ engine }) =>
      void configureProxy(engine, { interventions: noInterventions }).then((failure) => {
        if (failure !== null) notifyFailure(failure);
      }),
  },
]);
