import { Trash2 } from 'lucide-react';
import { useId, useState } from 'react';
import type { ProxyDescription, ProxyRouteLine } from '../../shared/proxy.ts';
import { useEngine } from '../state/EngineContext.tsx';
import { configureProxy, setProxyRunning } from '../state/proxy.ts';
import { notifyFailure } from '../state/notices.ts';
import { Button } from '../ui/Button.tsx';
import { CopyButton } from '../ui/CopyButton.tsx';
import { formatCount } from '../ui/format.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { environmentLine, environmentLines, shells, type Shell } from './environmentLines.ts';
import { NewRoute } from './NewRoute.tsx';
import { ownRoutes } from './ownRoutes.ts';

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
  const { name, upstream, isBuiltIn, missing, baseUrl, environment, inCode, exchanges } = route;
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
        {trustWords(route) !== null && <span className="ss-proxy-trust">{trustWords(route)}</span>}
        <span className="ss-proxy-count ss-data" title="Exchanges since it was started">
          {exchanges === 0 ? '' : formatCount(exchanges)}
        </span>
        {isBuiltIn ? (
          <span className="ss-proxy-own" />
        ) : (
          <IconButton label={`Remove the route ${name}`} icon={Trash2} size={13} onClick={() => void remove()} />
        )}
      </div>
      {missing !== null && <p className="ss-proxy-missing">{missing}</p>}
      {baseUrl !== null && (
        <div className="ss-proxy-lines">
          <span className="ss-proxy-line">
            <code className="ss-data ss-selectable">{baseUrl}</code>
            <CopyButton text={baseUrl} label={`Copy the base URL of ${name}`} />
          </span>
          {environment.map((variable) => (
            <span key={variable.name} className="ss-proxy-line" title={`Read by ${variable.readBy}`}>
              <code className="ss-data ss-selectable">{environmentLine(shell, variable)}</code>
              <CopyButton text={environmentLine(shell, variable)} label={`Copy the line for ${variable.name}`} />
            </span>
          ))}
          {inCode !== null && (
            <span className="ss-proxy-line" title={`In code, with ${inCode.client}`}>
              <code className="ss-data ss-selectable">{inCode.line}</code>
              <CopyButton text={inCode.line} label={`Copy the code for ${inCode.client}`} />
            </span>
          )}
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

/** Whom a route trusts beyond the usual, where that is so. */
function trustWords({ caPem, insecureTls }: ProxyRouteLine): string | null {
  if (insecureTls === true) return 'any certificate';
  return caPem === undefined ? null : 'own authority';
}
