import { useEffect, useMemo, useRef, useState } from 'react';
import type { Failure } from '../../shared/failure.ts';
import type { ScenarioCheck } from '../../shared/mock.ts';
import { useEngine } from '../state/EngineContext.tsx';
import { paced, pullCall, type Pull } from '../state/pull.ts';
import type { EditorHelp } from '../ui/editor/assist.ts';
import { scenarioHelp } from './scenarioHelp.ts';

interface CheckedScenario {
  /** Of the newest text that was looked at; null while none was. */
  readonly check: ScenarioCheck | null;
  readonly failure: Failure | null;
}

const checkEveryMillis = 120;

/** What is wrong with a scenario and what it would send, as its text changes. */
export function useScenarioCheck(text: string): CheckedScenario {
  const engine = useEngine();
  const [checked, setChecked] = useState<CheckedScenario>({ check: null, failure: null });
  const newest = useRef(text);
  const asking = useRef<Pull | null>(null);
  useEffect(() => {
    const pull = paced(
      pullCall(
        engine,
        'scenario.check',
        () => ({ text: newest.current }),
        (check) => setChecked({ check, failure: null }),
        (failure) => setChecked(({ check }) => ({ check, failure })),
      ),
      checkEveryMillis,
    );
    asking.current = pull;
    return () => pull.end();
  }, [engine]);
  useEffect(() => {
    newest.current = text;
    asking.current?.ask();
  }, [engine, text]);
  return checked;
}

interface KnownHelp {
  /** Null until the schema is known: an editor begins with its help. */
  readonly help: EditorHelp | null;
  readonly failure: Failure | null;
}

/** The schema of scenarios, read once. */
export function useScenarioHelp(): KnownHelp {
  const engine = useEngine();
  const [schema, setSchema] = useState<string | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  useEffect(() => {
    const pull = pullCall(
      engine,
      'scenario.schema',
      () => ({}),
      ({ text }) => setSchema(text),
      setFailure,
    );
    pull.ask();
    return () => pull.end();
  }, [engine]);
  const help = useMemo(() => (schema === null ? null : scenarioHelp(schema)), [schema]);
  return { help, failure };
}
