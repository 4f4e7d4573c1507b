import { createClient } from '../../shared/client.ts';
import type { Platform } from '../../shared/desktopBridge.ts';
import type { ConnectionState, HostConnection } from './hostConnection.ts';
import { createListeners } from './listeners.ts';
import { webPort, type WebReach } from './webPort.ts';

const storageKey = 'streamscope-token';

/**
 * Takes the token out of the address, where it would be seen and copied along, and keeps it for reloads of this tab.
 * @returns the empty string where there is none; the server then refuses with a way out
 */
function takeToken(): string {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given === null) return sessionStorage.getItem(storageKey) ?? '';
  sessionStorage.setItem(storageKey, given);
  history.replaceState(null, '', location.pathname);
  return given;
}

function platformOf(userAgent: string): Platform {
  if (/Mac|iPhone|iPad/.test(userAgent)) return 'mac';
  return userAgent.includes('Windows') ? 'windows' : 'linux';
}

function connectionOf(reach: WebReach): ConnectionState {
  switch (reach.state) {
    case 'reached':
      return { state: 'connected' };
    case 'retrying':
      return { state: 'recovering' };
    case 'unreachable':
      return { state: 'lost', failure: reach.failure, log: '', remedy: 'Try again now' };
    case 'refused':
      return { state: 'lost', failure: reach.failure, log: '', remedy: null };
  }
}

const never = () => () => undefined;

/** Joins the window to the web host it was loaded from. */
export function webHost(): HostConnection {
  const port = webPort({ token: takeToken() });
  const connections = createListeners<ConnectionState>();
  let connection: ConnectionState = { state: 'recovering' };
  port.onReachChanged((reach) => {
    connection = connectionOf(reach);
    connections.tell(connection);
  });
  const client = createClient(port);

  return {
    kind: 'web',
    platform: platformOf(navigator.userAgent),
    client,
    connection: () => connection,
    onConnectionChanged: connections.add,
    recover: port.retryNow,
    showOpenDialog: null,
    onFileOpening: never,
    onMenuCommand: never,
    openExternal(url) {
      if (!/^https?:/i.test(url) || !confirm(`Open this address in a new tab?\n\n${url}`)) return;
      window.open(url, '_blank', 'noopener,noreferrer');
    },
  };
}
