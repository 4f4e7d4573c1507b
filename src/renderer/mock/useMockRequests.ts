import { useEffect, useState } from 'react';
import type { Failure } from '../../shared/failure.ts';
import type { MockRequestLine } from '../../shared/mock.ts';
import { useEngine } from '../state/EngineContext.tsx';
import { paced, pullCall } from '../state/pull.ts';

const mostRequests = 1_000;
const askEveryMillis = 150;

interface KnownRequests {
  /** Newest first; null while nothing came. */
  readonly requests: readonly MockRequestLine[] | null;
  readonly failure: Failure | null;
  readonly retry: () => void;
}

/** The requests that the mock server saw, as they come in and go on. */
export function useMockRequests(): KnownRequests {
  const engine = useEngine();
  const [known, setKnown] = useState<KnownRequests>({ requests: null, failure: null, retry: () => undefined });
  useEffect(() => {
    const pull = pullCall(
      engine,
      'mock.requests',
      () => ({ count: mostRequests }),
      ({ requests }) => setKnown({ requests, failure: null, retry: () => pull.ask() }),
      (failure) => setKnown(({ requests }) => ({ requests, failure, retry: () => pull.ask() })),
    );
    const asking = paced(pull, askEveryMillis);
    const ends = [
      engine.subscribe('mock.requested', () => asking.ask()),
      engine.subscribe('mock.changed', () => asking.ask()),
    ];
    pull.ask();
    return () => {
      for (const end of ends) end();
      asking.end();
    };
  }, [engine]);
  return known;
}
