import type { MockStep } from '../step.ts';

/**
 * Changes a body step by step. Fed the steps in order, so that it serves scripts and streams that come from elsewhere
 * alike. Behind a step with `isLast` that it has given nothing more is asked of it.
 */
export interface BodyFault {
  /** What is sent in place of a step. */
  push(step: MockStep): Iterable<MockStep>;
  /** The script is over without a break: what is sent before the end, if anything. */
  end(): Iterable<MockStep>;
}

/** A script with a fault in it. A script that is left early is left as well. */
export function* withBodyFault(steps: Iterable<MockStep>, fault: BodyFault): Generator<MockStep, void, undefined> {
  for (const step of steps) {
    for (const changed of fault.push(step)) {
      yield changed;
      if (changed.isLast !== undefined) return;
    }
  }
  yield* fault.end();
}
