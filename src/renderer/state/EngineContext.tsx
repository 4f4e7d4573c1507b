import { createContext, useContext, useEffect, useMemo, type ReactNode } from 'react';
import type { EngineClient } from '../../shared/calls.ts';
import { setCommandContext } from './commands.ts';
import { tracked } from './idle.ts';
import { followOpenRecording } from './recording.ts';
import { followSettings } from './settings.ts';

const EngineContext = createContext<EngineClient | null>(null);

/** The connection to the engine of the window this component is in. */
export function useEngine(): EngineClient {
  const engine = useContext(EngineContext);
  if (engine === null) throw new Error('useEngine outside of an EngineProvider');
  return engine;
}

/** Gives its children the engine, and keeps the stores that mirror parts of it (open recording, settings) current. */
export function EngineProvider({ client, children }: { readonly client: EngineClient; readonly children: ReactNode }) {
  const engine = useMemo(() => tracked(client), [client]);
  useEffect(() => {
    const ends = [setCommandContext({ engine }), followSettings(engine), followOpenRecording(engine)];
    return () => {
      for (const end of ends) end();
    };
  }, [engine]);
  return <EngineContext.Provider value={engine}>{children}</EngineContext.Provider>;
}
