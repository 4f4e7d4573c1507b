import { useId, type KeyboardEvent } from 'react';
import type { MockDescription, MockEndpoint } from '../../shared/mock.ts';
import { PaneMessage } from '../ui/PaneMessage.tsx';
import { endpointKey } from './endpointForm.ts';
import { EndpointDetail } from './EndpointDetail.tsx';
import { chooseEndpoint, groupedEndpoints, useMockForms } from './mockForms.ts';

/** What the mock server performs, under headings, and one of it to be set and sent. */
export function EndpointsView({ mock }: { readonly mock: MockDescription }) {
  const chosen = useMockForms((state) => state.chosen);
  const filter = useMockForms((state) => state.filter);
  const groups = groupedEndpoints(mock.endpoints, filter);
  const listed = groups.flatMap(([, endpoints]) => endpoints);
  const shown = listed.find((endpoint) => endpointKey(endpoint) === chosen) ?? listed[0];
  return (
    <div className="ss-panel-split">
      <section className="ss-panel-list" aria-label="Endpoints">
        <input
          type="search"
          className="ss-field ss-mock-filter"
          aria-label="Filter endpoints"
          placeholder="Filter endpoints"
          spellCheck={false}
          value={filter}
          onChange={({ target }) => useMockForms.setState({ filter: target.value })}
          onKeyDown={(event) => {
            if (event.key !== 'Escape' || filter === '') return;
            event.preventDefault();
            useMockForms.setState({ filter: '' });
          }}
        />
        {listed.length === 0 ? (
          <PaneMessage title={filter === '' ? 'No endpoints' : 'No endpoint fits'} />
        ) : (
          <EndpointList groups={groups} listed={listed} shown={shown} />
        )}
      </section>
      {shown !== undefined && <EndpointDetail key={endpointKey(shown)} mock={mock} endpoint={shown} />}
    </div>
  );
}

interface EndpointListProps {
  readonly groups: readonly (readonly [string, readonly MockEndpoint[]])[];
  readonly listed: readonly MockEndpoint[];
  readonly shown: MockEndpoint | undefined;
}

function EndpointList({ groups, listed, shown }: EndpointListProps) {
  const listId = useId();
  const idOf = (endpoint: MockEndpoint): string => `${listId}-${listed.indexOf(endpoint)}`;

  function press(event: KeyboardEvent<HTMLDivElement>): void {
    const at = shown === undefined ? -1 : listed.indexOf(shown);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: listed.length - 1 }[event.key];
    const next = to === undefined ? undefined : listed[to];
    if (to !== undefined) event.preventDefault();
    if (next === undefined) return;
    chooseEndpoint(next);
    document.getElementById(idOf(next))?.scrollIntoView({ block: 'nearest' });
  }

  return (
    <div
      className="ss-mock-endpoints"
      role="listbox"
      aria-label="Endpoints of the mock server"
      aria-activedescendant={shown === undefined ? undefined : idOf(shown)}
      tabIndex={0}
      onKeyDown={press}
    >
      {groups.map(([group, endpoints]) => (
        <div key={group} role="group" aria-label={group}>
          <div className="ss-mock-group" role="presentation">
            {group}
          </div>
          {endpoints.map((endpoint) => (
            <div
              key={endpointKey(endpoint)}
              id={idOf(endpoint)}
              role="option"
              aria-selected={endpoint === shown}
              className="ss-mock-endpoint"
              title={endpoint.title}
              onClick={() => chooseEndpoint(endpoint)}
            >
              <b data-method={endpoint.method}>{endpoint.method}</b>
              <span>{endpoint.path}</span>
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}
