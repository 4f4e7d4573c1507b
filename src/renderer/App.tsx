import { useEffect, useState } from 'react';
import type { HostConnection } from './host/hostConnection.ts';
import { EngineProvider } from './state/EngineContext.tsx';
import { HostContext } from './state/HostContext.tsx';
import { onSettings } from './state/settings.ts';
import { chooseTheme } from './ui/theme.ts';
import { Shell } from './Shell.tsx';

/** The window. @param host where it runs; the same one for the life of the page */
export function App({ host }: { readonly host: HostConnection }) {
  const session = useEngineSession(host);
  useEffect(() => onSettings(({ theme }) => chooseTheme(theme)), []);
  return (
    <HostContext value={host}>
      <EngineProvider client={host.client} session={session}>
        <Shell session={session} />
      </EngineProvider>
    </HostContext>
  );
}

/** Counts the engine's lives: an engine that was lost and is back knows nothing of what it was asked before. */
function useEngineSession(host: HostConnection): number {
  const [session, setSession] = useState(0);
  useEffect(() => {
    let wasLost = false;
    return host.onConnectionChanged(({ state }) => {
      if (state === 'lost') wasLost = true;
      if (state !== 'connected' || !wasLost) return;
      wasLost = false;
      setSession((count) => count + 1);
    });
  }, [host]);
  return session;
}
