import type { EngineClient, Input } from '../../shared/calls.ts';
import type { Failure } from '../../shared/failure.ts';
import { failureOf, isCancelled } from '../state/failureOf.ts';

/**
 * Reads a recording anew in another framing or dialect.
 * @returns what is wrong with the choice, or null
 */
export async function reread(engine: EngineClient, choice: Input<'recording.reframe'>): Promise<Failure | null> {
  try {
    await engine.call('recording.reframe', choice);
    return null;
  } catch (error) {
    return isCancelled(error) ? null : failureOf(error);
  }
}
