import { createContext, useContext, useSyncExternalStore } from 'react';
import type { ConnectionState, HostConnection } from '../host/hostConnection.ts';

export const HostContext = createContext<HostConnection | null>(null);

/** The host this window runs in. */
export function useHost(): HostConnection {
  const host = useContext(HostContext);
  if (host === null) throw new Error('useHost outside of a HostContext');
  return host;
}

/** Whether the engine can be reached just now. */
export function useConnection(): ConnectionState {
  const host = useHost();
  return useSyncExternalStore(
    (changed) => host.onConnectionChanged(changed),
    () => host.connection(),
  );
}
