import type { MockMemory, WorkKind } from './memory.ts';
import type { MockStep } from './step.ts';

/**
 * The same steps, and the memory sees how far they are. A step counts when it is asked for, so a performer that waits
 * for its client stands still here; one that stops in the middle, as it does when the client leaves, has cancelled.
 */
export function* watchedWork(
  memory: MockMemory | undefined,
  kind: WorkKind,
  planned: number,
  steps: Iterable<MockStep>,
): Generator<MockStep, void, undefined> {
  if (memory === undefined) {
    yield* steps;
    return;
  }
  const work = memory.begin(kind, planned);
  try {
    for (const step of steps) {
      work.did(step.bytes.length);
      yield step;
    }
    work.over('finished');
  } finally {
    work.over('cancelled');
  }
}
