import { useEffect, useState } from 'react';
import type { Failure } from '../../shared/failure.ts';
import type { ReplayDescription } from '../../shared/replay.ts';
import { useEngine } from '../state/EngineContext.tsx';
import { pullCall } from '../state/pull.ts';

interface KnownReplays {
  /** Null while nothing came. */
  readonly replays: readonly ReplayDescription[] | null;
  readonly failure: Failure | null;
}

/** The replays that run, as clients come and go. */
export function useReplays(): KnownReplays {
  const engine = useEngine();
  const [known, setKnown] = useState<KnownReplays>({ replays: null, failure: null });
  useEffect(() => {
    const pull = pullCall(
      engine,
      'replay.list',
      () => ({}),
      ({ replays }) => setKnown({ replays, failure: null }),
      (failure) => setKnown(({ replays }) => ({ replays, failure })),
    );
    const end = engine.subscribe('replay.changed', () => pull.ask());
    pull.ask();
    return () => {
      end();
      pull.end();
    };
  }, [engine]);
  return known;
}
