import { headerValue } from '../../../shared/headerValue.ts';
import type { MockAnswer, MockCall, StreamAnswer } from '../answer.ts';
import { applyFaults } from '../faults/applyFaults.ts';
import type { WireChanges } from '../wireChanges.ts';
import { type BodyRequest, bodySteps, scopeBefore } from './bodySteps.ts';
import type { Scenario } from './model.ts';

/** Steps that are made once more to count the bytes of a body whose length is announced. */
const countedSteps = 1_000_000;

/** What a scenario answers to a request. Nothing of its body is made yet, but to count it where that is asked for. */
export function answerScenario(scenario: Scenario, knobs: BodyRequest['knobs'], call: MockCall): MockAnswer {
  const { head } = scenario;
  const request: BodyRequest = { call, knobs, contentType: headerValue(head.headers, 'content-type') };
  const scope = scopeBefore(scenario, request);
  const headDelayMillis = scenario.headDelay.reduce((sum, amount) => sum + amount.of(scope), 0);
  const wire: WireChanges = {
    ...(headDelayMillis > 0 && { headDelayMillis }),
    ...(head.body === 'close' && { delimiter: 'close' as const }),
    ...(head.length !== null && { delimiter: 'identity' as const, lengths: [String(head.length)] }),
  };
  const counted = head.body === 'length' && head.length === null ? countBytes(scenario, request) : null;
  const answer: StreamAnswer = {
    kind: 'stream',
    status: head.status,
    headers: head.headers,
    steps: { [Symbol.iterator]: () => bodySteps(scenario, request) },
    ...(counted !== null && { length: counted }),
    ...(head.coding !== null && { coding: head.coding }),
    ...(head.trailers.length > 0 && { trailers: head.trailers }),
    ...(Object.keys(wire).length > 0 && { wire }),
  };
  return applyFaults(answer, scenario.faults, { target: call.path, certificateUrl: () => null });
}

/** Null: it is too long to be counted, and is sent in chunks. */
function countBytes(scenario: Scenario, request: BodyRequest): number | null {
  let bytes = 0;
  let steps = 0;
  for (const step of bodySteps(scenario, request)) {
    bytes += step.bytes.length;
    if (++steps > countedSteps || step.isLast !== undefined) return null;
  }
  return bytes;
}
