import { Trash2 } from 'lucide-react';
import { useId, useState } from 'react';
import type { Failure } from '../../shared/failure.ts';
import type { ProxyDescription, ProxyRoute, ProxyRouteLine } from '../../shared/proxy.ts';
import { useEngine } from '../state/EngineContext.tsx';
import { configureProxy, setProxyRunning } from '../state/proxy.ts';
import { notifyFailure } from '../state/notices.ts';
import { Button } from '../ui/Button.tsx';
import { CopyButton } from '../ui/CopyButton.tsx';
import { FailureBox } from '../ui/FailureBox.tsx';
import { formatCount } from '../ui/format.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { environmentLine, environmentLines, shells, type Shell } from './environmentLines.ts';

function ownRoutes({ routes }: ProxyDescription): readonly ProxyRoute[] {
  return routes.filter(({ isBuiltIn }) => !isBuiltIn).map(({ name, upstream }) => ({ name, upstream }));
}

/** The ways through the proxy: what a program is given as its base URL, and where that leads. */
export function Routes({ proxy }: { readonly proxy: ProxyDescription }) {
  const engine = useEngine();
  const [shell, setShell] = useState<Shell>('sh');
  const group = useId();
  return (
    <div className="ss-panel-detail ss-proxy-routes">
      <div className="ss-proxy-shells">
        <fieldset>
          <legend>Lines for</legend>
          {shells.map((each) => (
            <label key={each} className="ss-check">
              <input type="radio" name={group} checked={each === shell} onChange={() => setShell(each)} />
              {each}
            </label>
          ))}
        </fieldset>
        {!proxy.running && (
          <Button look="link" onClick={() => void setProxyRunning(engine, true)}>
            Start the proxy to see addresses and lines
          </Button>
        )}
      </div>
      <ul aria-label="Routes">
        {proxy.routes.map((route) => (
          <RouteRow key={route.name} proxy={proxy} route={route} shell={shell} />
        ))}
      </ul>
      <NewRoute proxy={proxy} />
    </div>
  );
}

interface RouteRowProps {
  readonly proxy: ProxyDescription;
  readonly route: ProxyRouteLine;
  readonly shell: Shell;
}

function RouteRow({ proxy, route, shell }: RouteRowProps) {
  const engine = useEngine();
  const { name, upstream, isBuiltIn, baseUrl, environment, exchanges } = route;
  const remove = async (): Promise<void> => {
    const routes = ownRoutes(proxy).filter((own) => own.name !== name);
    const failure = await configureProxy(engine, { routes });
    if (failure !== null) notifyFailure(failure);
  };
  return (
    <li className="ss-proxy-route" aria-label={`Route ${name}`}>
      <div className="ss-proxy-way">
        <b className="ss-data">/{name}</b>
        <span aria-hidden>→</span>
        <code className="ss-data ss-selectable">{upstream}</code>
        <span className="ss-proxy-count ss-data" title="Exchanges since it was started">
          {exchanges === 0 ? '' : formatCount(exchanges)}
        </span>
        {isBuiltIn ? (
          <span className="ss-proxy-own" />
        ) : (
          <IconButton label={`Remove the route ${name}`} icon={Trash2} size={13} onClick={() => void remove()} />
        )}
      </div>
      {baseUrl !== null && (
        <div className="ss-proxy-lines">
          <span className="ss-proxy-line">
            <code className="ss-data ss-selectable">{baseUrl}</code>
            <CopyButton text={baseUrl} label={`Copy the base URL of ${name}`} />
          </span>
          {environment.map((variable) => (
            <span key={variable.name} className="ss-proxy-line">
              <code className="ss-data ss-selectable">{environmentLine(shell, variable)}</code>
              <CopyButton text={environmentLine(shell, variable)} label={`Copy the line for ${variable.name}`} />
            </span>
          ))}
          {environment.length > 1 && (
            <Button
              look="link"
              onClick={() => void navigator.clipboard.writeText(environmentLines(shell, environment))}
            >
              Copy all
            </Button>
          )}
        </div>
      )}
    </li>
  );
}

function NewRoute({ proxy }: { readonly proxy: ProxyDescription }) {
  const engine = useEngine();
  const [name, setName] = useState('');
  const [upstream, setUpstream] = useState('');
  const [failure, setFailure] = useState<Failure | null>(null);
  const add = async (): Promise<void> => {
    const refused = await configureProxy(engine, {
      routes: [...ownRoutes(proxy), { name: name.trim(), upstream: upstream.trim() }],
    });
    setFailure(refused);
    if (refused !== null) return;
    setName('');
    setUpstream('');
  };
  return (
    <form
      className="ss-proxy-new"
      aria-label="New route"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <h2>A route of your own</h2>
      <div className="ss-proxy-fields">
        <label>
          <span>Name</span>
          <input
            className="ss-field ss-data"
            placeholder="my-api"
            spellCheck={false}
            autoComplete="off"
            value={name}
            onChange={({ target }) => {
              setName(target.value);
              setFailure(null);
            }}
          />
        </label>
        <label className="ss-proxy-upstream">
          <span>Upstream</span>
          <input
            className="ss-field ss-data"
            placeholder="https://api.example.com"
            spellCheck={false}
            autoComplete="off"
            value={upstream}
            onChange={({ target }) => {
              setUpstream(target.value);
              setFailure(null);
            }}
          />
        </label>
        <Button type="submit" disabled={name.trim() === '' || upstream.trim() === ''}>
          Add route
        </Button>
      </div>
      {failure !== null && <FailureBox failure={failure} />}
    </form>
  );
}
