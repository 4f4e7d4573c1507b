import { ArrowDownToLine } from 'lucide-react';
import type { MockRequestLine } from '../../shared/mock.ts';
import { FailureBox } from '../ui/FailureBox.tsx';
import { formatBytes, formatCount, formatDateTime, formatDuration, formatTimeOfDay } from '../ui/format.ts';
import { PaneLoading, PaneMessage } from '../ui/PaneMessage.tsx';
import { LiveTable, type TableColumn } from '../ui/table/LiveTable.tsx';
import { ToneMark, type Tone } from '../ui/ToneMark.tsx';
import { visibleText } from '../ui/visibleText.ts';
import { useMockRequests } from './useMockRequests.ts';

const tones: Readonly<Record<MockRequestLine['state'], Tone>> = {
  active: 'live',
  paused: 'warning',
  served: 'good',
  left: 'neutral',
};

const columns: readonly TableColumn<MockRequestLine>[] = [
  { id: 'n', title: '#', width: '40px', align: 'end', cell: ({ n }) => formatCount(n) },
  { id: 'time', title: 'Time', width: '90px', cell: ({ at }) => formatTimeOfDay(at) },
  { id: 'method', title: 'Method', width: '52px', cell: ({ method }) => visibleText(method) },
  { id: 'target', title: 'Target', width: 'minmax(180px, 3fr)', cell: ({ target }) => visibleText(target) },
  { id: 'status', title: 'Status', width: '44px', align: 'end', cell: ({ status }) => status ?? '—' },
  {
    id: 'state',
    title: 'State',
    means: 'paused: its client does not read; left: its client went before the end',
    width: '68px',
    cell: ({ state, fault }) => (
      <>
        <ToneMark tone={state === 'served' && fault !== null ? 'warning' : tones[state]} /> {state}
      </>
    ),
  },
  {
    id: 'bytes',
    title: 'Sent',
    means: 'Bytes of the body',
    width: '64px',
    align: 'end',
    cell: ({ sentBytes }) => formatBytes(sentBytes),
  },
  {
    id: 'duration',
    title: 'Took',
    width: '60px',
    align: 'end',
    cell: ({ durationMillis }) => (durationMillis === null ? '…' : formatDuration(durationMillis * 1_000)),
  },
  {
    id: 'fault',
    title: 'Fault',
    means: 'What the request asked to break',
    width: 'minmax(132px, 1fr)',
    cell: ({ fault }) => (fault === null ? '' : visibleText(fault)),
  },
  { id: 'client', title: 'Client', width: 'minmax(64px, 1fr)', cell: ({ client }) => visibleText(client) || '—' },
  {
    id: 'protocol',
    title: 'Protocol',
    width: '88px',
    cell: ({ protocol, secure }) => `${protocol}${secure ? ' TLS' : ''}`,
  },
];

function titleOf({ at, method, target, client, fault }: MockRequestLine): string {
  return [
    `${formatDateTime(at)}  ${method} ${target}`,
    ...(client === '' ? [] : [client]),
    ...(fault === null ? [] : [`fault: ${fault}`]),
  ]
    .map(visibleText)
    .join('\n');
}

/** The requests that came to the mock server, newest first, live. */
export function MockRequests({ running }: { readonly running: boolean }) {
  const { requests, failure, retry } = useMockRequests();
  if (requests === null) {
    return failure === null ? (
      <PaneLoading label="Asking for the requests" />
    ) : (
      <FailureBox failure={failure} onRetry={retry} />
    );
  }
  return (
    <>
      {failure !== null && <FailureBox failure={failure} onRetry={retry} />}
      {requests.length === 0 ? (
        <PaneMessage icon={ArrowDownToLine} title="No requests yet">
          <p>
            {running
              ? 'Send one from the endpoints, or point any client at the address above: each request appears here as it comes in.'
              : 'The mock server is off. Start it, and each request appears here as it comes in.'}
          </p>
        </PaneMessage>
      ) : (
        <LiveTable
          label="Requests to the mock server"
          columns={columns}
          leastPixels={1000}
          rows={requests}
          titleOf={titleOf}
        />
      )}
    </>
  );
}
