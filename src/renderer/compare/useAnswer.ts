import { useEffect, useState } from 'react';
import type { CallName, Input, Results } from '../../shared/calls.ts';
import type { Failure } from '../../shared/failure.ts';
import { useEngine } from '../state/EngineContext.tsx';
import { failureOf, isCancelled } from '../state/failureOf.ts';

export interface Answer<Name extends CallName> {
  /** The newest answer, to this or to an earlier question of the same component; null before the first. */
  readonly result: Results[Name] | null;
  readonly failure: Failure | null;
  /** The answer to the question as it is now is on its way. */
  readonly isAsking: boolean;
  readonly ask: () => void;
}

/**
 * Asks the engine whenever the question or `version` changes; what was asked before is cancelled.
 * @param input null: nothing is asked
 */
export function useAnswer<Name extends CallName>(
  name: Name,
  input: Input<Name> | null,
  version: string | number = 0,
): Answer<Name> {
  const engine = useEngine();
  const question = input === null ? null : JSON.stringify(input);
  const [attempt, setAttempt] = useState(0);
  const asked = `${question ?? ''} ${String(version)} ${String(attempt)}`;
  const [state, setState] = useState<{
    readonly of: string;
    readonly result: Results[Name] | null;
    readonly failure: Failure | null;
  }>({ of: '', result: null, failure: null });

  useEffect(() => {
    if (question === null) return undefined;
    const controller = new AbortController();
    engine.call(name, JSON.parse(question) as Input<Name>, controller.signal).then(
      (result) => setState({ of: asked, result, failure: null }),
      (error: unknown) => {
        if (!isCancelled(error)) setState((before) => ({ ...before, of: asked, failure: failureOf(error) }));
      },
    );
    return () => controller.abort();
  }, [engine, name, question, asked]);

  return {
    result: state.result,
    failure: state.of === asked ? state.failure : null,
    isAsking: question !== null && state.of !== asked,
    ask: () => setAttempt(attempt + 1),
  };
}
