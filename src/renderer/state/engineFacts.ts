import { create } from 'zustand';
import type { EngineClient, EngineDescription } from '../../shared/calls.ts';
import { pullCall } from './pull.ts';

const useFactsStore = create<{ readonly facts: EngineDescription | null }>()(() => ({ facts: null }));

/** Which engine this window talks to; null until it has said so. */
export function useEngineFacts(): EngineDescription | null {
  return useFactsStore((state) => state.facts);
}

/** Asks the engine to describe itself. Returns the function that ends it. */
export function followEngineFacts(engine: EngineClient): () => void {
  const pull = pullCall(
    engine,
    'engine.describe',
    () => ({}),
    (facts) => useFactsStore.setState({ facts }),
    // A missing description is shown as missing; why the engine does not answer is told by whatever else asks it.
    () => useFactsStore.setState({ facts: null }),
  );
  pull.ask();
  return () => pull.end();
}
