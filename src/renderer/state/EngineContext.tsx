import { createContext, useContext, useEffect, useMemo, type ReactNode } from 'react';
import type { EngineClient } from '../../shared/calls.ts';
import { setCommandContext } from './commands.ts';
import { followEngineFacts } from './engineFacts.ts';
import { tracked } from './idle.ts';
import { followLibrary } from './library.ts';
import { followLiveClocks } from './liveClocks.ts';
import { followMock } from './mock.ts';
import { followProxy } from './proxy.ts';
import { followOpenRecording } from './recording.ts';
import { followSettings } from './settings.ts';

const EngineContext = createContext<EngineClient | null>(null);

/** The connection to the engine of the window this component is in. */
export function useEngine(): EngineClient {
  const engine = useContext(EngineContext);
  if (engine === null) throw new Error('useEngine outside of an EngineProvider');
  return engine;
}

interface EngineProviderProps {
  readonly client: EngineClient;
  /** Changes when the engine was restarted: what it told before is then asked for again. */
  readonly session?: number;
  readonly children: ReactNode;
}

/** Gives its children the engine, and keeps the stores that mirror parts of it current. */
export function EngineProvider({ client, session = 0, children }: EngineProviderProps) {
  const engine = useMemo(() => tracked(client), [client]);
  useEffect(() => {
    const ends = [
      setCommandContext({ engine }),
      followSettings(engine),
      followEngineFacts(engine),
      followLibrary(engine),
      followLiveClocks(engine),
      followOpenRecording(engine),
      followMock(engine),
      followProxy(engine),
    ];
    return () => {
      for (const end of ends) end();
    };
  }, [engine, session]);
  return <EngineContext value={engine}>{children}</EngineContext>;
}
