import { useEffect, useState } from 'react';
import type { Results } from '../../shared/calls.ts';
import type { Failure } from '../../shared/failure.ts';
import type { RunComparison, RunSetId, RunSetLine } from '../../shared/runs.ts';
import { useEngine } from '../state/EngineContext.tsx';
import { pullCall } from '../state/pull.ts';

/** What was pulled, or why it could not be; `null` while nothing came. */
export interface Pulled<T> {
  readonly value: T | null;
  readonly failure: Failure | null;
}

const nothing = { value: null, failure: null } as const;

/** All run sets, newest first, as they move on. */
export function useRunSetList(): Pulled<readonly RunSetLine[]> {
  const engine = useEngine();
  const [state, setState] = useState<Pulled<readonly RunSetLine[]>>(nothing);
  useEffect(() => {
    const pull = pullCall(
      engine,
      'run.list',
      () => ({}),
      ({ sets }) => setState({ value: sets, failure: null }),
      (failure) => setState({ value: null, failure }),
    );
    const end = engine.subscribe('run.advanced', () => pull.ask());
    pull.ask();
    return () => {
      end();
      pull.end();
    };
  }, [engine]);
  return state;
}

export interface ReadRunSet {
  /** Number of the first run in `set.runs`. */
  readonly from: number;
  readonly set: Results['run.read'];
}

/** A set as it moves on, with its runs `[from, from + count)`. */
export function useRunSet(id: RunSetId, from: number, count: number): Pulled<ReadRunSet> {
  const engine = useEngine();
  const [state, setState] = useState<Pulled<ReadRunSet>>(nothing);
  useEffect(() => {
    const pull = pullCall(
      engine,
      'run.read',
      () => ({ id, from, count }),
      (set) => setState({ value: { from, set }, failure: null }),
      (failure) => setState({ value: null, failure }),
    );
    const end = engine.subscribe('run.advanced', (event) => {
      if (event.id === id) pull.ask();
    });
    pull.ask();
    return () => {
      end();
      pull.end();
    };
  }, [engine, id, from, count]);
  return state;
}

/** Two sets compared, anew when one of them moves on. */
export function useComparison(a: RunSetId, b: RunSetId): Pulled<RunComparison> {
  const engine = useEngine();
  const [state, setState] = useState<Pulled<RunComparison>>(nothing);
  useEffect(() => {
    const pull = pullCall(
      engine,
      'run.compare',
      () => ({ a, b }),
      (value) => setState({ value, failure: null }),
      (failure) => setState({ value: null, failure }),
    );
    const end = engine.subscribe('run.advanced', ({ id }) => {
      if (id === a || id === b) pull.ask();
    });
    pull.ask();
    return () => {
      end();
      pull.end();
    };
  }, [engine, a, b]);
  return state;
}
