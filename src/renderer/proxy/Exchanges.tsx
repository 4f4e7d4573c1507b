import { ArrowLeftRight, TriangleAlert } from 'lucide-react';
import type { ProxyClient, ProxyDescription, ProxyExchangeLine } from '../../shared/proxy.ts';
import { notify } from '../state/notices.ts';
import { viewActions } from '../state/view.ts';
import { formatBytes, formatCount, formatDateTime, formatTimeOfDay } from '../ui/format.ts';
import { PaneMessage } from '../ui/PaneMessage.tsx';
import { LiveTable, type TableColumn } from '../ui/table/LiveTable.tsx';
import { ToneMark, type Tone } from '../ui/ToneMark.tsx';
import { visibleText } from '../ui/visibleText.ts';

const states: Readonly<Record<ProxyExchangeLine['state'], readonly [tone: Tone, words: string]>> = {
  active: ['live', 'active'],
  complete: ['good', 'complete'],
  failed: ['bad', 'failed'],
  'client-left': ['neutral', 'client left'],
  refused: ['bad', 'refused'],
};

/** The process where the system tells it, else what the client calls itself, else where it is. */
function clientName({ process, userAgent, address, port }: ProxyClient): string {
  if (process !== null) return process.name;
  return userAgent ?? `${address}:${String(port)}`;
}

const columns: readonly TableColumn<ProxyExchangeLine>[] = [
  { id: 'n', title: '#', width: '36px', align: 'end', cell: ({ n }) => formatCount(n) },
  { id: 'time', title: 'Time', width: '90px', cell: ({ at }) => formatTimeOfDay(at) },
  {
    id: 'client',
    title: 'Client',
    means: 'The process where the system tells it, else its User-Agent',
    width: 'minmax(0, 1fr)',
    cell: ({ client }) => visibleText(clientName(client)),
  },
  {
    id: 'process',
    title: 'Process',
    width: '60px',
    align: 'end',
    cell: ({ client }) => (client.process === null ? '—' : String(client.process.id)),
  },
  { id: 'route', title: 'Route', width: '88px', cell: ({ route }) => (route === null ? 'none' : `/${route}`) },
  {
    id: 'target',
    title: 'Target',
    width: 'minmax(0, 2fr)',
    cell: ({ method, target }) => `${visibleText(method)} ${visibleText(target)}`,
  },
  { id: 'status', title: 'Status', width: '44px', align: 'end', cell: ({ status }) => status ?? '—' },
  {
    id: 'state',
    title: 'State',
    width: '96px',
    cell: ({ state, intervened }) => (
      <>
        <ToneMark tone={states[state][0]} /> {states[state][1]}
        {intervened && (
          <>
            {' '}
            <TriangleAlert size={12} className="ss-tone-warning" role="img" aria-label="intervened" />
          </>
        )}
      </>
    ),
  },
  {
    id: 'bytes',
    title: 'Bytes',
    means: 'Of the answer’s body, to the client',
    width: '64px',
    align: 'end',
    cell: ({ bytes }) => formatBytes(bytes),
  },
];

function titleOf({ at, method, target, client, recordingId }: ProxyExchangeLine): string {
  return [
    `${formatDateTime(at)}  ${visibleText(method)} ${visibleText(target)}`,
    `from ${client.address}:${String(client.port)}${client.userAgent === null ? '' : `, ${visibleText(client.userAgent)}`}`,
    recordingId === null ? 'It could not be recorded' : 'Open its recording',
  ].join('\n');
}

function open({ recordingId }: ProxyExchangeLine): void {
  if (recordingId === null) notify({ tone: 'warning', text: 'This exchange could not be recorded.' });
  else viewActions.openRecording(recordingId);
}

/** What went through the proxy, newest first, live. Choosing one opens its recording. */
export function Exchanges({ proxy }: { readonly proxy: ProxyDescription }) {
  const { recent, running } = proxy;
  if (recent.length === 0) {
    return (
      <PaneMessage icon={ArrowLeftRight} title="Nothing went through the proxy yet">
        <p>
          {running
            ? 'Start a program with one of the lines under Routes: each of its exchanges appears here and in the library as it streams.'
            : 'The proxy is off. Start it, and start a program with one of the lines under Routes.'}
        </p>
      </PaneMessage>
    );
  }
  return (
    <LiveTable
      label="Exchanges through the proxy"
      columns={columns}
      leastPixels={760}
      rows={recent}
      titleOf={titleOf}
      onOpen={open}
    />
  );
}
